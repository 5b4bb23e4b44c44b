"""Tables of the video benchmark."""

import numpy as np

from benchmarks.video import absence, report
from benchmarks.video.ablation import FULL, PLAIN, WAYS, Tally
from engines.models import Presence


def tally() -> Tally:
    made = Tally(centre=[0, 0, 1, 0], actor=[0.5] * 4, seen=[True, True, False, False])
    made.actors = [2, 2, 3, 3]
    for name in (PLAIN, "plain_gem", "static", "dynamic", "static_dynamic"):
        for way in WAYS:
            made.hits[name, way] = [0.0, 1.0, 0.0, 1.0]
    made.hits[FULL] = [1.0, 1.0, 0.0, 1.0]
    return made


def test_guesses_stand_beside_every_method() -> None:
    """The centre and the random actor are in the table, as percent of prompts."""
    text = report.ablation(tally())
    assert "| image centre" in text
    assert "25.0" in text
    assert "| random actor" in text
    assert text.count("50.0") >= 12


def test_an_ingredient_that_adds_nothing_is_printed() -> None:
    """Nil is a result: +0.0 stands there; a gain stands with its standard error."""
    lines = report.contributions(tally()).splitlines()
    assert any("static over no weights" in line and "+0.0" in line for line in lines)
    assert any("decomposition, maps" in line and "+25.0" in line for line in lines)


def test_groups_split_seen_from_unseen() -> None:
    """Each group has its own prompts and its own guesses; their difference has its error."""
    lines = report.groups(tally()).splitlines()
    seen = next(line for line in lines if "| seen" in line)
    unseen = next(line for line in lines if "| unseen" in line)
    assert [cell.strip() for cell in seen.split("|")[2:4]] == ["2", "100.0"]
    assert [cell.strip() for cell in unseen.split("|")[2:4]] == ["2", "50.0"]
    assert lines[-1] == "Seen minus unseen pairs: +50.0 points, standard error 35.4."


def test_rejection_at_a_recall() -> None:
    """Of ten present and ten absent scores that overlap by one, all but one absent are refused."""
    scores = np.r_[np.arange(10, 20), np.arange(1, 11)].astype(float)
    present = np.r_[np.ones(10, bool), np.zeros(10, bool)]
    assert absence.rejection(scores, present, recall=1.0) == 90.0
    assert absence.rejection(scores, present, recall=0.5) == 100.0


def evidence() -> absence.Evidence:
    return absence.Evidence(
        np.array([[1.0], [-1.0], [-1.0]]) * [1, 0, 0, 0],
        np.array([True, True, False]),
        np.array([True, True, True]),
    )


CALIBRATION = Presence((4.0, 0.0, 0.0, 0.0), 0.0, 0.5, None, None)


def test_sets_of_scenes_stand_side_by_side() -> None:
    """Each with its own pointing, by seen and unseen pairs, and what is refused at its recall."""
    good, bad = tally(), tally()
    bad.hits[FULL] = [0.0, 0.0, 0.0, 1.0]
    both = {
        "test": report.Standing(good, evidence()),
        "final": report.Standing(bad, evidence()),
    }
    rows = report.standings(both, CALIBRATION).splitlines()[2:]
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
    assert cells[0][:6] == ["test", "4", "75.0", "100.0", "50.0", "50.0"]
    assert cells[1][:6] == ["final", "4", "25.0", "0.0", "50.0", "50.0"]
    assert cells[0][7] == "50.0 kept, 100.0 refused"


def test_the_manifests_threshold_is_reported_as_it_is() -> None:
    """Kept and refused are counted at the calibrated probability."""
    found = evidence()
    assert absence.as_calibrated(found, CALIBRATION) == (50.0, 100.0)
    assert "50.0" in report.absent(found, CALIBRATION)
