"""What people do most, whoever asks for it or not: motion that fits one of these better than what
was asked for is more likely unknown. Watch mode only; docs/methods.md has what it gives. Pure.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

ACTIONS: Final = tuple(
    f"a person {does}"
    for does in (
        "walks", "runs", "jumps", "hops", "sneaks", "crawls", "turns around", "dances",
        "sits down", "stands up", "lies down", "gets up from the floor", "kneels down", "squats",
        "bends over", "bows", "stands still", "stretches", "picks something up",
        "puts something down", "carries something", "throws something", "catches something",
        "pushes something", "pulls something", "reaches for something", "kicks", "punches",
        "waves", "claps", "points", "raises their arms", "crosses their arms",
        "nods their head", "drinks", "eats", "talks on the phone", "writes", "sweeps the floor",
    )
)  # fmt: skip
NEAR: Final = 0.5
"""Cosine from which an everyday action may mean the same as a prompt."""
SHARE: Final = 0.5
"""How much the best everyday action counts against the prompts."""


NOTHING: Final[Floats] = np.empty((0, 0), np.float32)


def others(actions: Floats, texts: Floats) -> Floats:
    """Those of the everyday `actions (R, D)` that mean none of the prompts `texts (K, D)`."""
    nearest: Floats = (actions @ texts.T).max(axis=1, initial=-1)
    return actions[nearest < NEAR]


def against(actions: Floats, value: Floats, level: float) -> float:
    """By how much a unit `value (D,)` fits one of `actions` better than `level`, a cosine; what
    counts of it. Below zero if it fits them worse."""
    return SHARE * (float((actions @ value).max()) - level) if len(actions) else 0.0
