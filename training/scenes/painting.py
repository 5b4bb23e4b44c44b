"""Strokes on a canvas: what people and objects are made of once they are seen by a camera.

A stroke fills a polygon or draws a round-ended line; whoever makes strokes gives their depth.
Canvas pixels are twice as fine as the image, so that edges come out smooth. OpenCV.
"""

from dataclasses import dataclass

import cv2
import numpy as np

FINER = 2
_SHIFT = 3
_ONE = 1 << _SHIFT


@dataclass(slots=True)
class Canvas:
    """Colours (S, S, 3) uint8 RGB and labels (S, S) uint8, painted together."""

    colours: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, slots=True)
class Stroke:
    """Points (n, 2) canvas pixels; a polygon where `width_px` is 0, else a line that wide."""

    depth_m: float
    points: np.ndarray
    colour: tuple[float, float, float]
    width_px: float = 0.0
    is_object: bool = False


def paint(canvas: Canvas, strokes: list[Stroke], *, body: int, thing: int) -> None:
    """Draw strokes, the far ones first; `body` and `thing` are their labels."""
    for stroke in sorted(strokes, key=lambda each: -each.depth_m):
        label = thing if stroke.is_object else body
        points = np.round(stroke.points * _ONE).astype(np.int32)
        colour = tuple(float(min(max(c, 0), 255)) for c in stroke.colour)
        for target, value in ((canvas.colours, colour), (canvas.labels, label)):
            if stroke.width_px:
                width = max(1, round(stroke.width_px))
                cv2.polylines(target, [points], False, value, width, cv2.LINE_8, _SHIFT)
            else:
                cv2.fillPoly(target, [points], value, cv2.LINE_8, _SHIFT)


def shade(colour: tuple[float, float, float], light: float) -> tuple[float, float, float]:
    """A colour made brighter or darker."""
    return (colour[0] * light, colour[1] * light, colour[2] * light)
