"""One person's state: features, encoder state, the kept window of encoded frames, and the timeline.

Nothing of it changes before `accept`, so an encoder call that fails can be made again and nothing
is counted twice. Opaque to everybody but `engine`.
"""

from collections import deque
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engines.errors import EngineError, PromptError
from engines.motion.examples import ExampleSet
from engines.motion.labelling import Labelling
from engines.motion.prompting import Request
from engines.motion.skeleton import JOINT_COUNT, MODEL_FPS
from engines.motion.timeline import NOTHING, Mode, Update, merge
from engines.motion.usual import Usual

Floats = NDArray[np.float32]

KEPT_S: Final = 20.0
"""Encoded frames that are kept for a new configuration, each with and without what is usual of the
person: 1.2 MB at 384 dimensions."""
SHORTEST_S: Final = 0.3
"""Least length of what is shown as an example."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One encoded frame, and `unusual`: what of it is not the person's habit. `pause_s`: how
    long nothing was captured before it; 0 within a stretch, inf if nobody knows."""

    value: Floats
    unusual: Floats
    attention: float
    time_s: float
    pause_s: float

    @property
    def begins(self) -> bool:
        """Whether a stretch begins with it."""
        return self.pause_s > 0


@dataclass(frozen=True, slots=True)
class Pending:
    """Features of new frames, and what the track becomes once they are encoded."""

    features: Floats
    state: Any
    times_s: tuple[float, ...]


class Track:
    """One person. Made by `MotionEngine.new_track`."""

    def __init__(
        self,
        encoder_state: Any,
        encoder_lookahead_frames: int,
        examples: ExampleSet,
    ) -> None:
        self.examples = examples
        self.request: Request | None = None
        self._fresh_state = encoder_state
        self._lookahead = encoder_lookahead_frames
        self._window: deque[Frame] = deque(maxlen=round(KEPT_S * MODEL_FPS))
        self._labelling: Labelling | None = None
        self._usual = Usual()
        self._restart(inf)

    def _restart(self, pause_s: float) -> None:
        self.encoder_state = self._fresh_state
        self.features_state: Any = None
        self._waiting: deque[float] = deque()
        self._unspoken = self._lookahead
        self._last: Floats | None = None
        self._pause_s = pause_s

    def held(self, frames: int) -> Floats:
        """The last pose for so many frames `(n, 22, 3)`, to flush the look-ahead; none of a stretch
        that has not begun."""
        if self._last is None:
            return np.empty((0, JOINT_COUNT, 3), np.float32)
        return np.repeat(self._last[None], frames, axis=0)

    def accept(
        self,
        pending: Pending,
        last: Floats | None,
        values: Floats,
        attention: Floats,
        state: Any,
    ) -> list[Update]:
        """Commit encoded frames: `values (m, D)`, `attention (m,)`, the encoder's next `state`.


        `last` is the newest pose, kept for `held`. Raises EngineError, and changes nothing, if the
        encoder gave values that are not finite.
        """
        if not (np.isfinite(values).all() and np.isfinite(attention).all()):
            raise EngineError(
                "the motion encoder gave values that are not finite for these frames: "
                "check the units of the joints (metres)"
            )
        self.features_state = pending.state
        self.encoder_state = state
        self._last = self._last if last is None else last
        self._waiting.extend(pending.times_s)
        silent = min(self._unspoken, len(values))
        self._unspoken -= silent
        updates = []
        for value, weight in zip(values[silent:], attention[silent:].tolist(), strict=True):
            if not self._waiting:
                break
            updates.append(self._label(value, weight, self._waiting.popleft()))
        return updates

    def _label(self, value: Floats, attention: float, time_s: float) -> Update:
        frame = Frame(value, self._usual.off(value), attention, time_s, self._pause_s)
        self._window.append(frame)
        self._pause_s = 0.0
        if self._labelling is None or self.request is None:
            return replace(NOTHING, time_s=time_s)
        return _push(self._labelling, frame, self.request.mode)

    def configure(
        self, texts: Floats, beside: Floats, request: Request, examples: ExampleSet
    ) -> list[Update]:
        """Label the kept window anew and go on so; provisional segments of before are retracted.

        `texts (K, D)`: unit rows of the request's labels; `beside (R, D)`: of what else people do.
        """
        before = self._labelling
        first_id = 1 if before is None else before.next_id
        labelling = Labelling(
            texts, request.labels, request.mode, request.settings, first_id, beside=beside
        )
        updates = []
        for position, frame in enumerate(self._window):
            if frame.begins and position:
                updates += labelling.cut(frame.pause_s)
            updates.append(_push(labelling, frame, request.mode))
        if self._pause_s and self._window:
            updates += labelling.cut(self._pause_s)
        retracted = () if before is None else before.retract()
        self._labelling, self.request, self.examples = labelling, request, examples
        first = replace(NOTHING, scores=(0.0,) * len(request.labels), retracted=retracted)
        return [merge([first, *updates])]

    def shown(self, start_s: float, end_s: float) -> tuple[Floats, Floats, Floats]:
        """Values `(n, D)` and attention `(n,)` of the kept frames between two capture times, and
        the values `(m, D)` of the whole stretch around them.

        Raises PromptError, which says what is kept, unless they lie in one stretch of the kept
        window, `SHORTEST_S` apart or more.
        """
        stretches = self._stretches()
        if not end_s - start_s >= SHORTEST_S - 1e-6:
            raise PromptError(
                f"the example lasts from {start_s:g} to {end_s:g} s, expected {SHORTEST_S:g} s or "
                "more: show the whole action"
            )
        slack = 1.5 / MODEL_FPS
        for frames in reversed(stretches):
            if frames[0].time_s - slack <= start_s and end_s <= frames[-1].time_s + slack:
                inside = [f for f in frames if start_s - 1e-6 <= f.time_s < end_s - 1e-6]
                return (
                    np.stack([frame.value for frame in inside]),
                    np.array([frame.attention for frame in inside], np.float32),
                    np.stack([frame.value for frame in frames]),
                )
        kept = [f"{part[0].time_s:.2f} to {part[-1].time_s:.2f} s" for part in stretches]
        raise PromptError(
            f"the example lasts from {start_s:g} to {end_s:g} s, but kept are "
            f"{', '.join(kept) or 'no frames yet'}: mark what lies inside one of these, while it "
            f"is at most {KEPT_S:g} s old"
        )

    def _stretches(self) -> list[list[Frame]]:
        """The kept frames, parted at cuts."""
        parts: list[list[Frame]] = []
        for frame in self._window:
            if frame.begins or not parts:
                parts.append([])
            parts[-1].append(frame)
        return parts

    @property
    def labels(self) -> tuple[str, ...]:
        """What is looked for; () before the first `configure`."""
        return () if self.request is None else self.request.labels

    @property
    def since_s(self) -> float | None:
        """Capture time of the oldest frame that is kept; None while there is none."""
        return self._window[0].time_s if self._window else None

    def newest(self, count: int) -> list[Frame]:
        """The last `count` encoded frames, oldest first; no more than are kept."""
        return list(self._window)[-count:] if count else []

    def cut(self, pause_s: float) -> list[Update]:
        """End the stretch, whose look-ahead has been flushed; features and encoder begin anew."""
        self._restart(pause_s)
        return [] if self._labelling is None else self._labelling.cut(pause_s)


def _push(labelling: Labelling, frame: Frame, mode: Mode) -> Update:
    value = frame.unusual if mode == "watch" else frame.value
    return labelling.push(value, frame.attention, frame.time_s)
