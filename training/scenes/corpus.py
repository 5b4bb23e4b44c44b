"""Rendered training scenes as flat arrays in one folder, made once and read memory-mapped."""

from bisect import bisect_left
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.scenes import scene, vocabulary
from training.scenes.backgrounds import Split

PATCH_PX = 12
GRID = scene.SIZE_PX // PATCH_PX
PENDING = -2
_CHUNK = 128
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """images (N, S, S, 3) uint8 RGB; cover (N, actors, 2, h, w) uint8: how much of each patch is an
    actor, and how much is that actor's object, in 255ths; pairs (N, actors) into `TRAINED`, -1 for
    nobody.

    Its length is how many scenes are rendered by now: training may begin before the last one is.
    """

    images: np.ndarray
    cover: np.ndarray
    pairs: np.ndarray

    def __len__(self) -> int:
        return bisect_left(range(len(self.pairs)), True, key=lambda i: self.pairs[i, 0] == PENDING)


def write(folder: Path, count: int, *, seed: int, processes: int = 2) -> None:
    """Render `count` training scenes of the pairs that are trained; the same for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = _shapes(count)
    files = [
        np.lib.format.open_memmap(folder / f"{name}.npy", "w+", dtype, shape)
        for name, dtype, shape in sizes
    ]
    files[-1][:] = PENDING
    chunks = [(seed, start, min(start + _CHUNK, count)) for start in range(0, count, _CHUNK)]
    for (_, start, end), made in zip(chunks, _made(chunks, processes), strict=True):
        for file, part in zip(files, made, strict=True):
            file[start:end] = part


def read(folder: Path) -> Corpus:
    """The arrays of a folder that `write` made."""
    return Corpus(*(np.load(folder / f"{name}.npy", mmap_mode="r") for name, _, _ in _shapes(0)))


def _shapes(count: int) -> tuple[tuple[str, type, tuple[int, ...]], ...]:
    side, most = scene.SIZE_PX, scene.MOST_ACTORS
    return (
        ("images", np.uint8, (count, side, side, 3)),
        ("cover", np.uint8, (count, most, 2, GRID, GRID)),
        ("pairs", np.int16, (count, most)),
    )


def _made(chunks: list[tuple[int, int, int]], processes: int) -> Iterator[Arrays]:
    if processes == 0:
        yield from map(_chunk, chunks)
        return
    with ProcessPoolExecutor(processes) as workers:
        yield from workers.map(_chunk, chunks)


def _chunk(chunk: tuple[int, int, int]) -> Arrays:
    seed, start, end = chunk
    made = [example(np.random.default_rng([seed, index]), "train") for index in range(start, end)]
    images, cover, pairs = (np.stack(part) for part in zip(*made, strict=True))
    return images, cover, pairs


def example(rng: np.random.Generator, split: Split) -> Arrays:
    """One scene as `Corpus` holds it; an actor who can hardly be seen counts as nobody."""
    drawn = scene.draw(rng, split, pairs=vocabulary.TRAINED)
    frame = drawn.frame(0.0)
    cover = np.zeros((scene.MOST_ACTORS, 2, GRID, GRID), np.uint8)
    pairs = np.full(scene.MOST_ACTORS, -1, np.int16)
    for index, pair in enumerate(drawn.pairs):
        thing = frame.labels == 2 + 2 * index
        whole = thing | (frame.labels == 1 + 2 * index)
        cover[index] = covered(whole), covered(thing)
        if whole.sum() >= 2 * PATCH_PX**2:
            pairs[index] = vocabulary.TRAINED.index(pair)
    return frame.image, cover, pairs


def covered(mask: np.ndarray) -> np.ndarray:
    """The share of each patch (h, w) that a mask (S, S) covers, in 255ths."""
    cells = mask.reshape(GRID, PATCH_PX, GRID, PATCH_PX).mean(axis=(1, 3))
    return np.round(255 * cells).astype(np.uint8)
