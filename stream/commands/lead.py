"""How far a recording may run ahead of the server that labels it: sent faster than it can be
labelled, its frames would be dropped as `busy`."""

import asyncio
from typing import Final

from stream.commands.board import Board
from stream.messages import Label

MOST_S: Final = 2.0
"""Of motion; servers let 5 s wait by default."""
BRIDGED_S: Final = 0.5
"""A gap between two frames counts no longer: it is not labelled."""
STALLED_S: Final = 5.0
"""Without a label for so long, none comes of what was sent."""
LOOK_S: Final = 0.01


class Lead:
    """Frames that were sent, in the order of their numbers, against the newest label."""

    def __init__(self) -> None:
        self._motion_s: list[float] = []
        self._time_s: float | None = None
        self._written_off_s = 0.0

    def sent(self, time_s: float) -> None:
        """The next frame went out."""
        step_s = 0.0 if self._time_s is None else time_s - self._time_s
        before_s = self._motion_s[-1] if self._motion_s else 0.0
        self._motion_s.append(before_s + min(max(step_s, 0.0), BRIDGED_S))
        self._time_s = time_s

    def ahead_s(self, label: Label | None) -> float:
        """Motion that was sent after the frames that this label takes into account."""
        if not self._motion_s:
            return 0.0
        done_s = 0.0
        if label is not None and label.seq < len(self._motion_s):
            done_s = self._motion_s[label.seq]
        return self._motion_s[-1] - max(done_s, self._written_off_s)

    def write_off(self) -> None:
        """Nothing comes of what was sent."""
        self._written_off_s = self._motion_s[-1] if self._motion_s else 0.0

    async def wait(self, board: Board) -> None:
        """Wait until the server has caught up, or does not label at all."""
        newest, waited_s = board.current, 0.0
        while self.ahead_s(board.current) > MOST_S:
            await asyncio.sleep(LOOK_S)
            waited_s += LOOK_S
            if board.current is not newest:
                newest, waited_s = board.current, 0.0
            elif waited_s >= STALLED_S:
                self.write_off()
