"""What the encoder keeps of one person: the rows that its blocks took in, newest last.

A history is a value. Growing it gives another one and leaves it as it is, so that an encoder call
can be made again from the same state. Only new rows are written: histories share a room until it
is full, or until two of them grow from the same moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

SPARE: Final = 8
"""New frames that a room has space for. More would be copied less often, and touch more memory."""


class Layout:
    """Where each block's rows lie in a room: those that it reaches back to, then `SPARE` new ones.

    A block of dilation d meets the rows d, 2 d... `taps` * d frames back.
    """

    def __init__(self, dilations: Sequence[int], taps: int, width: int) -> None:
        self.width = width
        self.reaches = [taps * dilation for dilation in dilations]
        nexts = np.cumsum([reach + SPARE for reach in self.reaches]) - SPARE
        self.size = int(nexts[-1]) + SPARE
        self.new = nexts + np.arange(SPARE)[:, None]
        """Rows of new frames `(SPARE, blocks)`, in a room that begins with none of them."""
        self.begins = nexts - self.reaches
        """First row of each block's past: with n new frames, n rows later."""
        met = nexts[:, None] + np.outer(dilations, np.arange(-taps, 0))
        self.met = met.ravel() + np.arange(SPARE + 1)[:, None]
        """What the next frame meets, block by block, the oldest row first: with n new frames in
        the room, row n of this."""


class _Room:
    """Rows `(layout.size, W)`; what histories have `filled` of it is never written again."""

    __slots__ = ("filled", "rows")

    def __init__(self, layout: Layout) -> None:
        self.rows = np.empty((layout.size, layout.width), np.float32)
        self.filled = 0


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What one person's next frames meet."""

    layout: Layout
    _room: _Room
    _count: int

    def met(self) -> Floats:
        """The rows `(blocks * taps, W)` that one more frame meets."""
        rows: Floats = self._room.rows.take(self.layout.met[self._count], axis=0)
        return rows

    def past(self, block: int) -> Floats:
        """All rows `(reach, W)` that a block reaches back to, not to be written to."""
        begin = self.layout.begins[block] + self._count
        return self._room.rows[begin : begin + self.layout.reaches[block]]

    def grown(self, rows: Floats) -> "History":
        """With new frames `(T, blocks, W)` behind its own."""
        room, count = self._room, self._count + len(rows)
        if self._count < room.filled or count > SPARE:
            return self._moved(rows)
        room.rows[self.layout.new[self._count : count]] = rows
        room.filled = count
        return History(self.layout, room, count)

    def _moved(self, rows: Floats) -> "History":
        layout, room = self.layout, _Room(self.layout)
        for block, (begin, reach) in enumerate(zip(layout.begins, layout.reaches, strict=True)):
            both = np.concatenate([self.past(block), rows[:, block]])
            room.rows[begin : begin + reach] = both[-reach:]
        return History(layout, room, 0)


def nothing_yet(layout: Layout) -> History:
    """Before a person's first frame: zeros."""
    room = _Room(layout)
    room.rows[:] = 0
    return History(layout, room, 0)
