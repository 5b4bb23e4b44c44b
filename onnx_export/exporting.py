"""One torch module to one ONNX file, quietly."""

import logging
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


def write_graph(
    module: nn.Module,
    inputs: dict[str, Tensor],
    shapes: dict[str, dict[int, Any]],
    outputs: list[str],
    path: Path,
) -> None:
    """Export with trial inputs by name; `shapes` gives the free axes of each as torch's Dims."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            kwargs=inputs,
            f=str(path),
            output_names=outputs,
            dynamic_shapes=shapes,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
