"""Three maps, three points: action, verb and object become one answer. Pure.

VideoGEM (arXiv 2503.20348) averages the three arg-max points, action three times (0.6, 0.2, 0.2). A
mean of points can lie between two people, on nobody, so live use fuses the maps instead.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engines.video.resample import upsample

Floats = NDArray[np.float32]
SHARES: Final = (0.6, 0.2, 0.2)
"""Of action, verb and object."""
FLAT: Final = 1e-6


def shares(given: Any) -> Floats:
    """Shares of action, verb and object, those not given counting nothing; `(..., 3)` likewise."""
    rows = np.array(SHARES, np.float32) * np.asarray(given, np.float32)
    total: Floats = rows / rows.sum(axis=-1, keepdims=True)
    return total


def normalise(maps: Floats) -> Floats:
    """Each map `(..., h, w)` to 0..1 by its smallest and largest value; a flat one to zeros."""
    low = maps.min(axis=(-2, -1), keepdims=True)
    span = maps.max(axis=(-2, -1), keepdims=True) - low
    scaled: Floats = np.where(span > FLAT, (maps - low) / np.maximum(span, FLAT), 0)
    return scaled


def mean_map(maps: Floats, given: Any) -> Floats:
    """Weighted mean `(..., h, w)` of three maps `(..., 3, h, w)`; `given (..., 3)`."""
    mean: Floats = np.einsum("...k,...khw->...hw", shares(given), maps)
    return mean


def fuse_maps(maps: Floats, given: Any) -> Floats:
    """The same of maps normalised before and after."""
    return normalise(mean_map(normalise(maps), given))


def peak_points(maps: Floats, height: int, width: int) -> NDArray[np.int64]:
    """Pixel x, y of the largest value of each map `(n, h, w)` up-sampled to height, width."""
    flat = upsample(maps, height, width).reshape(len(maps), -1).argmax(axis=1)
    return np.stack([flat % width, flat // width], axis=1)


def fuse_points(points: NDArray[np.int64], given: Any) -> tuple[int, int]:
    """The published point: weighted mean of three `(3, 2)`, cut to whole pixels."""
    x, y = shares(given) @ points
    return int(x + FLAT), int(y + FLAT)
