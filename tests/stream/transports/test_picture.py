"""Decoded frames in the sizes and colours that the models need."""

import numpy as np
import pytest
from av import VideoFrame

from stream.transports.picture import Picture


def picture(width: int, height: int) -> Picture:
    """Red on the left, blue on the right, as a decoder leaves it."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0] = pixels[:, width // 2 :, 2] = 200
    return Picture(VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p"))


@pytest.mark.parametrize(
    ("size_px", "least_px", "expected_px"),
    [
        ((640, 480), 224, (320, 240)),
        ((1920, 1080), 96, (240, 135)),
        ((320, 240), 224, (320, 240)),
        ((100, 80), 224, (100, 80)),
        ((642, 481), 96, (160, 120)),
    ],
)
def test_halved_while_it_is_large_enough(
    size_px: tuple[int, int], least_px: int, expected_px: tuple[int, int]
) -> None:
    """Up to three times, as JPEG files are; never made larger."""
    made = picture(*size_px)
    assert made.size_px() == size_px
    rgb = made.rgb(least_px)
    assert rgb.dtype == np.uint8
    assert rgb.shape == (expected_px[1], expected_px[0], 3)


def test_colours_are_red_green_blue() -> None:
    """In that order, and nearly as they were."""
    rgb = picture(640, 480).rgb(96)
    left, right = rgb[:, :60].mean(axis=(0, 1)), rgb[:, 100:].mean(axis=(0, 1))
    np.testing.assert_allclose(left, (200, 0, 0), atol=8)
    np.testing.assert_allclose(right, (0, 0, 200), atol=8)
