"""What a method answers: a label for every frame, ranked segments, and what it said live."""

from dataclasses import dataclass, field

import numpy as np

from benchmarks.motion import metrics
from benchmarks.motion.recordings import FRAME_S, Problem
from engines.motion.encoder import pool


@dataclass(frozen=True, slots=True)
class Scored:
    """A segment of a label (position in `Problem.labels`) and how sure it is."""

    label: int
    start_s: float
    end_s: float
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """Labels `(T,)` as first told, when each was told `(T,)` on the capture clock (the moment of
    the newest captured frame; computing time is apart), wall time of every update, and the mean
    time of one core that optimising masks takes in an update, in seconds."""

    first: np.ndarray
    told_s: np.ndarray
    update_s: np.ndarray
    masks_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """`frames (T,)` final labels, -1 unknown; `segments` for ranking; `live` of a live method."""

    frames: np.ndarray
    segments: tuple[Scored, ...]
    live: Live | None = field(default=None)


def labelled(task: Problem, frames: np.ndarray) -> Prediction:
    """A prediction of frame labels alone: a segment's score is its pooled motion's cosine."""
    return Prediction(frames, tuple(runs(task, frames)))


def runs(task: Problem, frames: np.ndarray) -> list[Scored]:
    """Segments of frame labels, scored by the cosine of pooled motion and text."""
    encoded = task.encoded
    result = []
    for label, start_s, end_s in metrics.segments(frames, encoded.times_s, FRAME_S):
        inside = (encoded.times_s >= start_s) & (encoded.times_s < end_s - FRAME_S / 2)
        row = pool(encoded.values[inside], encoded.attention[inside])
        result.append(Scored(label, start_s, end_s, float(task.texts[label] @ row)))
    return result


def painted(task: Problem, segments: tuple[Scored, ...]) -> np.ndarray:
    """Frame labels `(T,)` of segments that do not overlap."""
    frames = np.full(len(task.encoded.times_s), metrics.UNKNOWN)
    for segment in segments:
        times_s = task.encoded.times_s
        inside = (times_s >= segment.start_s - FRAME_S / 4) & (
            times_s < segment.end_s - FRAME_S / 4
        )
        frames[inside] = segment.label
    return frames
