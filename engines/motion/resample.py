"""Irregular capture times to exactly 20 frames a second. Pure: one object per person, told every
time.

The grid starts at the first frame of a stretch, `start + n / 20`; each grid frame is interpolated
linearly between the captured frames on both sides of it. A stretch ends where the person was not
seen for longer than `MAX_GAP_S` or where the clock was set back: nothing is invented across such a
cut. Time steps of any size cost the same. Joints and times are trusted here; `session` and
`grounder` check them.
"""

from dataclasses import dataclass
from math import inf
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from engines.motion.skeleton import JOINT_COUNT, MODEL_FPS

MAX_GAP_S: Final = 0.5
"""Longest pause that is bridged: slower than any camera worth using, shorter than most
sub-actions."""
RESET_STEP_S: Final = 1.0
"""A frame this much older than the newest one comes from a clock that was set back, not from a
queue."""
RESET_RUN_S: Final = 0.5
"""Late frames that go on for this long mean the same: the clock was set back by less."""
SAME_TIME_S: Final = 1e-6
"""Capture times closer than this are the same time (float64 seconds since 1970 resolve 0.2
microseconds)."""

Outcome = Literal["used", "late", "duplicate"]
Cut = Literal["gap", "clock_reset"]


@dataclass(frozen=True, slots=True)
class Resampled:
    """What one captured frame gave: 0 to 10 grid frames.

    `frames` (n, 22, 3) float32 metres; `times_s` (n,) float64 on the client's clock.
    `outcome`: late and duplicate frames are not used and give no grid frames.
    `cut`: these frames start a new stretch; encoder state and timeline must be cut before them.
    `pause_s`: how long nothing was captured before it; inf if nobody knows.
    """

    frames: NDArray[np.float32]
    times_s: NDArray[np.float64]
    outcome: Outcome
    cut: Cut | None = None
    pause_s: float = inf


_NO_FRAMES: Final = np.empty((0, JOINT_COUNT, 3), np.float32)
_NO_TIMES: Final = np.empty(0, np.float64)
_NO_FRAMES.flags.writeable = False
_NO_TIMES.flags.writeable = False


class Resampler:
    """One person's clock and newest captured frame."""

    def __init__(self) -> None:
        self._joints = _NO_FRAMES[:0]
        self._time_s: float | None = None
        self._start_s = 0.0
        self._next = 0
        self._late_since_s: float | None = None

    def push(self, joints: NDArray[np.float32], time_s: float) -> Resampled:
        """Take one captured frame, (22, 3) metres at `time_s` seconds; return the grid frames now
        known.

        `joints` is kept until the next push and must not be changed by the caller.
        """
        if self._time_s is None:
            return self._begin(joints, time_s, None)
        step_s = time_s - self._time_s
        if abs(step_s) <= SAME_TIME_S:
            return Resampled(_NO_FRAMES, _NO_TIMES, "duplicate")
        if step_s < 0:
            return self._late(joints, time_s, step_s)
        if step_s > MAX_GAP_S:
            return self._begin(joints, time_s, "gap", step_s)
        return self._between(joints, time_s, step_s)

    def _begin(
        self,
        joints: NDArray[np.float32],
        time_s: float,
        cut: Cut | None,
        pause_s: float = inf,
    ) -> Resampled:
        self._joints, self._time_s, self._start_s = joints, time_s, time_s
        self._next, self._late_since_s = 1, None
        return Resampled(joints[None], np.array([time_s]), "used", cut, pause_s)

    def _late(self, joints: NDArray[np.float32], time_s: float, step_s: float) -> Resampled:
        since_s = time_s if self._late_since_s is None else min(time_s, self._late_since_s)
        if step_s < -RESET_STEP_S or time_s - since_s >= RESET_RUN_S:
            return self._begin(joints, time_s, "clock_reset")
        self._late_since_s = since_s
        return Resampled(_NO_FRAMES, _NO_TIMES, "late")

    def _between(self, joints: NDArray[np.float32], time_s: float, step_s: float) -> Resampled:
        assert self._time_s is not None
        last = int((time_s + SAME_TIME_S - self._start_s) * MODEL_FPS)
        before, before_s = self._joints, self._time_s
        self._joints, self._time_s, self._late_since_s = joints, time_s, None
        if last < self._next:
            return Resampled(_NO_FRAMES, _NO_TIMES, "used")
        times_s = self._start_s + np.arange(self._next, last + 1) / MODEL_FPS
        self._next = last + 1
        share = np.clip((times_s - before_s) / step_s, 0.0, 1.0).astype(np.float32)[:, None, None]
        return Resampled(before + (joints - before) * share, times_s, "used")
