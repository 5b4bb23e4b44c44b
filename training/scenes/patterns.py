"""What backgrounds are painted with, and those that are patterns alone. OpenCV and NumPy.

A family fills a canvas (S, S, 3) float32 RGB of 0 to 255 and a little beyond.
"""

import cv2
import numpy as np

Rng = np.random.Generator


def colour(rng: Rng, low: float = 40, high: float = 230, muted: float = 0.6) -> np.ndarray:
    """A random colour (3,), greyed by up to `muted`."""
    drawn = rng.uniform(low, high, 3)
    return drawn + (drawn.mean() - drawn) * rng.uniform(0, muted)


def filled(size: int, value: np.ndarray) -> np.ndarray:
    return np.full((size, size, 3), value, np.float32, order="C")


def ramp(size: int, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    share = np.linspace(0, 1, size, dtype=np.float32)[:, None, None]
    made = np.broadcast_to((1 - share) * top + share * bottom, (size, size, 3))
    return np.array(made, np.float32, order="C")


def noise(size: int, cells: int, rng: Rng) -> np.ndarray:
    """Smooth noise (S, S, 1) about 0."""
    coarse = rng.normal(size=(cells, cells)).astype(np.float32)
    return cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)[..., None]


def floor(image: np.ndarray, horizon: float, rng: Rng, value: np.ndarray | None = None) -> None:
    """Fill all below the horizon, darker with distance."""
    start = int(horizon * len(image))
    base = colour(rng) if value is None else value
    light = np.linspace(0.75, 1.1, len(image) - start, dtype=np.float32)[:, None, None]
    image[start:] = base * light


def gradient(size: int, rng: Rng) -> np.ndarray:
    return ramp(size, colour(rng), colour(rng))


def cloudy(size: int, rng: Rng) -> np.ndarray:
    image = filled(size, colour(rng))
    for cells in (4, 9, 24):
        image += noise(size, cells, rng) * rng.uniform(4, 18)
    return image


def stripes(size: int, rng: Rng) -> np.ndarray:
    image = filled(size, colour(rng))
    period, turn = rng.uniform(0.04, 0.2) * size, rng.uniform(0, np.pi)
    y, x = np.mgrid[:size, :size].astype(np.float32)
    wave = np.sin((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / period)
    image += (wave > 0)[..., None] * (colour(rng) - image[0, 0]) * rng.uniform(0.2, 0.6)
    floor(image, rng.uniform(0.6, 0.9), rng)
    return image


def tiles(size: int, rng: Rng) -> np.ndarray:
    image = filled(size, colour(rng, 90, 240))
    step, line = int(rng.uniform(0.06, 0.2) * size), tuple(colour(rng).tolist())
    for at in range(int(rng.integers(step)), size, step):
        cv2.line(image, (at, 0), (at, size), line, 2)
        cv2.line(image, (0, at), (size, at), line, 2)
    floor(image, rng.uniform(0.6, 0.85), rng)
    return image


def mosaic(size: int, rng: Rng) -> np.ndarray:
    """Rectangles that are halved again and again, each part of another shade."""
    image, base = filled(size, colour(rng)), colour(rng)
    spread, parts = rng.uniform(8, 60), [(0, 0, size, size)]
    for _ in range(int(rng.integers(8, 50))):
        x, y, w, h = parts.pop(int(rng.integers(len(parts))))
        share = rng.uniform(0.25, 0.75)
        cut = int(share * max(w, h))
        first, second = (
            ((x, y, cut, h), (x + cut, y, w - cut, h))
            if w > h
            else ((x, y, w, cut), (x, y + cut, w, h - cut))
        )
        parts += [first, second]
    for x, y, w, h in parts:
        image[y : y + h, x : x + w] = base + rng.normal(0, spread, 3)
    return image


def confetti(size: int, rng: Rng) -> np.ndarray:
    """Many small round things of a few colours."""
    image = filled(size, colour(rng))
    inks = [tuple(colour(rng, 20, 250, 0.3).tolist()) for _ in range(int(rng.integers(1, 5)))]
    largest = rng.uniform(0.015, 0.06) * size
    for _ in range(int(rng.integers(40, 400))):
        middle = (int(rng.uniform(0, size)), int(rng.uniform(0, size)))
        cv2.circle(image, middle, int(rng.uniform(1, largest)), inks[rng.integers(len(inks))], -1)
    return image


def cables(size: int, rng: Rng) -> np.ndarray:
    """Lines of any width that cross."""
    image = ramp(size, colour(rng), colour(rng))
    for _ in range(int(rng.integers(4, 40))):
        ends = [tuple(int(v) for v in rng.uniform(-0.2, 1.2, 2) * size) for _ in range(2)]
        cv2.line(image, *ends, tuple(colour(rng, 10, 250).tolist()), int(rng.integers(1, 8)))
    return image


def plaid(size: int, rng: Rng) -> np.ndarray:
    """Soft waves across each other."""
    image = filled(size, colour(rng))
    y, x = np.mgrid[:size, :size].astype(np.float32) / size
    for _ in range(int(rng.integers(2, 5))):
        turn, waves = rng.uniform(0, np.pi), rng.uniform(1, 18)
        along = x * np.cos(turn) + y * np.sin(turn)
        light = np.sin(2 * np.pi * waves * along + rng.uniform(0, 6.28))
        image += light[..., None] * rng.normal(0, 16, 3)
    return image


def bands(size: int, rng: Rng) -> np.ndarray:
    """Levels one above the other with ragged edges, each with its own grain."""
    image, height = ramp(size, colour(rng), colour(rng)), 0.0
    while height < 0.8:
        height += rng.uniform(0.12, 0.5)
        ragged = noise(size, int(rng.integers(3, 20)), rng)[0, :, 0] * rng.uniform(0, 0.04)
        below = np.arange(size)[:, None] > (height + ragged) * size
        grain = colour(rng) + noise(size, int(rng.integers(5, 60)), rng) * rng.uniform(0, 16)
        image = np.where(below[..., None], grain, image).astype(np.float32)
    return image


def shards(size: int, rng: Rng) -> np.ndarray:
    image = filled(size, colour(rng))
    for _ in range(int(rng.integers(6, 20))):
        corners = rng.uniform(-0.1, 1.1, (3, 2)) * size
        cv2.fillPoly(image, [corners.astype(np.int32)], tuple(colour(rng).tolist()))
    return image
