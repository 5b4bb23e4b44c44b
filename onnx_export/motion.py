"""The motion-text model: what training made to `encoder.onnx` and `text.onnx`."""

import copy
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from onnx_export import quantise
from onnx_export.exporting import write_graph
from training.network import Model


def export(model: Model, out: Path) -> None:
    """Write both graphs into the folder. Batch and time are free; the state's width is fixed.

    Weights are stored as float16, which is exact for those of a `rounded` model.
    """
    out.mkdir(parents=True, exist_ok=True)
    shape = model.shape
    state = torch.zeros(2, shape.state_size)
    write(
        model.encoder,
        {"features": torch.zeros(2, 3, shape.features), "state": state},
        {"features": {0: "people", 1: "frames"}, "state": {0: "people"}},
        ["values", "attention", "next_state"],
        out / "encoder.onnx",
    )
    write(
        model.adapter,
        {"sentence": torch.zeros(2, shape.sentence), "lexicon": torch.zeros(2, shape.lexicon)},
        {"sentence": {0: "texts"}, "lexicon": {0: "texts"}},
        ["text"],
        out / "text.onnx",
    )
    for path in (out / "encoder.onnx", out / "text.onnx"):
        onnx.save(quantise.halve(onnx.load(path)), path)


def rounded(model: Model) -> Model:
    """A copy with weights that float16 can hold, as float32."""
    return copy.deepcopy(model).half().float()


def write(
    module: nn.Module,
    inputs: dict[str, Tensor],
    axes: dict[str, dict[int, str]],
    outputs: list[str],
    path: Path,
) -> None:
    """Export one module with named free axes."""
    dims = {name: torch.export.Dim(name) for free in axes.values() for name in free.values()}
    shapes = {name: {axis: dims[free] for axis, free in axes[name].items()} for name in inputs}
    write_graph(module, inputs, shapes, outputs, path)
