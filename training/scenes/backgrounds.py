"""What is behind people: families of procedural pictures. Some are only in the test, and others
only where presence is calibrated: backgrounds that were trained on would promise too much.

Each family fills a canvas (S, S, 3); clutter is put in front of it.
"""

from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np

from training.scenes.patterns import (
    Rng,
    bands,
    cables,
    cloudy,
    colour,
    confetti,
    filled,
    floor,
    gradient,
    mosaic,
    noise,
    plaid,
    ramp,
    shards,
    stripes,
    tiles,
)

Split = Literal["train", "calibration", "test"]


def _boards(image: np.ndarray, horizon: float, rng: Rng) -> None:
    """Lines on the floor that meet at the horizon."""
    size = len(image)
    start, vanishing = int(horizon * size), int(rng.uniform(0.3, 0.7) * size)
    value = tuple(float(v) for v in image[-1, 0] * rng.uniform(0.7, 0.9))
    for x in np.linspace(-2 * size, 3 * size, int(rng.integers(16, 30))):
        cv2.line(image, (vanishing, start - size // 8), (int(x), size), value, 1)


def room(size: int, rng: Rng) -> np.ndarray:
    image = ramp(size, colour(rng, 90, 240), colour(rng, 80, 230))
    horizon = rng.uniform(0.55, 0.75)
    floor(image, horizon, rng)
    if rng.random() < 0.5:
        _boards(image, horizon, rng)
    edge = int(horizon * size)
    image[edge - size // 40 : edge] = colour(rng, 120, 250)
    for _ in range(int(rng.integers(0, 3))):
        x, y, w, h = (
            rng.uniform(*r) * size for r in ((-0.1, 0.8), (0.02, 0.25), (0.15, 0.35), (0.15, 0.3))
        )
        corners = (int(x), int(y)), (int(x + w), int(y + h))
        cv2.rectangle(image, *corners, tuple(colour(rng).tolist()), -1)
        cv2.rectangle(image, *corners, tuple(colour(rng, 20, 120).tolist()), max(2, size // 60))
    return image


def park(size: int, rng: Rng) -> np.ndarray:
    image = ramp(size, np.array([120, 170, 230.0]) + rng.normal(0, 15, 3), colour(rng, 190, 240))
    horizon = rng.uniform(0.4, 0.65)
    for _ in range(int(rng.integers(2, 8))):
        x, y = int(rng.uniform(0, size)), int((horizon - rng.uniform(0, 0.15)) * size)
        green = (rng.uniform(20, 90), rng.uniform(70, 150), rng.uniform(20, 80))
        cv2.line(image, (x, y), (x, int(horizon * size)), (80, 60, 40), size // 40)
        cv2.circle(image, (x, y), int(rng.uniform(0.05, 0.15) * size), green, -1)
    floor(image, horizon, rng, np.array([90, 140, 60.0]) + rng.normal(0, 20, 3))
    image += noise(size, 30, rng) * 8
    return image


def street(size: int, rng: Rng) -> np.ndarray:
    image = ramp(size, colour(rng, 150, 240), colour(rng, 170, 250))
    horizon, x = rng.uniform(0.55, 0.7), 0.0
    while x < size:
        wide, top = rng.uniform(0.12, 0.35) * size, rng.uniform(0.05, 0.35) * size
        wall = colour(rng, 60, 210)
        image[int(top) : int(horizon * size), int(x) : int(x + wide)] = wall
        step = size // 12
        for wy in range(int(top) + step // 2, int(horizon * size) - step, step):
            for wx in range(int(x) + step // 3, int(x + wide) - step // 2, step):
                image[wy : wy + step // 2, wx : wx + step // 2] = wall * 0.6 + 20
        x += wide
    floor(image, horizon, rng, colour(rng, 80, 150, 1.0))
    return image


def bricks(size: int, rng: Rng) -> np.ndarray:
    image = filled(size, np.array([165, 85, 65.0]) + rng.normal(0, 20, 3))
    image += noise(size, 40, rng) * 10
    high, mortar = (
        max(4, int(rng.uniform(0.03, 0.06) * size)),
        tuple(colour(rng, 150, 220).tolist()),
    )
    for row, y in enumerate(range(0, size, high)):
        cv2.line(image, (0, y), (size, y), mortar, 1)
        for x in range((row % 2) * high, size, 2 * high):
            cv2.line(image, (x, y), (x, y + high), mortar, 1)
    floor(image, rng.uniform(0.6, 0.8), rng)
    return image


def beach(size: int, rng: Rng) -> np.ndarray:
    image = ramp(size, np.array([90, 160, 235.0]), np.array([225, 235, 245.0]))
    sea, shore = rng.uniform(0.35, 0.5), rng.uniform(0.55, 0.7)
    floor(image, sea, rng, np.array([40, 120, 170.0]) + rng.normal(0, 15, 3))
    floor(image, shore, rng, np.array([220, 195, 140.0]) + rng.normal(0, 12, 3))
    image += noise(size, 50, rng) * 7
    return image


def gym(size: int, rng: Rng) -> np.ndarray:
    image = ramp(size, colour(rng, 150, 220), colour(rng, 130, 200))
    horizon = rng.uniform(0.5, 0.65)
    floor(image, horizon, rng, np.array([205, 150, 95.0]) + rng.normal(0, 12, 3))
    _boards(image, horizon, rng)
    for y in range(int(0.1 * size), int(horizon * size), max(3, size // 14)):
        cv2.line(image, (int(0.05 * size), y), (int(0.95 * size), y), (150, 100, 60), size // 60)
    for _ in range(3):
        ends = [(int(rng.uniform(0, size)), int(rng.uniform(horizon, 1) * size)) for _ in range(2)]
        cv2.line(image, *ends, tuple(colour(rng, 20, 255, 0).tolist()), size // 50)
    return image


def curtain(size: int, rng: Rng) -> np.ndarray:
    folds = np.cumsum(rng.uniform(0.2, 0.9, size)).astype(np.float32) * 40 / size
    light = (0.75 + 0.3 * np.sin(folds * 4))[None, :, None]
    image = filled(size, colour(rng, 60, 220, 0.3)) * light
    floor(image, rng.uniform(0.75, 0.9), rng)
    return image.astype(np.float32)


def shelves(size: int, rng: Rng) -> np.ndarray:
    image = filled(size, colour(rng, 70, 220))
    wood, high = tuple(colour(rng, 60, 180).tolist()), int(rng.uniform(0.12, 0.22) * size)
    for y in range(high, size, high):
        x = 0
        while x < size:
            wide, tall = int(rng.uniform(0.02, 0.1) * size) + 2, int(rng.uniform(0.4, 0.9) * high)
            corners = (x, y - tall), (x + wide, y)
            cv2.rectangle(image, *corners, tuple(colour(rng).tolist()), -1)
            x += wide + int(rng.uniform(0, 0.05) * size)
        cv2.line(image, (0, y), (size, y), wood, max(2, size // 50))
    floor(image, rng.uniform(0.65, 0.85), rng)
    return image


def foliage(size: int, rng: Rng) -> np.ndarray:
    green = np.array([60, 110, 55.0])
    image = filled(size, green * rng.uniform(0.5, 1.1))
    for _ in range(int(rng.integers(120, 300))):
        middle = tuple(int(v) for v in rng.uniform(0, size, 2))
        axes = tuple(int(v) for v in rng.uniform(0.01, 0.05, 2) * size + 1)
        leaf = tuple((green * rng.uniform(0.6, 1.6) + rng.normal(0, 15, 3)).tolist())
        cv2.ellipse(image, middle, axes, rng.uniform(0, 180), 0, 360, leaf, -1)
    floor(image, rng.uniform(0.6, 0.9), rng)
    return image


FAMILIES: dict[Split, tuple[Callable[[int, Rng], np.ndarray], ...]] = {
    "train": (
        room, gradient, cloudy, stripes, park, tiles, street,
        mosaic, confetti, cables, plaid, bands,
    ),
    "calibration": (shelves, foliage, shards),
    "test": (bricks, beach, gym, curtain),
}  # fmt: skip


def _mixed(size: int, rng: Rng) -> np.ndarray:
    """One of training's families, now and then with another in front of a part of it, with its
    colours exchanged or out of focus: what is seen in front of anything is seen in front of more.
    """
    families = FAMILIES["train"]
    image = families[rng.integers(len(families))](size, rng)
    if rng.random() < 0.35:
        other = families[rng.integers(len(families))](size, rng)
        level = np.arange(size, dtype=np.float32)[:, None, None] / size - rng.uniform(0.2, 0.8)
        edge = noise(size, int(rng.integers(2, 6)), rng) * rng.uniform(0, 0.4) + level
        image = np.where(edge > 0, other, image)
    if rng.random() < 0.3:
        image = image[..., rng.permutation(3)]
    if rng.random() < 0.2:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 3))
    return image


def draw(size: int, split: Split, rng: Rng) -> np.ndarray:
    """A random background (S, S, 3) uint8 of a split's families."""
    families = FAMILIES[split]
    drawn = _mixed if split == "train" else families[rng.integers(len(families))]
    image = drawn(size, rng)
    return np.clip(image, 0, 255).astype(np.uint8, order="C")
