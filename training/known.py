"""Which texts a model knows: of what it was trained on, the plainest, no two of them alike.

They are shipped with the model, as rows: what is far from all of them is new to it, and goes by its
description (`engines.motion.prompting`).
"""

from typing import Final

import numpy as np
import torch

from training.corpus import Corpus
from training.network import Model
from training.synth import captions
from training.synth.registry import REGISTRY

EACH: Final = 6
"""Captions of every primitive and side: with all, words that were hardly trained would be known."""
ALIKE: Final = 0.92
"""Of two texts with such a cosine one will do."""


def rows(model: Model, corpus: Corpus) -> np.ndarray:
    """Unit rows (N, D) float16 of texts of the corpus, which must be what it was trained on."""
    places = {text: place for place, text in enumerate(corpus.captions)}
    chosen = [places[text] for text in _plainest() if text in places]
    sentence = torch.from_numpy(corpus.sentence[chosen].astype(np.float32))
    with torch.inference_mode():
        encoded = model.adapter(sentence, torch.from_numpy(corpus.words[chosen]))
    return sparse(encoded.numpy()).astype(np.float16)


def _plainest() -> dict[str, None]:
    """What primitives are called in the first place, each text once."""
    found: dict[str, None] = {}
    for name, primitive in REGISTRY.items():
        for side in captions.sides(primitive):
            found |= dict.fromkeys(captions.of(name, side)[:EACH])
    return found


def sparse(encoded: np.ndarray) -> np.ndarray:
    """Of unit rows (M, D), in turn, those that none of the kept before is like."""
    kept: list[int] = []
    free = np.ones(len(encoded), bool)
    for place in range(len(encoded)):
        if free[place]:
            kept.append(place)
            free &= encoded @ encoded[place] < ALIKE
    return encoded[kept]
