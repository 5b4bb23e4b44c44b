"""Running sums against adding up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.motion.tally import Tally

ROWS, DIM = 3, 4


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 99_999))
def test_sums_are_those_of_the_frames(frames, settled, gone, seed):
    """Over any stretch of what is left, however much has settled and has gone."""
    rng = np.random.default_rng(seed)
    shares, values = rng.random((ROWS, frames)), rng.standard_normal((frames, DIM))
    settled = min(settled, frames)
    gone = min(gone, settled)
    tally = Tally(ROWS, DIM)
    for value in values:
        tally.append(value)
    tally.free(shares)
    for _ in range(settled):
        tally.settle()
    for place in range(gone):
        column, value = tally.pop()
        np.testing.assert_allclose(column, shares[:, place], atol=1e-12)
        np.testing.assert_allclose(value, values[place], atol=1e-12)
    assert tally.settled == settled - gone
    first, last = sorted(rng.integers(0, frames - gone + 1, 2).tolist())
    inside = slice(gone + first, gone + last)
    for row in range(ROWS):
        weight, pooled = tally.between(first, last, row)
        assert weight == pytest.approx(shares[row, inside].sum(), abs=1e-12)
        np.testing.assert_allclose(pooled, values[inside].sum(axis=0), atol=1e-12)


def test_settled_shares_stay():
    """What is free may change; what has settled does not."""
    tally = Tally(1, 1)
    tally.append(np.ones(1))
    tally.append(np.ones(1))
    tally.free(np.array([[0.25, 0.5]]))
    tally.settle()
    tally.free(np.array([[0.75]]))
    assert tally.between(0, 1, 0)[0] == pytest.approx(0.25)
    assert tally.between(0, 2, 0)[0] == pytest.approx(1.0)
