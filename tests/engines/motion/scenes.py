"""Encoded frames made up for tests: unit vectors near the texts of a plan, with noise."""

import numpy as np

from engines.models import Calibration

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
