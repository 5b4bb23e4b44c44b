"""Annotations of public data sets, as they are published; the data are the user's to bring.

Each reader gives `Annotation`s; `frames` finds the pictures. Files are pickles where the authors
chose so: only plain values and numpy arrays are let in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engines.video.prompts import Parts

Box = tuple[float, float, float, float]
Within = Callable[[int, int], tuple[float, float]]
"""Width and height of a picture in pixels to those that its boxes are measured in."""


def shares(width: int, height: int) -> tuple[float, float]:
    """Boxes are shares of the picture."""
    del width, height
    return 1.0, 1.0


def own_pixels(width: int, height: int) -> tuple[float, float]:
    """Boxes are in the picture's own pixels."""
    return float(width), float(height)


@dataclass(frozen=True, slots=True)
class Annotation:
    """One action in one frame of one video.

    `parts`: the ways in which the data set's protocol takes the label apart, see
    `training.scenes.questions.Query`. `boxes`: x0, y0, x1, y1, any of which counts, measured in
    `within`. `frame`: path of a picture below the frames' folder, or None; `second`: time in the
    video, or None.
    """

    video: str
    label: str
    parts: tuple[Parts, ...]
    boxes: tuple[Box, ...]
    within: Within
    frame: str | None = None
    second: float | None = None


class FormatError(ValueError):
    """An annotation file is not what its data set publishes."""


def scaled(box: Box, within: Within, width: int, height: int) -> Box:
    """A box in pixels of a picture of `width` and `height`."""
    wide, high = within(width, height)
    across, down = width / wide, height / high
    return box[0] * across, box[1] * down, box[2] * across, box[3] * down


def enclosing(boxes: list[Box]) -> Box:
    """The smallest box around all of them."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def as_box(values: object, path: Path) -> Box:
    """Four numbers as a box. Raises FormatError for anything else."""
    try:
        x0, y0, x1, y1 = (float(value) for value in values)  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise FormatError(f"{path}: a box must be four numbers, not {values!r}") from error
    return x0, y0, x1, y1
