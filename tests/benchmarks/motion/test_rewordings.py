"""Rows of rewordings are what the same method reaches on the reworded problems."""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.motion import __main__ as command
from benchmarks.motion import rewordings, sets
from benchmarks.motion.recordings import Recording, RecordingSet, Span
from benchmarks.motion.report import answers, measure
from benchmarks.motion.wordings import NAMES
from tests.benchmarks.motion.test_baselines import CALIBRATION, task

MODEL = SimpleNamespace(calibration=CALIBRATION, lookahead_frames=8)


@pytest.mark.parametrize("mode", ["script", "watch"])
def test_a_wording_that_mixes_up_two_texts_loses_what_they_cover(mode):
    """Same texts lose nothing; two of three exchanged lose two thirds of the segments."""
    own = [task(mode, noise=0.2, seed=seed) for seed in range(2)]
    mixed = [replace(one, texts=one.texts[[1, 0, 2]]) for one in own]
    with ThreadPoolExecutor(1) as workers:
        scores = measure(own, answers(own, MODEL, ["live"], workers))["live"]
        text = rewordings.report([own, own, mixed, own, own], scores, MODEL, workers)
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()[4:]]
    assert [row[0] for row in rows] == list(NAMES)
    assert rows[0][2::2] == ["-", "-", "-"]
    assert rows[1][1:] == [rows[0][1], "0.0", rows[0][3], "0.0", rows[0][5], "0.0"]
    assert rows[2][1:3] == [".33", "66.7"]
    assert float(rows[2][4]) > 25
    assert float(rows[2][6]) > 25


def test_a_set_without_rewordings_is_not_measured_with_any(monkeypatch, capsys):
    """Its own words would stand under another name."""
    recording = Recording(
        "one", np.zeros((40, 22, 3)), np.arange(40) / 20, (Span("folds", 0, 2),), ("folds",)
    )
    made = RecordingSet("laundry", (recording,), "made up")
    monkeypatch.setattr(sets, "load", lambda name, limit: made)
    monkeypatch.setattr(sys, "argv", ["benchmarks.motion", "--set", "synth", "--wording", "1"])
    command.main()
    said = capsys.readouterr().out
    assert "### laundry: not measured, its prompts have no rewordings" in said
    assert "|" not in said


@pytest.mark.usefixtures("shared")
def test_the_heading_names_the_wording(monkeypatch, capsys):
    """And the own words' heading does not."""
    chosen = ["--set", "utkinect", "--limit", "1", "--mode", "watch", "--method", "argmax"]
    for wording, heading in ((0, "### utkinect, watch\n"), (3, "### utkinect, watch, by another")):
        given = ["benchmarks.motion", *chosen, "--wording", str(wording)]
        monkeypatch.setattr(sys, "argv", given)
        command.main()
        assert heading in capsys.readouterr().out
