"""Encoded frames made up for tests: unit vectors near the texts of a plan, with noise."""

from collections.abc import Callable

import numpy as np

from engines.models import Calibration
from engines.motion.masks import SoftMasks

DIM = 32
CALIBRATION = Calibration(
    temperature=0.1,
    frame_temperature=0.1,
    unknown_cosine=0.5,
    unknown_frame_cosine=0.35,
    recall=0.9,
    rejection=0.9,
)


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length one, float32."""
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def scene(
    count: int, plan: list[int], seed: int, noise: float = 1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Texts, frame values near the texts that `plan` names (-1: near none), attention logits."""
    rng = np.random.default_rng(seed)
    texts = unit(rng.standard_normal((count, DIM)))
    other = unit(rng.standard_normal(DIM))
    centre = np.stack([texts[k] if k >= 0 else other for k in plan])
    values = unit(centre + noise * rng.standard_normal((len(plan), DIM)) / np.sqrt(DIM))
    return texts, values, rng.standard_normal(len(plan)).astype(np.float32) * 0.5


def slope(
    loss_at: Callable[[np.ndarray], float], place: np.ndarray, direction: np.ndarray
) -> float:
    """How a loss rises along a direction, by finite differences."""
    step = 1e-5 * direction
    return (loss_at(place + step) - loss_at(place - step)) / 2e-5


def descent(masks: SoftMasks, start: np.ndarray, steps: int = 30) -> np.ndarray:
    """Losses of masks that start somewhere: there and after each step."""
    masks.restart(start)
    losses = [masks.loss()]
    for _ in range(steps):
        masks.refine(1)
        losses.append(masks.loss())
    return np.array(losses)
