"""Many cameras, one vision pass: frames in, groundings out.

Used by one thread at a time. A session's prompts and what it remembers are in its `Track`; the
engine holds nobody's state. Texts may be encoded on another thread than frames (`configure` beside
`step`, on different tracks).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from engines import models
from engines.errors import PromptError
from engines.video import fusion, head, presence
from engines.video.clips import Clip
from engines.video.head import Encoded
from engines.video.heatmaps import Heatmaps
from engines.video.peaks import Peak, peaks
from engines.video.pixels import prepare
from engines.video.prompts import NEUTRAL, Parts, decompose
from engines.video.smoothing import Smoother
from engines.video.texts import ClipTexts
from engines.video.weights import LayerWeights

Floats = NDArray[np.float32]
HALF_LIFE_S: Final = 0.15
MAX_PROMPTS: Final = 100
Prompt = str | Parts


@dataclass(frozen=True, slots=True)
class Found:
    """One prompt in one frame.

    `heat (h, w)` 0..1: where, relative to the rest of the picture; `low`, `high`: range of the
    cosines behind it; `presence`: probability that it is there at all, a guess if the model was
    never calibrated, and then `present` always.
    """

    label: str
    heat: Floats
    low: float
    high: float
    presence: float
    present: bool

    @property
    def peaks(self) -> tuple[Peak, ...]:
        """Where `heat` is highest, looked for when asked; also if the prompt is not there."""
        return peaks(self.heat)


@dataclass(frozen=True, slots=True)
class Grounding:
    """All prompts of one session in one frame; `time_s` is the frame's capture time.

    `settles_s`: capture time from which on another look at the same picture gives its own maps and
    presence, free of what was seen before; None if these are.
    """

    time_s: float
    found: tuple[Found, ...]
    settles_s: float | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """Prompts ready to be looked for.

    `text (n, E)`: unit rows, those of NEUTRAL first; `rows (P, 3)`: places of each prompt's action,
    verb and object in it; `given (P, 3)`: which of them the prompt has.
    """

    labels: tuple[str, ...]
    text: Floats
    rows: NDArray[np.int64]
    given: NDArray[np.bool_]


class Track:
    """One session: its prompts, the running means of their cosines, its newest encoded frame, and
    of a clip model the `frames` that the next clip is made of."""

    def __init__(self, half_life_s: float, frames: int) -> None:
        self.half_life_s = half_life_s
        self.clip = Clip(frames)
        self.looked: Looked | None = None
        self.newest: tuple[Encoded, float] | None = None
        self.forget()

    def forget(self) -> None:
        """Begin the running means anew: other things are looked for."""
        self.maps = Smoother(self.half_life_s)
        self.images = Smoother(self.half_life_s)


class VideoEngine:
    """An image-text model and everything that does not belong to one session."""

    def __init__(
        self,
        folder: models.ModelFolder,
        *,
        threads: int = 1,
        gpu: bool = False,
        layer_weights: LayerWeights = "static_dynamic",
    ) -> None:
        """Load. Raises ModelError if the model cannot be used, or CUDA is not there for `gpu`."""
        self.heatmaps = Heatmaps(folder, threads=threads, gpu=gpu)
        self.manifest = self.heatmaps.manifest
        self.sha256 = folder.sha256
        self._texts = ClipTexts(folder, threads=threads, gpu=gpu)
        self._layer_weights: LayerWeights = layer_weights

    @classmethod
    def load(cls, model: str | Path, *, threads: int = 1, gpu: bool = False) -> Self:
        """Load a model by name or folder. Raises ModelError if it is missing or damaged."""
        return cls(models.find(model), threads=threads, gpu=gpu)

    def new_track(self, *, half_life_s: float = HALF_LIFE_S) -> Track:
        """A new session, of which nothing has been seen. A half-life of 0 smooths nothing."""
        return Track(half_life_s, self.manifest.vision.frames)

    def look_for(self, prompts: Sequence[Prompt]) -> Looked:
        """Take prompts apart and encode their texts. Raises PromptError if they cannot be used."""
        if len(prompts) > MAX_PROMPTS:
            raise PromptError(f"{len(prompts)} prompts, expected at most {MAX_PROMPTS}")
        taken = [decompose(each) if isinstance(each, str) else each for each in prompts]
        labels = tuple(each.strip() if isinstance(each, str) else each.action for each in prompts)
        wanted = [each.texts() for each in taken]
        texts = list(dict.fromkeys([*NEUTRAL, *(text for row in wanted for text in row if text)]))
        place = {text: index for index, text in enumerate(texts)}
        rows = [[place[text] if text else 0 for text in row] for row in wanted]
        given = [[text is not None for text in row] for row in wanted]
        return Looked(
            labels,
            self._texts.encode(texts),
            np.array(rows, np.int64).reshape(-1, 3),
            np.array(given, np.bool_).reshape(-1, 3),
        )

    def configure(self, track: Track, prompts: Sequence[Prompt]) -> Grounding | None:
        """Look for other prompts from now on; the newest frame is grounded anew at once.

        Raises PromptError if they cannot be used; the old ones then stay.
        """
        track.looked = self.look_for(prompts)
        track.forget()
        return self._ground(track, *track.newest) if track.newest else None

    def prepare(self, frame: NDArray[np.uint8]) -> Floats:
        """RGB `(H, W, 3)` uint8 to pixels `(3, S, S)`. Raises ShapeError. May run on any thread."""
        return prepare(frame, self.manifest.vision)

    def step(self, jobs: Sequence[tuple[Track, Floats, float]]) -> list[Grounding]:
        """Take one frame each of many sessions, pixels `(3, S, S)` as `prepare` makes them.

        One vision pass for all. Of a clip model, each is the newest of its session's clip. Raises
        ShapeError before anything has changed.
        """
        if not jobs:
            return []
        clips = [track.clip.then(pixels, time_s) for track, pixels, time_s in jobs]
        encoded = self._encode(clips)
        groundings = []
        for place, (track, _, time_s) in enumerate(jobs):
            track.clip = clips[place]
            groundings.append(self.accept(track, encoded[place], time_s))
        return groundings

    def alone(self, pixels: Floats) -> Encoded:
        """Encode one frame `(3, S, S)` of no session; of a clip model, as a clip that stands still.

        Raises ShapeError.
        """
        return self._encode([Clip(self.manifest.vision.frames).then(pixels, 0.0)])

    def cosines(
        self, encoded: Encoded, looked: Looked, layer_weights: LayerWeights | None = None
    ) -> Floats:
        """Maps `(n, h, w)` of all texts in one encoded frame; of a clip, in its newest frame.

        `layer_weights`: other ones than the engine's own.
        """
        choice = layer_weights or self._layer_weights
        maps = self.heatmaps.maps(encoded, looked.text, layer_weights=choice)[0]
        newest: Floats = maps if encoded.frames == 1 else maps[:, -1]
        return newest

    def weigh(self, picture: NDArray[np.uint8], labels: Sequence[str]) -> Floats:
        """Evidence `(P, 4)` for labels in one RGB picture `(H, W, 3)` of no session."""
        looked, encoded = self.look_for(labels), self.alone(self.prepare(picture))
        images = head.image_similarity(encoded, looked.text)[0]
        return evidence(looked, self.cosines(encoded, looked), images)

    def accept(self, track: Track, encoded: Encoded, time_s: float) -> Grounding:
        """Ground a session's prompts in a frame that is encoded already."""
        track.newest = encoded, time_s
        return self._ground(track, encoded, time_s)

    def _encode(self, clips: Sequence[Clip]) -> Encoded:
        pixels = np.stack([clip.pixels() for clip in clips])
        return self.heatmaps.encode(pixels if self.manifest.vision.frames > 1 else pixels[:, 0])

    def _ground(self, track: Track, encoded: Encoded, time_s: float) -> Grounding:
        looked = track.looked
        if looked is None or not looked.labels:
            return Grounding(time_s, ())
        cosines = track.maps.push(self.cosines(encoded, looked), time_s)
        images = track.images.push(head.image_similarity(encoded, looked.text)[0], time_s)
        waits = [each for each in (track.maps.settles_s, track.clip.settles_s) if each is not None]
        return Grounding(time_s, self._found(looked, cosines, images), max(waits, default=None))

    def _found(self, looked: Looked, cosines: Floats, images: Floats) -> tuple[Found, ...]:
        maps = cosines[looked.rows]  # (P, 3, h, w)
        heats = fusion.fuse_maps(maps, looked.given)
        raw = fusion.mean_map(maps, looked.given)
        calibration = self.manifest.presence
        chances = presence.probability(evidence(looked, cosines, images), calibration)
        return tuple(
            Found(
                label=label,
                heat=heat,
                low=float(mean.min()),
                high=float(mean.max()),
                presence=float(chance),
                present=bool(chance >= calibration.threshold) or not calibration.calibrated,
            )
            for label, heat, mean, chance in zip(looked.labels, heats, raw, chances, strict=True)
        )


def evidence(looked: Looked, cosines: Floats, images: Floats) -> Floats:
    """How well each prompt fits, and how well anybody does; `(P, 4)`: the whole image and the best
    patch, of the prompt and of NEUTRAL.

    `cosines (n, h, w)` and `images (n,)` of all of a session's texts.
    """
    distinct = list(dict.fromkeys(NEUTRAL))
    anybody = np.broadcast_to([distinct.index(text) for text in NEUTRAL], looked.rows.shape)
    fits = []
    for rows in (looked.rows, anybody):
        fits.append((fusion.shares(looked.given) * images[rows]).sum(axis=1))
        fits.append(fusion.mean_map(cosines[rows], looked.given).max(axis=(1, 2)))
    return np.stack(fits, axis=1)
