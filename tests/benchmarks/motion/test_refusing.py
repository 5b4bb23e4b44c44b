"""What is refused, on recordings where motion and texts leave no doubt."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.motion import masks, refusing
from benchmarks.motion.recordings import listing
from tests.benchmarks.motion.test_baselines import CALIBRATION, task

LEVEL = CALIBRATION.unknown_cosine


def test_clean_segments_are_kept_and_refused_when_their_text_is_off():
    """At the threshold fitted to them as at the model's own, by one text and by half of them."""
    tasks = [task("watch", seed=seed) for seed in range(2)]
    assert refusing.refused(tasks, LEVEL) == (1.0, 1.0, 1.0)
    assert refusing.refused_of_half(tasks, LEVEL) == (1.0, 1.0, 1.0)


def test_the_model_s_own_threshold_may_be_wrong_where_a_fitted_one_is_not():
    """Above all matches it keeps nothing, below all it refuses nothing; the fitted share stays."""
    tasks = [task("watch", noise=0.4, seed=1)]
    assert refusing.refused(tasks, 2.0) == (1.0, 1.0, 0.0)
    assert refusing.refused(tasks, -2.0) == (1.0, 0.0, 1.0)


def test_everyday_actions_weigh_against_the_prompts():
    """Motion that fits one of them as well as its prompt is no longer kept at the model's level."""
    made = task("watch")
    beside = made.texts[:1] * 0.4 + np.eye(8, dtype=np.float32)[7:] * 0.9
    doubtful = replace(made, everyday=beside / np.linalg.norm(beside))
    plain, weighed = (
        refusing.own_off([(one, *refusing.pooled(one))], LEVEL)[0] for one in (made, doubtful)
    )
    assert weighed[0] == pytest.approx(plain[0] - 0.5 * (0.4 / np.hypot(0.4, 0.9) - LEVEL))
    assert (weighed[1:] == plain[1:] + 0.5 * LEVEL).all()


def test_halves_share_the_texts_between_them():
    """Every text is in one of two; the same lists of texts are halved alike."""
    for count in (1, 2, 7, 10):
        labels = [f"text {k}" for k in range(count)]
        one, other = refusing.halves(labels, 3)
        assert sorted([*one, *other]) == list(range(count))
        assert (refusing.halves(labels, 3)[0] == one).all()
    assert any(
        (refusing.halves(labels, 0)[0] != refusing.halves(labels, d)[0]).any() for d in (1, 2)
    )


def test_live_labels_of_a_half_list():
    """The listed segment is told, the others are unknown; told otherwise, they are counted so."""
    made = task("watch")
    asked = listing(made, {"sit": made.texts[1]})
    answer = masks.live(asked, CALIBRATION, 8)
    assert refusing.told(made, asked, answer) == ([True], [True, True])
    everywhere = replace(answer, frames=np.zeros_like(answer.frames))
    assert refusing.told(made, asked, everywhere) == ([True], [False, False])
    nowhere = replace(answer, frames=np.full_like(answer.frames, -1))
    assert refusing.told(made, asked, nowhere) == ([False], [True, True])


def test_one_threshold_for_all_sets_weighs_every_segment_alike():
    """It keeps 9 of 10 of all together: a set whose matches are all lower pays for the others."""
    high, low = (np.linspace(start, start + 0.09, 10) for start in (0.8, 0.4))
    drawn = {"high": (high, low), "low": (low, high)}
    kept, refused = np.transpose(
        [refusing.at_one([drawn], name) for name in (*drawn, refusing.ALL)]
    )
    assert kept == pytest.approx([1.0, 0.8, 0.9])
    assert refused == pytest.approx([0.2, 0.0, 0.1])


def test_the_table_of_one_threshold_has_a_row_for_each_set_and_one_for_all():
    """Clean segments are all kept but for the tenth that the recall gives away."""
    told = refusing.at_one_threshold({"clean": [task("watch")], "too": [task("watch")]}, LEVEL)
    rows = [line.split("|")[1].strip() for line in told.splitlines() if line.startswith("|")][2:]
    assert rows == ["clean", "too", refusing.ALL]
