"""Running means that are told the time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.video.smoothing import FORGOTTEN, Smoother


def test_the_past_fades_by_half_every_half_life() -> None:
    """One step of a half-life; two steps of half of it count the same."""
    for times in ([0.2], [0.1, 0.2], [0.05, 0.1, 0.15, 0.2]):
        smoother = Smoother(0.2)
        smoother.push(np.zeros(1, np.float32), 0.0)
        for time_s in times:
            mean = smoother.push(np.ones(1, np.float32), time_s)
        assert mean[0] == pytest.approx(0.5)


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=8), st.floats(0.01, 1))
def test_a_still_scene_stays(gaps: list[float], half_life_s: float) -> None:
    """Equal values give themselves, whatever the rhythm."""
    smoother = Smoother(half_life_s)
    values = np.linspace(-1, 1, 6, dtype=np.float32)
    for time_s in np.cumsum(gaps):
        np.testing.assert_allclose(smoother.push(values, float(time_s)), values, atol=1e-6)


@given(st.lists(st.floats(0, 0.5), max_size=8), st.floats(0.01, 1), st.floats(0, 10))
def test_what_comes_after_a_rest_is_itself(
    gaps: list[float], half_life_s: float, later_s: float
) -> None:
    """From the time that was told the past counts nothing; until then it does."""
    smoother = Smoother(half_life_s)
    random = np.random.default_rng(0)
    for time_s in np.cumsum([0.0, *gaps]):
        values = random.standard_normal(5).astype(np.float32)
        mean = smoother.push(values, float(time_s))
        assert (smoother.settles_s is None) == (mean is values)
    if smoother.settles_s is not None:
        assert smoother.settles_s == pytest.approx(time_s + FORGOTTEN * half_life_s)
        values = random.standard_normal(5).astype(np.float32)
        assert smoother.push(values, smoother.settles_s + later_s) is values
        assert smoother.settles_s is None


def test_no_half_life_other_shapes_and_set_back_clocks_begin_anew() -> None:
    """What cannot be averaged passes through."""
    one, two = np.ones(2, np.float32), np.full(3, 2, np.float32)
    smoother = Smoother(1.0)
    smoother.push(one, 5.0)
    assert (smoother.push(two, 5.1) == two).all()
    assert (smoother.push(2 * two, 1.0) == 2 * two).all()
    still = Smoother(0.0)
    still.push(one, 0.0)
    assert (still.push(3 * one, 0.1) == 3 * one).all()
