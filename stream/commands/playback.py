"""Recorded motion at its own pace: when each frame is due, and the embedded engine as a source.

All times that leave here are on the recording's own clock, also at other speeds than 1.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clients.recording import Recording
from engines.motion.engine import HORIZON_S
from engines.motion.grounder import MotionGrounder
from engines.motion.timeline import UNKNOWN, UNKNOWN_INDEX, Segment, Update
from stream.messages import Configure, Configured, Message
from stream.pace import AgeMeter
from stream.timeline import Timeline

MAX_SPEED: Final = float("inf")
"""Waits for nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to look for: the user's words, and a file of examples."""

    wanted: Configure | None
    examples: Path | None = None

    def configure(self, shown: Sequence[str]) -> Configure:
        """The user's words; without any, the names of what the examples show."""
        return self.wanted or Configure(prompts=list(shown))


def due_times(
    time_s: NDArray[np.float64], speed: float, least_step_s: float = 0.0
) -> NDArray[np.float64]:
    """Seconds after the start at which each frame is due: its capture time over `speed`.

    Never goes back: frames whose clock jumped back are due with the frame before them, or
    `least_step_s` after it, which keeps a server's limit of poses a second.
    """
    earliest = np.arange(len(time_s)) * least_step_s
    due: NDArray[np.float64] = np.maximum.accumulate((time_s - time_s[0]) / speed - earliest)
    return due + earliest


class Pace:
    """A monotonic schedule: a frame goes out when it is due, however late the one before it was."""

    def __init__(
        self,
        time_s: NDArray[np.float64],
        speed: float,
        now: Callable[[], float] = time.monotonic,
        *,
        least_step_s: float = 0.0,
    ) -> None:
        self._due_s = due_times(time_s, speed, least_step_s)
        self._origin_s = float(time_s[0])
        self._speed = speed
        self._now = now
        self._start_s = now()
        self._sent_at_s = self._start_s

    def wait_s(self, frame: int) -> float:
        """How long to wait for a frame from now on."""
        return max(0.0, self._start_s + float(self._due_s[frame]) - self._now())

    @property
    def hurries(self) -> bool:
        """Whether frames go out faster than they were captured."""
        return self._speed > 1

    def sent(self) -> None:
        """A frame goes out now."""
        self._sent_at_s = self._now()

    def capture_now_s(self, newest_s: float) -> float:
        """This moment on the recording's clock; without a pace, the newest frame's and the work."""
        if self._speed == MAX_SPEED:
            return newest_s + self._now() - self._sent_at_s
        return self._origin_s + (self._now() - self._start_s) * self._speed


def embedded(
    grounder: MotionGrounder,
    take: Recording,
    pace: Pace,
    sent: Callable[[float], None] = lambda time_s: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Message]:
    """Push a recording through a configured grounder; what a server would send comes out.

    `sent` is told the capture time of every frame that goes in.
    """
    timeline, ages = Timeline(), AgeMeter()
    timeline.relabel(1)
    spoken_s: float | None = None
    for seq, (joints, time_s) in enumerate(zip(take.joints, take.time_s.tolist(), strict=True)):
        if wait_s := pace.wait_s(seq):
            sleep(wait_s)
        pace.sent()
        sent(time_s)
        ages.observe(time_s, pace.capture_now_s(time_s))
        update = grounder.push(joints, time_s)
        if update.time_s != spoken_s or update.segments or update.retracted:
            spoken_s = update.time_s
            yield from timeline.say(update, seq, ages, pace.capture_now_s(time_s))
    yield from _close(timeline, grounder.finish(), ages)


def configured(grounder: MotionGrounder, request: Configure) -> Configured:
    """Configure an embedded grounder as a server would. Raises PromptError."""
    grounder.configure(
        instruction=request.instruction,
        steps=request.steps,
        prompts=request.prompts,
        mode=request.mode,
    )
    mode = request.mode or ("watch" if request.prompts is not None else "script")
    return Configured(
        config=1,
        mode=mode,
        labels=list(grounder.labels),
        lookahead_s=grounder.model.lookahead_s,
        horizon_s=HORIZON_S[mode],
    )


def _close(timeline: Timeline, finals: list[Segment], ages: AgeMeter) -> Iterator[Message]:
    """What the end of the recording made final, and what it took back."""
    told = {message.id: message.state for message in timeline.messages}
    fresh = tuple(segment for segment in finals if told.get(segment.id) != "final")
    kept = {segment.id for segment in finals}
    gone = tuple(id_ for id_, state in told.items() if state != "final" and id_ not in kept)
    yield from timeline.say(
        Update(None, UNKNOWN_INDEX, UNKNOWN, 0.0, (), fresh, gone), -1, ages, 0.0
    )
