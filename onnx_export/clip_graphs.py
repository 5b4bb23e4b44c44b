"""The towers of a CLIP model to `vision.onnx`, `text.onnx` and the head's constants."""

from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch.export import Dim

from engines.video.resample import resize
from onnx_export.clip import Text, Vision
from onnx_export.exporting import write_graph

VISION_OUTPUTS: Final = ["projected", "gram", "images", "biased", "cls"]


def write_vision(vision: Vision, path: Path) -> None:
    """Export the vision tower; the number of frames, height and width in patches are free."""
    high, wide = Dim("high", min=2), Dim("wide", min=2)
    clip = (vision.frames,) if vision.frames > 1 else ()
    side = 3 * vision.patch
    pixels = torch.zeros(2, *clip, 3, side, side + vision.patch)
    axes = {0: Dim("batch"), len(clip) + 2: vision.patch * high, len(clip) + 3: vision.patch * wide}
    write_graph(
        vision,
        {"pixels": pixels, "positions": torch.zeros(3, 4, vision.width)},
        {"pixels": axes, "positions": {0: high, 1: wide}},
        VISION_OUTPUTS,
        path,
    )


def write_text(text: Text, path: Path) -> None:
    """Export the text tower; the number of texts and their length are free."""
    tokens, texts = torch.ones(2, 5, dtype=torch.int64), Dim("texts")
    length = Dim("length", min=2, max=text.positional_embedding.shape[0])
    write_graph(
        text,
        {"tokens": tokens, "ends": torch.tensor([4, 3])},
        {"tokens": {0: texts, 1: length}, "ends": {0: texts}},
        ["text"],
        path,
    )


def write_head(vision: Vision, path: Path) -> None:
    """Write the constants that similarities need: bias, eps, and positions for resampling."""
    with torch.inference_mode():
        np.savez(
            path,
            bias=(vision.ln_post.bias.float() @ vision.proj.float()).numpy(),
            eps=np.float64(vision.ln_post.eps),
            positions=_trained_positions(vision),
        )


def positions(vision: Vision, size_px: tuple[int, ...]) -> np.ndarray:
    """Positions `(h, w, C)` for pictures of that height and width."""
    return resize(_trained_positions(vision), *(side // vision.patch for side in size_px))


def _trained_positions(vision: Vision) -> np.ndarray:
    grid = round((len(vision.positional_embedding) - 1) ** 0.5)
    return vision.positional_embedding.detach()[1:].float().reshape(grid, grid, -1).numpy()
