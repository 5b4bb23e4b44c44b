"""JPEG files: their size from the header alone, and their pixels. Pure.

The size is read first, so that a small file cannot make the decoder fill the memory.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.errors import ImageError

START: Final = b"\xff\xd8"
SIZED: Final = frozenset({0xC0, 0xC1, 0xC2})
"""Start of a frame: baseline, extended and progressive; others are lossless or arithmetic."""
UNSIZED: Final = frozenset({0xC4, 0xC8, 0xCC})
"""Tables that lie among the markers of frames."""
SCAN: Final = 0xDA
MOST_MARKERS: Final = 256
"""Before the header; a camera writes about ten. Filling counts too."""
REDUCED: Final = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)
"""The decoder leaves out detail for less than the time of a resize."""


def size(jpeg: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header. Raises ImageError if there is none."""
    if not jpeg.startswith(START):
        raise ImageError("The image is no JPEG: it does not begin with FF D8. Send JPEG files.")
    at = len(START)
    for _ in range(MOST_MARKERS):
        if jpeg[at : at + 1] != b"\xff" or at + 4 > len(jpeg):
            break
        marker = jpeg[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(jpeg[at + 2 : at + 4])
        if marker in SIZED:
            return _size(jpeg[at + 4 : at + 2 + length])
        if marker == SCAN or length < 2 or (0xC0 <= marker <= 0xCF and marker not in UNSIZED):
            break
        at += 2 + length
    raise ImageError("The JPEG has no header that can be read: send baseline or progressive JPEG.")


def decode(jpeg: bytes, least_px: int) -> NDArray[np.uint8]:
    """RGB `(H, W, 3)`, halved up to three times while both sides keep `least_px` or more.

    Raises ImageError if the file is broken.
    """
    short = min(size(jpeg))
    how = next((flag for share, flag in REDUCED if short >= share * least_px), cv2.IMREAD_COLOR)
    how |= cv2.IMREAD_IGNORE_ORIENTATION
    try:
        decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), how)
    except cv2.error as fault:
        raise ImageError(f"The JPEG cannot be decoded: {fault.err}.") from fault
    if decoded is None:
        raise ImageError("The JPEG is broken: its header is right, its picture is not.")
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)


def _size(header: bytes) -> tuple[int, int]:
    """Of a frame's header: precision, height, width, components."""
    height, width = int.from_bytes(header[1:3]), int.from_bytes(header[3:5])
    if len(header) < 6 or header[0] != 8 or not height or not width:
        raise ImageError("The JPEG's header is none that can be used: send 8 bits a channel.")
    return width, height
