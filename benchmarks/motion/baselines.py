"""Baselines on the same encoded frames: what a method must beat to be worth its code.

All see the whole recording at once. Their few numbers were set by hand on UTKinect with an early
model, to do well there, and were not set again for later models or other sets: a search would find
better ones. The same numbers hold for all sets and models.
"""

import numpy as np

from benchmarks.motion.prediction import Prediction, Scored, labelled
from benchmarks.motion.recordings import FRAME_S, Problem
from engines.models import Calibration
from engines.motion.skeleton import MODEL_FPS

MEDIAN_FRAMES = 31
WINDOWS_S = (1.0, 2.0, 4.0)
STRIDE_FRAMES = 5
NMS_OVERLAP = 0.4
WINDOWS_KEPT = 10
SWITCH = 6.0
DURATION_WEIGHT = 0.3
DURATION_SPREAD = 0.7


def uniform(task: Problem, calibration: Calibration) -> Prediction:
    """Every step gets the same share of the recording's time, in order. Sees no motion."""
    past_s = task.encoded.times_s - task.encoded.times_s[0]
    share = past_s / (past_s[-1] + FRAME_S)
    return labelled(task, (share * len(task.labels) + 1e-6).astype(np.int64))


def argmax(task: Problem, calibration: Calibration) -> Prediction:
    """Cosines under a median filter over time, best label of each frame."""
    return labelled(task, median(task.cosines).argmax(axis=0))


def argmax_unknown(task: Problem, calibration: Calibration) -> Prediction:
    """The same, and unknown where the best cosine is under the model's frame threshold."""
    smooth = median(task.cosines)
    frames = smooth.argmax(axis=0)
    return labelled(
        task, np.where(smooth.max(axis=0) < calibration.unknown_frame_cosine, -1, frames)
    )


def median(rows: np.ndarray) -> np.ndarray:
    """Running median of rows `(K, T)` over MEDIAN_FRAMES, ends held."""
    half = MEDIAN_FRAMES // 2
    padded = np.pad(rows, ((0, 0), (half, half)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, MEDIAN_FRAMES, axis=1)
    return np.median(windows, axis=2)


def sliding_windows(task: Problem, calibration: Calibration) -> Prediction:
    """Moment retrieval: pooled windows of several lengths against each text.

    Segments are each text's best windows after non-maximum suppression; a frame's label is that of
    the best window over it.
    """
    best = np.full((len(task.labels), len(task.encoded.times_s)), -np.inf)
    starts, ends, scores = [], [], []
    for seconds in WINDOWS_S:
        length = min(round(seconds * MODEL_FPS), best.shape[1])
        for start in range(0, best.shape[1] - length + 1, STRIDE_FRAMES):
            starts.append(start)
            ends.append(start + length)
    pooled = pooled_ranges(task, np.array(starts), np.array(ends))
    scores = task.texts @ pooled.T
    for start, end, column in zip(starts, ends, scores.T, strict=True):
        np.maximum(best[:, start:end], column[:, None], out=best[:, start:end])
    times_s = task.encoded.times_s
    spans_s = np.stack([times_s[starts], times_s[np.array(ends) - 1] + FRAME_S], axis=1)
    segments = [
        Scored(label, *map(float, spans_s[place]), float(row[place]))
        for label, row in enumerate(scores)
        for place in suppressed(spans_s, row)
    ]
    return Prediction(best.argmax(axis=0), tuple(segments))


def pooled_ranges(task: Problem, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Attention-pooled unit rows `(N, D)` of frame ranges."""
    attention = task.encoded.attention.astype(np.float64)
    weighted = task.encoded.values * np.exp(attention - attention.max())[:, None]
    sums = np.concatenate([np.zeros_like(weighted[:1]), np.cumsum(weighted, axis=0)])
    rows = sums[ends] - sums[starts]
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def suppressed(spans_s: np.ndarray, scores: np.ndarray) -> list[int]:
    """Places of the best spans `(N, 2)` that do not overlap a better one, best first."""
    kept: list[int] = []
    alive = np.ones(len(scores), bool)
    while alive.any() and len(kept) < WINDOWS_KEPT:
        place = int(np.where(alive, scores, -np.inf).argmax())
        kept.append(place)
        shared = np.minimum(spans_s[:, 1], spans_s[place, 1]) - np.maximum(
            spans_s[:, 0], spans_s[place, 0]
        )
        whole = np.maximum(spans_s[:, 1], spans_s[place, 1]) - np.minimum(
            spans_s[:, 0], spans_s[place, 0]
        )
        alive &= shared / whole <= NMS_OVERLAP
        alive[place] = False
    return kept


def monotone(task: Problem, calibration: Calibration) -> Prediction:
    """Script: the ordered split with the greatest sum of cosines; every step at least a frame."""
    cosines = task.cosines
    return labelled(task, _durations_path(cosines, np.zeros(cosines.shape[1] + 1)))


def monotone_durations(task: Problem, calibration: Calibration) -> Prediction:
    """The same with a mild log-normal prior on durations around the mean one (semi-Markov)."""
    scaled = task.cosines / calibration.frame_temperature
    steps, frames = scaled.shape
    ratio = np.log(np.maximum(np.arange(frames + 1), 0.5) * steps / frames)
    price = DURATION_WEIGHT * frames / steps * 0.5 * (ratio / DURATION_SPREAD) ** 2
    return labelled(task, _durations_path(scaled, price))


def _durations_path(scores: np.ndarray, price: np.ndarray) -> np.ndarray:
    """Ordered labels `(T,)` with the greatest sum of scores `(K, T)` less `price[duration]`."""
    steps, frames = scores.shape
    if frames < steps:
        return np.arange(frames)
    total = np.concatenate([np.zeros((steps, 1)), np.cumsum(scores, axis=1)], axis=1)
    best = np.full(frames + 1, -np.inf)
    best[0] = 0.0
    came = np.zeros((steps, frames + 1), np.int64)
    for step in range(steps):
        ahead = np.full(frames + 1, -np.inf)
        for end in range(step + 1, frames + 1):
            value = best[:end] - total[step, :end] - price[end:0:-1]
            came[step, end] = value.argmax()
            ahead[end] = value[came[step, end]] + total[step, end]
        best = ahead
    path, end = np.empty(frames, np.int64), frames
    for step in range(steps - 1, -1, -1):
        start = int(came[step, end])
        path[start:end] = step
        end = start
    return path


def switching(task: Problem, calibration: Calibration) -> Prediction:
    """Watch: Viterbi over the calibrated log softmax of the prompts, a price for every switch."""
    logits = task.cosines / calibration.frame_temperature
    logits -= logits.max(axis=0)
    logits -= np.log(np.exp(logits).sum(axis=0))
    labels, frames = logits.shape
    came = np.zeros((labels, frames), np.int64)
    score = logits[:, 0].copy()
    for now in range(1, frames):
        leader = int(score.argmax())
        switch = score[leader] - SWITCH > score
        came[:, now] = np.where(switch, leader, np.arange(labels))
        score = np.where(switch, score[leader] - SWITCH, score) + logits[:, now]
    path = np.empty(frames, np.int64)
    path[-1] = int(score.argmax())
    for now in range(frames - 1, 0, -1):
        path[now - 1] = came[path[now], now]
    return labelled(task, path)
