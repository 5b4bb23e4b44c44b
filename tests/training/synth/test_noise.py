"""Sensors change joints as much as they say and keep them usable."""

import numpy as np
import pytest

from training.synth import compose, noise
from training.synth.body import Body, joints


@pytest.fixture(scope="module")
def clean() -> np.ndarray:
    """A walk and a wave."""
    rng = np.random.default_rng(3)
    items = [compose.perform(name, rng) for name in ("walk", "wave", "walk")]
    return joints(compose.play(items)[0], Body())


@pytest.mark.parametrize("sensor", noise.SENSORS)
def test_sensed_joints_stay_near_the_body(sensor: str, clean: np.ndarray) -> None:
    """Finite float32 of the same shape, on average within 20 cm about the pelvis."""
    for seed in range(5):
        sensed = noise.sense(clean, sensor, np.random.default_rng(seed))
        assert sensed.shape == clean.shape
        assert sensed.dtype == np.float32
        assert np.isfinite(sensed).all()
        local = (sensed - sensed[:, :1]) - (clean - clean[:, :1])
        assert np.linalg.norm(local, axis=-1).mean() < 0.2


def test_the_given_joints_are_not_changed(clean: np.ndarray) -> None:
    """Sensors work on a copy."""
    before = clean.copy()
    for sensor in noise.SENSORS:
        noise.sense(clean, sensor, np.random.default_rng(1))
    assert np.array_equal(clean, before)


def test_a_depth_camera_errs_more_than_an_optical_system(clean: np.ndarray) -> None:
    """How much the lengths of the shins change over time tells them apart."""

    def change(sensor: str) -> float:
        sensed = [noise.sense(clean, sensor, np.random.default_rng(i)) for i in range(12)]
        return float(np.mean([np.linalg.norm(s[:, 4] - s[:, 7], axis=1).std() for s in sensed]))

    assert change("depth") > 3 * change("optical")


def test_some_sensors_give_no_translation(clean: np.ndarray) -> None:
    """IMU suits and single cameras sometimes leave the pelvis over one place."""
    for sensor in ("imu", "monocular"):
        moves = [
            np.ptp(noise.sense(clean, sensor, np.random.default_rng(i))[:, 0, [0, 2]], axis=0).max()
            for i in range(20)
        ]
        assert min(moves) < 0.1
        assert max(moves) > 0.5
