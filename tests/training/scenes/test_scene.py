"""Rendered scenes."""

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from training.scenes import backgrounds, scene, vocabulary

HELD = tuple(pair for pair in vocabulary.SEEN if pair[1])


def drawn(seed: int = 0, **how: object) -> scene.Scene:
    return scene.draw(np.random.default_rng(seed), "train", **how)  # type: ignore[arg-type]


def test_the_same_time_gives_the_same_picture() -> None:
    """Nothing is drawn at random while rendering."""
    one = drawn()
    first, again = one.frame(0.4), one.frame(0.4)
    np.testing.assert_array_equal(first.image, again.image)
    np.testing.assert_array_equal(first.labels, again.labels)


def test_the_same_seed_gives_the_same_scene() -> None:
    """A scene depends on its generator only."""
    np.testing.assert_array_equal(drawn(3).frame().image, drawn(3).frame().image)


def test_people_move_and_the_background_does_not() -> None:
    """Between two times only pixels about the actors change, but for the grain."""
    one = drawn(5, actors=1)
    still = scene.Scene(one.actors, one.clutter, one.camera, quiet(), one.split, one.seed)
    before, after = still.frame(0.0), still.frame(0.7)
    moved = np.abs(before.image.astype(int) - after.image).max(axis=2) > 12
    assert moved.any()
    x0, y0 = np.minimum(before.boxes, after.boxes)[0, :2] - 25
    x1, y1 = np.maximum(before.boxes, after.boxes)[0, 2:] + 25
    ys, xs = np.nonzero(moved)
    assert xs.min() >= x0
    assert xs.max() <= x1
    assert ys.min() >= y0
    assert ys.max() <= y1


def quiet() -> scene.Film:
    return scene.Film(1.0, 1.0, (1.0, 1.0, 1.0), (0.0, 0.0), 0.0, 0.0)


@pytest.mark.parametrize("pair", vocabulary.PAIRS, ids=vocabulary.label)
def test_every_pair_can_be_rendered(pair: vocabulary.Pair) -> None:
    """An actor is there, with the object if there is one, and inside their box."""
    frames = [drawn(seed, actors=1, pairs=(pair,)).frame() for seed in range(3)]
    assert all(frame.image.shape == (scene.SIZE_PX, scene.SIZE_PX, 3) for frame in frames)
    assert all((frame.labels == 1).sum() > 200 for frame in frames)
    assert any((frame.labels == 2).any() for frame in frames) == bool(pair[1])
    for frame in frames:
        ys, xs = np.nonzero(frame.labels)
        x0, y0, x1, y1 = frame.boxes[0]
        assert x0 - 2 <= xs.min() <= xs.max() <= x1 + 2
        assert y0 - 2 <= ys.min() <= ys.max() <= y1 + 2


def test_actors_of_a_scene_do_different_things() -> None:
    """No pair is in a scene twice, and held-out pairs are in no training scene."""
    for seed in range(40):
        pairs = drawn(seed).pairs
        assert len(set(pairs)) == len(pairs)
        assert set(pairs) <= set(vocabulary.SEEN)


def test_size_is_free() -> None:
    """A larger picture shows the same scene."""
    one = drawn(2, actors=2)
    small, large = one.frame(), one.frame(size_px=288)
    assert large.image.shape == (288, 288, 3)
    np.testing.assert_allclose(large.boxes / 2, small.boxes, atol=1.5)


def test_backgrounds_of_train_and_test_are_different_families() -> None:
    """The test's backgrounds are never trained on."""
    families = list(chain(*backgrounds.FAMILIES.values()))
    assert len(set(families)) == len(families)


@pytest.mark.parametrize("split", ["train", "calibration", "test"])
@pytest.mark.parametrize("which", range(7))
def test_every_background_fills_the_picture(split: backgrounds.Split, which: int) -> None:
    """A family gives a picture of the size, with finite colours."""
    families = backgrounds.FAMILIES[split]
    made = families[which % len(families)](96, np.random.default_rng(which))
    assert made.shape == (96, 96, 3)
    assert np.isfinite(made).all()


def test_only_training_shows_objects_askew() -> None:
    """In training half of them are tilted or smaller; in tests they are as people hold them."""
    training, test = (
        [scene.draw(np.random.default_rng(seed), split, pairs=HELD) for seed in range(30)]
        for split in ("train", "test")
    )
    tilts = [
        [actor.prop.tilt_deg for one in made for actor in one.actors] for made in (training, test)
    ]
    assert 0.2 < np.mean(np.array(tilts[0]) != 0) < 0.6
    assert not np.any(tilts[1])
    assert [one.pairs for one in training] == [one.pairs for one in test]


def test_a_tilted_object_turns_about_where_it_is_held() -> None:
    """The picture changes about the object only."""
    one = drawn(7, actors=1, pairs=(("wave", "flag"),))
    actor = one.actors[0]
    still = replace(one, actors=(replace(actor, prop=replace(actor.prop, tilt_deg=0.0)),))
    turned = replace(one, actors=(replace(actor, prop=replace(actor.prop, tilt_deg=90.0)),))
    before, after = still.frame(), turned.frame()
    assert (before.labels != after.labels).any()
    body = (before.labels == 1) & (after.labels == 1)
    assert body.sum() > 0.8 * (before.labels == 1).sum()
