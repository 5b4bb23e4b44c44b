"""What objects look like: polygons in metres about their own middle, in typical colours.

`y` runs along the object's axis, from the end that is held or stands to the far end. Data and
small constructors; drawn by `painting`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Colour = tuple[int, int, int]
Part = tuple[np.ndarray, int, float]
"""Points (n, 2) in metres, which palette colour, how bright."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An object: its parts, palettes to draw from (first and second colour, RGB) and its height."""

    parts: tuple[Part, ...]
    palettes: tuple[tuple[Colour, Colour], ...]
    height_m: float


def rectangle(x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def disc(
    x: float, y: float, rx: float, ry: float, turn: tuple[float, float] = (0, 2)
) -> np.ndarray:
    """An ellipse, or the part of it between two angles in half turns."""
    angle = np.linspace(turn[0], turn[1], 18) * np.pi
    return np.stack([x + rx * np.cos(angle), y + ry * np.sin(angle)], -1)


def bow(x: float, y: float, rx: float, ry: float, thick: float) -> np.ndarray:
    """A handle: half a ring above a point."""
    outer = disc(x, y, rx, ry, (0, 1))
    inner = disc(x, y, rx - thick, ry - thick, (0, 1))
    return np.concatenate([outer, inner[::-1]])


def ring(x: float, y: float, rx: float, ry: float, thick: float) -> np.ndarray:
    return np.concatenate([disc(x, y, rx, ry), disc(x, y, rx - thick, ry - thick)[::-1]])


def _ball() -> Thing:
    parts = (
        (disc(0, 0, 0.17, 0.17), 0, 1.0),
        (disc(0.04, 0.06, 0.07, 0.06), 0, 1.35),
        (rectangle(-0.165, -0.03, 0.165, 0.02), 1, 1.0),
        (rectangle(-0.02, -0.165, 0.025, 0.165), 1, 1.0),
    )
    palettes = (((230, 120, 30), (40, 30, 20)), ((215, 45, 45), (240, 240, 240)),
                ((240, 220, 60), (40, 60, 160)), ((240, 150, 50), (60, 30, 20)))  # fmt: skip
    return Thing(parts, palettes, 0.34)


def _box() -> Thing:
    parts = (
        (rectangle(-0.24, -0.21, 0.24, 0.17), 0, 1.0),
        (np.array([(-0.24, 0.17), (0.24, 0.17), (0.19, 0.26), (-0.19, 0.26)]), 0, 1.25),
        (rectangle(-0.035, -0.21, 0.035, 0.17), 1, 1.0),
        (rectangle(0.1, -0.15, 0.19, -0.08), 1, 0.7),
    )
    palettes = (((176, 130, 80), (215, 190, 140)), ((160, 112, 66), (205, 175, 125)),
                ((190, 150, 100), (150, 110, 70)))  # fmt: skip
    return Thing(parts, palettes, 0.45)


def _bag() -> Thing:
    parts = (
        (bow(0, 0.1, 0.13, 0.17, 0.035), 1, 0.8),
        (np.array([(-0.22, -0.2), (0.22, -0.2), (0.17, 0.12), (-0.17, 0.12)]), 0, 1.0),
        (rectangle(-0.19, 0.02, 0.19, 0.07), 1, 1.0),
        (disc(0, -0.07, 0.08, 0.06), 0, 0.7),
    )
    palettes = (((150, 40, 110), (230, 180, 60)), ((170, 30, 60), (235, 200, 120)),
                ((120, 50, 140), (225, 205, 150)))  # fmt: skip
    return Thing(parts, palettes, 0.45)


def _book() -> Thing:
    parts = (
        (rectangle(-0.24, -0.17, 0.24, 0.17), 0, 1.0),
        (rectangle(-0.21, -0.14, -0.015, 0.14), 1, 1.0),
        (rectangle(0.015, -0.14, 0.21, 0.14), 1, 0.94),
    )
    palettes = (((150, 35, 35), (245, 240, 220)), ((30, 60, 140), (245, 240, 225)),
                ((30, 100, 60), (240, 235, 215)))  # fmt: skip
    return Thing(parts, palettes, 0.34)


def _newspaper() -> Thing:
    lines = tuple(
        (rectangle(x, y, x + 0.22, y + 0.03), 1, 1.0)
        for x in (-0.27, 0.05)
        for y in (-0.2, -0.12, -0.04, 0.04)
    )
    parts = ((rectangle(-0.33, -0.26, 0.33, 0.26), 0, 1.0), *lines)
    head = (rectangle(-0.27, 0.13, 0.27, 0.21), 1, 0.6)
    palettes = (((225, 222, 212), (120, 120, 120)), ((205, 203, 195), (95, 95, 100)))
    return Thing((*parts, head), palettes, 0.52)


def _phone() -> Thing:
    parts = (
        (rectangle(-0.1, -0.17, 0.1, 0.17), 0, 1.0),
        (rectangle(-0.08, -0.13, 0.08, 0.14), 1, 1.0),
    )
    palettes = (((25, 25, 30), (90, 220, 250)), ((40, 40, 45), (120, 235, 255)))
    return Thing(parts, palettes, 0.34)


def _cup() -> Thing:
    parts = (
        (ring(0.12, 0.0, 0.08, 0.07, 0.03), 0, 0.8),
        (np.array([(-0.09, -0.12), (0.09, -0.12), (0.12, 0.12), (-0.12, 0.12)]), 0, 1.0),
        (disc(0, 0.12, 0.12, 0.035), 1, 0.9),
        (rectangle(-0.1, -0.05, 0.1, 0.0), 1, 1.0),
    )
    palettes = (((245, 245, 245), (200, 40, 50)), ((240, 235, 225), (40, 110, 200)))
    return Thing(parts, palettes, 0.26)


def _bottle() -> Thing:
    parts = (
        (rectangle(-0.08, -0.22, 0.08, 0.06), 0, 1.0),
        (np.array([(-0.08, 0.06), (0.08, 0.06), (0.035, 0.13), (-0.035, 0.13)]), 0, 0.9),
        (rectangle(-0.035, 0.13, 0.035, 0.2), 0, 0.85),
        (rectangle(-0.042, 0.2, 0.042, 0.25), 1, 0.7),
        (rectangle(-0.08, -0.12, 0.08, -0.01), 1, 1.0),
    )
    palettes = (((20, 130, 70), (240, 240, 210)), ((40, 150, 60), (250, 230, 120)))
    return Thing(parts, palettes, 0.47)


def _bucket() -> Thing:
    parts = (
        (bow(0, 0.12, 0.19, 0.16, 0.02), 1, 0.7),
        (np.array([(-0.14, -0.18), (0.14, -0.18), (0.2, 0.14), (-0.2, 0.14)]), 0, 1.0),
        (disc(0, 0.14, 0.2, 0.05), 1, 1.0),
        (rectangle(-0.17, 0.0, 0.17, 0.03), 0, 0.7),
    )
    palettes = (((40, 90, 210), (25, 50, 110)), ((60, 110, 225), (30, 60, 130)),
                ((50, 150, 215), (25, 70, 120)))  # fmt: skip
    return Thing(parts, palettes, 0.45)


def _chair() -> Thing:
    legs = tuple(
        (rectangle(x, -0.45, x + 0.05, 0.0), 0, b)
        for x, b in ((-0.23, 1.0), (0.18, 1.0), (-0.12, 0.7), (0.09, 0.7))
    )
    back = tuple((rectangle(x, 0.02, x + 0.045, 0.45), 0, 0.9) for x in (-0.23, -0.025, 0.185))
    parts = (
        *legs,
        *back,
        (rectangle(-0.23, 0.38, 0.23, 0.46), 0, 1.1),
        (np.array([(-0.25, -0.06), (0.25, -0.06), (0.22, 0.06), (-0.22, 0.06)]), 1, 1.0),
    )
    palettes = (((120, 70, 35), (165, 105, 60)), ((95, 55, 30), (150, 45, 40)),
                ((140, 90, 50), (190, 140, 90)))  # fmt: skip
    return Thing(parts, palettes, 0.92)


def _cart() -> Thing:
    wires = tuple(
        (rectangle(x, -0.12, x + 0.025, 0.28), 1, 1.0) for x in (-0.24, -0.08, 0.08, 0.24)
    )
    parts = (
        (disc(-0.22, -0.34, 0.08, 0.08), 1, 0.4),
        (disc(0.22, -0.34, 0.08, 0.08), 1, 0.4),
        (rectangle(-0.3, -0.28, 0.3, -0.23), 1, 0.8),
        (np.array([(-0.28, -0.14), (0.28, -0.14), (0.36, 0.3), (-0.36, 0.3)]), 0, 0.75),
        *wires,
        (rectangle(-0.37, 0.27, 0.37, 0.33), 0, 1.3),
    )
    palettes = (((150, 160, 170), (215, 220, 225)), ((200, 60, 60), (220, 225, 230)))
    return Thing(parts, palettes, 0.76)


def _drum() -> Thing:
    zigzag = np.array(
        [(-0.25, -0.12), (-0.125, 0.1), (0.0, -0.12), (0.125, 0.1), (0.25, -0.12),
         (0.25, -0.07), (0.125, 0.15), (0.0, -0.07), (-0.125, 0.15), (-0.25, -0.07)]
    )  # fmt: skip
    parts = (
        (rectangle(-0.25, -0.18, 0.25, 0.16), 0, 1.0),
        (zigzag, 1, 1.0),
        (rectangle(-0.26, -0.2, 0.26, -0.15), 1, 0.8),
        (disc(0, 0.17, 0.26, 0.08), 1, 1.1),
    )
    palettes = (((190, 25, 35), (235, 225, 190)), ((30, 35, 120), (240, 215, 110)))
    return Thing(parts, palettes, 0.45)


def _guitar() -> Thing:
    parts = (
        (rectangle(-0.035, 0.0, 0.035, 0.55), 1, 0.6),
        (rectangle(-0.055, 0.5, 0.055, 0.62), 1, 0.5),
        (disc(0, -0.28, 0.22, 0.18), 0, 1.0),
        (disc(0, -0.05, 0.16, 0.14), 0, 1.0),
        (disc(0, -0.13, 0.065, 0.065), 1, 0.3),
        (rectangle(-0.08, -0.36, 0.08, -0.32), 1, 0.5),
    )
    palettes = (((205, 125, 45), (90, 50, 25)), ((180, 85, 30), (80, 45, 25)))
    return Thing(parts, palettes, 1.08)


def _flag() -> Thing:
    cloth = np.array([(0.0, 0.1), (0.2, 0.14), (0.42, 0.08), (0.6, 0.12),
                      (0.6, 0.5), (0.42, 0.46), (0.2, 0.52), (0.0, 0.48)])  # fmt: skip
    band = np.array([(0.0, 0.23), (0.2, 0.27), (0.42, 0.21), (0.6, 0.25),
                     (0.6, 0.37), (0.42, 0.33), (0.2, 0.39), (0.0, 0.35)])  # fmt: skip
    parts = ((rectangle(-0.025, -0.5, 0.025, 0.5), 1, 0.45), (cloth, 0, 1.0), (band, 1, 1.0))
    palettes = (((225, 35, 45), (250, 250, 250)), ((35, 70, 200), (250, 220, 50)),
                ((20, 150, 80), (250, 250, 245)))  # fmt: skip
    return Thing(parts, palettes, 1.0)


def _umbrella() -> Thing:
    gore = np.array([(-0.14, 0.2), (0.14, 0.2), (0.0, 0.6)])
    parts = (
        (rectangle(-0.02, -0.5, 0.02, 0.6), 1, 0.4),
        (disc(0, 0.2, 0.55, 0.38, (0, 1)), 0, 1.0),
        (gore, 1, 1.0),
    )
    palettes = (((120, 40, 160), (190, 130, 220)), ((230, 60, 130), (250, 180, 210)),
                ((20, 150, 170), (150, 230, 235)))  # fmt: skip
    return Thing(parts, palettes, 1.1)


def _broom() -> Thing:
    parts = (
        (rectangle(-0.025, -0.7, 0.025, 0.4), 1, 1.0),
        (np.array([(-0.06, 0.36), (0.06, 0.36), (0.2, 0.7), (-0.2, 0.7)]), 0, 1.0),
        (rectangle(-0.08, 0.4, 0.08, 0.45), 1, 0.5),
    )
    palettes = (((225, 190, 80), (150, 95, 50)), ((215, 175, 60), (170, 50, 40)))
    return Thing(parts, palettes, 1.4)


def _racket() -> Thing:
    strings = tuple((rectangle(x, 0.02, x + 0.014, 0.38), 1, 1.0) for x in (-0.1, -0.03, 0.04, 0.1))
    across = tuple((rectangle(-0.14, y, 0.14, y + 0.014), 1, 1.0) for y in (0.08, 0.2, 0.3))
    parts = (
        (rectangle(-0.025, -0.4, 0.025, 0.02), 0, 0.5),
        *strings,
        *across,
        (ring(0, 0.2, 0.19, 0.23, 0.045), 0, 1.0),
    )
    palettes = (((30, 150, 60), (235, 235, 230)), ((215, 215, 40), (240, 240, 235)))
    return Thing(parts, palettes, 0.85)


def _hammer() -> Thing:
    parts = (
        (rectangle(-0.03, -0.4, 0.03, 0.3), 1, 1.0),
        (rectangle(-0.22, 0.2, 0.2, 0.4), 0, 1.0),
        (rectangle(-0.25, 0.18, -0.17, 0.42), 0, 1.25),
    )
    palettes = (((90, 95, 105), (170, 110, 55)), ((110, 115, 125), (200, 60, 40)))
    return Thing(parts, palettes, 0.8)


_MAKERS: dict[str, Callable[[], Thing]] = {
    "ball": _ball, "box": _box, "bag": _bag, "book": _book, "newspaper": _newspaper,
    "phone": _phone, "cup": _cup, "bottle": _bottle, "bucket": _bucket, "chair": _chair,
    "cart": _cart, "drum": _drum, "guitar": _guitar, "flag": _flag, "umbrella": _umbrella,
    "broom": _broom, "racket": _racket, "hammer": _hammer,
}  # fmt: skip
THINGS: dict[str, Thing] = {name: make() for name, make in _MAKERS.items()}
