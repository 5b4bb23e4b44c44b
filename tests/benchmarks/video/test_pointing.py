"""The pointing game and its rendered questions."""

import numpy as np
import pytest

from benchmarks.video import pointing
from training.scenes import questions, vocabulary


def test_edges_count() -> None:
    """A point on the edge of a box is in it; one beside it is not; any box will do."""
    boxes = [(0.0, 0.0, 4.0, 4.0), (10.0, 10.0, 12.0, 12.0)]
    assert pointing.hit((4.0, 0.0), boxes)
    assert pointing.hit((11.0, 11.0), boxes)
    assert not pointing.hit((4.1, 0.0), boxes)


def test_accuracy_is_the_mean_over_prompts() -> None:
    """Percent of prompts; not a number where nothing was asked."""
    assert pointing.accuracy([1.0, 0.0, 0.5, 0.5]) == 50.0
    assert np.isnan(pointing.accuracy([]))


def picture(*boxes: pointing.Box) -> questions.Picture:
    asked = tuple(questions.Query("wave", (box,)) for box in boxes)
    return questions.Picture(np.zeros((100, 200, 3), np.uint8), asked, boxes)


def test_guesses() -> None:
    """Of two people apart, a random one is right half of the time; the centre hits who is there."""
    apart = picture((0, 0, 40, 90), (80, 0, 120, 90))
    assert pointing.actor_hits(apart) == [0.5, 0.5]
    assert pointing.centre_hits(apart) == [0.0, 1.0]


@pytest.fixture(scope="module")
def asked() -> list[questions.Picture]:
    return list(questions.pictures(8, "test"))


def test_rendered_questions(asked: list[questions.Picture]) -> None:
    """Two or three actors, each asked for by label, in their box; absent ones are absent."""
    for each in asked:
        assert 2 <= len(each.queries) <= 3
        present = {query.label for query in each.queries}
        assert not present & set(each.absent)
        assert len(each.absent) == len(each.queries)
        for query, box in zip(each.queries, each.everybody, strict=True):
            assert query.boxes == (box,)
            assert query.seen == (query.label in map(vocabulary.label, vocabulary.SEEN))
    assert {query.seen for each in asked for query in each.queries} == {True, False}


def test_questions_are_the_same_every_time(asked: list[questions.Picture]) -> None:
    """The test does not change from run to run."""
    again = next(questions.pictures(1, "test"))
    np.testing.assert_array_equal(again.image, asked[0].image)
    assert again.queries == asked[0].queries


def test_final_questions_are_others_of_the_same_kind(asked: list[questions.Picture]) -> None:
    """Other scenes than the test's, half of them of unseen pairs too, the same every time."""
    final = list(questions.pictures(8, "final"))
    assert {query.seen for each in final for query in each.queries} == {True, False}
    assert all(2 <= len(each.queries) <= 3 and each.absent for each in final)
    for one, other in zip(final, asked, strict=True):
        assert not np.array_equal(one.image, other.image)
    np.testing.assert_array_equal(next(questions.pictures(1, "final")).image, final[0].image)
    assert len(set(questions.SEEDS.values())) == len(questions.SEEDS)
