"""Unknown: segments whose text is not on the list should be refused, the others kept.

Segments with true boundaries are judged by their pooled motion as the engine compares it: with
prompts of words and description, what is usual of the person taken off, and everyday actions
weighed against. Live, a segment is refused if most of its frames are finally told as unknown.
"""

import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from benchmarks.motion.metrics import UNKNOWN, rejection, threshold
from benchmarks.motion.prediction import Prediction
from benchmarks.motion.recordings import Model, Problem, listing, pooled
from benchmarks.motion.report import answers, share
from benchmarks.table import table
from engines.models import Calibration
from engines.motion import everyday

RECALL = 0.9
DRAWS = 20
ALL = "all together"


Pooled = tuple[Problem, np.ndarray, np.ndarray]
"""A recording, true labels `(N,)` and pooled motion `(N, D)` of its segments."""
Matches = tuple[np.ndarray, np.ndarray]
"""Best matches of segments whose text is on the list, and of others."""


def own_off(found: Sequence[Pooled], level: float) -> Matches:
    """All segments; then all again, with their own text off the list."""
    listed, unlisted = [], []
    for task, true, rows in found:
        everything = np.arange(len(task.labels))
        listed += _best(task, rows, everything, level).tolist()
        for label in np.unique(true):
            rest = everything[everything != label]
            unlisted += _best(task, rows[true == label], rest, level).tolist()
    return np.array(listed), np.array(unlisted)


def half_off(found: Sequence[Pooled], draw: int, level: float) -> Matches:
    """With half of the texts on the list, drawn by `draw` for each list of texts."""
    listed, unlisted = [], []
    for task, true, rows in found:
        half = halves(task.labels, draw)[0]
        best, known = _best(task, rows, half, level), np.isin(true, half)
        listed += best[known].tolist()
        unlisted += best[~known].tolist()
    return np.array(listed), np.array(unlisted)


def halves(labels: Sequence[str], draw: int) -> tuple[np.ndarray, np.ndarray]:
    """Places of one half of the texts, and of the other."""
    rng = np.random.default_rng([draw, zlib.crc32("|".join(labels).encode())])
    order = rng.permutation(len(labels))
    middle = max(len(labels) // 2, 1)
    return order[:middle], order[middle:]


def _best(task: Problem, rows: np.ndarray, listed: np.ndarray, level: float) -> np.ndarray:
    """Best cosine `(N,)` of pooled motion among the listed texts, less what an everyday action that
    means none of them and fits better than `level` counts."""
    texts = task.texts[listed]
    beside = everyday.others(task.everyday, texts)
    best = (rows @ texts.T).max(axis=1, initial=-1)
    return best - [everyday.against(beside, row, level) for row in rows]


def refused(tasks: Sequence[Problem], level: float) -> tuple[float, float, float]:
    """With a segment's own text off the list: share refused at the threshold that keeps RECALL of
    all when it is on it; share refused, and share kept, at the threshold `level`."""
    return _shares(own_off([(task, *pooled(task)) for task in tasks], level), level)


def refused_of_half(tasks: Sequence[Problem], level: float) -> tuple[float, float, float]:
    """The same with half of the texts off the list, means of DRAWS draws; NaN if none is off."""
    found = [(task, *pooled(task)) for task in tasks]
    drawn = [half_off(found, draw, level) for draw in range(DRAWS)]
    shares = [_shares(pair, level) for pair in drawn if len(pair[0]) and len(pair[1])]
    fitted, gone, kept = np.mean(shares or [[np.nan] * 3], axis=0).tolist()
    return fitted, gone, kept


def _shares(matches: Matches, level: float) -> tuple[float, float, float]:
    listed, unlisted = matches
    gone, kept = (unlisted < level).mean(), (listed >= level).mean()
    return rejection(listed, unlisted, RECALL), float(gone), float(kept)


def facts(tasks: Sequence[Problem], calibration: Calibration) -> str:
    """What is refused at a threshold fitted to these segments, and at the model's own."""
    level = calibration.unknown_cosine
    fitted, gone, kept = refused(tasks, level)
    half_fitted, half_gone, half_kept = refused_of_half(tasks, level)
    return (
        f"With a segment's own text off the list {fitted:.0%} are refused at {RECALL:.0%} recall "
        f"(chance {1 - RECALL:.0%}), with half of the texts off it {half_fitted:.0%} of their "
        f"segments (mean of {DRAWS} draws), thresholds fitted to these segments. At the model's "
        f"own threshold, {level:.2f}: {gone:.0%} refused at {kept:.0%} recall, with half of the "
        f"texts off it {half_gone:.0%} at {half_kept:.0%}."
    )


def at_one_threshold(watched: Mapping[str, Sequence[Problem]], level: float) -> str:
    """Segments of all sets judged by one threshold, that keeps RECALL of all of them together."""
    found = {name: [(task, *pooled(task)) for task in tasks] for name, tasks in watched.items()}
    own = [{name: own_off(pairs, level) for name, pairs in found.items()}]
    half = [
        {name: half_off(pairs, draw, level) for name, pairs in found.items()}
        for draw in range(DRAWS)
    ]
    rows = [
        [name, *(share(each) for drawn in (half, own) for each in at_one(drawn, name))]
        for name in (*watched, ALL)
    ]
    header = ("set", "half off: kept", "refused", "own text off: kept", "refused")
    return (
        f"### Unknown, at one threshold for all sets\n\nOf all sets' listed segments {RECALL:.0%} "
        f"are kept (means of {DRAWS} draws where half of the texts is off the list).\n\n"
        + table(header, rows)
    )


def at_one(draws: Sequence[Mapping[str, Matches]], name: str) -> list[float]:
    """Shares of a set's segments, or of ALL sets', kept and refused, means of the draws."""
    shares = []
    for drawn in draws:
        every = tuple(np.concatenate(parts) for parts in zip(*drawn.values(), strict=True))
        listed, unlisted = every if name == ALL else drawn[name]
        limit = threshold(every[0], RECALL)
        shares.append([(listed >= limit).mean(), (unlisted < limit).mean()])
    return np.mean(shares, axis=0).tolist()


def live(tasks: Sequence[Problem], model: Model, workers: ProcessPoolExecutor) -> str:
    """The shipped labels with one half of the texts on the list, then with the other."""
    pairs = []
    for task in tasks:
        for half in halves(task.labels, 0):
            texts = {task.labels[place]: task.texts[place] for place in half}
            pairs += [(task, listing(task, texts))] if texts else []
    answered = answers([asked for _, asked in pairs], model, ["live"], workers)["live"]
    kept, unknown = [], []
    for (task, asked), (answer, _) in zip(pairs, answered, strict=True):
        found = told(task, asked, answer)
        kept += found[0]
        unknown += found[1]
    shares = [f"{np.mean(found):.0%}" if found else "-" for found in (kept, unknown)]
    return (
        f"Live, half of the texts listed, each half once: {shares[1]} of the segments of the other "
        f"half are told as unknown for most of their frames, at {shares[0]} recall."
    )


def told(task: Problem, asked: Problem, answer: Prediction) -> tuple[list[bool], list[bool]]:
    """Whether each segment of a listed text is told as something, and each other as unknown, for
    most of its frames."""
    kept, unknown = [], []
    times_s = task.encoded.times_s
    for label, start_s, end_s in task.spans:
        inside = (times_s >= start_s) & (times_s < end_s)
        if not inside.any():
            continue
        nothing = bool((answer.frames[inside] == UNKNOWN).mean() > 0.5)
        if task.labels[label] in asked.labels:
            kept.append(not nothing)
        else:
            unknown.append(nothing)
    return kept, unknown
