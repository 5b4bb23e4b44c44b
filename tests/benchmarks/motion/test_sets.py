"""The sets are what their notes say."""

import subprocess
import sys

import pytest

from benchmarks.motion.sets import SETS, SYNTH_PROMPTS


@pytest.fixture(scope="module", params=[*SETS])
def loaded(request, shared):
    """Every set, twice, cut to four recordings."""
    return SETS[request.param](4), SETS[request.param](4)


def test_spans_are_in_order_and_do_not_overlap(loaded):
    """Nor lie outside the recording; every text is among the prompts, no prompt twice."""
    for recording in loaded[0].recordings:
        assert len(set(recording.prompts)) == len(recording.prompts)
        assert {span.text for span in recording.spans} <= set(recording.prompts)
        ends_s = [recording.times_s[0] - 0.05]
        for span in recording.spans:
            assert ends_s[-1] <= span.start_s + 1e-9
            assert span.start_s < span.end_s
            ends_s.append(span.end_s)
        assert ends_s[-1] <= recording.times_s[-1] + 0.3


def test_loading_again_gives_the_same(loaded):
    """Seeds are fixed."""
    for one, other in zip(loaded[0].recordings, loaded[1].recordings, strict=True):
        assert (one.name, one.spans, one.prompts) == (other.name, other.spans, other.prompts)
        assert (one.joints == other.joints).all()


def test_joints_are_metres_with_the_head_up(loaded):
    """Canonical skeleton: somebody stands, with more than a metre from foot to neck."""
    tallest = []
    for recording in loaded[0].recordings:
        assert recording.joints.shape == (len(recording.times_s), 22, 3)
        height = (recording.joints[:, 12] - recording.joints[:, [10, 11]].mean(axis=1))[:, 1]
        tallest.append(height.max())
    assert 1.0 < max(tallest) < 2.2


def test_synthesised_prompts_do_not_share_a_kind():
    """Ten prompts or so, one text for each meaning over the whole set."""
    for recording in SETS["synth"](6).recordings:
        assert len(recording.prompts) >= SYNTH_PROMPTS


def test_the_command_prints_a_table():
    """One method on one sequence, as a user runs it."""
    command = [sys.executable, "-m", "benchmarks.motion", "--set", "synth", "--limit", "1"]
    done = subprocess.run(
        [*command, "--method", "live", "--timelines"], capture_output=True, text=True, check=True
    )
    assert "### synth, script" in done.stdout
    assert "### synth, watch" in done.stdout
    assert "warm masks, live" in done.stdout
    assert "truth" in done.stdout
