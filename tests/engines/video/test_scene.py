"""A scene from frame to frame: the key frame's maps lie where the picture has gone."""

from dataclasses import replace

import cv2
import numpy as np

from engines.video import carry
from engines.video.engine import Found, Grounding
from engines.video.scene import Scene

GRID = 12


def grey(shift: int) -> np.ndarray:
    """A textured patch on a textured wall, `shift` pixels of 128 to the right."""
    rng = np.random.default_rng(5)
    noise = [cv2.resize(rng.normal(size=(9, 12)), (128, 96)) for _ in range(2)]
    picture = 120 + 30 * noise[0]
    picture[30:66, 20 + shift : 56 + shift] = 120 + 60 * noise[1][:36, :36]
    return np.clip(picture, 0, 255).astype(np.uint8)


def grounding(time_s: float, shift: int) -> Grounding:
    """What a model would say of such a picture: hot in the middle of the patch."""
    x, y = (38 + shift) / 128, 48 / 96
    cells = (np.arange(GRID) + 0.5) / GRID
    heat = np.exp(-((cells[None, :] - x) ** 2 + (cells[:, None] - y) ** 2) / 0.02)
    found = Found("waves", heat.astype(np.float32), 0.1, 0.3, 0.9, True)
    return Grounding(time_s, (found,))


def middle(scene: Scene) -> float:
    """Centre of the first map's heat, in pixels of 128."""
    assert scene.maps is not None
    hot = np.where(scene.maps[0] > 0.5, scene.maps[0], 0).sum(axis=0)
    return float((hot * (np.arange(GRID) + 0.5)).sum() / hot.sum() / GRID * 128)


def test_an_answer_that_comes_late_fits_the_newest_frame() -> None:
    """The patch went on while the model worked: the map is read where it was then."""
    scene = Scene(grey(0), 0.0).departed()
    for frame in range(1, 9):
        scene = scene.seen(grey(3 * frame), frame / 30)
        assert scene.maps is None
    scene = scene.returned(grounding(0.0, 0)).drawn()
    assert abs(middle(scene) - (38 + 24)) < 6
    assert scene.changed
    assert scene.grounding is not None
    assert scene.grounding.time_s == 0.0


def test_two_key_frames_are_followed_at_once() -> None:
    """The one in force until the next has come, without a jump."""
    scene = Scene(grey(0), 0.0).departed().returned(grounding(0.0, 0)).drawn()
    places = []
    for frame in range(1, 16):
        scene = scene.seen(grey(2 * frame), frame / 30)
        if frame == 5:
            scene = scene.departed()
        if frame == 10:
            scene = scene.returned(grounding(5 / 30, 10)).drawn()
        places.append(middle(scene))
    expected = 38 + 2 * np.arange(1, 16)
    assert np.abs(np.array(places) - expected).max() < 6


def test_where_nothing_changes_nothing_moves() -> None:
    """Noise below what counts as change does not make the map tremble."""
    rng = np.random.default_rng(1)
    scene = Scene(grey(0), 0.0).departed().returned(grounding(0.0, 0)).drawn()
    first = scene.maps
    for frame in range(1, 20):
        noisy = np.clip(grey(0) + rng.normal(0, 2, (96, 128)), 0, 255).astype(np.uint8)
        scene = scene.seen(noisy, frame / 30)
        assert not scene.changed
    np.testing.assert_allclose(scene.maps, first)


def test_a_still_picture_is_due_once_its_own_maps_can_be_had() -> None:
    """Not before, and not again when they are there; another picture is due at once."""
    mixed = replace(grounding(0.0, 0), settles_s=0.5)
    scene = Scene(grey(0), 0.0).departed().returned(mixed).drawn()
    for time_s, due in ((0.1, False), (0.49, False), (0.5, True), (0.9, True)):
        scene = scene.seen(grey(0), time_s)
        assert (scene.changed, scene.due) == (False, due)
    settled = scene.departed().returned(grounding(0.9, 0)).drawn()
    assert not settled.seen(grey(0), 9.0).due
    assert settled.seen(grey(9), 9.0).due


def test_a_key_frame_that_failed_leaves_the_old_one() -> None:
    """Its places are forgotten; the maps stay."""
    scene = Scene(grey(0), 0.0).departed().returned(grounding(0.0, 0)).drawn()
    after = scene.seen(grey(2), 0.1).departed().returned(None)
    assert after.coming is None
    assert after.grounding is scene.grounding
    assert Scene(grey(0), 0.0).departed().returned(None).drawn().maps is None


def test_the_grey_picture_is_that_of_carry() -> None:
    """These pictures have its size, so that the tests are about the same thing."""
    assert grey(0).shape == (carry.HEIGHT_PX, carry.WIDTH_PX)
