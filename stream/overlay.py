"""Draws heatmaps into a picture: heat, peaks with their prompts, a legend, the model. Pure.

Each prompt has one colour, which tells it apart also for eyes that see few hues. Where heats meet,
the hotter one shows, so that no colours mix; the rest of the picture goes a little greyer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from stream.messages import Heat, Heatmap

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

COLOURS: Final = (
    (40, 150, 255),
    (240, 190, 70),
    (150, 215, 20),
    (215, 120, 245),
    (70, 235, 250),
    (80, 90, 250),
)
"""Of the prompts, in turn; BGR."""
GREY: Final = (175, 175, 175)
WHITE: Final = (255, 255, 255)
INK: Final = (25, 25, 25)
STRONGEST: Final = 0.7
"""Of the picture's own colour, this share gives way where a map is highest."""
FLOOR: Final = 0.45
"""Heat below this share of the highest is not drawn."""
EDGE: Final = 0.5
"""Share of what is drawn at which a line runs around it."""
FADED: Final = 0.55
"""Share of its colours that the picture loses where there is no heat."""
PURE: Final = 6
"""How clearly the hotter of two heats shows; 1 would mix them."""
LEGIBLE_PX: Final = 480
"""Shorter side that a picture needs for words in it to be read."""
FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, slots=True)
class Caption:
    """What is written into every picture: the prompts, and what is to be told of the model.

    `calibrated`: whether its presence means anything; else it is not shown.
    """

    labels: Sequence[str]
    notice: str
    calibrated: bool = True


def draw(picture: Picture, heatmap: Heatmap | None, caption: Caption) -> Picture:
    """A copy of a BGR picture `(H, W, 3)` with a heatmap drawn into it; None: none has come yet.

    Only actions that are present are drawn; absent ones are named in grey.
    """
    drawn = picture.copy()
    present = [] if heatmap is None else [heat for heat in heatmap.heats if heat.present]
    if heatmap is not None and present:
        _tint(drawn, present, heatmap)
        _mark(drawn, present, caption.labels)
    _legend(drawn, heatmap, caption)
    _footer(drawn, heatmap, caption.notice)
    return drawn


def enlarged(picture: Picture) -> Picture:
    """The picture itself, or a small one two or more times as large, so that words can be read."""
    times = -(-LEGIBLE_PX // min(picture.shape[:2]))
    if times <= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=times, fy=times), np.uint8)


# ---------------------------------------------------------------------- heat and peaks


def _tint(picture: Picture, heats: list[Heat], heatmap: Heatmap) -> None:
    high, wide = picture.shape[:2]
    shares = np.stack([_share(heat, heatmap, high, wide) for heat in heats])
    colours = np.array([_colour(heat.index) for heat in heats], np.float32)
    weights = shares**PURE + 1e-9
    mixed = np.einsum("phw,pc->hwc", weights / weights.sum(axis=0), colours)
    hottest = shares.max(axis=0)[..., None]
    grey = picture.mean(axis=2, keepdims=True)
    around = picture + (grey - picture) * FADED * (1 - hottest)
    picture[:] = (around + (mixed - around) * STRONGEST * hottest).astype(np.uint8)
    for share, heat in zip(shares, heats, strict=True):
        _outline(picture, share, heat)


def _outline(picture: Picture, share: Floats, heat: Heat) -> None:
    """A line around what belongs to the highest place."""
    high, wide = picture.shape[:2]
    hot = (share > EDGE).astype(np.uint8)
    lines, _ = cv2.findContours(hot, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    peaks = [(peak.x * wide, peak.y * high) for peak in heat.peaks[:1]]
    around = [
        line
        for line in lines
        if any(cv2.pointPolygonTest(line, peak, measureDist=False) >= 0 for peak in peaks)
    ]
    width_px = max(1, round(min(high, wide) / 300))
    cv2.drawContours(picture, around, -1, _colour(heat.index), width_px, cv2.LINE_AA)


def _share(heat: Heat, heatmap: Heatmap, high: int, wide: int) -> Floats:
    """How much of the colour shows, `(high, wide)`, 0..1."""
    grid = np.frombuffer(heat.grid, np.uint8).reshape(heatmap.rows, heatmap.columns)
    smooth = cv2.resize(grid.astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip((smooth / 255 - FLOOR) / (1 - FLOOR), 0, 1), np.float32)


def _mark(picture: Picture, heats: list[Heat], labels: Sequence[str]) -> None:
    """A ring around each highest place, with its prompt beside it where one can be read."""
    high, wide = picture.shape[:2]
    radius_px = max(3, min(high, wide) // 40)
    width_px = max(1, radius_px // 5)
    taken: list[tuple[int, int, int, int]] = []
    for heat in heats:
        for peak in heat.peaks[:1]:
            x, y = round(peak.x * wide), round(peak.y * high)
            cv2.circle(picture, (x, y), radius_px, INK, width_px + 2, cv2.LINE_AA)
            cv2.circle(picture, (x, y), radius_px, WHITE, width_px, cv2.LINE_AA)
            cv2.circle(picture, (x, y), max(1, radius_px // 3), _colour(heat.index), -1, 16)
            if heat.index < len(labels):
                _tag(picture, labels[heat.index], heat.index, (x, y, radius_px), taken)


def _tag(
    picture: Picture,
    label: str,
    index: int,
    ring: tuple[int, int, int],
    taken: list[tuple[int, int, int, int]],
) -> None:
    """A prompt on its colour, right or left of its ring, below what is taken already."""
    high, wide = picture.shape[:2]
    text = _plain(label)
    scale, width_px = _letters(picture, 0.8, text, wide / 2)
    (text_px, up_px), down_px = cv2.getTextSize(text, FONT, scale, width_px)
    x, y, radius_px = ring
    pad_px = max(2, up_px // 3)
    wide_px, tall_px = text_px + 2 * pad_px, up_px + down_px + 2 * pad_px
    left = x + 2 * radius_px if x + 2 * radius_px + wide_px < wide else x - 2 * radius_px - wide_px
    left = min(max(0, left), max(0, wide - wide_px))
    top = min(max(0, y - tall_px // 2), max(0, high - tall_px))
    while any(_meet((left, top, wide_px, tall_px), other) for other in taken):
        top += tall_px // 2 + 1
    if top + tall_px > high:
        return
    taken.append((left, top, wide_px, tall_px))
    cv2.rectangle(picture, (left, top), (left + wide_px, top + tall_px), _colour(index), -1)
    at = left + pad_px, top + pad_px + up_px
    cv2.putText(picture, text, at, FONT, scale, INK, width_px, cv2.LINE_AA)


def _meet(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    """Whether two boxes (left, top, width, height) share a pixel."""
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


# ---------------------------------------------------------------------- words


def _legend(picture: Picture, heatmap: Heatmap | None, caption: Caption) -> None:
    """One line a prompt: its colour, its words, how sure it is; hollow and grey if it is absent."""
    _, wide = picture.shape[:2]
    heats = {} if heatmap is None else {heat.index: heat for heat in heatmap.heats}
    top = 6
    for index, label in enumerate(caption.labels):
        text, there = _plain(label), index in heats and heats[index].present
        sure = _sure(heats.get(index), caption.calibrated)
        scale, width_px = _letters(picture, 1.0, text + sure, wide - 80)
        (_, up_px), down_px = cv2.getTextSize(text, FONT, scale, width_px)
        tall_px = up_px + down_px + 6
        start = 12 + 2 * up_px
        said_px = cv2.getTextSize(text, FONT, scale, width_px)[0][0]
        sure_px = cv2.getTextSize(sure, FONT, scale, width_px)[0][0] if sure else 0
        strip = picture[top : top + tall_px, 4 : start + said_px + sure_px + 6]
        strip[:] = strip // 4
        centre = 8 + up_px // 2 + 2, top + tall_px // 2
        colour = _colour(index) if there else GREY
        cv2.circle(picture, centre, max(2, up_px // 2), colour, -1 if there else 1, cv2.LINE_AA)
        at = start, top + 3 + up_px
        said = WHITE if there else GREY
        cv2.putText(picture, text, at, FONT, scale, said, width_px, cv2.LINE_AA)
        if sure:
            at = start + said_px, at[1]
            cv2.putText(picture, sure, at, FONT, scale, colour, width_px, cv2.LINE_AA)
        top += tall_px + 2


def _sure(heat: Heat | None, calibrated: bool) -> str:
    if heat is None:
        return "  ..."
    if not calibrated:
        return ""
    return f"  {heat.presence:.0%}" if heat.present else f"  absent ({heat.presence:.0%})"


def _footer(picture: Picture, heatmap: Heatmap | None, notice: str) -> None:
    """The model and the ages, small, at the bottom."""
    lines = [notice] if notice else []
    if heatmap is not None and notice:
        since_ms = (heatmap.time_s - heatmap.key_time_s) * 1e3
        lines.append(f"age {heatmap.age_ms:.0f} ms, key frame {since_ms:.0f} ms before")
    bottom = picture.shape[0] - 4
    for line in lines:
        text = _plain(line)
        scale, width_px = _letters(picture, 0.6, text, picture.shape[1] - 16)
        (wide_px, up_px), down_px = cv2.getTextSize(text, FONT, scale, width_px)
        strip = picture[bottom - up_px - down_px - 3 : bottom, 4 : wide_px + 12]
        strip[:] = strip // 4
        at = 8, bottom - down_px
        cv2.putText(picture, text, at, FONT, scale, WHITE, width_px, cv2.LINE_AA)
        bottom -= up_px + down_px + 5


def _letters(picture: Picture, size: float, text: str, room_px: float) -> tuple[float, int]:
    """Scale and line width of letters of a size for this picture, smaller if there is no room."""
    scale = size * max(0.4, min(picture.shape[:2]) / 720)
    (text_px, _), _ = cv2.getTextSize(text, FONT, scale, max(1, round(2 * scale)))
    scale *= min(1.0, room_px / max(1, text_px))
    return scale, max(1, round(2 * scale))


def _plain(text: str) -> str:
    """OpenCV's letters are Latin only: others become "?"."""
    return text.encode("ascii", "replace").decode()


def _colour(index: int) -> tuple[int, int, int]:
    return COLOURS[index % len(COLOURS)]
