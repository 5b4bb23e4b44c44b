"""The video part of `liveground demo`: rendered scenes in the terminal, heat where it is done, and
how often the place is right."""

import asyncio
from importlib import resources
from typing import Any, Final

import cv2
import msgspec
import numpy as np
from rich.console import Console

from clients.footage import Shot
from stream.commands.reel import Pair
from stream.messages import Heat, Heatmap
from stream.overlay import Caption, Picture, draw

FOLDER: Final = "clients.performer"
COLUMNS: Final = 64
"""Of the terminal: each letter shows two pixels, one above the other."""
DRAWN_HZ: Final = 10.0
LETTER: Final = "\x1b[38;2;{};{};{};48;2;{};{};{}m▀"


class Scene(msgspec.Struct, frozen=True):
    """What the two people of a scene do, and of each frame their boxes: left, top, right, bottom in
    shares of the picture."""

    labels: list[str]
    boxes: list[list[list[float]]]


class Film(msgspec.Struct, frozen=True):
    """The truth about the film: scenes one after the other."""

    rate_hz: float
    scenes: list[Scene]

    @property
    def prompts(self) -> list[str]:
        """Everything that is done in any scene."""
        return list(dict.fromkeys(label for scene in self.scenes for label in scene.labels))

    def boxes(self, time_s: float) -> dict[str, list[float]]:
        """Who does what where at a time."""
        number = round(time_s * self.rate_hz)
        for scene in self.scenes:
            if number < len(scene.boxes):
                return dict(zip(scene.labels, scene.boxes[number], strict=True))
            number -= len(scene.boxes)
        return {}


def film() -> tuple[str, Film]:
    """Path of the film that comes with liveground, and the truth about it."""
    folder = resources.files(FOLDER)
    truth = msgspec.json.decode((folder / "scenes.json").read_bytes(), type=Film)
    return str(folder / "scenes.mp4"), truth


class Cinema:
    """Shows frames with their heat, and counts whose peaks lie in the right person's box."""

    def __init__(self, console: Console, truth: Film) -> None:
        self.caption = Caption((), "")
        self.frames = 0
        self.asked = self.right = self.absent = self.refused = 0
        self._truth = truth
        self._console = console
        self._height = 0
        self._drawn_s = float("-inf")

    async def write(self, pairs: list[Pair]) -> None:
        """Show and judge frames with their heatmaps."""
        for shot, heatmap in pairs:
            self.frames += 1
            if heatmap is not None:
                self._judge(shot.time_s, heatmap.heats)
        if pairs and self._console.is_terminal:
            await asyncio.to_thread(self._show, *pairs[-1])

    def _show(self, shot: Shot, heatmap: Heatmap | None) -> None:
        if shot.time_s - self._drawn_s < 1 / DRAWN_HZ:
            return
        self._drawn_s = shot.time_s
        heats = [] if heatmap is None else heatmap.heats
        lines = _letters(draw(shot.picture, heatmap, Caption((), "")), self._lines(heats))
        back = f"\x1b[{self._height}A" if self._height else ""
        self._console.file.write(back + "\n".join(lines) + "\n")
        self._console.file.flush()
        self._height = len(lines)

    def verdict(self) -> str:
        """The figures in one line."""
        return (
            f"{self.right} of {self.asked} peaks lie in the box of whoever does it (two people a "
            f"scene); {self.refused} of {self.absent} times an action that nobody does is called "
            "absent"
        )

    def _judge(self, time_s: float, heats: list[Heat]) -> None:
        boxes = self._truth.boxes(time_s)
        for heat in heats:
            box = boxes.get(self.caption.labels[heat.index])
            if box is None:
                self.absent += 1
                self.refused += not heat.present
            elif heat.peaks:
                peak = heat.peaks[0]
                self.asked += 1
                self.right += box[0] <= peak.x <= box[2] and box[1] <= peak.y <= box[3]

    def _lines(self, heats: list[Heat]) -> list[str]:
        labels = self.caption.labels
        present = [f"{labels[h.index]} {h.presence:.0%}" for h in heats if h.present]
        return [", ".join(present) or "nothing of what is looked for", self.caption.notice]


def _letters(picture: Picture, lines: list[str]) -> list[str]:
    """The picture as half blocks: the upper pixel is the letter's colour, the lower the ground.

    Escape codes as they are: two thousand styled letters ten times a second are too much for rich.
    """
    high, wide = picture.shape[:2]
    rows = round(COLUMNS * high / wide / 2) * 2
    small: Any = cv2.resize(picture, (COLUMNS, rows), interpolation=cv2.INTER_AREA)[..., ::-1]
    pairs = np.concatenate([small[::2], small[1::2]], axis=2).tolist()
    drawn = ["".join(LETTER.format(*pixel) for pixel in row) + "\x1b[0m" for row in pairs]
    return [*drawn, *(f"{line}\x1b[K" for line in lines)]
