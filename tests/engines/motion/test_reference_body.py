"""Bodies of any size give the features of the reference body."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import ShapeError
from engines.motion.humanml3d import FEATURE_COUNT, HumanML3DStream
from engines.motion.reference_body import ReferenceBodyStream, laid, leg_scale, together
from tests.engines.motion.poses import moving


def test_the_datasets_own_clip_stays_as_it_is(shared) -> None:
    """Its joints lie on the reference body already, to the rounding of the lengths."""
    joints = np.load(shared / "vectors" / "humanml3d" / "new_joints_012314.npy")
    joints = joints.astype(np.float32)
    assert leg_scale(joints[0]) == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(laid(joints, 1.0), joints, atol=1e-3)
    np.testing.assert_allclose(
        ReferenceBodyStream().push(joints)[:, :67],
        HumanML3DStream().push(joints)[:, :67],
        atol=2e-3,
    )


@pytest.mark.parametrize("size", [0.4, 0.9, 1.3, 2.0])
def test_size_does_not_matter(size: float) -> None:
    """A child and a giant that move alike have the same features."""
    joints = moving(40, seed=1)
    alike = ReferenceBodyStream().push(joints * np.float32(size))
    np.testing.assert_allclose(alike, ReferenceBodyStream().push(joints), atol=2e-4)


def test_proportions_do_not_matter() -> None:
    """Long arms on the same directions give the same body."""
    joints = moving(10, seed=2)
    longer = joints.copy()
    longer[:, 20] += 0.5 * (joints[:, 20] - joints[:, 18])
    np.testing.assert_allclose(laid(longer, 1.0), laid(joints, 1.0), atol=1e-5)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=8))
def test_chunking_does_not_matter(sizes: list[int]) -> None:
    """Frames in any pieces give the rows of one push."""
    joints = moving(40, seed=3)
    whole, stream, begin, parts = ReferenceBodyStream().push(joints), ReferenceBodyStream(), 0, []
    for size in [*sizes, 40]:
        parts.append(stream.push(joints[begin : begin + size]))
        begin += size
    assert np.array_equal(np.concatenate(parts), whole)
    assert whole.shape == (39, FEATURE_COUNT)


def test_together_is_as_alone() -> None:
    """People who have come differently far; their states stay as they are."""
    streams, given_now = [], []
    for seed, before in enumerate((0, 1, 10)):
        joints, stream = moving(20, seed=seed), ReferenceBodyStream()
        stream.push(joints[:before])
        streams.append(stream)
        given_now.append((stream.state, joints[before:]))
    first, second = together(given_now), together(given_now)
    for stream, (_, joints), (rows, state), again in zip(
        streams, given_now, first, second, strict=True
    ):
        assert np.array_equal(stream.push(joints), rows)
        assert np.array_equal(rows, again[0])
        assert stream.state is not None
        assert state is not None
        assert state.scale == stream.state.scale


def test_unfit_joints_are_refused() -> None:
    """Wrong shapes, NaN and a body without legs are refused before they spoil the state."""
    for joints in (np.zeros((1, 21, 3)), np.full((1, 22, 3), np.nan), np.zeros((1, 22, 3))):
        stream = ReferenceBodyStream()
        with pytest.raises(ShapeError):
            stream.push(joints.astype(np.float32))
        assert stream.state is None
