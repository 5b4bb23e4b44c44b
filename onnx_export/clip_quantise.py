"""A float vision graph to int8: products with weights only; attention stays float.

Dynamic: activations are scaled as they come. Static: their ranges are found beforehand on images,
which is a little faster and only as right as the images are like the camera's.
"""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)

from onnx_export import exporting

Feed = dict[str, np.ndarray]
KEPT: Final = ("proj",)
"""Weights that stay float: little work, all maps share one scale there, and CLS passes through."""


class Feeds(CalibrationDataReader):
    """Calibration inputs, one after the other."""

    def __init__(self, feeds: list[Feed]) -> None:
        self._rest: Iterator[Feed] = iter(feeds)

    def get_next(self) -> Feed | None:
        return next(self._rest, None)


def quantise(path: Path, feeds: list[Feed] | None) -> None:
    """Rewrite the graph in place; with `feeds` statically, without dynamically."""
    names = products(onnx.load(path, load_external_data=False))
    options: dict[str, Any] = {
        "nodes_to_quantize": names,
        "per_channel": True,
        "weight_type": QuantType.QInt8,
    }
    with tempfile.TemporaryDirectory() as folder, _quiet():
        small = Path(folder) / "small.onnx"
        if feeds is None:
            quantize_dynamic(path, small, **options)
        else:
            quantize_static(
                path,
                small,
                Feeds(feeds),
                quant_format=QuantFormat.QDQ,
                activation_type=QuantType.QUInt8,
                calibrate_method=CalibrationMethod.MinMax,
                extra_options={"OpTypesToExcludeOutputQuantization": ["MatMul", "Gemm"]},
                **options,
            )
        exporting.replace(path, onnx.load(small))


@contextmanager
def _quiet() -> Iterator[None]:
    """The library asks on the root logger for pre-processing that this graph does not need."""
    root = logging.getLogger()
    root.addFilter(_needed)
    try:
        yield
    finally:
        root.removeFilter(_needed)


def _needed(record: logging.LogRecord) -> bool:
    return "pre-processing" not in record.getMessage()


def products(model: onnx.ModelProto) -> list[str]:
    """Names of the products with weights, but for the projections and what is one column."""
    weights = {
        tensor.name
        for tensor in model.graph.initializer
        if len(tensor.dims) == 2 and min(tensor.dims) > 1 and tensor.name not in KEPT
    }
    return [
        node.name
        for node in model.graph.node
        if node.op_type in ("MatMul", "Gemm") and node.input[1] in weights
    ]
