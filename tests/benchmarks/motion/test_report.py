"""Scores, facts and tables on a recording whose answers are known."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.calibration import Calibration as Machine
from benchmarks.motion import baselines, facts
from benchmarks.motion.prediction import Live, Prediction, Scored, labelled, painted
from benchmarks.motion.report import HEADER, Scores, method_table, share
from benchmarks.motion.timelines import drawn
from tests.benchmarks.motion.test_baselines import CALIBRATION, task

MACHINE = Machine(2, "test", 100.0)


def test_the_truth_scores_full_marks():
    """Every share is 1, the boundary error 0."""
    made = task("watch")
    scores = Scores()
    scores.add(made, labelled(made, made.frames), 0.1)
    row = dict(zip(HEADER, scores.row("truth", MACHINE), strict=True))
    shares = [row[name] for name in HEADER[1:16] if name != "as told"]
    assert shares == ["1.00"] * 14
    assert (row["boundary s"], row["matched"]) == ("0.00", "1.00")
    assert (row["as told"], row["start s"], row["revised"]) == ("-", "-", "-")


def test_a_third_is_what_one_label_everywhere_gets():
    """One label of three for 60 of 180 frames: a third of the frames, and one hit of three."""
    made = task("watch")
    scores = Scores()
    scores.add(made, labelled(made, np.zeros(180, np.int64)), 0.1)
    row = dict(zip(HEADER, scores.row("walk", MACHINE), strict=True))
    assert row["frames"] == ".33"
    assert row["edit"] == ".33"
    assert row["F1@10"] == ".50"
    assert row["@50"] == ".00"


def test_live_answers_report_delays_and_revisions():
    """Told 0.4 s later, one frame in 180 revised."""
    made = task("script")
    first = made.frames.copy()
    first[60] = 0
    told_s = made.encoded.times_s + 0.4
    answer = labelled(made, made.frames)
    live = Prediction(answer.frames, answer.segments, Live(first, told_s, np.full(180, 2e-3), 1e-3))
    scores = Scores()
    scores.add(made, live, 9.0)
    row = dict(zip(HEADER, scores.row("live", MACHINE), strict=True))
    assert (row["frames"], row["as told"]) == ("1.00", ".99")
    assert (row["start s"], row["revised"]) == ("+0.43", "1%")
    assert (row["ms"], row["GEMM"], row["masks ms"]) == ("2.000", "0.093x", "1.000")


def test_the_table_has_a_row_for_each_method():
    """Header, rule, rows of equal width."""
    made = task("script")
    scores = Scores()
    scores.add(made, baselines.uniform(made, CALIBRATION), 0.1)
    lines = method_table({"uniform": scores}, "script", MACHINE).splitlines()
    assert len(lines) == 3
    assert len({len(line) for line in lines}) == 1
    assert "uniform split" in lines[2]


def test_warm_masks_are_timed_against_cold_ones():
    """The ratio stands under the table; in script mode rows are named after the follower."""
    scores = {name: Scores(masks_s=[cost_s]) for name, cost_s in (("live-cold", 4), ("live", 1))}
    made = task("watch")
    for got in scores.values():
        got.add(made, labelled(made, made.frames), 0.1)
    watch, script = (method_table(scores, mode, MACHINE) for mode in ("watch", "script"))
    assert "Warm masks take .25 of the time of cold ones" in watch
    assert "| **warm masks, live** |" in watch
    assert "| **follower, live** " in script
    assert "| follower, live, cold masks |" in script
    alone = method_table({"live": scores["live"]}, "watch", MACHINE)
    assert "of the time" not in alone


def test_facts_of_a_model_that_is_always_right():
    """Top-1 is 1 among all texts of the set as well; what is said has its chance beside it."""
    tasks = [task("watch", seed=seed) for seed in range(2)]
    assert facts.named_right(tasks) == (1.0, 1.0)
    text = facts.facts(tasks, CALIBRATION)
    assert "2 recordings, 0.3 minutes, 6 segments, 3 texts" in text
    assert "chance 0.33" in text
    assert "among all" not in text
    other = replace(tasks[0], labels=("walk", "sit", "bow"))
    assert facts.named_among_all([tasks[0]]) == 1.0
    assert "among all 4 texts of the set" in facts.facts([tasks[0], other], CALIBRATION)


def test_among_all_texts_another_recording_s_text_may_win():
    """Its row is nearer: right among the recording's own texts, wrong among all."""
    made = task("watch")
    texts = made.texts + 0.5 * np.eye(8, dtype=np.float32)[[3, 4, 5]]
    vague = replace(made, texts=texts / np.linalg.norm(texts, axis=1, keepdims=True))
    exact = replace(made, labels=("stroll", "squat", "greet"))
    assert facts.named_right([vague, exact]) == (1.0, 1.0)
    assert facts.named_among_all([vague, exact]) == 0.5


def test_painted_segments_give_back_the_frames():
    """Runs to segments and back."""
    made = task("watch", order=(2, 0, 1))
    frames = made.frames.copy()
    frames[70:90] = -1
    assert (painted(made, labelled(made, frames).segments) == frames).all()


def test_a_segment_scores_the_cosine_of_its_pooled_motion():
    """Exactly one on frames that are the text's own row."""
    made = task("watch")
    assert [segment.score for segment in labelled(made, made.frames).segments] == pytest.approx(
        [1.0] * 3
    )
    assert labelled(made, made.frames).segments[0] == Scored(0, 100.0, 103.0, pytest.approx(1.0))


def test_timelines_draw_two_characters_a_second():
    """Truth above the answer, the share of right frames behind."""
    made = task("script")
    text = drawn(made, {"uniform": baselines.uniform(made, CALIBRATION)})
    truth, uniform = text.splitlines()[-2:]
    assert truth.split() == ["truth", "A" * 6 + "B" * 4 + "C" * 8, "1.00"]
    assert uniform.split()[1] == "A" * 6 + "B" * 6 + "C" * 6


def test_shares_have_two_digits():
    """As in tables of papers."""
    assert (share(0.637), share(1.0), share(0.0)) == (".64", "1.00", ".00")


def test_mistakes_are_named_with_what_they_are_taken_for():
    """A text that is never right is the worst, and the one that it is taken for is said."""
    made = task("watch")
    wrong = replace(made, texts=made.texts[[1, 0, 2]])
    said = facts.mistaken([wrong] * 3)
    assert f'"{made.labels[0]}" 0 of 3 right, mostly taken for "{made.labels[1]}" (3)' in said
    assert made.labels[2] + '" ' not in said
    assert facts.mistaken([made] * 3) == facts.mistaken([wrong]) == ""
