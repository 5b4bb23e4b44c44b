"""What is asked of a rendered scene, and where the answer lies: for calibration and the test."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from engines.video.prompts import Parts
from training.scenes import scene, vocabulary
from training.scenes.backgrounds import Split
from training.scenes.vocabulary import Pair

Part = Literal[Split, "final"]
SEEDS: Final[dict[Part, int]] = {"train": 78, "calibration": 79, "test": 77, "final": 2026}


@dataclass(frozen=True, slots=True)
class Query:
    """A label and the boxes (x0, y0, x1, y1) in pixels that count as right.

    `parts`: ways to take the label apart, between which the picture decides; none: the grammar's.
    """

    label: str
    boxes: tuple[tuple[float, float, float, float], ...]
    seen: bool = True
    parts: tuple[Parts, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """image (H, W, 3) uint8 RGB, what is asked of it, boxes of everybody, and labels of nobody."""

    image: np.ndarray
    queries: tuple[Query, ...]
    everybody: tuple[tuple[float, float, float, float], ...] = ()
    absent: tuple[str, ...] = ()


def pictures(count: int, part: Part) -> Iterator[Picture]:
    """Scenes of two or three actors that nothing was trained on.

    Of every actor their action is asked, and for every actor an action that nobody does. In "test"
    backgrounds are unseen and so are half of the pairs; checkpoints are chosen on it. "final" are
    other scenes of the same kind, on which nothing was ever chosen: looked at once a release.
    """
    split: Split = "test" if part == "final" else part
    for index in range(count):
        rng = np.random.default_rng([SEEDS[part], index])
        pairs = vocabulary.SEEN
        if split == "test":
            familiar = rng.choice(len(vocabulary.SEEN), len(vocabulary.UNSEEN), replace=False)
            pairs = (*vocabulary.UNSEEN, *(vocabulary.SEEN[i] for i in familiar))
        drawn = scene.draw(rng, split, actors=int(rng.integers(2, 4)), pairs=pairs)
        others = vocabulary.PAIRS if split == "test" else vocabulary.SEEN
        yield picture(drawn, others, rng)


def picture(drawn: scene.Scene, pairs: tuple[Pair, ...], rng: np.random.Generator) -> Picture:
    """One rendered scene with its questions; what nobody does is one of `pairs`."""
    frame = drawn.frame(0.0)
    boxes = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in frame.boxes)
    queries = tuple(
        Query(vocabulary.label(pair), (box,), pair in vocabulary.SEEN)
        for pair, box in zip(drawn.pairs, boxes, strict=True)
    )
    others: list[Pair] = [pair for pair in pairs if pair not in drawn.pairs]
    chosen = rng.choice(len(others), len(queries), replace=False)
    absent = tuple(vocabulary.label(others[i]) for i in chosen)
    return Picture(frame.image, queries, boxes, absent)
