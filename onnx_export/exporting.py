"""One torch module to one ONNX file, quietly; a large one's weights lie in a file beside it."""

import logging
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import onnx
import torch
from onnx import numpy_helper
from onnx.external_data_helper import set_external_data
from onnxscript import optimizer
from torch import nn

SMALLEST_SHARED: Final = 16_384
"""Bytes: smaller weights stay in each graph."""


def weights_file(path: Path) -> Path:
    """Where the weights of a graph lie that is too large for one file (1.5 GB)."""
    return path.with_name(f"{path.name}.data")


def replace(path: Path, model: onnx.ModelProto) -> None:
    """Write a smaller graph in place of one, with all of its weights in it."""
    weights_file(path).unlink(missing_ok=True)
    onnx.save(model, path)


def share_weights(paths: Sequence[Path]) -> None:
    """Move big weights of graphs in one folder to `weights_file` of the first, equal ones once."""
    store = weights_file(paths[0])
    offsets: dict[bytes, int] = {}
    with store.open("wb") as file:
        for path in paths:
            graph = onnx.load(path)
            for tensor in graph.graph.initializer:
                weight = numpy_helper.to_array(tensor).tobytes()
                if len(weight) < SMALLEST_SHARED:
                    continue
                if weight not in offsets:
                    offsets[weight] = file.tell()
                    file.write(weight)
                tensor.raw_data = weight
                set_external_data(tensor, store.name, offsets[weight], len(weight))
                tensor.ClearField("raw_data")
            onnx.save(graph, path)


def write_graph(
    module: nn.Module,
    inputs: dict[str, Any],
    shapes: dict[str, Any],
    outputs: list[str],
    path: Path,
) -> None:
    """Export with trial inputs, tensors or lists of them, by name; `shapes` gives the free axes of
    each as torch's Dims.

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
