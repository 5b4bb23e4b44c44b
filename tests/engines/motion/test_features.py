"""Features: live equals offline, left is left, body size, place and heading do not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import ShapeError
from engines.motion import features, layout
from engines.motion.features import FEATURE_COUNT, LOOKAHEAD_FRAMES, FeatureStream, together
from engines.motion.skeleton import JOINT, MIRROR
from tests.engines.motion.poses import moving, standing

FRAMES = 40


def offline(joints: np.ndarray) -> np.ndarray:
    return features.offline(joints[None])[0]


@given(st.lists(st.integers(0, 7), min_size=1, max_size=30))
def test_chunking_does_not_matter(sizes: list[int]) -> None:
    """Pushed in any chunks, the rows are bit for bit those of one push."""
    joints = moving(FRAMES)
    stream, rows, begin = FeatureStream(), [], 0
    for size in [*sizes, FRAMES]:
        rows.append(stream.push(joints[begin : begin + size]))
        begin += size
    rows.append(stream.flush())
    assert np.array_equal(np.concatenate(rows), offline(joints))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=6))
def test_together_is_as_alone(people: list[tuple[int, int]]) -> None:
    """People who have come differently far, and bring differently many frames: bit for bit what
    each one's own stream gives, then and afterwards."""
    streams, given_now, later = [], [], []
    for seed, (before, now) in enumerate(people):
        joints, stream = moving(FRAMES, seed=seed), FeatureStream()
        stream.push(joints[:before])
        streams.append(stream)
        given_now.append((stream.state, joints[before : before + now]))
        later.append(joints[before + now :])
    made = together(given_now)
    for stream, (_, joints), rest, (rows, state) in zip(
        streams, given_now, later, made, strict=True
    ):
        assert np.array_equal(stream.push(joints), rows)
        other = FeatureStream()
        other.state = state
        assert np.array_equal(stream.push(rest), other.push(rest))


def test_a_row_comes_look_ahead_frames_late() -> None:
    """n frames in, n minus the look-ahead rows out; flush gives the rest."""
    stream = FeatureStream()
    assert stream.push(moving(10)).shape == (10 - LOOKAHEAD_FRAMES, FEATURE_COUNT)
    assert len(stream.flush()) == LOOKAHEAD_FRAMES
    assert len(stream.flush()) == 0


def test_later_frames_never_change_a_row() -> None:
    """Rows that are out depend on nothing that comes after their look-ahead."""
    one, other = moving(FRAMES), moving(FRAMES)
    other[20:] += 1
    assert np.array_equal(FeatureStream().push(one)[:18], FeatureStream().push(other)[:18])


def test_left_is_left() -> None:
    """A raised left wrist raises the left wrist's height, not the right one's."""
    pose = standing()
    pose[JOINT["left_wrist"], 1] = 1.8
    row = dict(zip(layout.COLUMNS, offline(pose[None].repeat(5, axis=0))[-1], strict=True))
    assert row["height left_wrist"] > row["height head"] > row["height right_wrist"]
    assert row["direction left_forearm.up"] > 0.9 > row["direction right_forearm.up"]


def test_the_mirror_of_features_is_the_features_of_the_mirror() -> None:
    """Swapping left and right in the joints swaps columns and signs, and nothing else."""
    joints = moving(FRAMES)
    mirrored = joints[:, list(MIRROR)] * np.array([-1, 1, 1], np.float32)
    expected = offline(joints)[:, layout.MIRROR] * layout.MIRROR_SIGNS
    np.testing.assert_allclose(offline(mirrored), expected, atol=2e-5)


@given(st.floats(-3.1, 3.1), st.floats(-5, 5), st.floats(-5, 5))
def test_place_and_heading_do_not_matter(angle: float, x: float, z: float) -> None:
    """The same motion elsewhere, facing elsewhere: as good as the same features.

    Not quite, because the median against spikes is taken axis by axis.
    """
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    moved = (moving(FRAMES) @ turn.T + [x, 0, z]).astype(np.float32)
    np.testing.assert_allclose(offline(moved), offline(moving(FRAMES)), atol=0.03)


@given(st.floats(0.5, 1.6))
def test_body_size_does_not_matter(size: float) -> None:
    """A child's and a giant's same motion have the same features."""
    scaled = (moving(FRAMES) * size).astype(np.float32)
    np.testing.assert_allclose(offline(scaled), offline(moving(FRAMES)), atol=5e-4)


def test_limb_lengths_do_not_move_the_canonical_body() -> None:
    """Longer forearms in the same direction change no direction, point or bend."""
    long = standing()
    for side in ("left", "right"):
        elbow, wrist = JOINT[f"{side}_elbow"], JOINT[f"{side}_wrist"]
        long[wrist] = long[elbow] + 1.4 * (long[wrist] - long[elbow])
    one, other = (offline(pose[None].repeat(4, axis=0)) for pose in (standing(), long))
    kept = [i for i, name in enumerate(layout.COLUMNS) if name.startswith(("point", "distance"))]
    np.testing.assert_allclose(one[:, kept], other[:, kept], atol=0.03)


def test_turning_left_is_positive_and_walking_forward_is_forward() -> None:
    """Turn and root velocity have the signs and units that their names say."""
    angle = np.arange(FRAMES) / 20 * 0.8  # 0.8 rad/s towards +x, where the left is
    turn = np.zeros((FRAMES, 3, 3))
    turn[:, 0, 0] = turn[:, 2, 2] = np.cos(angle)
    turn[:, 0, 2], turn[:, 2, 0], turn[:, 1, 1] = np.sin(angle), -np.sin(angle), 1
    turned = np.einsum("tij,kj->tki", turn, standing()).astype(np.float32)
    columns = list(layout.COLUMNS)
    assert offline(turned)[-5, columns.index("turn")] == pytest.approx(0.8, abs=0.02)
    walked = standing() + np.arange(FRAMES)[:, None, None] * np.array([0, 0, 0.05])
    speed = offline(walked.astype(np.float32))[-5, columns.index("root_velocity.forward")]
    assert speed == pytest.approx(1.0 / 0.82, rel=0.05)


def test_a_spike_of_one_frame_does_not_show() -> None:
    """A joint that jumps away for a single frame leaves the features as they are."""
    joints = standing()[None].repeat(30, axis=0)
    spiked = joints.copy()
    spiked[15, JOINT["left_wrist"]] += 2
    assert np.abs(offline(spiked) - offline(joints)).max() < 1e-6


def test_made_up_spine_and_collars_do_not_matter() -> None:
    """Joints that many rigs only make up are not used."""
    joints = moving(20)
    other = joints.copy()
    for name in ("spine1", "spine2", "spine3", "left_collar", "right_collar", "neck", "pelvis"):
        other[:, JOINT[name]] = 0
    assert np.array_equal(offline(joints), offline(other))


def test_a_collapsed_body_gives_finite_features() -> None:
    """All joints in one point, as a lost track sends, is no division by zero."""
    assert np.isfinite(offline(np.ones((10, 22, 3), np.float32))).all()


def test_hips_in_one_point_keep_the_facing() -> None:
    """A depth camera's collapsed, trembling hips leave the heading to the shoulders."""
    joints = standing()[None].repeat(FRAMES, axis=0)
    tremble = np.random.default_rng(0).normal(0, 0.01, (FRAMES, 2, 3))
    hips = [JOINT["left_hip"], JOINT["right_hip"]]
    joints[:, hips] = joints[:, [JOINT["pelvis"]]] + tremble
    assert np.abs(offline(joints)[:, layout.COLUMNS.index("turn")]).max() < 0.3


@pytest.mark.parametrize("shape", [(22, 3), (1, 21, 3), (1, 22, 2)])
def test_a_wrong_shape_is_refused(shape: tuple[int, ...]) -> None:
    """The error names the shape that was expected."""
    with pytest.raises(ShapeError, match="22, 3"):
        FeatureStream().push(np.zeros(shape, np.float32))


def test_values_that_are_not_finite_are_refused() -> None:
    """NaN never gets into the state."""
    joints = moving(3)
    joints[1, 4, 0] = np.nan
    stream = FeatureStream()
    with pytest.raises(ShapeError, match="finite"):
        stream.push(joints)
    assert stream.state is None


def test_no_frames_give_no_rows() -> None:
    """An empty push and an empty stream are no special case for the caller."""
    stream = FeatureStream()
    assert stream.push(np.empty((0, 22, 3), np.float32)).shape == (0, FEATURE_COUNT)
    assert stream.flush().shape == (0, FEATURE_COUNT)
