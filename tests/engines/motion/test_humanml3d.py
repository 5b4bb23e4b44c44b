"""HumanML3D's features: agreement with the dataset's own numbers, and the laws of a live stream."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import ShapeError
from engines.motion.humanml3d import FEATURE_COUNT, HumanML3DStream, facing, rows

PARTS = {
    "turn": slice(0, 1),
    "root": slice(1, 4),
    "positions": slice(4, 67),
    "rotations": slice(67, 193),
    "velocities": slice(193, 259),
    "contacts": slice(259, 263),
}


@pytest.fixture(scope="module")
def reference(shared):
    """The dataset's joints and features of one clip."""
    folder = shared / "vectors" / "humanml3d"
    joints = np.load(folder / "new_joints_012314.npy").astype(np.float64)
    vectors = np.load(folder / "new_joint_vecs_012314.npy").astype(np.float64)
    return joints, vectors[:169]


def walker(frames: int, seed: int) -> np.ndarray:
    """A jittering body that wanders and turns."""
    rng = np.random.default_rng(seed)
    rest = np.zeros((22, 3))
    rest[:, 1] = np.linspace(0, 1.7, 22)
    rest[[1, 16], 0], rest[[2, 17], 0] = 0.2, -0.2
    angle = np.cumsum(rng.normal(0, 0.1, frames))
    turned = np.einsum("jk,tkl->tjl", rest, _about_y(angle))
    path = np.cumsum(rng.normal(0, 0.05, (frames, 1, 3)), axis=0)
    return (turned + path + rng.normal(0, 0.02, (frames, 22, 3))).astype(np.float32)


def _about_y(angle):
    zero, one = np.zeros_like(angle), np.ones_like(angle)
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, zero, -sin], [zero, one, zero], [sin, zero, cos]]).transpose(2, 0, 1)


@pytest.mark.parametrize("part", PARTS)
def test_agrees_with_the_dataset(reference, part):
    """With the heading that the dataset's features carry, every column follows from the joints."""
    joints, vectors = reference
    heading = -2 * np.concatenate([[0.0], np.cumsum(vectors[:, 0])])
    ours = rows(joints, heading)
    bound = 2e-5 if part == "rotations" else 1e-6
    assert np.abs(ours - vectors)[:, PARTS[part]].max() < bound


def test_live_heading_is_near_the_dataset(reference):
    """The causal heading costs little: typical differences are far below the columns' spread."""
    joints, vectors = reference
    ours = HumanML3DStream().push(joints.astype(np.float32))
    for name in ("positions", "velocities"):
        part = PARTS[name]
        assert np.abs(ours - vectors)[:, part].mean() < 0.15 * vectors[:, part].std()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.lists(st.integers(0, 6), min_size=1, max_size=12))
def test_chunking_does_not_matter(seed, sizes):
    """Frames pushed in any pieces give the rows of one push, bit for bit."""
    joints = walker(sum(sizes) + 1, seed)
    whole = HumanML3DStream().push(joints)
    stream, start, parts = HumanML3DStream(), 0, []
    for size in [*sizes, 1]:
        parts.append(stream.push(joints[start : start + size]))
        start += size
    assert np.array_equal(np.concatenate(parts), whole)
    assert whole.shape == (len(joints) - 1, FEATURE_COUNT)


def test_place_and_heading_do_not_matter():
    """A body moved and turned as a whole has the same features."""
    joints = walker(30, 1)
    moved = joints @ _about_y(np.array([1.1]))[0].astype(np.float32) + np.float32([3, 0.5, -2])
    assert np.allclose(HumanML3DStream().push(joints), HumanML3DStream().push(moved), atol=1e-4)


def test_facing_forward_has_left_at_plus_x():
    """A body with its left side at +x faces +z."""
    joints = np.zeros((22, 3))
    joints[[1, 16], 0], joints[[2, 17], 0] = 0.2, -0.2
    assert np.allclose(facing(joints), [0, 1])


def test_normalised_by_the_caller():
    """Mean and deviation are the caller's."""
    joints = walker(10, 2)
    mean, std = np.full(FEATURE_COUNT, 0.5, np.float32), np.full(FEATURE_COUNT, 2.0, np.float32)
    raw, scaled = HumanML3DStream().push(joints), HumanML3DStream(mean, std).push(joints)
    assert np.allclose(scaled, (raw - 0.5) / 2, atol=1e-6)


def test_unfit_joints_are_refused():
    """Wrong shapes and NaN are refused before they spoil the state."""
    with pytest.raises(ShapeError):
        HumanML3DStream().push(np.zeros((1, 21, 3), np.float32))
    with pytest.raises(ShapeError):
        HumanML3DStream().push(np.full((1, 22, 3), np.nan, np.float32))
    with pytest.raises(ShapeError):
        HumanML3DStream(np.zeros(3, np.float32))
