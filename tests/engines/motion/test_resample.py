"""Laws of the way from irregular capture times to 20 frames a second."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.motion.resample import MAX_GAP_S, Resampler

DAY_S = 86_400.0


def moving(time_s: float) -> np.ndarray:
    """Joints that move linearly with time, so that interpolation is exact."""
    base = np.arange(66, dtype=np.float64).reshape(22, 3) / 10
    return (base + (time_s % 1000.0) * 0.25).astype(np.float32)


def run(times_s):
    resampler = Resampler()
    return [resampler.push(moving(t), t) for t in times_s]


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-1e6, 1e6),
    st.lists(st.floats(0.001, 0.49), min_size=2, max_size=200),
)
def test_grid_is_exact_and_interpolated(start_s, steps_s):
    """Whatever the jitter, grid times are start + n/20 and joints lie on the motion."""
    times_s = start_s + np.cumsum(np.asarray(steps_s))
    results = run(times_s)
    grid = np.concatenate([r.times_s for r in results])
    frames = np.concatenate([r.frames for r in results])
    assert np.allclose(grid, times_s[0] + np.arange(len(grid)) / 20, atol=1e-6)
    assert grid[-1] <= times_s[-1] + 1e-6 < grid[-1] + 0.05 + 2e-6
    first = times_s[0] % 1000
    if first + (times_s[-1] - times_s[0]) < 1000:
        expected = np.stack([moving(t) for t in grid])
        assert np.allclose(frames, expected, atol=2e-3)
    assert all(r.outcome == "used" and r.cut is None for r in results)


@pytest.mark.parametrize("rate_hz", [15, 20, 25, 30, 50, 60, 90, 100, 120, 240])
def test_every_rate_gives_twenty(rate_hz):
    """Ten seconds of any rate give 200 or 201 frames."""
    results = run(np.arange(10 * rate_hz + 1) / rate_hz)
    assert sum(len(r.times_s) for r in results) in (200, 201)
    assert all(r.frames.dtype == np.float32 for r in results)


def test_repeated_time_is_a_duplicate():
    """A frame with the time of the one before is not used and changes nothing."""
    results = run([0.0, 0.03, 0.03, 0.06])
    assert [r.outcome for r in results] == ["used", "used", "duplicate", "used"]
    plain = run([0.0, 0.03, 0.06])
    assert np.array_equal(results[-1].frames, plain[-1].frames)


def test_small_backward_step_is_late():
    """A frame that overtook its neighbour on the way is late; the grid does not notice."""
    results = run([0.0, 0.04, 0.02, 0.08, 0.06, 0.1])
    assert [r.outcome for r in results] == ["used", "used", "late", "used", "late", "used"]
    assert np.allclose(np.concatenate([r.times_s for r in results]), [0.0, 0.05, 0.1])


def test_clock_set_back_a_day_starts_a_new_stretch():
    """A clock that jumps back is followed at once."""
    results = run([DAY_S, DAY_S + 0.03, 0.0, 0.06])
    assert [r.cut for r in results] == [None, None, "clock_reset", None]
    assert results[2].times_s[0] == 0.0
    assert np.allclose(results[3].times_s, [0.05])


def test_clock_set_back_a_little_is_followed_after_half_a_second():
    """A run of late frames half a second long means that the clock was set back."""
    times_s = [1.0, *(np.arange(40) * 0.025 + 0.1)]
    results = run(times_s)
    cuts = [i for i, r in enumerate(results) if r.cut == "clock_reset"]
    assert cuts == [21]
    assert all(r.outcome == "late" for r in results[1:21])


def test_two_clocks_in_turn_never_reset():
    """Single stragglers between good frames stay late for ever."""
    times_s = [t for i in range(200) for t in (1 + i / 60, 0.7 + i / 60)]
    results = run(times_s)
    assert {r.cut for r in results} == {None}
    assert [r.outcome for r in results[1::2]] == ["late"] * 200


@pytest.mark.parametrize("gap_s", [MAX_GAP_S + 0.01, 3.0, DAY_S, 1e9])
def test_gap_costs_one_frame(gap_s):
    """Nothing is invented over a gap, however long."""
    results = run([0.0, 0.05, 0.05 + gap_s, 0.10 + gap_s])
    assert results[2].cut == "gap"
    assert len(results[2].times_s) == 1
    assert results[2].times_s[0] == 0.05 + gap_s


def test_state_is_bounded():
    """Nothing grows with the length of the stream."""
    resampler = Resampler()
    for i in range(5000):
        result = resampler.push(moving(i / 60), i / 60)
        assert len(result.times_s) <= 1
    assert all(np.size(value) <= 66 for value in vars(resampler).values() if value is not None)
