"""Joined clips: boundaries where they are said to be, no jump of place or heading."""

import numpy as np
import pytest

from benchmarks.motion.joining import FADE_FRAMES, Clip, heading, joined, placed, sequences
from training import synth


@pytest.fixture(scope="module")
def joints():
    """Four seconds of a synthesised person."""
    return synth.sequence(3, 0).joints[:80].astype(np.float64)


def test_a_body_that_faces_z_has_heading_zero(joints):
    """And turning it so that it faces x gives a quarter turn."""
    pose = np.zeros((22, 3))
    pose[1], pose[2] = (0.1, 1, 0), (-0.1, 1, 0)
    assert heading(pose) == pytest.approx(0)
    pose[1], pose[2] = (0, 1, -0.1), (0, 1, 0.1)
    assert heading(pose) == pytest.approx(np.pi / 2)


def test_placed_stands_and_faces_as_told_and_keeps_its_shape(joints):
    """First frame at the pose's place and heading; all distances within frames stay."""
    pose = placed(joints, joints[40])[0]
    moved = placed(joints[:40], pose + np.array([3.0, 0.0, -2.0]))
    assert heading(moved[0]) == pytest.approx(heading(pose), abs=1e-6)
    np.testing.assert_allclose(moved[0, 0, [0, 2]], pose[0, [0, 2]] + (3.0, -2.0), atol=1e-6)
    np.testing.assert_allclose(moved[..., 1], joints[:40, :, 1], atol=1e-6)
    before = np.linalg.norm(joints[:40, :, None] - joints[:40, None], axis=-1)
    after = np.linalg.norm(moved[:, :, None] - moved[:, None], axis=-1)
    np.testing.assert_allclose(before, after, atol=1e-5)


def test_spans_meet_and_cover_the_whole(joints):
    """Each boundary is the middle of a fade; lengths add up less the fades."""
    clips = [Clip(joints[:30], "a"), Clip(joints[20:60], "b"), Clip(joints[40:], "c")]
    recording = joined("x", clips, ("a", "b", "c"))
    assert len(recording.joints) == 30 + 40 + 40 - 2 * FADE_FRAMES
    assert [span.text for span in recording.spans] == ["a", "b", "c"]
    assert recording.spans[0].start_s == 0
    assert recording.spans[-1].end_s == pytest.approx(len(recording.joints) / 20)
    assert recording.spans[0].end_s == recording.spans[1].start_s == (30 - FADE_FRAMES / 2) / 20


def test_no_joint_jumps_at_a_boundary(joints):
    """Poses a world apart and turned round are met by a fade: no step over 0.4 m in 50 ms."""
    far = (joints @ np.array([[0, 0, -1.0], [0, 1, 0], [1, 0, 0]])) + (50.0, 0, 9.0)
    recording = joined("x", [Clip(joints, "a"), Clip(far, "b")], ("a", "b"))
    steps = np.linalg.norm(np.diff(recording.joints, axis=0), axis=-1)
    assert steps.max() < max(0.4, np.linalg.norm(np.diff(joints, axis=0), axis=-1).max() + 0.2)


def test_sequences_never_repeat_a_text_and_use_a_clip_once():
    """Whatever the counts of the texts."""
    clips = [Clip(np.zeros((20, 22, 3)), text) for text in "aaaaaabbbcccdd"]
    drawn = list(sequences(clips, 3, np.random.default_rng(0)))
    assert len(drawn) >= 3
    for group in drawn:
        assert len({clip.text for clip in group}) == len(group) == 3
    used = [id(clip) for group in drawn for clip in group]
    assert len(used) == len(set(used))
