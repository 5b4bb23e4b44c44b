"""Ranks and their chance levels, on small cases whose answers are known."""

from itertools import permutations

import numpy as np
import pytest

from benchmarks.motion.recordings import Recording, Span
from benchmarks.retrieval import (
    DEPTHS,
    MOMENT_HEADER,
    OVERLAPS,
    Ranks,
    among,
    first_ranks,
    moment_chance,
    moment_recalls,
)


def test_the_first_right_item_counts_and_ties_count_against_us():
    """Ranks from 1; a wrong item with the same score stands before."""
    scores = np.array([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1], [0.5, 0.5, 0.5]])
    right = np.array([[True, False, False], [False, True, True], [False, True, False]])
    ranks = first_ranks(scores, right)
    assert ranks.ranks.tolist() == [1, 2, 3]
    assert ranks.recall(1) == pytest.approx(1 / 3)
    assert ranks.recall(5) == 1


@pytest.mark.parametrize(("right", "count"), [(1, 5), (2, 5), (4, 5)])
def test_chance_is_that_of_all_orders(right, count):
    """Counted over every order of five items."""
    orders = list(permutations(range(count)))
    for depth in (1, 2, 5, 10):
        hits = [any(item < right for item in order[:depth]) for order in orders]
        assert among(min(depth, count), right, count) == pytest.approx(np.mean(hits))
        ranks = Ranks(np.array([1]), np.array([right]), count)
        assert ranks.chance(depth) == pytest.approx(np.mean(hits))


def test_chance_of_moments_falls_with_the_overlap_asked_for():
    """A recording that is all one action is hit by any moment as long as it; a short one seldom."""
    times_s = np.arange(0, 60, 0.05)
    joints = np.zeros((len(times_s), 22, 3), np.float32)
    whole = Recording("w", joints, times_s, (Span("a", 0.0, float(times_s[-1])),), ("a",))
    assert moment_chance([(whole, "a")]) == [1.0] * 6
    short = Recording("s", joints, times_s, (Span("a", 10.0, 13.0),), ("a",))
    wide, narrow = np.array(moment_chance([(short, "a")])).reshape(len(OVERLAPS), len(DEPTHS))
    assert 0 < narrow[0] < wide[0] < 0.2
    assert (np.diff([wide, narrow]) > 0).all()
    assert wide[1] == pytest.approx(1 - (1 - wide[0]) ** 5)


def test_moments_count_from_the_depth_at_which_they_are_found():
    """The first of them at .4, the third at .6, and a query that none fits: a cell each."""
    overlaps = np.zeros((3, DEPTHS[-1]))
    overlaps[0, 0], overlaps[1, 2] = 0.4, 0.6
    third, two = pytest.approx(1 / 3), pytest.approx(2 / 3)
    assert moment_recalls(overlaps) == [third, two, two, 0, third, third]
    assert len(MOMENT_HEADER) == 3 + len(moment_recalls(overlaps))
