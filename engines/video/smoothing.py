"""Averages over time with a half-life, told the time. Raw values go in, before any normalising."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
FORGOTTEN: Final = 4
"""Half-lives after which the past, then one part in sixteen, counts nothing at all."""


class Smoother:
    """A running mean of arrays of one shape whose past fades by half every `half_life_s`.

    `settles_s`: from this time on, what is pushed next is given back as it is; None if the mean is
    already that of the newest values alone.
    """

    def __init__(self, half_life_s: float) -> None:
        """A half-life of 0 passes values through."""
        self.settles_s: float | None = None
        self._half_life_s = half_life_s
        self._mean: Floats | None = None
        self._time_s = 0.0

    def push(self, values: Floats, time_s: float) -> Floats:
        """Take values of a time, give the mean up to it. Time that runs backwards begins anew."""
        mean, elapsed_s = self._mean, time_s - self._time_s
        past = elapsed_s < 0 or time_s >= self._time_s + FORGOTTEN * self._half_life_s
        if mean is None or mean.shape != values.shape or past:
            mean, self.settles_s = values, None
        else:
            kept = np.float32(0.5 ** (elapsed_s / self._half_life_s))
            mean = kept * mean + (1 - kept) * values
            self.settles_s = time_s + FORGOTTEN * self._half_life_s
        self._mean, self._time_s = mean, time_s
        return mean
