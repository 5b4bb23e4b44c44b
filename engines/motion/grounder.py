"""The embedding API: one person, no sockets, no loop.

grounder = MotionGrounder.load()
grounder.configure(instruction="walks forward, then sits down and waves")
for joints, time_s in frames: update = grounder.push(joints, time_s)
segments = grounder.finish()
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, Final, Self, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engines.errors import PromptError, ShapeError
from engines.motion.engine import ModelInfo, MotionEngine
from engines.motion.examples import ExampleSet
from engines.motion.partition import split
from engines.motion.resample import Resampler
from engines.motion.skeleton import JOINT_COUNT
from engines.motion.timeline import NOTHING, Mode, Segment, Update, merge

MAX_INSTRUCTION_CHARS: Final = 2000
MAX_METRES: Final = 1000.0
"""Joints farther out are in another unit or broken; far beyond any capture volume."""


class MotionGrounder:
    """Says, frame by frame, which sub-action a person is doing and since when."""

    def __init__(self, engine: MotionEngine) -> None:
        """One person on an engine that is already loaded; people may share it within one thread."""
        self._engine = engine
        self._track = engine.new_track()
        self._resampler = Resampler()
        self._finals: list[Segment] = []
        self._newest = NOTHING

    @classmethod
    def load(cls, model: str = "bundled", *, threads: int = 1) -> Self:
        """Load a model by name or folder. Raises ModelError if it is missing or damaged."""
        return cls(MotionEngine.load(model, threads=threads))

    @property
    def model(self) -> ModelInfo:
        """The model in use."""
        return self._engine.model

    @property
    def labels(self) -> tuple[str, ...]:
        """The steps or prompts in force; `index` points here."""
        request = self._track.request
        return () if request is None else request.labels

    @property
    def examples(self) -> ExampleSet:
        """What has been shown so far; an immutable value."""
        return self._track.examples

    def configure(
        self,
        *,
        steps: Sequence[str] | None = None,
        prompts: Sequence[str] | None = None,
        instruction: str | None = None,
        mode: Mode | None = None,
        lookahead_s: float | None = None,
        horizon_s: float | None = None,
        descriptions: Mapping[str, Sequence[str]] | None = None,
    ) -> Update:
        """Say what to look for, now or again at any time: exactly one of three.

        `steps`: ordered, each once (mode script). `prompts`: any order, any number of times (mode
        watch). `instruction`: free text, split into steps. `mode` overrides. `lookahead_s`: labels
        speak of this long before the newest frame (default and least: the model's). `horizon_s`:
        segments become final when they ended this long ago. `descriptions`: label -> what the limbs
        do, in place of the built-in dictionary's. The last 20 s are labelled anew: the update
        returned tells how. Raises PromptError if the texts, mode or times cannot be used.
        """
        given = [texts for texts in (steps, prompts, instruction) if texts is not None]
        if len(given) != 1:
            raise PromptError(
                f"give exactly one of steps, prompts and instruction, not {len(given)}"
            )
        if mode is not None and mode not in get_args(Mode):
            raise PromptError(f"mode is {mode!r}, expected one of {get_args(Mode)}")
        if instruction is not None:
            labels: Sequence[str] = _split_checked(instruction)
        else:
            labels = given[0]
        mode = mode or ("watch" if prompts is not None else "script")
        [update] = self._engine.configure(
            self._track,
            labels,
            mode,
            lookahead_s=lookahead_s,
            horizon_s=horizon_s,
            descriptions=descriptions,
        )
        self._finals = []
        return self._note([update])

    def enrol(self, name: str, start_s: float, end_s: float, *, words: bool = True) -> Update:
        """Teach by showing: what was done between two capture times is an example of `name`.

        Several examples of one name are averaged, and count together with the name's words, or
        alone if not `words`. When watching, a new name becomes a prompt at once; in a script
        without it, it is remembered for the next `configure`. Where it is looked for, the last 20 s
        are labelled anew as by `configure`. Raises PromptError unless the times lie in one stretch
        of the last 20 s, 0.3 s apart or more; the newest look-ahead is not there yet.
        """
        return self._relabelled(self._engine.enrol(self._track, name, start_s, end_s, words=words))

    def save_examples(self, path: str | Path) -> None:
        """Write all that has been shown to a file, to be kept and shared.

        Raises EngineError if it cannot be written.
        """
        self.examples.save(path)

    def load_examples(self, path: str | Path) -> Update:
        """Add a file's examples to those shown; the last 20 s are labelled anew.

        Raises ModelError if the file cannot be read or was made with another model.
        """
        read = ExampleSet.load(path, model=self.model)
        return self._relabelled(self._engine.use_examples(self._track, self.examples.merge(read)))

    def push(self, joints: ArrayLike, time_s: float) -> Update:
        """Take one captured frame, `(22, 3)` metres, y up, at `time_s` seconds of any clock, any
        rate.

        Says what it changed; between model frames that is nothing and the label stays. Raises
        ShapeError for joints of another shape or with values that are no metres; such a frame is
        as if never sent.
        """
        checked = _checked(joints, time_s)
        result = self._resampler.push(checked, float(time_s))
        updates = self._engine.cut(self._track, result.pause_s) if result.cut else []
        if len(result.frames):
            [step] = self._engine.step([(self._track, result.frames, result.times_s)])
            if step.error is not None:
                raise step.error
            updates += step.updates
        return self._note(updates)

    def finish(self) -> list[Segment]:
        """End the recording: all final segments of this configuration, in order of time.

        Frames pushed after it begin a new stretch.
        """
        self._note(self._engine.finish(self._track))
        self._resampler = Resampler()
        return list(self._finals)

    def _relabelled(self, updates: list[Update]) -> Update:
        if updates:
            self._finals = []
        return self._note(updates)

    def _note(self, updates: list[Update]) -> Update:
        if not updates:
            newest = self._newest
            return Update(
                newest.time_s, newest.index, newest.label, newest.score, newest.scores, (), ()
            )
        update = merge(updates)
        self._finals += [segment for segment in update.segments if segment.final]
        self._newest = update
        return update


def _split_checked(instruction: str) -> list[str]:
    if not isinstance(instruction, str) or not instruction.strip():
        raise PromptError("the instruction is empty: say what the person will do")
    if len(instruction) > MAX_INSTRUCTION_CHARS:
        raise PromptError(
            f"the instruction has {len(instruction)} characters, expected at most "
            f"{MAX_INSTRUCTION_CHARS}: shorten it or give steps"
        )
    steps = split(instruction)
    if not steps:
        raise PromptError("the instruction has no words: say what the person will do")
    return steps


def _checked(joints: Any, time_s: float) -> NDArray[np.float32]:
    try:
        array = np.asarray(joints, np.float64)
    except (TypeError, ValueError) as error:
        raise ShapeError(f"joints must be ({JOINT_COUNT}, 3) numbers in metres: {error}") from error
    if array.shape != (JOINT_COUNT, 3):
        raise ShapeError(f"joints must be ({JOINT_COUNT}, 3) metres, not {array.shape}")
    if not np.isfinite(array).all():
        raise ShapeError("joints hold NaN or infinity: leave such frames out")
    if np.abs(array).max() > MAX_METRES:
        raise ShapeError(
            f"a joint is over {MAX_METRES:g} m from the origin: joints must be in metres"
        )
    if not isfinite(time_s):
        raise ShapeError(f"time_s is {time_s}, expected seconds")
    return array.astype(np.float32)
