"""How right a timeline is. Pure functions; a segment is `(label, start_s, end_s)`.

Frame accuracy, edit score and F1@IoU as in temporal action segmentation (Lea et al. 2017: unknown
is no segment, neither in the truth nor in the prediction). mAP: a query is one text; its
predictions in all recordings of the set are ranked by score together, each may take one true
segment of its own recording that no better-ranked one has taken, and AP is the area under the
interpolated precision-recall curve; the mean is over the queries that occur.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

Segment = tuple[int, float, float]
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Found:
    """A predicted segment of a query, in one recording, to be ranked by score."""

    recording: str
    start_s: float
    end_s: float
    score: float


def segments(labels: np.ndarray, times_s: np.ndarray, frame_s: float) -> list[Segment]:
    """Runs of equal labels `(T,)` that are not unknown."""
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    return [
        (int(labels[first]), float(times_s[first]), float(times_s[last - 1]) + frame_s)
        for first, last in pairwise(edges)
        if last > first and labels[first] != UNKNOWN
    ]


def overlap(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Intersection over union of two intervals of time."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) if shared > 0 else 0.0


def frame_accuracy(true: np.ndarray, guessed: np.ndarray) -> float:
    """Share of the labelled frames that are right."""
    labelled = true != UNKNOWN
    return float((true == guessed)[labelled].mean())


def frame_accuracy_with_unknown(true: np.ndarray, guessed: np.ndarray) -> float:
    """Share of all frames that are right; unlabelled ones should be unknown."""
    return float((true == guessed).mean())


def edit_score(true: Sequence[Segment], guessed: Sequence[Segment]) -> float:
    """1 less the Levenshtein distance of the two orders of labels over the longer one's length."""
    a, b = [label for label, *_ in true], [label for label, *_ in guessed]
    if not a and not b:
        return 1.0
    row = list(range(len(b) + 1))
    for i, label in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            best = min(row[j] + 1, row[j - 1] + 1, diagonal + (label != other))
            diagonal, row[j] = row[j], best
    return 1 - row[-1] / max(len(a), len(b))


def hits(
    true: Sequence[Segment], guessed: Sequence[Segment], threshold: float
) -> tuple[int, int, int]:
    """True positives, false positives, false negatives: a guess takes the segment of its label that
    it overlaps most, if that is free and overlaps enough."""
    taken: set[int] = set()
    for label, *time in guessed:
        same = [(overlap(tuple(time), s[1:]), i) for i, s in enumerate(true) if s[0] == label]
        best, place = max(same, default=(0.0, -1))
        if best >= threshold and place not in taken:
            taken.add(place)
    return len(taken), len(guessed) - len(taken), len(true) - len(taken)


def f1(counts: Iterable[tuple[int, int, int]]) -> float:
    """F1 of true positives, false positives and false negatives summed over recordings."""
    right, wrong, missed = np.sum(list(counts), axis=0)
    return float(2 * right / max(2 * right + wrong + missed, 1))


def average_precision(
    true: Sequence[tuple[str, float, float]], found: Sequence[Found], threshold: float
) -> float:
    """AP of one query at one tIoU; `true` are `(recording, start_s, end_s)`, at least one."""
    taken: set[int] = set()
    right = []
    for guess in sorted(found, key=lambda guess: -guess.score):
        free = [
            (overlap((guess.start_s, guess.end_s), segment[1:]), place)
            for place, segment in enumerate(true)
            if segment[0] == guess.recording and place not in taken
        ]
        best, place = max(free, default=(0.0, -1))
        right.append(best >= threshold)
        if best >= threshold:
            taken.add(place)
    reached = np.cumsum(right)
    precision = reached / np.arange(1, len(right) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(envelope[np.array(right, bool)].sum() / len(true))


def best_matches(
    true: Sequence[Segment], guessed: Sequence[Segment]
) -> list[tuple[Segment, Segment]]:
    """Each true segment with the guess of its label that overlaps it most, if there is one."""
    pairs = []
    for segment in true:
        same = [guess for guess in guessed if guess[0] == segment[0]]
        best = max(same, key=lambda guess: overlap(segment[1:], guess[1:]), default=None)
        if best is not None and overlap(segment[1:], best[1:]) > 0:
            pairs.append((segment, best))
    return pairs


def boundary_errors_s(true: Sequence[Segment], guessed: Sequence[Segment]) -> list[float]:
    """Mean distance of start and end, for each true segment that has a match."""
    return [
        (abs(guess[1] - segment[1]) + abs(guess[2] - segment[2])) / 2
        for segment, guess in best_matches(true, guessed)
    ]


def delays_s(
    true: Sequence[Segment], labels: np.ndarray, times_s: np.ndarray, told_s: np.ndarray
) -> list[tuple[float, float]]:
    """How much later than true starts and ends a live display changes.

    The display shows `labels (T,)` for the moments `times_s (T,)`, told at `told_s (T,)` on the
    same clock. For each true segment, the run of its label that overlaps it most: when the run's
    first label was told less the true start, and when the first label after the run was told less
    the true end. Negative: too early. A segment without such a run, or whose run never ends, is
    left out.
    """
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    runs = [
        (int(labels[first]), float(times_s[first]), float(times_s[last]), first, last)
        for first, last in pairwise(edges[:-1])
    ]
    result = []
    for segment in true:
        same = [run for run in runs if run[0] == segment[0]]
        best = max(same, key=lambda run: overlap(segment[1:], run[1:3]), default=None)
        if best is not None and overlap(segment[1:], best[1:3]) > 0:
            first, last = best[3:]
            result.append((float(told_s[first]) - segment[1], float(told_s[last]) - segment[2]))
    return result


def revision_rate(first: np.ndarray, final: np.ndarray) -> float:
    """Share of frames whose label as first told `(T,)` is not the final one `(T,)`."""
    return float((first != final).mean())


def rejection(listed: np.ndarray, unlisted: np.ndarray, recall: float) -> float:
    """Share of scores `unlisted (M,)` under the threshold that keeps `recall` of `listed (N,)`."""
    return float((unlisted < threshold(listed, recall)).mean())


def threshold(listed: np.ndarray, recall: float) -> float:
    """The highest threshold that keeps `recall` of scores `listed (N,)`."""
    kept = int(np.ceil(recall * len(listed) - 1e-9))
    return float(np.sort(listed)[len(listed) - kept])
