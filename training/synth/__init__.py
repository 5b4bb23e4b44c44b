"""Synthesised motion with exact boundaries and many wordings. numpy only.

`sequences(count, seed=...)` is all the trainer needs; see `compose` for how one is made.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from training.data import Sequence
from training.synth import compose, noise

_CHUNK = 64
SLOWEST = 3.2


def sequences(
    count: int, *, seed: int, processes: int = 2, without: frozenset[str] = frozenset()
) -> Iterator[Sequence]:
    """Yield `count` sequences in an order that depends on the seed only.

    `processes` worker processes make them; 0 makes them here. `without`: primitives left out.
    """
    starts = range(0, count, _CHUNK)
    chunks = [(seed, start, min(start + _CHUNK, count), without) for start in starts]
    if processes == 0:
        for chunk in chunks:
            yield from _made(chunk)
        return
    with ProcessPoolExecutor(processes) as workers:
        for made in workers.map(_made, chunks):
            yield from made


def _made(chunk: tuple[int, int, int, frozenset[str]]) -> list[Sequence]:
    seed, start, end, without = chunk
    return [sequence(seed, index, without) for index in range(start, end)]


def sequence(seed: int, index: int, without: frozenset[str] = frozenset()) -> Sequence:
    """The sequence of one index: the same for the same seed, whatever else is made."""
    rng = np.random.default_rng([seed, index])
    items = compose.program(rng, without)
    rows, frames = compose.play(items, compose.FPS * slowness(rng))
    clean = compose.body_joints(rows, rng)
    sensor = noise.draw_sensor(rng)
    joints = noise.sense(clean, sensor, rng)
    return Sequence(joints, compose.spans(items, frames, clean, rng), "synth", (sensor,))


def slowness(rng: np.random.Generator) -> float:
    """How many times slower than the primitives are written one person does everything."""
    return float(np.clip(np.exp(rng.normal(0.25, 0.45)), 0.65, SLOWEST))
