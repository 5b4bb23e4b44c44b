"""What is said of rendered scenes, as sentence vectors: actions, verbs, objects, and of anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from engines import models
from engines.text import SentenceEncoder
from onnx_export.folders import SENTENCE_NAME
from training.scenes import vocabulary

ACTIONS, VERBS, OBJECTS = vocabulary.TRAINED, tuple(vocabulary.VERBS), vocabulary.OBJECTS
COUNTS = (len(ACTIONS), len(VERBS), len(OBJECTS), 1)
"""Sizes of the four tables, the last for what fits anybody; a class is an index into all of them,
one after the other."""
CLASSES = sum(COUNTS)
FEW = 8
"""Wordings of each composition."""


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """rows (U, 384) float32 of all wordings; those of class c are at bounds[c]:bounds[c + 1]."""

    rows: np.ndarray
    bounds: np.ndarray

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """One wording's row of every class (CLASSES, 384)."""
        return self.rows[rng.integers(self.bounds[:-1], self.bounds[1:])]


def bank() -> Bank:
    """Embed every wording of trained pairs, verbs and objects with the bundled sentence model."""
    wordings = [
        *(vocabulary.action_texts(pair) for pair in ACTIONS),
        *(vocabulary.verb_texts(verb) for verb in VERBS),
        *(vocabulary.object_texts(thing) for thing in OBJECTS),
        vocabulary.PEOPLE_TEXTS,
    ]
    return _embedded(wordings)


def _embedded(wordings: Sequence[Sequence[str]]) -> Bank:
    encoder = SentenceEncoder(models.find(SENTENCE_NAME), threads=2)
    rows = encoder.encode([text for texts in wordings for text in texts])
    return Bank(rows, np.cumsum([0, *(len(texts) for texts in wordings)]))


@dataclass(frozen=True, slots=True, eq=False)
class Compositions:
    """Wordings of verb-object pairs, also of such as no scene shows, and the classes (C, 2) of
    their verbs and objects.
    """

    bank: Bank
    parts: np.ndarray


def compositions() -> Compositions:
    """Every verb with every object, but for the held-out pairs, of which no word is learnt from."""
    pairs = [
        (verb, thing)
        for verb, entry in vocabulary.VERBS.items()
        for thing in (OBJECTS if entry.objects else ())
        if (verb, thing) not in vocabulary.UNSEEN
    ]
    parts = [(COUNTS[0] + VERBS.index(v), sum(COUNTS[:2]) + OBJECTS.index(o)) for v, o in pairs]
    return Compositions(
        _embedded([vocabulary.action_texts(pair, FEW) for pair in pairs]), np.array(parts)
    )


@cache
def parts() -> np.ndarray:
    """Classes (A, 2) of verb and object of every action that has both, and -1 of others."""
    verb = [COUNTS[0] + VERBS.index(verb) for verb, _ in ACTIONS]
    thing = [sum(COUNTS[:2]) + OBJECTS.index(thing) if thing else -1 for _, thing in ACTIONS]
    both = np.stack([verb, thing], axis=1)
    return np.where(both[:, 1:] < 0, -1, both)


def classes_of(pairs: np.ndarray) -> np.ndarray:
    """Classes of each actor, one of each table: (..., 4) for pairs (...) into `TRAINED`.

    -1 where there is nobody, or no object.
    """
    table = np.full((len(ACTIONS) + 1, len(COUNTS)), -1)
    for index, (verb, thing) in enumerate(ACTIONS):
        table[index, [0, 1, 3]] = index, COUNTS[0] + VERBS.index(verb), CLASSES - 1
        if thing:
            table[index, 2] = COUNTS[0] + COUNTS[1] + OBJECTS.index(thing)
    return table[pairs]
