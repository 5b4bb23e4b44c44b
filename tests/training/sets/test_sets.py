"""Recorded sets: canonical, named truthfully, split by trial, and the measured ones kept apart."""

from pathlib import Path

import numpy as np
import pytest

from engines.motion.skeleton import JOINT
from training import sets
from training.data import Sequence
from training.sets import cmu, glb, measured, rigged
from training.sets.wording import named, resample
from training.synth.phrases import mirror_text


@pytest.fixture(scope="module")
def ship(shared: Path) -> dict[str, list[Sequence]]:
    """Every set that weights may be trained on."""
    return {name: sets.load(name) for name in sets.SHIP}


def test_nothing_measured_is_shipped() -> None:
    """No set is in both tables, and UTKinect is never in the one for training."""
    assert not sets.SHIP.keys() & sets.MEASURE.keys()
    assert "utkinect" in sets.MEASURE


def test_ship_sets_are_people(ship: dict[str, list[Sequence]]) -> None:
    """Finite, upright most of the time, feet below the pelvis, thighs as long as a person's."""
    for name, found in ship.items():
        assert len(found) > 20, name
        for each in found:
            assert each.joints.dtype == np.float32
            assert np.isfinite(each.joints).all()
            thigh = np.linalg.norm(each.joints[:, 4] - each.joints[:, 1], axis=-1)
            assert 0.25 < np.median(thigh) < 0.6, each.source
        upright = [
            np.median(each.joints[:, JOINT["head"], 1] - each.joints[:, JOINT["left_foot"], 1])
            for each in found
        ]
        assert np.median(upright) > 1.2


def test_feet_point_where_bodies_face(ship: dict[str, list[Sequence]]) -> None:
    """No set is mirrored: toes point to left cross up."""
    for found in ship.values():
        votes = []
        for each in found:
            x = each.joints
            ahead = np.cross(x[:, 1] - x[:, 2], [0.0, 1.0, 0.0])
            votes.append(np.sum((x[:, 10] - x[:, 7]) * ahead, axis=-1).mean())
        assert np.mean(np.array(votes) > 0) > 0.9


def test_spans_are_captioned_both_ways(ship: dict[str, list[Sequence]]) -> None:
    """Every span lies in its clip and has captions with their mirrors."""
    for found in ship.values():
        for each in found:
            assert each.spans
            for span in each.spans:
                assert 0 <= span.start < span.end <= len(each.joints)
                assert tuple(map(mirror_text, span.captions)) == span.mirrored


def test_a_trial_is_never_on_both_sides(ship: dict[str, list[Sequence]]) -> None:
    """Held out and kept are disjoint, also across two exports of the same CMU trial."""
    both = [*ship["cmu"], *ship["cmu_bvh"]]
    held = {each.source.split("/")[1] for each in sets.held_out(both)}
    kept = {each.source.split("/")[1] for each in sets.kept(both)}
    assert held
    assert not held & kept
    assert len(sets.held_out(both)) + len(sets.kept(both)) == len(both)


def test_left_and_right_punches_are_told_apart(ship: dict[str, list[Sequence]]) -> None:
    """The hand that a clip's name says goes furthest from its shoulder."""
    for side, name in (("right", "Punch_Cross"), ("left", "Punch_Jab")):
        clip = next(each for each in ship["mesh2motion"] if each.source.endswith(name))
        reach = {
            s: np.linalg.norm(
                clip.joints[:, JOINT[f"{s}_wrist"]] - clip.joints[:, JOINT[f"{s}_shoulder"]],
                axis=-1,
            ).max()
            for s in ("left", "right")
        }
        assert max(reach, key=lambda s: reach[s]) == side


def test_every_wording_is_known() -> None:
    """All names in the tables are primitives, with a side where one is needed."""
    for table in (rigged.KAYKIT, rigged.MESH2MOTION, cmu._CLEAR, cmu._LOOSE):
        for wording in table.values():
            kind, texts = named(wording)
            assert kind
            assert len(texts) >= 8


def test_hdm05_has_a_prompt_for_every_class(shared: Path) -> None:
    """Eleven classes, five actors, a plain English prompt each."""
    found = sets.load("hdm05")
    assert {span.kind for each in found for span in each.spans} == set(measured.HDM05_PROMPTS)
    assert len({each.tags[0] for each in found}) == 5


def test_utkinect_is_regular_and_timed(shared: Path) -> None:
    """Twenty recordings with 199 segments of ten actions at 20 fps."""
    found = sets.load("utkinect")
    assert len(found) == 20
    assert sum(len(each.spans) for each in found) == 199
    assert len({span.kind for each in found for span in each.spans}) == 10


def test_resampling_follows_an_irregular_clock() -> None:
    """A joint that moves evenly in time does so after resampling, whatever the clock did."""
    time_s = np.array([0.0, 0.02, 0.3, 0.31, 0.9, 1.0])
    joints = np.zeros((6, 22, 3), np.float32)
    joints[:, 0, 0] = time_s
    out = resample(joints, time_s)
    assert len(out) == 21
    assert np.allclose(out[:, 0, 0], np.arange(21) / 20, atol=1e-6)


def test_quaternions_go_the_shorter_way() -> None:
    """q and -q are one rotation: half-way between them is the same rotation again."""
    keys = np.array([0.0, 1.0])
    values = np.array([[0.0, 0, 0, 1], [0.0, 0, 0, -1]])
    assert np.allclose(
        np.abs(glb._sample(keys, values, np.array([0.5]), step=False)), [[0, 0, 0, 1]]
    )


def test_a_set_that_is_absent_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The error names the folder and the remedy."""
    monkeypatch.setenv("LIVEGROUND_SHARED", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="LIVEGROUND_SHARED"):
        sets.load("cmu")
