"""Layer weights of VideoGEM (arXiv 2503.20348, section 3.2; numbers as published). Data.

A similarity is made of five maps of each patch: the sum of the first five layers unweighted, the
last three layers one by one, and the sum of the first five with static weights.
"""

from typing import Final, Literal, get_args

LayerWeights = Literal["plain_gem", "static", "dynamic", "static_dynamic"]
CHOICES: Final[tuple[LayerWeights, ...]] = get_args(LayerWeights)

DEPTH: Final = 7
"""Blocks that self-self attention runs in; with their input they are eight layers."""
STATIC: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.9, 0.9, 0.9)
DYNAMIC_LAYERS: Final = 3
ALPHA: Final = 20.0
"""Sharpness of the softmax over leave-one-block-out similarities."""


def shares(choice: LayerWeights) -> list[list[float]]:
    """Sums of the five maps that a similarity is made of, `(1 or 3, 5)`: first what every prompt
    has; then, if the last three layers move with the prompt, each but the last less the last.

    What moves sums to one for every prompt, so the last layer's own share follows from the others.
    """
    last = STATIC[-DYNAMIC_LAYERS:] if choice.startswith("static") else (1.0,) * DYNAMIC_LAYERS
    plain, static = (0.0, 1.0) if choice.startswith("static") else (1.0, 0.0)
    if not choice.endswith("dynamic"):
        return [[plain, *last, static]]
    first, second, third = (share - 1 / DYNAMIC_LAYERS for share in last)
    every = [plain, first, second, third + 1, static]
    return [every, [0.0, 1.0, 0.0, -1.0, 0.0], [0.0, 0.0, 1.0, -1.0, 0.0]]
