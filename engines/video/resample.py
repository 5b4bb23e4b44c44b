"""Resizing by separable kernels, as matrices: positions and pixels down or up, maps up. Pure.

`bicubic` is what torch calls bicubic with antialias and Pillow calls BICUBIC (a = -0.5, the kernel
widened when shrinking); `bilinear` is torch's without aligned corners.
"""

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SHARPNESS: Final = -0.5


@lru_cache(maxsize=64)
def bicubic(source: int, target: int) -> Floats:
    """Matrix `(target, source)` that resamples one axis."""
    scale = source / target
    stretch = max(scale, 1.0)
    centres = (np.arange(target) + 0.5) * scale
    places = np.arange(source) + 0.5
    weights = _cubic((places[None, :] - centres[:, None]) / stretch)
    matrix: Floats = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return matrix


@lru_cache(maxsize=64)
def bilinear(source: int, target: int) -> Floats:
    """Matrix `(target, source)` that interpolates one axis; edges are held."""
    centres = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    apart = np.abs(np.arange(source)[None, :] - centres[:, None])
    matrix: Floats = np.maximum(1 - apart, 0).astype(np.float32)
    return matrix


def resize(image: NDArray[Any], height: int, width: int) -> Floats:
    """Bicubic resize of `(H, W, C)` to `(height, width, C)`, float32."""
    high, wide, channels = image.shape
    rows = bicubic(high, height) @ image.reshape(high, wide * channels).astype(np.float32)
    resized: Floats = bicubic(wide, width) @ rows.reshape(height, wide, channels)
    return resized


def upsample(maps: Floats, height: int, width: int) -> Floats:
    """Bilinear `(..., h, w)` to `(..., height, width)`."""
    high, wide = maps.shape[-2:]
    return np.asarray(bilinear(high, height) @ maps @ bilinear(wide, width).T, np.float32)


def _cubic(x: NDArray[Any]) -> NDArray[Any]:
    x = np.abs(x)
    a = SHARPNESS
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * a
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))
