"""Peaks and their boxes, in shares of the picture."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as shapes

from engines.video.peaks import peaks


def test_two_people_are_two_peaks_with_boxes() -> None:
    """The higher one first; each box holds what is connected to it."""
    heat = np.zeros((4, 8), np.float32)
    heat[1:3, 1:3] = [[1.0, 0.7], [0.6, 0.2]]
    heat[3, 6:8] = [0.8, 0.5]
    first, second = peaks(heat)
    assert (first.x, first.y, first.score) == (1.5 / 8, 1.5 / 4, 1.0)
    assert first.box == (1 / 8, 1 / 4, 3 / 8, 3 / 4)
    assert second.box == (6 / 8, 3 / 4, 1.0, 1.0)


def test_a_flat_map_has_no_peak_and_low_ones_are_not_told() -> None:
    """Half of the highest is the least."""
    assert peaks(np.zeros((4, 4), np.float32)) == ()
    heat = np.zeros((4, 8), np.float32)
    heat[0, 0], heat[3, 7] = 1.0, 0.4
    assert len(peaks(heat)) == 1


@given(shapes.arrays(np.float32, (5, 7), elements=st.floats(0, 1, width=32)), st.integers(1, 4))
def test_peaks_lie_in_their_boxes_and_in_order(heat: np.ndarray, most: int) -> None:
    """For any map."""
    found = peaks(heat, most)
    assert len(found) <= most
    assert [each.score for each in found] == sorted((e.score for e in found), reverse=True)
    for peak in found:
        left, top, right, bottom = peak.box
        assert 0 <= left < peak.x < right <= 1
        assert 0 <= top < peak.y < bottom <= 1
    if heat.max() > 0:
        assert found[0].score == heat.max()
