"""Draws heatmaps into a picture: heat, peaks, prompts, ages, and what model it was. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from stream.messages import Heat, Heatmap

Picture = NDArray[np.uint8]

COLOURS: Final = (
    (60, 60, 255),
    (80, 220, 80),
    (255, 160, 40),
    (40, 210, 255),
    (255, 80, 220),
    (220, 220, 60),
)
"""Of the prompts, in turn; BGR."""
GREY: Final = (170, 170, 170)
WHITE: Final = (255, 255, 255)
STRONGEST: Final = 0.65
"""Of the picture's own colour, this share gives way where a map is highest."""
FLOOR: Final = 0.4
"""Heat below this share of the highest is not drawn."""
FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, slots=True)
class Caption:
    """What is written into every picture: the prompts, and what is to be told of the model."""

    labels: Sequence[str]
    notice: str


def draw(picture: Picture, heatmap: Heatmap | None, caption: Caption) -> Picture:
    """A copy of a BGR picture `(H, W, 3)` with a heatmap drawn into it; None: none has come yet.

    Only actions that are present are drawn; absent ones are named in grey.
    """
    drawn = picture.copy()
    heats = heatmap.heats if heatmap is not None else []
    for heat in heats:
        if heat.present and heatmap is not None:
            _tint(drawn, heat, heatmap)
    for heat in heats:
        if heat.present:
            _mark(drawn, heat)
    _write(drawn, _lines(heatmap, caption), caption.notice)
    return drawn


def _tint(picture: Picture, heat: Heat, heatmap: Heatmap) -> None:
    high, wide = picture.shape[:2]
    grid = np.frombuffer(heat.grid, np.uint8).reshape(heatmap.rows, heatmap.columns)
    smooth = cv2.resize(grid.astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    share = np.clip((smooth / 255 - FLOOR) / (1 - FLOOR), 0, 1)[..., None] * STRONGEST
    picture[:] = (picture * (1 - share) + np.array(_colour(heat.index)) * share).astype(np.uint8)


def _mark(picture: Picture, heat: Heat) -> None:
    high, wide = picture.shape[:2]
    width_px = max(1, high // 240)
    for peak in heat.peaks[:1]:
        centre = round(peak.x * wide), round(peak.y * high)
        cv2.drawMarker(picture, centre, WHITE, cv2.MARKER_CROSS, high // 16, width_px + 2)
        cv2.drawMarker(picture, centre, _colour(heat.index), cv2.MARKER_CROSS, high // 16, width_px)


def _lines(heatmap: Heatmap | None, caption: Caption) -> list[tuple[str, Any]]:
    if heatmap is None:
        return [(f"{label}: ...", GREY) for label in caption.labels]
    lines: list[tuple[str, Any]] = []
    for label, heat in zip(caption.labels, heatmap.heats, strict=False):
        colour = _colour(heat.index) if heat.present else GREY
        state = "" if heat.present else " (absent)"
        lines.append((f"{label}: {heat.presence:.0%}{state}", colour))
    since_ms = (heatmap.time_s - heatmap.key_time_s) * 1e3
    age = f"age {heatmap.age_ms:.0f} ms, key frame {since_ms:.0f} ms before"
    return [*lines, (age, WHITE)]


def _write(picture: Picture, lines: list[tuple[str, Any]], notice: str) -> None:
    high, wide = picture.shape[:2]
    scale = min(high, wide) / 720
    step_px = round(34 * scale) + 4
    for row, (text, colour) in enumerate(lines, 1):
        _text(picture, text, (8, row * step_px), scale, colour)
    if notice:
        _text(picture, notice, (8, high - 10), 0.8 * scale, WHITE)


def _text(picture: Picture, text: str, at: tuple[int, int], scale: float, colour: Any) -> None:
    """One line on a darkened strip. OpenCV's letters are Latin only: others become "?"."""
    plain = text.encode("ascii", "replace").decode()
    room_px = picture.shape[1] - 2 * at[0]
    scale *= min(1.0, room_px / max(1, cv2.getTextSize(plain, FONT, scale, 1)[0][0]))
    width_px = max(1, round(2 * scale))
    (wide, high), below = cv2.getTextSize(plain, FONT, scale, width_px)
    top, left = max(0, at[1] - high - 3), max(0, at[0] - 4)
    strip = picture[top : at[1] + below + 1, left : at[0] + wide + 4]
    strip[:] = strip // 3
    cv2.putText(picture, plain, at, FONT, scale, colour, width_px, cv2.LINE_AA)


def _colour(index: int) -> tuple[int, int, int]:
    return COLOURS[index % len(COLOURS)]
