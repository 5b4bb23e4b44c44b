"""Where a map is highest: peaks with boxes, in shares of the picture. Pure."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
HALF: Final = 0.5
"""A peak's box holds what is connected to it and at least this share of its height."""
LOWEST: Final = 0.5
"""Peaks below this share of the map's highest are not told."""


@dataclass(frozen=True, slots=True)
class Peak:
    """A place in the picture: x to the right and y down, 0..1; box is left, top, right, bottom.

    `score`: the map's value there, 0..1.
    """

    x: float
    y: float
    score: float
    box: tuple[float, float, float, float]


def peaks(heat: Floats, most: int = 3) -> tuple[Peak, ...]:
    """Up to `most` peaks of a map `(h, w)` with values 0..1, highest first; none of a flat map.

    What belongs to a peak's box is no peak of its own.
    """
    high, wide = heat.shape
    left = heat.astype(np.float32, copy=True)
    found: list[Peak] = []
    while len(found) < most:
        y, x = divmod(int(left.argmax()), wide)
        score = float(left[y, x])
        if score <= 0 or (found and score < LOWEST * found[0].score):
            break
        region = _connected(heat >= HALF * score, y, x)
        rows, columns = np.nonzero(region.any(axis=1))[0], np.nonzero(region.any(axis=0))[0]
        box = (
            columns[0] / wide,
            rows[0] / high,
            (columns[-1] + 1) / wide,
            (rows[-1] + 1) / high,
        )
        found.append(
            Peak((x + 0.5) / wide, (y + 0.5) / high, score, (*(float(side) for side in box),))  # type: ignore[arg-type]
        )
        left[region] = 0
    return tuple(found)


def _connected(inside: NDArray[np.bool_], y: int, x: int) -> NDArray[np.bool_]:
    """Cells that hang together with one, side by side or corner to corner."""
    _, regions = cv2.connectedComponents(inside.astype(np.uint8), connectivity=8)
    return np.asarray(regions == regions[y, x])
