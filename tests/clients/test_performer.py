"""The synthetic performer: endless, seamless, reproducible, and honest about what it is."""

from itertools import islice

import numpy as np
import pytest

from clients import performer
from clients.performer import Frame, Performer, moved, routine
from engines.motion.skeleton import MIRROR, PARENTS


@pytest.fixture(scope="module")
def minute() -> list[Frame]:
    """A minute at 60 Hz."""
    return list(islice(Performer(seed=3), 3600))


def test_it_says_that_it_is_synthetic() -> None:
    """Nobody takes it for a person."""
    assert "synthetic" in performer.NAME
    assert "synthetic" in Performer(seed=0).name


def test_a_seed_repeats_the_performance() -> None:
    """Iterating twice gives the same frames; another seed gives others."""
    one, two, other = Performer(1), Performer(1), Performer(2)
    for a, b in zip(islice(one, 300), islice(two, 300), strict=True):
        assert a.seq == b.seq
        assert a.time_s == b.time_s
        assert np.array_equal(a.joints, b.joints)
    actions = [[f.action for f in islice(p, 0, 3000, 60)] for p in (one, other)]
    assert actions[0] != actions[1]


@pytest.mark.parametrize("rate_hz", [20.0, 50.0, 60.0, 240.0])
def test_time_rises_at_the_rate(rate_hz: float) -> None:
    """Times are computed from the frame number, a few milliseconds off, and never fall."""
    frames = list(islice(Performer(5, rate_hz), 500))
    time_s = np.array([f.time_s for f in frames])
    seq = np.array([f.seq for f in frames])
    assert (np.diff(time_s) > 0).all()
    assert (np.diff(seq) > 0).all()
    assert np.abs(time_s - seq / rate_hz).max() <= 0.0046
    assert np.std(np.diff(time_s)) > 0


def test_few_frames_are_missing(minute: list[Frame]) -> None:
    """Now and then one is dropped: under one in a hundred, but some."""
    missing = minute[-1].seq + 1 - len(minute)
    assert 0 < missing < 36


def test_the_motion_has_no_seams(minute: list[Frame]) -> None:
    """Pelvis and head never jump, bones keep their length but for the noise."""
    joints = np.stack([f.joints for f in minute])
    assert joints.dtype == np.float32
    assert np.isfinite(joints).all()
    steps = np.linalg.norm(np.diff(joints[:, [0, 15]], axis=0), axis=-1)
    gaps = np.diff([f.seq for f in minute])[:, None]
    assert (steps / gaps).max() < 0.12
    bones = np.linalg.norm(joints[:, 1:] - joints[:, PARENTS[1:]], axis=-1)
    assert np.abs(bones - np.median(bones, axis=0)).max() < 0.09


def test_it_performs_what_it_promises(minute: list[Frame]) -> None:
    """Every action named is in the list, and a minute shows many of them."""
    actions = {f.action for f in minute}
    assert actions <= set(Performer(3).actions)
    assert len(actions) > 8
    assert len(set(Performer(3).actions)) == len(Performer(3).actions) >= 20


def test_clips_can_follow_each_other() -> None:
    """From every posture that a clip ends in, at least two others start or lead on."""
    clips = routine().clips
    for clip in clips:
        assert [c for c in clips if c.start == clip.end and c.action != clip.action]


def test_left_clips_are_left() -> None:
    """The left kick lifts the left foot and the right kick the right one."""
    for clip in routine().clips:
        if "kicks" in clip.action:
            lift = np.ptp(clip.joints[:, [7, 8], 1], axis=0)
            assert (lift[0] > lift[1]) == ("left" in clip.action)


def test_moving_a_clip_keeps_its_shape() -> None:
    """A clip turned onto another pose starts there, facing the same way."""
    joints = routine().clips[0].joints
    angle = 2.0
    turn = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    onto = joints[0] @ turn.T + [3.0, 0.0, -1.0]
    out = moved(joints, onto)
    assert np.allclose(out[0], onto, atol=1e-6)
    spread = [np.linalg.norm(x[-1] - x[0, 0], axis=-1) for x in (out, joints)]
    assert np.allclose(*spread, atol=1e-6)


def test_no_rate_is_refused() -> None:
    """A rate of zero has no next frame."""
    with pytest.raises(ValueError, match="positive"):
        Performer(0, 0.0)


def test_the_routine_is_small() -> None:
    """It travels with the package."""
    assert performer.ROUTINE.stat().st_size < 1_500_000
    assert len(MIRROR) == routine().clips[0].joints.shape[1]
