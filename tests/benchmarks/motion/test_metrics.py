"""Every metric on examples worked out by hand, and what must hold for any timeline."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.motion import metrics
from benchmarks.motion.metrics import Found

WALK, SIT, WAVE = 0, 1, 2
TRUE = [(WALK, 0.0, 4.0), (SIT, 4.0, 6.0), (WAVE, 8.0, 10.0)]

labels = st.lists(st.integers(-1, 3), min_size=1, max_size=40).map(np.array)


def times_s(frames):
    """Frame times of half a second."""
    return np.arange(len(frames)) * 0.5


@given(labels)
def test_a_timeline_agrees_with_itself(frames):
    """The truth as the guess is right by every measure."""
    true = metrics.segments(frames, times_s(frames), 0.5)
    assert metrics.frame_accuracy_with_unknown(frames, frames) == 1
    assert metrics.edit_score(true, true) == 1
    assert metrics.hits(true, true, 1.0) == (len(true), 0, 0)
    assert all(error == 0 for error in metrics.boundary_errors_s(true, true))


@given(labels, labels)
def test_measures_stay_between_zero_and_one(a, b):
    """Whatever is guessed, and hits add up to the segments of both sides."""
    true = metrics.segments(a, times_s(a), 0.5)
    guessed = metrics.segments(b, times_s(b), 0.5)
    assert 0 <= metrics.edit_score(true, guessed) <= 1
    assert metrics.edit_score(true, guessed) == pytest.approx(metrics.edit_score(guessed, true))
    right, wrong, missed = metrics.hits(true, guessed, 0.25)
    assert (right + wrong, right + missed) == (len(guessed), len(true))
    assert 0 <= metrics.f1([(right, wrong, missed)]) <= 1


def test_segments_are_runs_of_known_labels():
    """Unknown ends a segment and is none; two equal labels with unknown between are two."""
    frames = np.array([0, 0, -1, 0, 1])
    assert metrics.segments(frames, times_s(frames), 0.5) == [
        (0, 0.0, 1.0),
        (0, 1.5, 2.0),
        (1, 2.0, 2.5),
    ]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 4), (0, 4), 1.0),
        ((0, 4), (2, 6), 2 / 6),
        ((0, 4), (1, 2), 1 / 4),
        ((0, 4), (4, 6), 0.0),
        ((0, 4), (5, 6), 0.0),
    ],
)
def test_overlap(a, b, expected):
    """Intersection over union."""
    assert metrics.overlap(a, b) == pytest.approx(expected)
    assert metrics.overlap(b, a) == pytest.approx(expected)


def test_frame_accuracy_leaves_out_unlabelled_frames():
    """Three of four labelled frames are right; with unknown it is four of six."""
    true = np.array([0, 0, 1, 1, -1, -1])
    guessed = np.array([0, 1, 1, 1, -1, 0])
    assert metrics.frame_accuracy(true, guessed) == 3 / 4
    assert metrics.frame_accuracy_with_unknown(true, guessed) == 4 / 6


def test_edit_score_counts_insertions_deletions_and_changes():
    """walk sit wave against walk wave: one deletion of three. Over-segmentation: two insertions."""
    walk_wave = [(WALK, 0.0, 5.0), (WAVE, 5.0, 10.0)]
    assert metrics.edit_score(TRUE, walk_wave) == pytest.approx(2 / 3)
    flicker = [(WALK, 0, 1), (SIT, 1, 2), (WALK, 2, 3), (SIT, 3, 4), (WAVE, 8, 10)]
    assert metrics.edit_score(TRUE, flicker) == pytest.approx(3 / 5)
    assert metrics.edit_score(TRUE, []) == 0


def test_hits_give_each_true_segment_to_one_guess():
    """The second guess of walk is a false positive although it overlaps enough."""
    guessed = [(WALK, 0.0, 2.0), (WALK, 2.0, 4.0), (SIT, 4.0, 6.0)]
    assert metrics.hits(TRUE, guessed, 0.5) == (2, 1, 1)
    assert metrics.hits(TRUE, guessed, 0.6) == (1, 2, 2)


def test_f1_sums_over_recordings():
    """Two right, one wrong, one missed, and in another recording nothing but one miss."""
    assert metrics.f1([(2, 1, 1), (0, 0, 1)]) == pytest.approx(2 * 2 / (2 * 2 + 1 + 2))
    assert metrics.f1([(0, 0, 0)]) == 0


def test_average_precision_of_a_ranking():
    """Right, wrong, right of two: precision 1 and 2/3, so AP is 5/6."""
    true = [("a", 0.0, 4.0), ("b", 2.0, 6.0)]
    found = [
        Found("a", 0.0, 4.0, 0.9),
        Found("a", 5.0, 8.0, 0.8),
        Found("b", 2.0, 5.0, 0.7),
    ]
    assert metrics.average_precision(true, found, 0.5) == pytest.approx((1 + 2 / 3) / 2)
    assert metrics.average_precision(true, found, 0.8) == pytest.approx(1 / 2)
    assert metrics.average_precision(true, [], 0.1) == 0


def test_average_precision_uses_a_true_segment_once_and_only_in_its_recording():
    """A second guess of the same segment and one in another recording are wrong."""
    true = [("a", 0.0, 4.0)]
    twice = [Found("b", 0.0, 4.0, 0.9), Found("a", 0.0, 4.0, 0.8), Found("a", 0.0, 4.0, 0.7)]
    assert metrics.average_precision(true, twice, 0.5) == pytest.approx(1 / 2)


def test_average_precision_is_interpolated():
    """Wrong, right, right of three: precision 1/2 then 2/3, and the better one counts for both."""
    true = [("a", 0.0, 1.0), ("a", 2.0, 3.0), ("a", 4.0, 5.0)]
    found = [Found("a", 8, 9, 0.9), Found("a", 0.0, 1.0, 0.8), Found("a", 2.0, 3.0, 0.7)]
    assert metrics.average_precision(true, found, 0.5) == pytest.approx(2 * (2 / 3) / 3)


def test_boundary_error_is_the_mean_of_both_ends_of_the_best_match():
    """Starts one early and ends two late: 1.5; a wave that was not found does not count."""
    guessed = [(WALK, 0.5, 1.0), (WALK, 1.0, 4.0), (SIT, 3.0, 8.0)]
    assert metrics.boundary_errors_s(TRUE, guessed) == [0.5, 1.5]


def test_delays_are_of_the_display():
    """Labels of moments half a second apart, each told 0.4 s later; walk begins a frame late, sit
    ends a frame early, wave never ends."""
    shown = np.array([-1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, -1, -1, -1, -1, -1, 2, 2, 2, 2])
    moments_s = times_s(shown)
    delays = metrics.delays_s(TRUE, shown, moments_s, moments_s + 0.4)
    assert delays == [pytest.approx((0.9, 0.4)), pytest.approx((0.4, -0.1))]


def test_revision_rate():
    """One frame of four was told otherwise at first."""
    assert metrics.revision_rate(np.array([0, 0, 1, -1]), np.array([0, 1, 1, -1])) == 0.25


def test_rejection_at_recall():
    """Of ten listed scores 1..10 nine are kept at threshold 2; 0 and 1.5 of four lie under."""
    listed = np.arange(10.0, 0.0, -1.0)
    assert metrics.rejection(listed, np.array([0.0, 1.5, 2.0, 5.0]), 0.9) == 0.5
    assert metrics.rejection(listed, np.array([0.5]), 1.0) == 1.0
