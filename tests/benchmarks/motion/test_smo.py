"""The comparison of mask optimisations changes what it says and nothing else."""

import sys
from dataclasses import fields

import numpy as np
import pytest

from benchmarks.motion import smo
from benchmarks.motion.masks import WarmMasks, live
from benchmarks.motion.recordings import Model
from benchmarks.motion.report import Scores
from engines.motion.masks import MaskSettings
from tests.benchmarks.motion.test_baselines import CALIBRATION, task
from tests.engines.motion.scenes import scene
from tests.engines.motion.test_masks import BASE


@pytest.fixture(scope="module")
def answers():
    """Every variant of watch mode on one recording."""
    return smo._answers(task("watch"), CALIBRATION, 8)


def test_the_shipped_row_is_the_shipped_method(answers):
    """Same labels, same segments as the method of the harness."""
    expected = live(task("watch"), CALIBRATION, 8)
    np.testing.assert_array_equal(answers[smo.SHIPPED].frames, expected.frames)
    assert answers[smo.SHIPPED].segments == expected.segments


def test_every_other_row_differs_from_the_shipped(answers):
    """In a score at least, so that each one really is changed."""
    shipped = [segment.score for segment in answers[smo.SHIPPED].segments]
    for name, answer in answers.items():
        same = [segment.score for segment in answer.segments] == shipped
        assert same == (name == smo.SHIPPED), name


def test_changes_are_settings_that_the_shipped_masks_have_otherwise():
    """No misspelt name, no change to what is shipped already."""
    settings = MaskSettings(0.1, 0.1, 0.3, 0.5, background=-1.4)
    known = {each.name for each in fields(settings)}
    for variants in smo.VARIANTS.values():
        for variant in variants.values():
            assert variant.changes.keys() <= known
            assert all(getattr(settings, key) != to for key, to in variant.changes.items())


def test_starts_are_where_they_say():
    """A new column at similarity, the others warm; or all of them at similarity."""
    texts, values, attention = scene(3, [0] * 10 + [1] * 10, 4)
    made = {kind: kind(texts, BASE, 30, 20) for kind in (WarmMasks, smo.FromSimilarity, smo.Anew)}
    for masks in made.values():
        for value, weight in zip(values, attention, strict=True):
            masks.append(value, float(weight))
            new = masks.log_masks[:, -1].copy()
            if len(masks) < 20:
                masks.refine()
        at_similarity = np.allclose(new, masks.start[:, -1])
        assert at_similarity == isinstance(masks, smo.FromSimilarity)
    assert not np.allclose(made[smo.FromSimilarity].log_masks, made[smo.FromSimilarity].start)
    made[smo.Anew].refine(0)
    np.testing.assert_allclose(made[smo.Anew].log_masks, made[smo.Anew].start)


def test_the_table_has_a_row_for_each_variant(answers):
    """Three measures a set in watch mode, one in script mode, and the time."""
    for mode, columns in (("watch", 3), ("script", 1)):
        made = task(mode)
        got = {}
        for name, answer in smo._answers(made, CALIBRATION, 8).items():
            got[name] = Scores()
            got[name].add(made, answer, 0.0)
        lines = smo.report(mode, {"one": got, "two": got}).splitlines()
        assert len(lines) == 2 + len(smo.VARIANTS[mode])
        assert {line.count("|") for line in lines} == {2 * columns + 3}
        assert lines[2].split("|")[-2].strip() == "1.0"


def test_all_of_it_on_one_recording(monkeypatch):
    """Processes, sets, both tables: a synthesised recording, which every variant labels well."""
    monkeypatch.setattr(smo, "NAMES", ("synth",))
    said = smo.measured(Model("bundled"), 1)
    assert "recordings: 1 synth" in said
    rows = [line for line in said.splitlines() if line.startswith(f"| {smo.SHIPPED} ")]
    assert [row.count("|") for row in rows] == [6, 4]
    assert float(rows[0].split("|")[2]) > 0.5


def test_the_page_is_not_written_in_part(monkeypatch, tmp_path):
    """Neither with a limit nor without the sets."""
    monkeypatch.setattr(sys, "argv", ["smo", "--write", "--limit", "1"])
    with pytest.raises(SystemExit, match="leave --limit out"):
        smo.main()
    monkeypatch.setenv("LIVEGROUND_SHARED", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["smo", "--write"])
    with pytest.raises(SystemExit, match="utkinect"):
        smo.main()


def test_the_page_has_the_markers():
    """Where the tables go."""
    text = smo.PAGE.read_text()
    for marker in (smo.COMMAND, f"end of {smo.COMMAND}"):
        assert text.count(f"<!-- {marker} -->\n") == 1
