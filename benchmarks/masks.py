"""A warm mask update against cold optimisations of the same problem to the same loss.

Two cold rivals: Adam on free logits from a uniform start, as test-time optimisation is usually
done (rate 0.1), and our own mirror steps from similarity. Both build the problem from the window's
values and stop within 1 % of the best loss known; checks of the loss are not counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from benchmarks.calibration import calibrate
from benchmarks.table import table
from engines import models
from engines.motion.labelling import settings_for
from engines.motion.masks import MaskSettings, SoftMasks
from engines.motion.skeleton import MODEL_FPS
from engines.motion.timeline import Mode

PROMPTS, DIM, HORIZON, NOISE = 8, 384, 42, 2.0
WITHIN = 1.01
MOST_STEPS = 400


@dataclass(frozen=True, slots=True)
class Comparison:
    """Medians over the updates of a stream: times, loss over the best, steps of the cold ones."""

    warm_s: float
    warm_loss: float
    adam_s: float
    adam_steps: float
    mirror_s: float
    mirror_steps: float


def compare(mode: Mode, *, frames: int = 500, every: int = 12, seed: int = 0) -> Comparison:
    """Stream made-up frames; at every `every`-th update, solve the same problem cold as well."""
    settings = settings_for(
        models.find("bundled").motion().calibration,
        mode,
        horizon_frames=HORIZON,
        extra_frames=0,
    ).masks
    texts, values, attention = _stream(mode, frames, settings, seed)
    masks = SoftMasks(texts, settings, HORIZON + 1, MODEL_FPS)
    found = []
    for number, (value, weight) in enumerate(zip(values, attention.tolist(), strict=True)):
        began = perf_counter()
        masks.append(value, weight)
        masks.refine()
        warm_s = perf_counter() - began
        if number >= 2 * HORIZON and number % every == 0:
            found.append((warm_s, *_rivals(masks, settings)))
        if len(masks) > HORIZON:
            masks.commit()
    return Comparison(*np.median(np.array(found), axis=0).tolist())


def _rivals(masks: SoftMasks, settings: MaskSettings) -> tuple[float, ...]:
    """Loss of the warm masks over the best, then time and steps of Adam and cold mirror steps."""
    kept, loss = masks.log_masks.copy(), masks.loss()
    masks.refine(MOST_STEPS)
    best = min(loss, masks.loss())
    rebuild_s = _rebuild_s(masks)
    mirror_s, mirror_steps = _cold(masks, masks.start.copy(), lambda: masks.refine(1), best)
    adam = Adam(masks)
    adam_s, adam_steps = _cold(masks, np.zeros_like(kept), adam.step, best)
    masks.restart(kept)
    return loss / best, adam_s + rebuild_s, adam_steps, mirror_s + rebuild_s, mirror_steps


def _cold(
    masks: SoftMasks, start: np.ndarray, step: Callable[[], None], best: float
) -> tuple[float, int]:
    """Time and number of steps from `start` to within a hundredth of the best loss."""
    masks.restart(start)
    spent_s = 0.0
    for steps in range(MOST_STEPS):
        if masks.loss() <= WITHIN * best:
            return spent_s, steps
        began = perf_counter()
        step()
        spent_s += perf_counter() - began
    return spent_s, MOST_STEPS


def _rebuild_s(masks: SoftMasks) -> float:
    """Time to form the dot products of the window from its values, all at once."""
    began = perf_counter()
    values = masks.values
    _ = values @ values.T, values @ masks.texts.T
    return perf_counter() - began


class Adam:
    """Adam (Kingma and Ba, 2015) on the logits of all uncommitted frames."""

    def __init__(self, masks: SoftMasks, *, rate: float = 0.1) -> None:
        """Moments begin at zero."""
        self._masks, self._rate, self._count = masks, rate, 0
        self._mean = np.zeros_like(masks.log_masks)
        self._square = np.zeros_like(masks.log_masks)

    def step(self) -> None:
        """One step down the gradient."""
        self._count += 1
        slope = self._masks.gradient()
        self._mean += 0.1 * (slope - self._mean)
        self._square += 0.001 * (slope**2 - self._square)
        mean = self._mean / (1 - 0.9**self._count)
        root = np.sqrt(self._square / (1 - 0.999**self._count)) + 1e-8
        self._masks.restart(self._masks.log_masks - self._rate * mean / root)


def _stream(
    mode: Mode, frames: int, settings: MaskSettings, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Texts, and frames that do each prompt for 1 to 4 s with noise twice as long as the signal."""
    rng = np.random.default_rng(seed)
    texts = _unit(rng.standard_normal((PROMPTS, DIM)))
    order = (
        np.sort(rng.integers(0, PROMPTS, 200))
        if mode == "script"
        else rng.integers(0, PROMPTS, 200)
    )
    plan = np.repeat(order, rng.integers(20, 80, 200))[:frames]
    values = _unit(texts[plan] + NOISE * rng.standard_normal((frames, DIM)) / np.sqrt(DIM))
    return texts, values, rng.normal(0, 0.5, frames)


def _unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def report() -> str:
    """The section of docs/benchmarks.md."""
    rows = []
    for mode in ("script", "watch"):
        c = compare(mode)
        rows.append(
            [
                mode,
                f"{c.warm_s * 1e3:.3f}",
                f"{c.warm_loss - 1:.2%}",
                f"{c.adam_s * 1e3:.2f} ({c.adam_steps:.0f} steps)",
                f"{c.warm_s / c.adam_s:.3f}",
                f"{c.mirror_s * 1e3:.2f} ({c.mirror_steps:.0f} steps)",
                f"{c.warm_s / c.mirror_s:.2f}",
            ]
        )
    header = [
        "mode",
        "warm ms",
        "loss over best",
        "cold Adam ms",
        "warm / Adam",
        "cold mirror ms",
        "warm / mirror",
    ]
    return (
        f"## Warm against cold masks\n\n{PROMPTS} prompts, {HORIZON} free frames, {DIM} dims, "
        "the rest of the stream committed; medians. "
        f"Cold: to within 1 % of the best loss. {calibrate()}.\n\n" + table(header, rows) + "\n"
    )


if __name__ == "__main__":
    print(report())
