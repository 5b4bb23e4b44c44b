"""Many people, one encoder call: frames in, updates out.

Used by one thread at a time. A person whose frames cannot be used gets the error; the others go
on. Nobody's state changes before the encoder has answered, so a call that was cut off can simply
be made again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from engines import models
from engines.errors import EngineError, ModelError, PromptError, ShapeError
from engines.motion import everyday, prompting, towers
from engines.motion.examples import ExampleSet
from engines.motion.labelling import settings_for
from engines.motion.prompting import MAX_LABEL_CHARS, MAX_LABELS, Request, check_labels
from engines.motion.skeleton import MODEL_FPS
from engines.motion.timeline import Mode, Update
from engines.motion.track import Pending, Track

Floats = NDArray[np.float32]

HORIZON_S: Final[Mapping[Mode, float]] = {"script": 10.0, "watch": 2.5}
"""Default age at which segments become final, look-ahead included: which step it was often shows
only in the next ones."""
MAX_HORIZON_S: Final = 20.0

__all__ = [
    "HORIZON_S",
    "MAX_HORIZON_S",
    "MAX_LABELS",
    "MAX_LABEL_CHARS",
    "Job",
    "ModelInfo",
    "MotionEngine",
    "StepResult",
]

Job = tuple[Track, Floats, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model it is, the smallest delay of its labels and how many it gives a second."""

    name: str
    version: str
    sha256: str
    lookahead_s: float
    fps: int


@dataclass(frozen=True, slots=True)
class StepResult:
    """One job's outcome: its updates, or the error that concerns this person only.

    After an error that is no EngineError the track is in an unknown state: drop it.
    """

    updates: tuple[Update, ...] = ()
    error: Exception | None = None


class MotionEngine:
    """A motion model and everything that does not belong to one person."""

    def __init__(self, folder: models.ModelFolder, *, threads: int = 1) -> None:
        """Load and warm up. Raises ModelError if the model cannot be used."""
        loaded = towers.load(folder, threads=threads)
        self._encoder = loaded.encoder
        self._texts = loaded.texts
        self._everyday = loaded.texts.encode(everyday.ACTIONS)
        self._calibration = loaded.calibration
        self._features = loaded.features
        self._lookahead_frames = loaded.lookahead_frames
        self.model = ModelInfo(
            folder.manifest.name,
            folder.manifest.version,
            folder.sha256,
            self._lookahead_frames / MODEL_FPS,
            MODEL_FPS,
        )

    @classmethod
    def load(cls, model: str = "bundled", *, threads: int = 1) -> Self:
        """Load a model by name or folder. Raises ModelError if it is missing or damaged."""
        return cls(models.find(model), threads=threads)

    def new_track(self) -> Track:
        """A new person, of whom nothing has been seen."""
        encoder = self._encoder
        return Track(
            encoder.initial_state(),
            encoder.lookahead_frames,
            ExampleSet(self.model),
        )

    def configure(
        self,
        track: Track,
        labels: Sequence[str],
        mode: Mode,
        *,
        lookahead_s: float | None = None,
        horizon_s: float | None = None,
        descriptions: Mapping[str, Sequence[str]] | None = None,
    ) -> list[Update]:
        """Look for other texts from now on; the kept window is labelled anew, in one update.

        `descriptions`: label -> what the limbs do; a label without any gets those of the built-in
        dictionary. What was shown of a label counts too. Raises PromptError for labels,
        descriptions or times that cannot be used.
        """
        checked = check_labels(labels)
        described = prompting.check_descriptions(descriptions, checked)
        lookahead = max(self._lookahead_frames, _frames("lookahead_s", lookahead_s, 0.0))
        horizon = _frames("horizon_s", horizon_s, HORIZON_S[mode])
        settings = settings_for(
            self._calibration,
            mode,
            horizon_frames=horizon - self._lookahead_frames,
            extra_frames=lookahead - self._lookahead_frames,
        )
        return self._apply(track, Request(checked, mode, settings, described), track.examples)

    def enrol(
        self, track: Track, name: str, start_s: float, end_s: float, *, words: bool = True
    ) -> list[Update]:
        """Take what this person did between two capture times as an example of an action.

        Examples of one name are averaged, and count together with the name's words, or alone if
        not `words`. If the name is a label in force, or the mode is watch, where it becomes one,
        the kept window is labelled anew, in one update. In a script without that name, and before
        the first `configure`, it is only remembered for the next one.

        Raises PromptError, and changes nothing, if the name cannot be used, or unless both times
        lie in one stretch of the kept window (20 s), 0.3 s apart or more.
        """
        checked = prompting.check_name(name)
        example = prompting.example(*track.shown(start_s, end_s))
        examples = track.examples.with_example(checked, example, end_s - start_s, words=words)
        request = track.request
        if request is not None and request.mode == "watch":
            request = request.with_label(checked)
        if request is None or not request.names(checked):
            track.examples = examples
            return []
        return self._apply(track, request, examples)

    def use_examples(self, track: Track, examples: ExampleSet) -> list[Update]:
        """Take these examples in place of the track's; the kept window is labelled anew.

        No update before the first `configure`. Raises ModelError for examples of another model.
        """
        self._check(examples)
        if track.request is None:
            track.examples = examples
            return []
        return self._apply(track, track.request, examples)

    def _apply(self, track: Track, request: Request, examples: ExampleSet) -> list[Update]:
        texts = prompting.vectors(self._texts, request, examples)
        beside = everyday.NOTHING
        if request.mode == "watch":
            beside = everyday.others(self._everyday, texts)
        return track.configure(texts, beside, request, examples)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit rows `(n, D)` of texts, words alone, in the space of encoded frames.

        Raises PromptError for texts that cannot be used.
        """
        return self._texts.encode(check_labels(texts))

    def prompts(self, labels: Sequence[str], examples: ExampleSet | None = None) -> Floats:
        """Unit rows `(n, D)` of labels as `configure` looks for them: their words, what the
        built-in dictionary says of them, and what was shown.

        Raises PromptError for labels that cannot be used, ModelError for examples of another model.
        """
        shown = ExampleSet(self.model) if examples is None else examples
        self._check(shown)
        return prompting.rows(self._texts, check_labels(labels), {}, shown)

    def _check(self, examples: ExampleSet) -> None:
        fit = all(len(row) == self._encoder.dim for shown in examples for row in shown.vectors)
        if examples.model.sha256 != self.model.sha256 or not fit:
            raise ModelError(
                f"the examples are of model {examples.model.name!r}, not of the one in use "
                f"({self.model.name!r} {self.model.version}): show the actions again"
            )

    def step(self, jobs: Sequence[Job]) -> list[StepResult]:
        """Take new frames `(n, 22, 3)` and times `(n,)` of many people, each at most once.

        One encoder call if all bring the same number of frames, else one for each difference.
        """
        results: list[StepResult] = [StepResult()] * len(jobs)
        places = []
        for place, job in enumerate(jobs):
            try:
                self._check_job(job)
                places.append(place)
            except EngineError as error:
                results[place] = StepResult(error=error)
        pending = self._pending([jobs[place] for place in places])
        encoded = self._encode(pending)
        for place, (track, new), (values, attention, state) in zip(
            places, pending, encoded, strict=True
        ):
            frames = jobs[place][1]
            last = frames[-1] if len(frames) else None
            try:
                updates = track.accept(new, last, values, attention, state)
                results[place] = StepResult(tuple(updates))
            except Exception as error:  # also a fault of ours: others have been committed already
                results[place] = StepResult(error=error)
        return results

    def cut(self, track: Track, pause_s: float) -> list[Update]:
        """End a stretch: flush the look-ahead by holding the last pose and make everything final,
        but for a script whose horizon is longer than `pause_s`, in which nothing was captured.

        The next frames begin a new stretch; a script goes on where it stood.
        """
        updates: list[Update] = []
        held = track.held(self._lookahead_frames)
        if len(held):
            pending = self._pending([(track, held, np.empty(0))])
            [(values, attention, state)] = self._encode(pending)
            updates += track.accept(pending[0][1], None, values, attention, state)
        return updates + track.cut(pause_s)

    def finish(self, track: Track) -> list[Update]:
        """End a stretch, and make everything final."""
        return self.cut(track, inf)

    def _check_job(self, job: Job) -> None:
        track, frames, times_s = job
        self._features.check(track.features_state, frames)
        if len(frames) != len(times_s):
            raise ShapeError(f"{len(frames)} frames came with {len(times_s)} times: one each")

    def _pending(self, jobs: Sequence[Job]) -> list[tuple[Track, Pending]]:
        """Features of new frames; changes nothing."""
        made = self._features.together([(track.features_state, new) for track, new, _ in jobs])
        return [
            (track, Pending(rows, state, tuple(times_s.tolist())))
            for (track, _, times_s), (rows, state) in zip(jobs, made, strict=True)
        ]

    def _encode(self, parts: Sequence[tuple[Track, Pending]]) -> list[tuple[Floats, Floats, Any]]:
        """Values `(m, D)`, attention `(m,)` and next state of each part; commits nothing."""
        states = [track.encoder_state for track, _ in parts]
        values: list[list[Floats]] = [[] for _ in parts]
        attention: list[list[Floats]] = [[] for _ in parts]
        done = 0
        for count in sorted({len(new.features) for _, new in parts} - {0}):
            rows = [place for place, (_, new) in enumerate(parts) if len(new.features) >= count]
            out = self._encoder.step(
                np.stack([parts[place][1].features[done:count] for place in rows]),
                [states[place] for place in rows],
            )
            for row, place in enumerate(rows):
                states[place] = out.states[row]
                values[place].append(out.values[row])
                attention[place].append(out.attention[row])
            done = count
        none, flat = np.empty((0, self._encoder.dim), np.float32), np.empty(0, np.float32)
        return [
            (np.concatenate([none, *v]), np.concatenate([flat, *a]), state)
            for v, a, state in zip(values, attention, states, strict=True)
        ]


def _frames(name: str, value_s: float | None, default_s: float) -> int:
    value_s = default_s if value_s is None else value_s
    if not (isfinite(value_s) and 0 <= value_s <= MAX_HORIZON_S):
        raise PromptError(f"{name} is {value_s}, expected 0 to {MAX_HORIZON_S:g} seconds")
    return round(value_s * MODEL_FPS)
