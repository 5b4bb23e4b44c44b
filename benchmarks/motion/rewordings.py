"""What live labels lose when all prompts of a set are said in other words."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from benchmarks.motion.facts import named_right
from benchmarks.motion.recordings import Model, Problem
from benchmarks.motion.report import Scores, answers, measure, share
from benchmarks.motion.wordings import NAMES
from benchmarks.table import table

HEADER = ("prompts", "top-1", "lost", "frames", "lost", "mAP", "lost")


def report(
    wordings: Sequence[Sequence[Problem]],
    own: Scores,
    model: Model,
    workers: ProcessPoolExecutor,
) -> str:
    """The shipped method on a set as worded, whose scores are `own`, and as reworded: one row a
    wording, and the points lost against the own words."""
    flat = [task for tasks in wordings[1:] for task in tasks]
    found, each = answers(flat, model, ["live"], workers)["live"], len(wordings[0])
    scores = [own]
    for place, tasks in enumerate(wordings[1:]):
        part = found[place * each : (place + 1) * each]
        scores.append(measure(tasks, {"live": part})["live"])
    reached = [_reached(*pair) for pair in zip(wordings, scores, strict=True)]
    rows = [_row(*pair, reached[0]) for pair in zip(NAMES, reached, strict=True)]
    return f"Live, all prompts in other words; *lost*: points.\n\n{table(HEADER, rows)}"


def _reached(tasks: Sequence[Problem], scores: Scores) -> tuple[float, float, float]:
    """Segment top-1, frame accuracy, mean mAP."""
    return named_right(tasks)[0], float(np.mean(scores.frames)), scores.mean_precision()


def _row(name: str, reached: Sequence[float], own: Sequence[float]) -> list[str]:
    cells = [name]
    for here, there in zip(reached, own, strict=True):
        cells += [share(here), "-" if reached is own else f"{100 * (there - here):.1f}"]
    return cells
