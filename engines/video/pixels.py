"""Camera frames to what a vision graph eats. Pure."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines import models
from engines.errors import ShapeError
from engines.video.resample import resize

Floats = NDArray[np.float32]


def prepare(frame: Any, vision: models.Vision) -> Floats:
    """RGB `(H, W, 3)` uint8, squashed to the model's square: `(3, S, S)` normalised float32.

    Bicubic, neither cropped nor padded, as published. Raises ShapeError for anything else.
    """
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8 or frame.ndim != 3:
        raise ShapeError("a frame must be RGB, uint8 (H, W, 3)")
    if frame.shape[2] != 3 or 0 in frame.shape:
        raise ShapeError(f"a frame must be RGB, uint8 (H, W, 3), not {frame.shape}")
    size = vision.size_px
    values = resize(frame, size, size) if frame.shape[:2] != (size, size) else frame
    scale = (1 / (255 * np.array(vision.std))).astype(np.float32)
    shift = (np.array(vision.mean) / np.array(vision.std)).astype(np.float32)
    limited = np.clip(values, 0, 255, dtype=np.float32)
    return np.ascontiguousarray((limited * scale - shift).transpose(2, 0, 1))
