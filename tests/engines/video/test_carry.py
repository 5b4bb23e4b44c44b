"""Maps follow the picture: a law for what stands still, and motions whose truth is known."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from engines.video import carry

SIDE = 24


def texture(seed: int = 0) -> np.ndarray:
    """A soft random picture (240, 320, 3) uint8, larger structures first."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((240, 320, 3), np.float32)
    for cells in (6, 12, 24):
        coarse = rng.normal(size=(cells, cells, 3)).astype(np.float32)
        picture += cv2.resize(coarse, (320, 240), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 40 * picture, 0, 255).astype(np.uint8)


def moved(picture: np.ndarray, x_px: float, y_px: float) -> np.ndarray:
    matrix = np.array([[1, 0, x_px], [0, 1, y_px]], np.float32)
    return cv2.warpAffine(picture, matrix, (320, 240), borderMode=cv2.BORDER_REFLECT)


def blob(x: float, y: float) -> np.ndarray:
    """One map (1, SIDE, SIDE) with a peak at x, y in 0..1."""
    cells = (np.arange(SIDE) + 0.5) / SIDE
    square = (cells[None, :] - x) ** 2 + (cells[:, None] - y) ** 2
    return np.exp(-square / (2 * 0.08**2)).astype(np.float32)[None]


def peak(maps: np.ndarray) -> tuple[float, float]:
    row, column = np.unravel_index(maps[0].argmax(), maps[0].shape)
    return (float(column) + 0.5) / SIDE, (float(row) + 0.5) / SIDE


def test_a_picture_that_stands_still_keeps_its_maps() -> None:
    """However many frames pass, nothing is blurred and nothing moves."""
    picture = carry.grey(texture())
    maps = np.random.default_rng(0).normal(size=(3, 14, 11)).astype(np.float32)
    places = carry.still()
    for _ in range(30):
        places = carry.traced(places, carry.flow(picture, picture))
    np.testing.assert_allclose(carry.carried(maps, places), maps, atol=0.01)


@pytest.mark.parametrize("step", [(4.0, 0.0), (-3.0, 2.0), (0.0, -4.0)])
def test_the_peak_moves_with_the_picture(step: tuple[float, float]) -> None:
    """Twelve frames of a moving camera: the peak is where its place has gone, within a cell."""
    picture = texture()
    key = carry.grey(picture)
    before, places = key, carry.still()
    for frame in range(1, 13):
        now = carry.grey(moved(picture, step[0] * frame, step[1] * frame))
        places = carry.traced(places, carry.flow(before, now))
        before = now
    x, y = peak(carry.carried(blob(0.5, 0.5), places))
    assert abs(x - (0.5 + 12 * step[0] / 320)) <= 1 / SIDE
    assert abs(y - (0.5 + 12 * step[1] / 240)) <= 1 / SIDE


def test_only_what_moves_takes_its_map_along() -> None:
    """A patch that slides over a still background leaves the rest of the map where it was."""
    background, patch = texture(1), texture(2)[:80, :80]
    frames = []
    for step in range(11):
        picture = background.copy()
        picture[80:160, 40 + 8 * step : 120 + 8 * step] = patch
        frames.append(carry.grey(picture))
    places = carry.still()
    for before, now in pairwise(frames):
        places = carry.traced(places, carry.flow(before, now))
    x, y = peak(carry.carried(blob(80 / 320, 0.5), places))
    assert (x, y) == pytest.approx((160 / 320, 0.5), abs=2 / SIDE)
    x, y = peak(carry.carried(blob(0.85, 0.15), places))
    assert (x, y) == pytest.approx((0.85, 0.15), abs=1 / SIDE)


def test_noise_is_no_change_and_a_moved_hand_is_one() -> None:
    """Sensor noise never calls for a new key frame; something small that moves does."""
    rng = np.random.default_rng(3)
    picture = texture()

    def seen(image: np.ndarray) -> np.ndarray:
        return carry.grey(np.clip(image + rng.normal(0, 6, image.shape), 0, 255).astype(np.uint8))

    assert not any(carry.changed(seen(picture), seen(picture)) for _ in range(20))
    other = picture.copy()
    other[100:124, 100:124] = 255 - other[100:124, 100:124]
    assert carry.changed(seen(picture), seen(other))


def test_maps_of_any_grid_keep_their_shape() -> None:
    """One cell, one row, any number of prompts."""
    for shape in ((1, 1, 1), (2, 1, 7), (0, 14, 14)):
        maps = np.ones(shape, np.float32)
        np.testing.assert_allclose(carry.carried(maps, carry.still()), maps)
