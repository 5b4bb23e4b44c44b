"""A decoded frame of a camera over WebRTC, in the sizes and colours that the models need."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

SHARES: Final = (8, 4, 2)


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
        small = self.decoded.reformat(
            width=width // share,
            height=height // share,
            format="rgb24",
            interpolation="AREA",
            threads=1,
        )
        return np.asarray(small.to_ndarray(), np.uint8)
