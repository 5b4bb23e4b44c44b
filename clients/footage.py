"""Camera frames of a video file or of a camera, as JPEG files that a server takes. Blocking: read
them in a thread."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.errors import ImageError

Picture = NDArray[np.uint8]

FALLBACK_HZ: Final = 30.0
"""Where a file does not say its rate."""
QUALITY: Final = 85
"""Of the JPEG files, in percent: half the size of 95, and no model sees the difference."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One frame: BGR `(H, W, 3)`, and its time in the footage."""

    picture: Picture
    time_s: float


class Footage:
    """A file, or a camera by its number or address."""

    def __init__(self, source: str) -> None:
        """Open. Raises ImageError if there is nothing to be read."""
        self.live: Final = source.isdigit() or "://" in source
        if not self.live and not Path(source).is_file():
            raise ImageError(f"{source}: there is no such file. Give a video file or a camera: 0.")
        self._capture = cv2.VideoCapture(int(source) if source.isdigit() else source)
        if not self._capture.isOpened():
            raise ImageError(f"{source} cannot be opened: no video file or camera that is known.")
        told_hz = self._capture.get(cv2.CAP_PROP_FPS)
        self.rate_hz: Final = told_hz if 1 <= told_hz <= 240 else FALLBACK_HZ

    def __iter__(self) -> Iterator[Shot]:
        """All frames in order; a camera's never end."""
        count = 0
        while True:
            read, picture = self._capture.read()
            if not read:
                return
            yield Shot(np.asarray(picture, np.uint8), count / self.rate_hz)
            count += 1

    def close(self) -> None:
        """Let go of the file or the camera."""
        self._capture.release()


def packed(picture: Picture, longest_px: int) -> bytes:
    """A JPEG file of a BGR picture, no side longer than that. Raises ImageError."""
    high, wide = picture.shape[:2]
    share = min(1.0, longest_px / max(high, wide))
    small: Any = picture
    if share < 1:
        size = max(1, round(wide * share)), max(1, round(high * share))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    written, file = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not written:
        raise ImageError(f"A picture of {wide} x {high} pixels cannot be written as JPEG.")
    return file.tobytes()
