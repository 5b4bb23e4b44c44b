"""Small captioned sequences for tests of the trainer."""

from collections.abc import Iterator

import numpy as np

from engines import lexicon
from tests.engines.motion.poses import moving
from training.data import Description, Sequence, Span

VERBS = ("waves", "punches", "points")
LENGTH = 30


def sequences(count: int, *, seed: int = 0) -> Iterator[Sequence]:
    """Wandering bodies with two spans each, of a random verb and side."""
    random = np.random.default_rng(seed)
    for index in range(count):
        spans = []
        for start in (0, LENGTH):
            verb, side = random.choice(VERBS), random.choice(["left", "right"])
            captions = (f"a person {verb} with the {side} hand", f"{verb} {side}-handed")
            mirrored = tuple(lexicon.mirror(text) for text in captions)
            facts = (f"lift~ the {side} hand", f"{verb[:-1]}~ once")
            said = (Description(f"lift the {side} hand", facts[:1]),)
            kind = f"{verb}:{side}"
            spans.append(Span(start, start + LENGTH, captions, mirrored, kind, said, facts))
        yield Sequence(moving(2 * LENGTH, seed=index), tuple(spans), "test")
