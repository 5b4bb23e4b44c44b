"""Annotations of public data sets, as they are published; the data are the user's to bring.

Each reader gives `Annotation`s; `frames` finds the pictures. Files are pickles where the authors
chose so: only plain values and numpy arrays are let in.
"""

from dataclasses import dataclass
from pathlib import Path

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Annotation:
    """One frame of one video: which action is where.

    `frame`: path of a picture below the frames' folder, or None; `second`: time in the video, or
    None. `box`: x0, y0, x1, y1 as shares of width and height if `size` is None, else in pixels of a
    picture of that (width, height); a side of 0 is the picture's own, a width of -1 follows.
    """

    video: str
    label: str
    box: Box
    frame: str | None = None
    second: float | None = None
    size: tuple[int, int] | None = None


class FormatError(ValueError):
    """An annotation file is not what its data set publishes."""


def scaled(box: Box, size: tuple[int, int] | None, width: int, height: int) -> Box:
    """A box in pixels of a picture of `width` and `height`."""
    wide, high = (1, 1) if size is None else (size[0] or width, size[1] or height)
    if wide < 0:
        wide = high * width / height
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
