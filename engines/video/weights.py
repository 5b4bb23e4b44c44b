"""Layer weights of VideoGEM (arXiv 2503.20348, section 3.2; numbers as published). Data.

A similarity is made of five maps of each patch: the sum of the first five layers unweighted, the
last three layers one by one, and the sum of the first five with static weights. Each choice of
weights uses four neighbours of them.
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


def maps_of(choice: LayerWeights) -> tuple[slice, tuple[float, ...], bool]:
    """Which four maps, in which share, and whether the last three layers move with the prompt."""
    last = STATIC[-DYNAMIC_LAYERS:]
    moves = choice.endswith("dynamic")
    if choice.startswith("static"):
        return slice(1, 5), (*last, 1.0), moves
    return slice(0, 4), (1.0,) * 4, moves


def layers_in(used: slice) -> slice:
    """Places of the last three layers among the four maps."""
    return slice(1 - used.start, 1 - used.start + DYNAMIC_LAYERS)
