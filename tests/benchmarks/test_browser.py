"""How the browser's benchmark tells memory: minute by minute, and its slope after the warm-up."""

import numpy as np
import pytest

from benchmarks.browser import LEAST_S, SAMPLE_S, WARM_UP_S, memory_lines


@pytest.mark.parametrize("slope", [0.0, 0.5, -1.25])
def test_the_slope_is_that_after_the_warm_up(slope: float) -> None:
    """However much was loaded before."""
    times_s = np.arange(0, 600, SAMPLE_S)
    loading = 100 * np.maximum(1 - times_s / WARM_UP_S, 0)
    said = memory_lines("server", loading + slope * times_s / 60)[1]
    assert said == f"| its growth after 2 min | {slope:+.2f} MiB/min |"


def test_a_short_run_has_no_slope() -> None:
    """It says how long it would have to be."""
    count = round((WARM_UP_S + LEAST_S) / SAMPLE_S)
    assert "needs 4 minutes" in memory_lines("page", np.zeros(count - 1))[1]
    assert "+0.00 MiB/min" in memory_lines("page", np.zeros(count))[1]
    assert "less than one" in memory_lines("page", np.zeros(3))[0]


def test_minutes_are_means() -> None:
    """Whole ones only."""
    curve = np.repeat([10.0, 12.0, 99.0], [12, 12, 5])
    assert (
        memory_lines("page", curve)[0]
        == "| memory of the page, minute by minute | 10.0, 12.0 MiB |"
    )
