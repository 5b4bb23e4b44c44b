"""Averages over time with a half-life, told the time. Raw values go in, before any normalising."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Smoother:
    """A running mean of arrays of one shape whose past fades by half every `half_life_s`."""

    def __init__(self, half_life_s: float) -> None:
        """A half-life of 0 passes values through."""
        self._half_life_s = half_life_s
        self._mean: Floats | None = None
        self._time_s = 0.0

    def push(self, values: Floats, time_s: float) -> Floats:
        """Take values of a time, give the mean up to it. Time that runs backwards begins anew."""
        elapsed_s = time_s - self._time_s
        mean = self._mean
        if mean is None or mean.shape != values.shape or elapsed_s < 0 or not self._half_life_s:
            mean = values
        else:
            kept = np.float32(0.5 ** (elapsed_s / self._half_life_s))
            mean = kept * mean + (1 - kept) * values
        self._mean, self._time_s = mean, time_s
        return mean
