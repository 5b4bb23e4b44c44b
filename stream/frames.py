"""A camera's pictures, however they came: JPEG files, or decoded ones. Pure."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from engines.video import jpeg

RTP_RANGE: Final = 1 << 32
"""RTP timestamps count up to here, then from 0 again (RFC 3550, 5.1)."""


class Frame(Protocol):
    """One picture. `size_px` is asked on the event loop, `rgb` on the thread that follows."""

    def size_px(self) -> tuple[int, int]:
        """Width and height. Raises ImageError if there is no picture."""

    def rgb(self, least_px: int) -> NDArray[np.uint8]:
        """`(H, W, 3)`, made smaller while both sides keep `least_px` or more. Raises ImageError."""

    def jpeg(self) -> bytes:
        """As a JPEG file, no larger than needed; asked while `rgb` may be, on another thread."""


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """A picture that came as a JPEG file."""

    file: bytes

    def size_px(self) -> tuple[int, int]:
        """Width and height, from the header. Raises ImageError if it is no JPEG."""
        return jpeg.size(self.file)

    def rgb(self, least_px: int) -> NDArray[np.uint8]:
        """`(H, W, 3)`, halved up to three times. Raises ImageError if the file is broken."""
        return jpeg.decode(self.file, least_px)

    def jpeg(self) -> bytes:
        """As it came."""
        return self.file


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A frame of a camera that is not sent in messages; `time_s` is its capture time."""

    frame: Frame
    time_s: float


class RtpTime:
    """RTP timestamps to seconds since the first of them, across wraps and frames out of order."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._ticks = 0

    def seconds(self, timestamp: int, clock_hz: float) -> float:
        """Capture time of the frame with this timestamp, in seconds since the first frame."""
        last, self._last = self._last, timestamp
        if last is not None:
            ahead = (timestamp - last) % RTP_RANGE
            self._ticks += ahead - RTP_RANGE if ahead >= RTP_RANGE // 2 else ahead
        return self._ticks / clock_hz
