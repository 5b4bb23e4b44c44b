"""What bodies can do, of actions that training once did as nobody does them."""

import numpy as np
import pytest

from training.synth import compose


def performed(name: str, seed: int) -> np.ndarray:
    """Joints (T, 22, 3) of one performance between two rests, without a sensor."""
    rng = np.random.default_rng(seed)
    items = [compose.perform(each, rng) for each in ("stand_idle", name, "stand_idle")]
    rows, frames = compose.play(items, compose.FPS)
    return compose.body_joints(rows, rng)[slice(*frames[1])]


def leg(joints: np.ndarray) -> float:
    """Length of a leg in metres."""
    thigh = np.linalg.norm(joints[0, 1] - joints[0, 4])
    return float(thigh + np.linalg.norm(joints[0, 4] - joints[0, 7]))


@pytest.mark.parametrize(
    "name", ["hop_both", "hop_quick", "hop_high", "hop_arms_still", "hop_bent", "hop_both_go"]
)
def test_who_hops_is_high_while_in_the_air(name: str) -> None:
    """Both feet leave the floor, and the pelvis is higher then than while they stand."""
    for seed in range(8):
        joints = performed(name, seed)
        feet = joints[:, [7, 8], 1].min(axis=1)
        feet = (feet - feet.min()) / leg(joints)
        assert feet.max() > 0.08
        flying, standing = feet > 0.7 * feet.max(), feet < 0.1 * feet.max()
        pelvis = joints[:, 0, 1]
        assert pelvis[flying].mean() > pelvis[standing].mean()


@pytest.mark.parametrize(
    "name", ["put_down_bow", "put_down_bent", "put_down_deep", "put_down_stride", "put_down_low"]
)
def test_what_is_put_on_the_floor_gets_there(name: str) -> None:
    """A hand comes down to the ankles or nearly, whatever bends most; half of the time all the
    way."""
    reached = []
    for seed in range(12):
        joints = performed(name, seed)
        low = joints[:, 20:22, 1].min() - joints[:, [7, 8], 1].min()
        reached.append(low / leg(joints))
    assert np.median(reached) < 0.25
    assert max(reached) < 0.8


def test_kicks_are_low_or_high() -> None:
    """From the shin to over the hips, and no further than a leg can be."""
    tops = []
    for name in ("kick", "kick_low", "kick_high", "kick_far", "kick_guarded", "kick_step"):
        for seed in range(6):
            joints = performed(name, seed)
            feet = joints[:, [7, 8], 1]
            tops.append((feet.max() - feet.min()) / leg(joints))
    assert min(tops) < 0.25
    assert np.quantile(tops, 0.9) > 1.0
    assert max(tops) < 2.1
