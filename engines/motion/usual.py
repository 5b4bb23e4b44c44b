"""What all of one person's motion has in common says nothing of what they do now: a part of their
mean so far is taken off each encoded frame before it is compared with prompts. Watch mode only; a
script's levels do the same for each step (docs/methods.md). Pure.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHARE: Final = 0.3
"""How much of the mean is taken off."""


class Usual:
    """The running mean of one person's encoded frames, across cuts and configurations."""

    def __init__(self) -> None:
        self._sum: NDArray[np.float64] | None = None
        self._count = 0

    def off(self, value: Floats) -> Floats:
        """The next unit `value (D,)` without its usual part, at length one again."""
        self._sum = value.astype(np.float64) if self._sum is None else self._sum + value
        self._count += 1
        left = value - SHARE * self._sum / self._count
        return (left / np.linalg.norm(left)).astype(np.float32)
