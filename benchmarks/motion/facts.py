"""What the model alone can do when the boundaries are given: naming, rewording, refusing."""

import zlib
from collections.abc import Sequence

import numpy as np

from benchmarks.motion.metrics import rejection
from benchmarks.motion.recordings import Problem
from engines.motion import everyday
from engines.motion.encoder import pool
from training.rewordings import REWORDED

RECALL = 0.9
DRAWS = 20


def span_cosines(task: Problem) -> tuple[np.ndarray, np.ndarray]:
    """True labels `(N,)` and cosines `(N, K)` of the pooled motion of every span with frames."""
    true, rows = _pooled(task)
    return true, rows @ task.texts.T


def _pooled(task: Problem) -> tuple[np.ndarray, np.ndarray]:
    """True labels `(N,)` and the pooled motion `(N, D)` of every span with frames."""
    times_s, true, rows = task.encoded.times_s, [], []
    for label, start_s, end_s in task.spans:
        inside = (times_s >= start_s) & (times_s < end_s)
        if inside.any():
            true.append(label)
            rows.append(pool(task.encoded.values[inside], task.encoded.attention[inside]))
    return np.array(true, np.int64), np.stack(rows)


def named_right(tasks: Sequence[Problem]) -> tuple[float, float]:
    """Segment top-1, and its mean over the texts that occur."""
    right: dict[str, list[bool]] = {}
    for task in tasks:
        true, cosines = span_cosines(task)
        for label, guess in zip(true, cosines.argmax(axis=1), strict=True):
            right.setdefault(task.labels[label], []).append(label == guess)
    every = [hit for hits in right.values() for hit in hits]
    return float(np.mean(every)), float(np.mean([np.mean(hits) for hits in right.values()]))


def mistaken(tasks: Sequence[Problem], most: int = 3) -> str:
    """The texts that are named right least often, of those that occur three times or more, and what
    they are taken for."""
    taken: dict[str, list[str]] = {}
    for task in tasks:
        true, cosines = span_cosines(task)
        for label, guess in zip(true, cosines.argmax(axis=1), strict=True):
            taken.setdefault(task.labels[label], []).append(task.labels[guess])
    right = {
        text: names.count(text) / len(names) for text, names in taken.items() if len(names) > 2
    }
    worst = [text for text in sorted(right, key=right.__getitem__)[:most] if right[text] < 1]
    said = []
    for text in worst:
        wrong = [name for name in taken[text] if name != text]
        often = max(sorted(set(wrong)), key=wrong.count)
        count = f"{taken[text].count(text)} of {len(taken[text])}"
        said.append(f'"{text}" {count} right, mostly taken for "{often}" ({wrong.count(often)})')
    return "; ".join(said)


def refused(tasks: Sequence[Problem]) -> float:
    """Share of spans refused when their text is taken off the list, at the threshold that keeps
    RECALL of them when it is on the list."""
    listed, unlisted = [], []
    for task in tasks:
        true, rows = _pooled(task)
        everything = np.arange(len(task.labels))
        listed += _best(task, rows, everything).tolist()
        for label in np.unique(true):
            unlisted += _best(task, rows[true == label], everything[everything != label]).tolist()
    return rejection(np.array(listed), np.array(unlisted), RECALL)


def refused_of_half(tasks: Sequence[Problem]) -> float:
    """The same when half of the texts are on the list, drawn anew DRAWS times for each list of
    texts: share of spans of the other half that is refused."""
    shares = []
    pooled = [(task, *_pooled(task)) for task in tasks]
    for draw in range(DRAWS):
        listed, unlisted = [], []
        for task, true, rows in pooled:
            labels = task.labels
            rng = np.random.default_rng([draw, zlib.crc32("|".join(labels).encode())])
            half = rng.permutation(len(labels))[: max(len(labels) // 2, 1)]
            best, known = _best(task, rows, half), np.isin(true, half)
            listed += best[known].tolist()
            unlisted += best[~known].tolist()
        if listed and unlisted:
            shares.append(rejection(np.array(listed), np.array(unlisted), RECALL))
    return float(np.mean(shares)) if shares else float("nan")


def _best(task: Problem, rows: np.ndarray, listed: np.ndarray) -> np.ndarray:
    """Best cosine `(N,)` of pooled motion among the listed texts, less what an everyday action that
    means none of them counts."""
    texts = task.texts[listed]
    beside = everyday.others(task.everyday, texts)
    best = (rows @ texts.T).max(axis=1, initial=-1)
    return best - [everyday.against(beside, row, 0.0) for row in rows]


def facts(wordings: Sequence[Sequence[Problem]]) -> str:
    """Sizes, chance and results of a set; `wordings`: its problems as worded and reworded."""
    tasks = wordings[0]
    minutes = sum(len(task.frames) for task in tasks) / 1200
    texts = {text for task in tasks for text in task.labels}
    chance = np.mean([1 / len(task.labels) for task in tasks])
    sizes = (
        f"{len(tasks)} recordings, {minutes:.1f} minutes, "
        f"{sum(len(task.spans) for task in tasks)} segments, {len(texts)} texts."
    )
    whose = "the script's steps" if tasks[0].mode == "script" else "the prompts"
    top1, mean = named_right(tasks)
    said = f"With true boundaries, top-1 among {whose} {top1:.2f} (chance {chance:.2f})"
    if tasks[0].mode == "script":
        return f"{sizes} {said}."
    again = ""
    if texts <= REWORDED.keys():
        first, second, third, fourth = (f"{named_right(other)[0]:.2f}" for other in wordings[1:])
        again = (
            f", with all prompts reworded {first} and {second}, "
            f"by another hand {third} and {fourth}"
        )
    failures = mistaken(tasks)
    return (
        f"{sizes} {said}, mean over texts {mean:.2f}{again}. "
        f"{f'Worst: {failures}. ' if failures else ''}With a segment's own text off the "
        f"list {refused(tasks):.0%} are refused at {RECALL:.0%} recall (chance {1 - RECALL:.0%}), "
        f"with half of the texts off it {refused_of_half(tasks):.0%} of their segments (mean of "
        f"{DRAWS} draws)."
    )
