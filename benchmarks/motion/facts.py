"""What the model alone can do when the boundaries are given: naming and refusing."""

from collections.abc import Sequence

import numpy as np

from benchmarks.motion import refusing
from benchmarks.motion.recordings import Problem, listing, pooled
from engines.models import Calibration


def span_cosines(task: Problem) -> tuple[np.ndarray, np.ndarray]:
    """True labels `(N,)` and cosines `(N, K)` of the pooled motion of every span with frames."""
    true, rows = pooled(task)
    return true, rows @ task.texts.T


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


def named_among_all(tasks: Sequence[Problem]) -> float:
    """Segment top-1 when every recording is asked for the texts of all of them."""
    texts = {text: row for task in tasks for text, row in zip(task.labels, task.texts, strict=True)}
    return named_right([listing(task, texts) for task in tasks])[0]


def facts(tasks: Sequence[Problem], calibration: Calibration) -> str:
    """Sizes, chance and what the model reaches on a set where boundaries are given."""
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
    among_all = ""
    if any(len(task.labels) < len(texts) for task in tasks):
        among_all = (
            f", among all {len(texts)} texts of the set {named_among_all(tasks):.2f} "
            f"(chance {1 / len(texts):.3f})"
        )
    failures = mistaken(tasks)
    worst = f"Worst: {failures}. " if failures else ""
    unknown = refusing.facts(tasks, calibration)
    return f"{sizes} {said}, mean over texts {mean:.2f}{among_all}. {worst}{unknown}"
