"""Optimal transport between frames and texts, after ASOT (CVPR 2024, arXiv 2404.01518).

Our own code from the description: fused Gromov-Wasserstein. A plan `(K, T)` whose columns each
carry one frame's mass; the cost of a frame and a text is one less their cosine; two frames within
a radius should not go to different texts (structure term); texts' masses are drawn to equal ones by
a Kullback-Leibler price (unbalanced). Script adds a prior on the diagonal. Entropic mirror descent
on the plan. The label of a frame is where most of its mass goes.
"""

import numpy as np

from benchmarks.motion.prediction import Prediction, labelled
from benchmarks.motion.recordings import Problem
from engines.models import Calibration
from engines.motion.skeleton import MODEL_FPS

RADIUS_S = 1.0
STRUCTURE = 0.5
BALANCE = {"script": 0.2, "watch": 0.02}
DIAGONAL = {"script": 0.5, "watch": 0.0}
SHARPNESS = 10.0
STEPS = 40


def transport(task: Problem, calibration: Calibration) -> Prediction:
    """Labels of the transport plan."""
    return labelled(task, plan(task.cosines, task.mode).argmax(axis=0))


def plan(cosines: np.ndarray, mode: str) -> np.ndarray:
    """Plan `(K, T)` for cosines `(K, T)`, columns sum to one."""
    count, frames = cosines.shape
    cost = 1 - cosines
    place = (np.arange(count) + 0.5)[:, None] / count
    cost = cost + DIAGONAL[mode] * np.abs(place - (np.arange(frames) + 0.5) / frames)
    log = np.zeros_like(cost)
    result = np.full_like(cost, 1 / count)
    for _ in range(STEPS):
        near = neighbours(result)
        structure = near.sum(axis=0) - near
        share = result.mean(axis=1, keepdims=True)
        gradient = cost + STRUCTURE * structure + BALANCE[mode] * np.log(share * count + 1e-9)
        log -= 0.1 * (log + SHARPNESS * gradient)
        log -= log.max(axis=0)
        result = np.exp(log)
        result /= result.sum(axis=0)
    return result


def neighbours(rows: np.ndarray) -> np.ndarray:
    """Mean of rows `(K, T)` over the frames within the radius, the frame itself left out."""
    radius = round(RADIUS_S * MODEL_FPS)
    total = np.cumsum(np.pad(rows, ((0, 0), (1, 0))), axis=1)
    frames = rows.shape[1]
    low = np.maximum(np.arange(frames) - radius, 0)
    high = np.minimum(np.arange(frames) + radius + 1, frames)
    return (total[:, high] - total[:, low] - rows) / (2 * radius)
