"""How well a model knows a text: by the nearest of those that it was trained on. Pure.

A text that says a known one in other words is drawn to it; one that is new goes by its description.
docs/methods.md has what that gives.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engines.motion.encoder import unit

Floats = NDArray[np.float32]

NEW: Final = 0.8
KNOWN: Final = 0.92
"""Cosine with the nearest text that the model was trained on, up to which a text is new to it, and
from which it is known."""
KIN: Final = 8
"""So many of the nearest texts a known one is drawn to."""
KIN_TEMPERATURE: Final = 0.05
"""Of the softmax of their cosines, by which they are weighed."""
KIN_WEIGHT: Final = 2.0
"""Of them together, against 1 for the text itself."""


def novelty(rows: Floats, known: Floats | None) -> Floats:
    """How new texts `(n, D)` are to a model `(n,)`: 0 for one like those `(N, D)` that it was
    trained on, 1 for one unlike them all; halfway if the model does not say which they were."""
    if known is None or not len(rows):
        return np.full(len(rows), 0.5, np.float32)
    nearest = (rows @ known.T).max(axis=1)
    new: Floats = np.clip((KNOWN - nearest) / (KNOWN - NEW), 0.0, 1.0)
    return new


def drawn(rows: Floats, new: Floats, known: Floats | None) -> Floats:
    """Unit rows `(n, D)` of texts, drawn to the nearest known ones the less they are `new (n,)`."""
    if known is None or not len(rows):
        return rows
    cosines = rows @ known.T
    nearest = np.argsort(-cosines, axis=1)[:, :KIN]
    near = np.take_along_axis(cosines, nearest, axis=1)
    shares = np.exp((near - near[:, :1]) / KIN_TEMPERATURE)
    kin = unit((shares[:, None] @ known[nearest])[:, 0])
    return unit(rows + KIN_WEIGHT * (1 - new)[:, None] * kin)
