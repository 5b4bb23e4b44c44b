"""A decoded frame of a camera over WebRTC, in the sizes and colours that the models need."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from av import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

SHARES: Final = (8, 4, 2)
KEPT_PX: Final = 640
"""Longest side of a picture that is kept: models see less."""
QUALITY: Final = 85
"""Of the JPEG file, in percent."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A frame as the decoder left it, YUV; converted only if it is looked at."""

    decoded: VideoFrame

    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.decoded.width, self.decoded.height

    def rgb(self, least_px: int) -> NDArray[np.uint8]:
        """`(H, W, 3)`, halved up to three times while both sides keep `least_px` or more."""
        width, height = self.size_px()
        short = min(width, height)
        share = next((share for share in SHARES if short >= share * least_px), 1)
        return self._rgb(width // share, height // share)

    def jpeg(self) -> bytes:
        """As a JPEG file, no side longer than `KEPT_PX`."""
        width, height = self.size_px()
        share = min(1.0, KEPT_PX / max(width, height))
        rgb = self._rgb(max(1, round(width * share)), max(1, round(height * share)))
        bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
        file = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
        return file.tobytes()

    def _rgb(self, width: int, height: int) -> NDArray[np.uint8]:
        """By a converter of its own: two threads may ask at a time."""
        small = VideoReformatter().reformat(
            self.decoded,
            width=width,
            height=height,
            format="rgb24",
            interpolation="AREA",
            threads=1,
        )
        return np.asarray(small.to_ndarray(), np.uint8)
