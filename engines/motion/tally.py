"""What is added up over the frames of a window: their values and their shares of each mask.

Masks settle earlier than the read-out: a frame's share is fixed once it has left the masks, while
the state that it is in may still change. Sums over any stretch come from running sums, so they
cost the same however long the window is. Pure.
"""

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Tally:
    """Running sums over one person's window, oldest frame first."""

    def __init__(self, rows: int, dim: int) -> None:
        """`rows`: of the masks, background included; `dim`: of the values."""
        self._values: Final = deque([np.zeros(dim)])
        self._shares: Final = deque([np.zeros(rows)])
        self._free: Floats = np.zeros((rows, 0))

    @property
    def settled(self) -> int:
        """Number of oldest frames whose shares are fixed."""
        return len(self._shares) - 1

    def append(self, value: Floats) -> None:
        """Add the newest frame's value `(D,)`."""
        self._values.append(self._values[-1] + value)

    def settle(self) -> None:
        """Fix the shares of the oldest frame that is not settled."""
        column = self._free[:, :1]
        self._shares.append(self._shares[-1] + column[:, 0])
        self._free = self._free[:, 1:] - column

    def free(self, columns: Floats) -> None:
        """The present shares `(rows, F)` of all frames that are not settled."""
        self._free = np.cumsum(columns, axis=1)

    def between(self, first: int, last: int, row: int) -> tuple[float, Floats]:
        """Sum of one row's shares, and of the values `(D,)`, over frames `first` to `last`."""
        weight = self._share(last, row) - self._share(first, row)
        return weight, self._values[last] - self._values[first]

    def pop(self) -> tuple[Floats, Floats]:
        """The oldest frame, which must be settled, leaves: its shares `(rows,)`, value `(D,)`."""
        share, value = self._shares.popleft(), self._values.popleft()
        return self._shares[0] - share, self._values[0] - value

    def _share(self, frame: int, row: int) -> float:
        if frame <= self.settled:
            return float(self._shares[frame][row])
        return float(self._shares[-1][row] + self._free[row, frame - self.settled - 1])
