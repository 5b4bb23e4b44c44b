"""Retrieval measured: words to clips, clips to words, words to moments. `python -m
benchmarks.retrieval [--model NAME]` prints markdown.

A clip is ranked by the cosine of its pooled frames and the text, all through `MotionIndex`. Several
clips have one text: R@k of text to clip is the share of texts with a clip of theirs among the
first k, and its rank is that of the first of them. Ties count against us. Chance is exact for
random orders; for moments it is k moments of durations drawn from the set's, each put anywhere in
the recording at random, independently of the others (seed 0, 2,000 draws a query). R@k of words to
moments is the share of queries that one of the first k moments overlaps enough.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from benchmarks.motion.metrics import overlap
from benchmarks.motion.recordings import Recording, Span
from benchmarks.motion.report import share
from benchmarks.motion.sets import SETS
from benchmarks.motion.wordings import reworded
from benchmarks.table import table
from engines.motion.engine import MotionEngine
from engines.motion.search import MotionIndex
from engines.motion.skeleton import MODEL_FPS
from training import sets as recorded

DEPTHS = (1, 5, 10)
OVERLAPS = (0.3, 0.5)
WORDINGS = ("as worded", "reworded once", "reworded again")
DRAWS = 2000
CLIP_HEADER = ("set", "prompts", "asked for", "R@1", "R@5", "R@10", "median rank", "of")
MOMENT_HEADER = (
    *("set", "prompts", "queries"),
    *(f"R@{depth}, tIoU {threshold}" for threshold in OVERLAPS for depth in DEPTHS),
)


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """Rank from 1 of the first right item of each query, with how many are right, of how many."""

    ranks: np.ndarray
    right: np.ndarray
    count: int

    def recall(self, depth: int) -> float:
        """R@k."""
        return float((self.ranks <= depth).mean())

    def chance(self, depth: int) -> float:
        """R@k of random orders."""
        return float(np.mean([among(depth, int(right), self.count) for right in self.right]))

    def chance_rank(self) -> float:
        """Median rank of random orders: the depth at which half of them have found it."""
        depths = range(1, self.count + 1)
        medians = [
            next(depth for depth in depths if among(depth, int(right), self.count) >= 0.5)
            for right in self.right
        ]
        return float(np.median(medians))

    def row(self, *titles: str) -> list[str]:
        """Cells, chance in brackets."""
        recalls = [f"{share(self.recall(k))} ({share(self.chance(k))})" for k in DEPTHS]
        median = f"{np.median(self.ranks):g} ({self.chance_rank():g})"
        return [*titles, *recalls, median, str(self.count)]


def among(depth: int, right: int, count: int) -> float:
    """Probability that a random order of `count` has one of `right` items among the first."""
    return 1 - comb(count - right, min(depth, count)) / comb(count, min(depth, count))


def first_ranks(scores: np.ndarray, right: np.ndarray) -> Ranks:
    """Queries in rows, items in columns: `scores` and what is `right (Q, N)`, at least one each."""
    best = np.where(right, scores, -np.inf).max(axis=1, keepdims=True)
    ahead = ((scores >= best) & ~right).sum(axis=1)
    return Ranks(ahead + 1, right.sum(axis=1), scores.shape[1])


def hdm05_clips(engine: MotionEngine, wording: int) -> tuple[np.ndarray, np.ndarray]:
    """Cosines `(clips, texts)` of HDM05's clips and the place of each one's text."""
    index = MotionIndex(engine)
    clips = recorded.load("hdm05")
    for clip in clips:
        index.add(clip.source, clip.joints, fps=MODEL_FPS)
    spans = [(clip.source, clip.spans[0].captions[0], None, None) for clip in clips]
    return _matrix(index, spans, wording)


def utkinect_clips(engine: MotionEngine, wording: int) -> tuple[np.ndarray, np.ndarray]:
    """Cosines `(segments, texts)` of UTKinect's segments and the place of each one's text."""
    index = MotionIndex(engine)
    spans = []
    for recording in SETS["utkinect"](None).recordings:
        index.add(recording.name, recording.joints, recording.times_s)
        spans += [(recording.name, s.text, s.start_s, s.end_s) for s in recording.spans]
    return _matrix(index, spans, wording)


def _matrix(
    index: MotionIndex, spans: list[tuple[str, str, float | None, float | None]], wording: int
) -> tuple[np.ndarray, np.ndarray]:
    texts = list(dict.fromkeys(text for _, text, *_ in spans))
    asked = [reworded(text, wording) for text in texts]
    rows = []
    for name, _, start_s, end_s in spans:
        cosines = dict(index.texts(name, asked, start_s, end_s))
        rows.append([cosines[text] for text in asked])
    return np.array(rows), np.array([texts.index(text) for _, text, *_ in spans])


CLIPS: dict[str, Callable[[MotionEngine, int], tuple[np.ndarray, np.ndarray]]] = {
    "HDM05 clips": hdm05_clips,
    "UTKinect segments": utkinect_clips,
}


def clip_rows(name: str, engine: MotionEngine) -> list[list[str]]:
    """Text to clip and clip to text, in three wordings."""
    rows = []
    for wording, title in enumerate(WORDINGS):
        cosines, true = CLIPS[name](engine, wording)
        right = true[:, None] == np.arange(cosines.shape[1])
        rows.append(first_ranks(cosines.T, right.T).row(name, title, "clip of a text"))
        rows.append(first_ranks(cosines, right).row(name, title, "text of a clip"))
    return rows


def moment_rows(engine: MotionEngine) -> list[list[str]]:
    """The best moments for each text that occurs in a recording, in three wordings."""
    recordings = SETS["utkinect"](None).recordings
    queries = [
        (recording, text)
        for recording in recordings
        for text in dict.fromkeys(span.text for span in recording.spans)
    ]
    chance = moment_chance(queries)
    indices = {recording.name: MotionIndex(engine) for recording in recordings}
    for recording in recordings:
        indices[recording.name].add(recording.name, recording.joints, recording.times_s)
    rows = []
    for wording, title in enumerate(WORDINGS):
        overlaps = np.zeros((len(queries), DEPTHS[-1]))
        for row, (recording, text) in zip(overlaps, queries, strict=True):
            found = indices[recording.name].moments(reworded(text, wording), top=DEPTHS[-1])
            spans = [(moment.start_s, moment.end_s) for moment in found]
            row[: len(found)] = [best_overlap(recording, text, span) for span in spans]
        recalls = moment_recalls(overlaps)
        cells = [f"{share(a)} ({share(b)})" for a, b in zip(recalls, chance, strict=True)]
        rows.append(["UTKinect recordings", title, str(len(queries)), *cells])
    return rows


def best_overlap(recording: Recording, text: str, moment: tuple[float, float]) -> float:
    """With the span of that text that it overlaps most."""
    return max(overlap(moment, (s.start_s, s.end_s)) for s in recording.spans if s.text == text)


def moment_recalls(overlaps: np.ndarray) -> list[float]:
    """R@k of queries in rows, moments in columns, best first: overlap by overlap, k by k."""
    return [
        float((overlaps[:, :depth].max(axis=1) >= threshold).mean())
        for threshold in OVERLAPS
        for depth in DEPTHS
    ]


def moment_chance(queries: Sequence[tuple[Recording, str]]) -> list[float]:
    """The same of moments put at random."""
    rng = np.random.default_rng(0)
    spans: list[Span] = [span for recording, _ in queries for span in recording.spans]
    lasting_s = np.array([span.end_s - span.start_s for span in spans])
    rows = []
    for recording, text in queries:
        begin_s, end_s = float(recording.times_s[0]), float(recording.times_s[-1])
        lengths_s = np.minimum(rng.choice(lasting_s, DRAWS), end_s - begin_s)
        starts_s = begin_s + rng.random(DRAWS) * (end_s - begin_s - lengths_s)
        rows.append(
            [
                best_overlap(recording, text, (start_s, start_s + length_s))
                for start_s, length_s in zip(starts_s.tolist(), lengths_s.tolist(), strict=True)
            ]
        )
    overlaps = np.array(rows)
    return [
        float((1 - (overlaps < threshold).mean(axis=1) ** depth).mean())
        for threshold in OVERLAPS
        for depth in DEPTHS
    ]


def report(engine: MotionEngine) -> str:
    """The section of docs/benchmarks.md; what has no data here says so."""
    parts, missing = [], []
    rows: list[list[str]] = []
    for name in CLIPS:
        try:
            rows += clip_rows(name, engine)
        except FileNotFoundError as error:
            missing.append(f"{name}: not measured, {error}")
    if rows:
        parts.append(table(CLIP_HEADER, rows))
    try:
        parts.append(table(MOMENT_HEADER, moment_rows(engine)))
    except FileNotFoundError as error:
        missing.append(f"UTKinect recordings: not measured, {error}")
    head = (
        f"### Retrieval\n\nModel {engine.model.name} {engine.model.version}; chance in brackets. "
        "Neither set was trained on."
    )
    return "\n\n".join([head, *parts, *missing]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__)
    parser.add_argument("--model", default="bundled", help="name or folder of a motion model")
    print(report(MotionEngine.load(parser.parse_args().model)))


if __name__ == "__main__":
    main()
