"""Retrieval in recordings, from the frames that the live engine encodes: words to moments, motion
to words.

Moments. Windows of nine lengths from 0.8 to 12.8 s, a factor of sqrt(2) apart, begin at every frame
of a stretch without a gap; a short stretch is a window as a whole too. A window is pooled by the
encoder's attention as everywhere, and scores

    cos(prompt, frames inside) - 0.5 cos(prompt, frames around)

where around is as much again on each side, and a prompt is made of a text as the live engine makes
it: its words, the built-in descriptions, and what was shown of it. The plain cosine favours the
shortest window on the best frame; what is taken off for the surroundings is what finds the borders.
Best first; what overlaps a better moment is no moment. Rule and weight were chosen on synthesised
sequences and held-out ship sets (`python -m benchmarks.retrieval` measures on others). The rule is
ours.

One thread at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engines.errors import EngineError, ShapeError
from engines.motion.encoder import pool
from engines.motion.engine import MotionEngine
from engines.motion.examples import ExampleSet
from engines.motion.grounder import MAX_METRES
from engines.motion.resample import Resampler
from engines.motion.skeleton import JOINT_COUNT, MODEL_FPS
from engines.motion.track import Frame

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]

FRAME_S: Final = 1 / MODEL_FPS
WINDOW_FRAMES: Final = tuple(round(0.8 * MODEL_FPS * 2 ** (n / 2)) for n in range(9))
AROUND: Final = 0.5
"""Weight of the surroundings."""
CHUNK_FRAMES: Final = 200
"""Frames in one encoder call: bounds memory and is less than a track keeps."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of a recording on its own clock. `score`: higher is better, at most 1.5."""

    recording: str
    start_s: float
    end_s: float
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class EncodedFrames:
    """Unit `values (T, D)`, attention logits `(T,)` and capture `times_s (T,)` of one stretch."""

    values: Floats
    attention: Floats
    times_s: Doubles


class Windows:
    """All windows of one stretch, ready for any text. Pure."""

    def __init__(self, values: Floats, attention: Floats) -> None:
        """`values (T, D)` unit rows and attention logits `(T,)` of at least one frame."""
        count = len(values)
        weighted = np.exp(attention.astype(np.float64))[:, None] * values
        self._sums = np.vstack([np.zeros(values.shape[1]), np.cumsum(weighted, axis=0)])
        lengths = [length for length in WINDOW_FRAMES if length < count]
        if count <= WINDOW_FRAMES[-1]:
            lengths.append(count)
        firsts = [np.arange(count - length + 1) for length in lengths]
        self._first: Ints = np.concatenate(firsts)
        self._last: Ints = np.concatenate(
            [first + length for first, length in zip(firsts, lengths, strict=True)]
        )
        self._before: Ints = np.maximum(2 * self._first - self._last, 0)
        self._after: Ints = np.minimum(2 * self._last - self._first, count)
        edges = np.cumsum([0, *map(len, firsts)])
        norms = [self._norms(slice(a, b)) for a, b in pairwise(edges.tolist())]
        self._inside_norm, self._around_norm = (
            np.concatenate(column) for column in zip(*norms, strict=True)
        )

    def _norms(self, part: slice) -> tuple[Doubles, Doubles]:
        """Lengths of the summed frames inside and around, of the windows of one length."""
        inside = self._sums[self._last[part]] - self._sums[self._first[part]]
        whole = self._sums[self._after[part]] - self._sums[self._before[part]]
        return np.linalg.norm(inside, axis=1), np.linalg.norm(whole - inside, axis=1)

    def scores(self, text: Floats) -> Doubles:
        """One score a window for a unit row `(D,)`. Where nothing is around, the inside stands."""
        along = self._sums @ text.astype(np.float64)
        inside = along[self._last] - along[self._first]
        around = along[self._after] - along[self._before] - inside
        fit = inside / np.maximum(self._inside_norm, 1e-12)
        alone = (self._before == self._first) & (self._after == self._last)
        context = np.where(alone, fit, around / np.maximum(self._around_norm, 1e-12))
        result: Doubles = fit - AROUND * context
        return result

    def best(self, text: Floats, top: int) -> list[tuple[int, int, float]]:
        """Up to `top` windows without overlap as (first frame, frame behind the last, score)."""
        scores = self.scores(text)
        found: list[tuple[int, int, float]] = []
        while len(found) < top:
            place = int(scores.argmax())
            if scores[place] == -np.inf:
                break
            first, last = int(self._first[place]), int(self._last[place])
            found.append((first, last, float(scores[place])))
            scores[(self._first < last) & (self._last > first)] = -np.inf
        return found


class MotionIndex:
    """Recordings that can be asked for words, and words for recordings."""

    def __init__(self, engine: MotionEngine) -> None:
        """An empty index on an engine that is already loaded."""
        self._engine = engine
        self._examples = ExampleSet(engine.model)
        self._frames: dict[str, list[EncodedFrames]] = {}
        self._windows: dict[str, list[Windows]] = {}

    @classmethod
    def load(cls, model: str = "bundled", *, threads: int = 1) -> Self:
        """Load a model by name or folder. Raises ModelError if it is missing or damaged."""
        return cls(MotionEngine.load(model, threads=threads))

    def load_examples(self, path: str | Path) -> None:
        """Let what a file of examples shows count in the texts that are asked for from now on.

        Raises ModelError if the file cannot be read or was made with another model.
        """
        read = ExampleSet.load(path, model=self._engine.model)
        self._examples = self._examples.merge(read)

    def add(
        self,
        name: str,
        joints: ArrayLike,
        time_s: ArrayLike | None = None,
        *,
        fps: float | None = None,
    ) -> None:
        """Encode a recording: joints `(T, 22, 3)` metres, y up; `time_s (T,)` seconds, or `fps`.

        Raises ShapeError for arrays that are no motion, EngineError if the name is taken; then the
        index is as before.
        """
        if name in self._frames:
            raise EngineError(f"the index already holds a recording {name!r}: use another name")
        frames = encode(self._engine, *checked(joints, time_s, fps))
        self._windows[name] = [Windows(part.values, part.attention) for part in frames]
        self._frames[name] = frames

    def moments(self, text: str, top: int = 5) -> list[Moment]:
        """Where in the recordings this is done: up to `top` moments, best first, none overlapping.

        There is a best moment for words that fit nothing too: look at the score. Raises PromptError
        for a text that cannot be used, EngineError for a `top` below 1.
        """
        if top < 1:
            raise EngineError(f"top is {top}, expected 1 or more moments")
        [row] = self._engine.prompts([text], self._examples)
        found = [
            Moment(name, float(part.times_s[first]), float(part.times_s[last - 1]) + FRAME_S, score)
            for name, parts in self._frames.items()
            for part, windows in zip(parts, self._windows[name], strict=True)
            for first, last, score in windows.best(row, top)
        ]
        return sorted(found, key=lambda moment: -moment.score)[:top]

    def texts(
        self,
        name: str,
        candidates: Sequence[str],
        start_s: float | None = None,
        end_s: float | None = None,
    ) -> list[tuple[str, float]]:
        """Which of the texts say best what is done from `start_s` to `end_s`: with cosines, best
        first.

        Times are on the recording's clock; None is its begin or end. Raises PromptError for texts
        that cannot be used, EngineError for an unknown name or a span without frames.
        """
        rows = self._engine.prompts(candidates, self._examples)
        cosines = rows @ self._pooled(name, start_s, end_s)
        order = np.argsort(-cosines, kind="stable")
        return [(candidates[place], float(cosines[place])) for place in order]

    def _pooled(self, name: str, start_s: float | None, end_s: float | None) -> Floats:
        parts = self._frames.get(name)
        if parts is None:
            known = ", ".join(map(repr, self._frames)) or "no recordings"
            raise EngineError(f"no recording {name!r} in the index: it holds {known}")
        times_s = np.concatenate([part.times_s for part in parts])
        inside = np.ones(len(times_s), bool)
        if start_s is not None:
            inside &= times_s >= start_s
        if end_s is not None:
            inside &= times_s < end_s
        if not inside.any():
            raise EngineError(
                f"no frames of {name!r} from {start_s} to {end_s} s: it lasts from "
                f"{times_s.min():.2f} to {times_s.max() + FRAME_S:.2f} s"
            )
        values = np.concatenate([part.values for part in parts])
        attention = np.concatenate([part.attention for part in parts])
        return pool(values[inside], attention[inside])


def encode(engine: MotionEngine, joints: Floats, times_s: Doubles) -> list[EncodedFrames]:
    """A recording through `MotionEngine.step` and `cut` as if it were live: one part a stretch
    without gaps.

    Raises EngineError for frames that the engine refuses.
    """
    parts = []
    for frames, at_s in _stretches(joints, times_s):
        track = engine.new_track()
        encoded: list[Frame] = []
        for begin in range(0, len(frames), CHUNK_FRAMES):
            chunk = slice(begin, begin + CHUNK_FRAMES)
            [result] = engine.step([(track, frames[chunk], at_s[chunk])])
            if result.error is not None:
                raise result.error
            encoded += track.newest(len(result.updates))
        encoded += track.newest(len(engine.finish(track)))
        values = np.stack([frame.value for frame in encoded])
        attention = np.array([frame.attention for frame in encoded], np.float32)
        parts.append(EncodedFrames(values, attention, at_s))
    return parts


def _stretches(joints: Floats, times_s: Doubles) -> Iterator[tuple[Floats, Doubles]]:
    """Frames `(n, 22, 3)` at 20 fps and their times `(n,)`, divided where the clock has a gap."""
    resampler = Resampler()
    frames: list[Floats] = []
    at_s: list[Doubles] = []
    for pose, time_s in zip(joints, times_s.tolist(), strict=True):
        result = resampler.push(pose, time_s)
        if result.cut:
            yield np.concatenate(frames), np.concatenate(at_s)
            frames, at_s = [], []
        frames.append(result.frames)
        at_s.append(result.times_s)
    yield np.concatenate(frames), np.concatenate(at_s)


def checked(
    joints: Any, time_s: Any | None = None, fps: float | None = None
) -> tuple[Floats, Doubles]:
    """Joints `(T, 22, 3)` float32 and times `(T,)` float64. Raises ShapeError for anything else."""
    try:
        array = np.asarray(joints, np.float64)
        times_s = None if time_s is None else np.asarray(time_s, np.float64)
    except (TypeError, ValueError) as error:
        raise ShapeError(f"joints and time_s must be arrays of numbers: {error}") from error
    if array.ndim != 3 or array.shape[1:] != (JOINT_COUNT, 3) or not len(array):
        raise ShapeError(f"joints must be (T, {JOINT_COUNT}, 3) metres, not {array.shape}")
    if not np.isfinite(array).all():
        raise ShapeError("joints hold NaN or infinity: leave such frames out")
    if np.abs(array).max() > MAX_METRES:
        raise ShapeError(
            f"a joint is over {MAX_METRES:g} m from the origin: joints must be in metres"
        )
    if (times_s is None) == (fps is None):
        raise ShapeError("give exactly one of time_s and fps")
    if fps is not None:
        if not (isfinite(fps) and fps > 0):
            raise ShapeError(f"fps is {fps}, expected frames a second above 0")
        times_s = np.arange(len(array)) / fps
    assert times_s is not None
    if times_s.shape != (len(array),) or not np.isfinite(times_s).all():
        raise ShapeError(
            f"time_s must be {len(array)} finite seconds, one a frame, not {times_s.shape}"
        )
    return array.astype(np.float32), times_s
