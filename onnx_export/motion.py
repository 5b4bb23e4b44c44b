"""The motion-text model: what training made to `step.onnx`, `encoder.onnx` and `text.onnx`."""

import copy
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import nn

from onnx_export import quantise
from onnx_export.exporting import share_weights, write_graph
from onnx_export.streaming import ChunkEncoder, StepEncoder
from training.network import Model


def export(model: Model, out: Path) -> None:
    """Write the graphs into the folder. The numbers of people, frames and texts are free.

    Weights are stored as float16, which is exact for those of a `rounded` model; those of the
    encoder's two graphs lie in one file beside them.
    """
    out.mkdir(parents=True, exist_ok=True)
    shape = model.shape
    blocks, width = len(shape.dilations), shape.block_width
    taps = shape.kernel - 1
    encoded = ["values", "attention", "rows"]
    write(
        StepEncoder(model.encoder),
        {"features": torch.zeros(3, shape.features), "past": torch.zeros(taps * blocks, 3, width)},
        {"features": {0: "people"}, "past": {1: "people"}},
        encoded,
        out / "step.onnx",
    )
    write(
        ChunkEncoder(model.encoder),
        {
            "features": torch.zeros(2, 3, shape.features),
            "past": [torch.zeros(taps * dilation, 3, width) for dilation in shape.dilations],
        },
        {"features": {0: "frames", 1: "people"}, "past": [{1: "people"}] * blocks},
        encoded,
        out / "encoder.onnx",
    )
    write(
        model.adapter,
        {"sentence": torch.zeros(2, shape.sentence), "lexicon": torch.zeros(2, shape.lexicon)},
        {"sentence": {0: "texts"}, "lexicon": {0: "texts"}},
        ["text"],
        out / "text.onnx",
    )
    for name in ("step.onnx", "encoder.onnx", "text.onnx"):
        onnx.save(quantise.halve(onnx.load(out / name)), out / name)
    share_weights([out / "encoder.onnx", out / "step.onnx"])


def rounded(model: Model) -> Model:
    """A copy with weights that float16 can hold, as float32."""
    return copy.deepcopy(model).half().float()


def write(
    module: nn.Module,
    inputs: dict[str, Any],
    axes: dict[str, Any],
    outputs: list[str],
    path: Path,
) -> None:
    """Export one module with named free axes: of each input, or of each in a list of inputs."""
    dims: dict[str, Any] = {}

    def free(named: Any) -> Any:
        if isinstance(named, list):
            return [free(each) for each in named]
        return {axis: dims.setdefault(name, torch.export.Dim(name)) for axis, name in named.items()}

    write_graph(module, inputs, {name: free(axes[name]) for name in inputs}, outputs, path)
