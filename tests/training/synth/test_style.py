"""What differs between two performers of one primitive, and what must not."""

import numpy as np
import pytest

from training.synth import compose
from training.synth.registry import REGISTRY


def performed(name: str, seed: int) -> np.ndarray:
    """Joints (T, 22, 3) of one performance, without a sensor."""
    rng = np.random.default_rng(seed)
    rows, _ = compose.play([compose.perform(name, rng)], compose.FPS)
    return compose.body_joints(rows, rng)


def lowest(joints: np.ndarray) -> tuple[float, float]:
    """Heights of pelvis and head over the feet, at their least, as shares of standing height."""
    floor = np.minimum(joints[:, 7, 1], joints[:, 8, 1])
    pelvis, head = joints[:, 0, 1] - floor, joints[:, 15, 1] - floor
    return float(pelvis.min() / head.max()), float(head.min() / head.max())


def test_people_get_down_by_the_back_or_by_the_knees() -> None:
    """Picking something up: some keep the hips high, some the head, none stays upright."""
    found = np.array([lowest(performed("pick_up", seed)) for seed in range(40)])
    assert found[:, 0].min() < 0.3
    assert found[:, 0].max() > 0.45
    assert found[:, 1].min() < 0.45
    assert found[:, 1].max() > 0.65
    assert (found[:, 1] < 0.92).all()


@pytest.mark.parametrize(("name", "deepest"), [("pick_up_squat", 0.46), ("put_down_squat", 0.46)])
def test_who_squats_bends_the_knees(name: str, deepest: float) -> None:
    """A way that is named in the words is kept by all performers."""
    assert all(lowest(performed(name, seed))[0] < deepest for seed in range(20))
    assert REGISTRY[name].knees[0] > 0.5


def test_hands_that_meet_still_meet() -> None:
    """Claps are wide or narrow, high or low, and still claps."""
    claps = [performed("clap_wide", seed) for seed in range(30)]
    apart = [np.linalg.norm(joints[:, 20] - joints[:, 21], axis=1) for joints in claps]
    assert all(distance.min() < 0.25 for distance in apart)
    widest = [distance.max() for distance in apart]
    assert max(widest) > 1.3 * min(widest)
    height = [float(np.median(joints[:, 20, 1] - joints[:, 16, 1])) for joints in claps]
    assert max(height) - min(height) > 0.15
