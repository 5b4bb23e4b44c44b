"""Rate limit, ages and input rate, on clocks made of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.pace import BURST_S, OFFSET_PERIOD_S, AgeMeter, RateLimit, RateMeter


@given(st.floats(20, 500), st.floats(0.1, 3), st.floats(5, 30))
def test_admitted_frames_follow_the_rate(rate_hz: float, factor: float, seconds: float) -> None:
    """A steady stream passes whole below the rate; above it, rate times time plus one burst."""
    limit = RateLimit(rate_hz, 0.0)
    count = int(rate_hz * factor * seconds)
    admitted = sum(limit.admits(n / (rate_hz * factor)) for n in range(count))
    if factor <= 1:
        assert admitted == count
    else:
        assert admitted == pytest.approx(
            min(count, rate_hz * (seconds + BURST_S)), abs=2 + 0.01 * count
        )


def test_a_stalled_network_may_deliver_all_at_once() -> None:
    """Two seconds of frames in one moment are no excess."""
    limit = RateLimit(60.0, 0.0)
    assert all(limit.admits(2.0) for _ in range(120))
    assert not limit.admits(2.0)


@given(st.floats(-1e6, 1e6))
def test_ages_need_no_common_clock(offset_s: float) -> None:
    """Whatever the client's origin, the age is relative to the fastest frame."""
    meter = AgeMeter()
    meter.observe(offset_s + 1.0, 1.25)
    meter.observe(offset_s + 2.0, 2.05)
    assert meter.age_ms(offset_s + 1.6, 2.05) == pytest.approx(400, abs=0.01)


def test_drifting_clocks_are_followed() -> None:
    """A client's clock that runs 1 in 1000 slow does not make ages grow without end."""
    meter = AgeMeter()
    for second in range(0, 3600, 5):
        meter.observe(second * 0.999, float(second))
    assert meter.age_ms(3595 * 0.999, 3595.0) <= 2 * OFFSET_PERIOD_S + 10


def test_a_clock_set_anew_begins_anew() -> None:
    """After a reset, ages speak of the new clock only."""
    meter = AgeMeter()
    meter.observe(100.0, 1.0)
    meter.forget_clock()
    meter.observe(-86400.0, 2.0)
    assert meter.age_ms(-86400.0, 2.01) == pytest.approx(10, abs=0.01)


def test_percentiles_of_recent_ages() -> None:
    """0 without labels; else ordered values of those seen."""
    meter = AgeMeter()
    assert meter.percentile_ms(0.5) == 0.0
    meter.observe(0.0, 0.0)
    for n in range(100):
        meter.age_ms(0.0, n / 1e3)
    assert meter.percentile_ms(0.5) == pytest.approx(50)
    assert meter.percentile_ms(0.95) == pytest.approx(95)


def test_input_rate_is_by_capture_time() -> None:
    """Bursts of the network do not show; a restart forgets."""
    meter = RateMeter()
    assert meter.rate_hz == 0.0
    for n in range(300):
        meter.add(n / 120)
    assert meter.rate_hz == pytest.approx(120)
    meter.restart()
    assert meter.rate_hz == 0.0
