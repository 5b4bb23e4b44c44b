"""Whether an action is there at all: a map normalised to its own range always shows a blob. Pure.

How well the whole image fits a prompt (CLS), how well its best patch does, and how well both fit
any picture of a person ("a photo of a person"): a logistic over the four, fitted where the truth
is known, gives a probability.
"""

from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from engines.errors import ShapeError
from engines.models import Presence

Floats = NDArray[np.float32]
EVIDENCE: Final = 4
RECALL: Final = 0.9
RIDGE: Final = 1e-3
STEPS: Final = 50


def probability(evidence: NDArray[np.floating], presence: Presence) -> NDArray[np.float64]:
    """Probability that each prompt is there, from evidence `(..., 4)`."""
    logit = evidence @ np.array(presence.weights, np.float64) + presence.bias
    chance: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(logit, -50, 50)))
    return chance


def calibrate(
    evidence: NDArray[np.floating], present: NDArray[np.bool_], *, recall: float = RECALL
) -> Presence:
    """Fit on evidence `(n, 4)` of prompts that are known to be present or not `(n,)`.

    The threshold keeps the wanted share of present ones. Raises ShapeError unless there are both
    kinds.
    """
    if evidence.ndim != 2 or evidence.shape[1] != EVIDENCE or present.shape != evidence.shape[:1]:
        raise ShapeError("evidence must be (n, 4), with a truth for each row")
    if present.all() or not present.any():
        raise ShapeError("calibration needs prompts that are present and prompts that are absent")
    centre, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-9
    rows = np.c_[(evidence - centre) / spread, np.ones(len(evidence))].astype(np.float64)
    fitted = _logistic(rows, present.astype(np.float64))
    slope = fitted[:-1] / spread
    weights = cast(tuple[float, float, float, float], tuple(slope.tolist()))
    bias = float(fitted[-1] - slope @ centre)
    chances = probability(evidence, Presence(weights, bias, 0.5, None, None))
    kept = np.sort(chances[present])[::-1]
    threshold = float(kept[min(len(kept) - 1, int(np.ceil(recall * len(kept))) - 1)])
    return Presence(
        weights,
        bias,
        threshold,
        float((chances[present] >= threshold).mean()),
        float((chances[~present] < threshold).mean()),
    )


def _logistic(rows: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of a logistic regression, both kinds of equal say, by Newton's method."""
    share = truth.mean()
    say = np.where(truth == 1, 0.5 / share, 0.5 / (1 - share))
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -50, 50)))
        slope = rows.T @ (say * (chance - truth)) / len(rows) + RIDGE * weights
        bend = (rows * (say * chance * (1 - chance))[:, None]).T @ rows / len(rows)
        weights -= np.linalg.solve(bend + RIDGE * np.eye(len(weights)), slope)
    return weights
