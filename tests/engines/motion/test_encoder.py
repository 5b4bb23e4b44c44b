"""The encoder graph: streaming equals offline, people do not mix, pooling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import models
from engines.errors import ShapeError
from engines.motion import features
from engines.motion.encoder import MotionEncoder, pool
from engines.motion.history import History, Layout, nothing_yet
from tests.engines.motion.poses import moving

FRAMES = 50
BLOCKS = 7
BOUND = 2e-5


@pytest.fixture(scope="module")
def encoder() -> MotionEncoder:
    return MotionEncoder.load(models.find("bundled"))


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    """Features of three people: (3, FRAMES, F)."""
    return features.offline(np.stack([moving(FRAMES, seed=seed) for seed in range(3)]))


def fresh(encoder: MotionEncoder, people: int) -> list[History]:
    return [encoder.initial_state() for _ in range(people)]


@settings(deadline=None, max_examples=20)
@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_chunking_does_not_matter(
    encoder: MotionEncoder, rows: np.ndarray, sizes: list[int]
) -> None:
    """Any chunks, with the state handed on, give what one call gives."""
    whole = encoder.step(rows[:1], fresh(encoder, 1))
    states, values, attention, begin = fresh(encoder, 1), [], [], 0
    for size in [*sizes, FRAMES]:
        if begin < FRAMES:
            out = encoder.step(rows[:1, begin : begin + size], states)
            states, begin = out.states, begin + size
            values.append(out.values)
            attention.append(out.attention)
    np.testing.assert_allclose(np.concatenate(values, axis=1), whole.values, atol=BOUND)
    np.testing.assert_allclose(np.concatenate(attention, axis=1), whole.attention, atol=BOUND)


def test_people_in_a_batch_do_not_mix(encoder: MotionEncoder, rows: np.ndarray) -> None:
    """One call for three people gives what three calls give."""
    together = encoder.step(rows, fresh(encoder, 3))
    for person in range(3):
        alone = encoder.step(rows[person : person + 1], fresh(encoder, 1))
        np.testing.assert_allclose(together.values[person], alone.values[0], atol=BOUND)
        for block in range(BLOCKS):
            own, other = together.states[person].past(block), alone.states[0].past(block)
            np.testing.assert_allclose(own, other, atol=BOUND)


def test_values_are_unit_rows(encoder: MotionEncoder, rows: np.ndarray) -> None:
    """So that a dot product with a text is a cosine."""
    values = encoder.step(rows, fresh(encoder, 3)).values
    np.testing.assert_allclose(np.linalg.norm(values, axis=-1), 1, atol=1e-4)


@pytest.mark.parametrize("count", [1, 5])
def test_a_call_can_be_made_again(encoder: MotionEncoder, rows: np.ndarray, count: int) -> None:
    """From the same states, whose histories have grown meanwhile: the same."""
    states = encoder.step(rows[:, :20], fresh(encoder, 3)).states
    first = encoder.step(rows[:, 20 : 20 + count], states)
    encoder.step(rows[:, 30:40], first.states)
    second = encoder.step(rows[:, 20 : 20 + count], states)
    assert np.array_equal(first.values, second.values)
    assert np.array_equal(first.attention, second.attention)


def test_unfit_arrays_are_refused(encoder: MotionEncoder, rows: np.ndarray) -> None:
    """Another width of features, another number of states, or those of another encoder."""
    other = nothing_yet(Layout((1, 2), 4, 8))
    with pytest.raises(ShapeError, match="features"):
        encoder.step(rows[..., 1:], fresh(encoder, 3))
    for states in (fresh(encoder, 2), [*fresh(encoder, 2), other]):
        with pytest.raises(ShapeError, match="3 states of this encoder"):
            encoder.step(rows, states)


def test_pooling_follows_attention() -> None:
    """Great attention on one frame gives that frame, equal attention the direction of the mean."""
    values = np.eye(3, dtype=np.float32)
    sharp = pool(values, np.array([0, 90, 0], np.float32))
    np.testing.assert_allclose(sharp, values[1], atol=1e-6)
    even = pool(values, np.zeros(3, np.float32))
    np.testing.assert_allclose(even, np.full(3, 3**-0.5), atol=1e-6)


def test_pooling_leaves_frames_out() -> None:
    """Minus infinity means that a frame is not there."""
    values = np.eye(3, dtype=np.float32)
    pooled = pool(values, np.array([0, -np.inf, 0], np.float32))
    assert pooled[1] == 0
