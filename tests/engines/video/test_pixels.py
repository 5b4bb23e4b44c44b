"""Frames to pixels."""

import numpy as np
import pytest

from engines import models
from engines.errors import ShapeError
from engines.video.pixels import prepare

VISION = models.Vision(32, 8, 4, 32, 24, 1, (0.5, 0.4, 0.3), (0.2, 0.25, 0.3))


def test_colours_are_normalised_and_the_picture_is_squashed() -> None:
    """Left stays left, red stays first."""
    frame = np.zeros((90, 160, 3), np.uint8)
    frame[:, :80, 0] = 255
    pixels = prepare(frame, VISION)
    assert pixels.shape == (3, 32, 32)
    assert pixels.dtype == np.float32
    np.testing.assert_allclose(pixels[0, :, :14], (1 - 0.5) / 0.2, atol=0.05)
    np.testing.assert_allclose(pixels[0, :, 18:], -0.5 / 0.2, atol=0.05)
    np.testing.assert_allclose(pixels[1], -0.4 / 0.25, atol=1e-5)


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((4, 4, 3), np.float32),
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        None,
    ],
)
def test_other_things_are_no_frames(frame: object) -> None:
    """Only RGB of whole numbers."""
    with pytest.raises(ShapeError, match="RGB"):
        prepare(frame, VISION)
