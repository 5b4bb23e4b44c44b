"""Three maps and three points become one."""

import numpy as np
import pytest

from engines.video import fusion


def spot(y: int, x: int) -> np.ndarray:
    heat = np.zeros((5, 6), np.float32)
    heat[y, x] = 1.0
    return heat


def test_normalising_spans_nought_to_one_and_flat_maps_are_empty() -> None:
    """Scale and offset of cosines do not matter."""
    maps = np.stack([spot(1, 2) * 0.3 - 5, np.full((5, 6), 0.2, np.float32)])
    found = fusion.normalise(maps)
    np.testing.assert_allclose(found[0], spot(1, 2), atol=1e-6)
    assert not found[1].any()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([True, True, True], (0.6, 0.2, 0.2)),
        ([True, True, False], (0.75, 0.25, 0.0)),
        ([True, False, True], (0.75, 0.0, 0.25)),
        ([True, False, False], (1.0, 0.0, 0.0)),
    ],
)
def test_shares_of_what_is_missing_go_to_the_rest(given: list, wanted: tuple) -> None:
    """They always sum to one."""
    np.testing.assert_allclose(fusion.shares(given), wanted, atol=1e-6)


def test_fused_maps_agree_with_the_majority_where_points_fall_between() -> None:
    """Action and object on one person, the verb on another: the map stays on the first."""
    maps = np.stack([spot(1, 1), spot(1, 5), spot(1, 1)])
    heat = fusion.fuse_maps(maps, [True] * 3)
    assert np.unravel_index(heat.argmax(), heat.shape) == (1, 1)
    x, y = fusion.fuse_points(fusion.peak_points(maps, 50, 60), [True] * 3)
    assert (x, y) == (22, 14)  # 0.8 * 14 + 0.2 * 55: between the two, as published


def test_many_prompts_are_fused_at_once() -> None:
    """With leading axes, and parts missing here and there."""
    random = np.random.default_rng(0)
    maps = random.standard_normal((4, 3, 5, 6)).astype(np.float32)
    given = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 0], [1, 0, 0]], bool)
    together = fusion.fuse_maps(maps, given)
    for place in range(4):
        alone = fusion.fuse_maps(maps[place], given[place])
        np.testing.assert_allclose(together[place], alone, atol=1e-6)


def test_points_are_pixels_of_the_upsampled_map() -> None:
    """The largest value lies in the middle of its patch."""
    [(x, y)] = fusion.peak_points(spot(3, 1)[None], 50, 60)
    assert 14 <= x <= 15
    assert 34 <= y <= 35
