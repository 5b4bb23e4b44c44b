"""What is measured: recordings with timed texts, encoded once as the live service encodes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.motion.wordings import reworded
from engines import models
from engines.motion import everyday, prompting, towers
from engines.motion.encoder import pool
from engines.motion.engine import ModelInfo
from engines.motion.examples import ExampleSet
from engines.motion.labelling import settings_for
from engines.motion.resample import Resampler
from engines.motion.skeleton import MODEL_FPS
from engines.motion.timeline import Mode
from engines.motion.usual import Usual

FRAME_S = 1 / MODEL_FPS


@dataclass(frozen=True, slots=True)
class Span:
    """A text that is true from `start_s` to `end_s` on the recording's clock."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Captured joints `(N, 22, 3)` float32 metres at `times_s (N,)`, and what happens in them.

    `spans` in order of time, never overlapping; time without a span is unlabelled.
    `prompts`: what watch mode looks for, no text twice, all span texts among them.
    """

    name: str
    joints: np.ndarray
    times_s: np.ndarray
    spans: tuple[Span, ...]
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RecordingSet:
    """Recordings of one origin; `note` says how they were made, seeds included."""

    name: str
    recordings: tuple[Recording, ...]
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Unit `values (T, D)`, attention logits `(T,)`, capture `times_s (T,)`; `begins (T,)`: a
    stretch begins here, after a gap."""

    values: np.ndarray
    attention: np.ndarray
    times_s: np.ndarray
    begins: np.ndarray


class Model:
    """A model folder as the engine loads it, streaming or `window`. Raises ModelError for others.

    What has been encoded is kept, recording by recording.
    """

    def __init__(self, name: str) -> None:
        folder = models.find(name)
        loaded = towers.load(folder)
        self.manifest = folder.manifest
        self.encoder = loaded.encoder
        self.texts = loaded.texts
        self.everyday = loaded.texts.encode(everyday.ACTIONS)
        self.calibration = loaded.calibration
        self.lookahead_frames = loaded.lookahead_frames
        seconds = loaded.lookahead_frames / MODEL_FPS
        named = folder.manifest
        self.info = ModelInfo(named.name, named.version, folder.sha256, seconds, MODEL_FPS)
        self._features = loaded.features
        self._encoded: dict[Recording, Encoded] = {}

    def encode(self, recording: Recording) -> Encoded:
        """All frames of a recording, each stretch from a fresh state and flushed at its end."""
        if recording not in self._encoded:
            self._encoded[recording] = self._encode(recording)
        return self._encoded[recording]

    def prompts(self, labels: Sequence[str], shown: ExampleSet | None = None) -> np.ndarray:
        """Rows `(K, D)` as the engine makes them: words, built-in descriptions, what was shown."""
        settings = settings_for(self.calibration, "watch", horizon_frames=1, extra_frames=0)
        request = prompting.Request(tuple(labels), "watch", settings, {})
        return prompting.vectors(self.texts, request, shown or ExampleSet(self.info))

    def _encode(self, recording: Recording) -> Encoded:
        parts = [
            (*self.stretch(frames), times) for frames, times in stretches(recording) if len(frames)
        ]
        values, attention, times_s = (np.concatenate(column) for column in zip(*parts, strict=True))
        begins = np.zeros(len(times_s), bool)
        begins[np.cumsum([0, *(len(times) for _, _, times in parts[:-1])])] = True
        return Encoded(values, attention, times_s, begins)

    def stretch(self, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Unit values `(T, D)` and attention `(T,)` of joints `(T, 22, 3)` at 20 fps, no gaps."""
        ahead = self.encoder.lookahead_frames
        held = np.repeat(frames[-1:], self.lookahead_frames, axis=0)
        [(features, _)] = self._features.together([(None, np.concatenate([frames, held]))])
        out = self.encoder.step(features[None], [self.encoder.initial_state()])
        return out.values[0, ahead:], out.attention[0, ahead:]


def stretches(recording: Recording) -> list[tuple[np.ndarray, np.ndarray]]:
    """Frames `(n, 22, 3)` at 20 fps and times `(n,)`, divided where the capture has a gap."""
    resampler, frames, times = Resampler(), [[]], [[]]
    for joints, time_s in zip(recording.joints, recording.times_s, strict=True):
        result = resampler.push(joints, float(time_s))
        if result.cut:
            frames.append([])
            times.append([])
        frames[-1].append(result.frames)
        times[-1].append(result.times_s)
    return [(np.concatenate(f), np.concatenate(t)) for f, t in zip(frames, times, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One recording and one list of texts: what every method is given, and the truth.

    `texts (K, D)` unit rows of `labels`, `everyday (R, D)` of the engine's everyday actions, none
    in script mode. `spans` and `frames (T,)` hold the truth as positions in `labels`; -1 is
    unlabelled. Methods do not look at them.
    """

    name: str
    mode: Mode
    labels: tuple[str, ...]
    texts: np.ndarray
    everyday: np.ndarray
    encoded: Encoded
    spans: tuple[tuple[int, float, float], ...]
    frames: np.ndarray

    @property
    def cosines(self) -> np.ndarray:
        """`(K, T)` cosine of every text and frame."""
        return (self.texts @ self.encoded.values.T).astype(np.float64)


def problem(
    model: Model, recording: Recording, encoded: Encoded, mode: Mode, wording: int = 0
) -> Problem:
    """Script: the spans' texts in order are the steps. Watch: the recording's prompts.

    What is usual of the person is taken off the values in watch mode, for all methods alike.
    `wording` 1 to 4 put the rewordings of `wordings` in the texts' place; labels stay.
    """
    script = mode == "script"
    if not script:
        usual = Usual()
        encoded = replace(encoded, values=np.stack([usual.off(value) for value in encoded.values]))
    labels = tuple(span.text for span in recording.spans) if script else recording.prompts
    spans = tuple(
        (place if script else labels.index(span.text), span.start_s, span.end_s)
        for place, span in enumerate(recording.spans)
    )
    frames = np.full(len(encoded.times_s), -1)
    for label, start_s, end_s in spans:
        frames[(encoded.times_s >= start_s) & (encoded.times_s < end_s)] = label
    texts = model.prompts([reworded(label, wording) for label in labels])
    beside = model.everyday[:0] if script else model.everyday
    return Problem(recording.name, mode, labels, texts, beside, encoded, spans, frames)


def listing(task: Problem, texts: Mapping[str, np.ndarray]) -> Problem:
    """The same recording with another list of texts and their rows `(D,)`; what is not on it is
    unlabelled."""
    labels = tuple(texts)
    places = np.array([labels.index(t) if t in texts else -1 for t in task.labels] + [-1])
    spans = tuple((int(places[s[0]]), *s[1:]) for s in task.spans if places[s[0]] >= 0)
    rows = np.stack([*texts.values()])
    return replace(task, labels=labels, texts=rows, spans=spans, frames=places[task.frames])


def pooled(task: Problem) -> tuple[np.ndarray, np.ndarray]:
    """True labels `(N,)` and the pooled motion `(N, D)` of every span with frames."""
    times_s, true, rows = task.encoded.times_s, [], []
    for label, start_s, end_s in task.spans:
        inside = (times_s >= start_s) & (times_s < end_s)
        if inside.any():
            true.append(label)
            rows.append(pool(task.encoded.values[inside], task.encoded.attention[inside]))
    return np.array(true, np.int64), np.reshape(rows, (-1, task.texts.shape[1]))
