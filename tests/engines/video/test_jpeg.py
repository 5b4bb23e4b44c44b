"""JPEG: the header tells the size, and no bytes whatever raise anything but ImageError."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import ImageError
from engines.video import jpeg


def picture(width: int, height: int) -> np.ndarray:
    """A soft ramp in RGB: red to the right, green down, blue everywhere."""
    x, y = np.linspace(0, 255, width), np.linspace(0, 255, height)
    red, green = np.meshgrid(x, y)
    return np.stack([red, green, np.full_like(red, 200)], axis=-1).astype(np.uint8)


def encoded(frame: np.ndarray, *, progressive: bool = False, grey: bool = False) -> bytes:
    written = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY if grey else cv2.COLOR_RGB2BGR)
    flags = [cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive), cv2.IMWRITE_JPEG_QUALITY, 95]
    return cv2.imencode(".jpg", written, flags)[1].tobytes()


@given(st.integers(1, 300), st.integers(1, 300), st.booleans(), st.booleans())
def test_the_header_tells_the_size_that_decoding_gives(
    width: int, height: int, progressive: bool, grey: bool
) -> None:
    """For baseline and progressive files, in colour and in grey."""
    file = encoded(picture(width, height), progressive=progressive, grey=grey)
    assert jpeg.size(file) == (width, height)
    assert jpeg.decode(file, 1000).shape == (height, width, 3)


def test_colours_come_as_rgb() -> None:
    """Red grows to the right, green downwards."""
    frame = picture(64, 48)
    decoded = jpeg.decode(encoded(frame), 64).astype(int)
    assert np.abs(decoded - frame).max() < 12


@pytest.mark.parametrize(("least_px", "share"), [(100, 8), (101, 4), (250, 2), (400, 2), (401, 1)])
def test_large_frames_are_halved_while_enough_is_left(least_px: int, share: int) -> None:
    """Both sides keep what the model needs."""
    decoded = jpeg.decode(encoded(picture(1600, 800)), least_px)
    assert decoded.shape == (800 // share, 1600 // share, 3)


FILE = encoded(picture(40, 30))


@given(st.binary(max_size=200) | st.integers(0, len(FILE) - 1).map(lambda cut: FILE[:cut]))
def test_garbage_is_refused_in_words(data: bytes) -> None:
    """Random bytes and files cut short: an ImageError, or a size that the header does tell."""
    try:
        told: object = jpeg.size(data)
    except ImageError as error:
        told = str(error)
    assert told == (40, 30) or "JPEG" in str(told)


@given(st.integers(2, len(FILE) - 1), st.integers(0, 255))
def test_a_flipped_byte_raises_nothing_else(at: int, value: int) -> None:
    """A damaged file decodes to something, or is refused."""
    damaged = FILE[:at] + bytes([value]) + FILE[at + 1 :]
    try:
        width, height = jpeg.size(damaged)
        if width * height < 100_000:
            assert jpeg.decode(damaged, 1000).ndim == 3
    except ImageError:
        pass
