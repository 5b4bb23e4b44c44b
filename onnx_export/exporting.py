"""One torch module to one ONNX file, quietly; a large one's weights lie in a file beside it."""

import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxscript import optimizer
from torch import Tensor, nn


def weights_file(path: Path) -> Path:
    """Where the weights of a graph lie that is too large for one file (1.5 GB)."""
    return path.with_name(f"{path.name}.data")


def replace(path: Path, model: onnx.ModelProto) -> None:
    """Write a smaller graph in place of one, with all of its weights in it."""
    weights_file(path).unlink(missing_ok=True)
    onnx.save(model, path)


def write_graph(
    module: nn.Module,
    inputs: dict[str, Tensor],
    shapes: dict[str, dict[int, Any]],
    outputs: list[str],
    path: Path,
) -> None:
    """Export with trial inputs by name; `shapes` gives the free axes of each as torch's Dims.

    Above 1.5 GB the weights go to `weights_file(path)`: ONNX files cannot have 2 GB.
    """
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module.eval(),
            kwargs=inputs,
            output_names=outputs,
            dynamic_shapes=shapes,
            dynamo=True,
            verbose=False,
        )
        assert program is not None
        graph = program.model
        # The exporter leaves large or shared weights to be cut and turned when the graph is loaded.
        optimizer.fold_constants(graph, input_size_limit=sys.maxsize, output_size_limit=sys.maxsize)
        optimizer.remove_unused_nodes(graph)
        for node in graph.graph.all_nodes():
            node.metadata_props.clear()  # stack traces: this machine's paths, a tenth of the file
        program.save(path, external_data=False)
