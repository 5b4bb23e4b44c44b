"""How one performer of an action differs from another: tempo, size, habits, hands, the way down.
Pure given rng."""

from dataclasses import dataclass

import numpy as np

from training.synth.body import CHANNELS, INDEX, TRUNK
from training.synth.registry import Pose

HANDS = tuple([INDEX[s + c] for c in ("hx", "hy", "hz")] for s in "lr")
_MIDDLE, _AWAY = 0.32, 0.6
"""In arm lengths: from a shoulder to the body's middle; hands nearer to their shoulder have to be
where they are, at mouth or hip."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one person does one action: tempo, size and small habits."""

    tempo: float
    size: float
    habit: np.ndarray
    """Constant offset of every channel (C,)."""
    wide: float
    high: float
    """Hands that are held away from the body: how many times as far from the middle, and how many
    arm lengths higher than written."""

    @classmethod
    def draw(cls, rng: np.random.Generator, *, size_spread: float) -> "Style":
        wild = min(float(np.exp(rng.normal(0.35, 0.5))), 4.0)
        habit = rng.normal(size=len(CHANNELS)) * HABIT * wild
        size = np.clip(rng.normal(1.0, size_spread), 0.5, 1.45)
        wide, high = float(np.exp(rng.normal(0.0, 0.3))), float(rng.normal(-0.04, 0.16))
        return cls(float(np.exp(rng.normal(0.0, 0.25))), float(size), habit, wide, high)

    def place_hands(self, target: np.ndarray, named: list[int]) -> None:
        """Hands that a key frame names and holds away from the body, as wide and high as this
        performer does it; hands that meet still meet. Changes the row `target` (C,)."""
        for x, y, z in HANDS:
            if x in named and np.linalg.norm(target[[x, y, z]]) > _AWAY:
                target[x] = (target[x] + _MIDDLE) * self.wide - _MIDDLE
                target[y] += self.high


def _habit() -> np.ndarray:
    spread = {
        "px": 0.008, "py": 0.006, "pz": 0.01, "pitch": 2.5, "roll": 1.5, "yaw": 3, "flex": 4,
        "side": 2, "twist": 3, "hflex": 8, "hside": 3, "htwist": 7, "hx": 0.05, "hy": 0.04,
        "hz": 0.05, "sw": 0.15, "sh": 0.2, "ax": 0.012, "az": 0.012, "fp": 0, "fy": 6, "kn": 0.06,
    }  # fmt: skip
    names = [c if c in TRUNK else c[1:] for c in CHANNELS]
    return np.array([spread.get(n, 0.0) for n in names])


HABIT = _habit()


def way_down(knees: tuple[float, float], rng: np.random.Generator) -> Pose:
    """How one person gets down to the floor, or to something low: by back, knees or both."""
    share, depth = rng.uniform(*knees), rng.uniform(0.65, 1.05)
    bend = depth * max(rng.normal(130 - 90 * share, 10), 12)
    return {
        "py": -depth * (0.08 + 0.62 * share),
        "pitch": 0.57 * bend,
        "flex": 0.43 * bend,
        "pz": -0.0014 * bend,
        "lkn": 0.3 * share,
        "rkn": 0.3 * share,
    }
