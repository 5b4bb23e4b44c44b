"""Frames on their way to the model: one outcome each, and bounded work."""

from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.config import Config
from stream.intake import Intake
from stream.jobs import Cut, Frames
from stream.states import Infer, Send
from tests.stream.rig import pose

TIMES_S = st.lists(
    st.one_of(st.floats(-0.02, 0.1), st.sampled_from([0.0, 1.0, -0.4, -2.0, -86400.0, 86400.0])),
    max_size=60,
)


@given(TIMES_S)
def test_any_clock_gives_every_frame_one_outcome(steps_s: list[float]) -> None:
    """Jitter, repeats, gaps and jumps: the books are right after each frame and at the end."""
    intake = Intake(Config(), 0.0)
    time_s, jobs = 0.0, []
    for seq, step_s in enumerate(steps_s):
        time_s += step_s
        actions = intake.take(pose(seq, time_s), now_s=seq / 60)
        jobs += [action.job for action in actions if isinstance(action, Infer)]
        assert intake.ledger.balanced
    for job in jobs:
        if isinstance(job, Frames):
            intake.answered(job, failed=False)
    intake.ledger.cut(None)
    assert intake.ledger.received == len(steps_s)
    assert intake.ledger.balanced
    assert intake.ledger.pending == 0


def test_a_cut_says_how_long_nothing_came() -> None:
    """After a gap its length; nobody knows how far a clock was set back."""
    intake = Intake(Config(), 0.0)
    jobs = [
        action.job
        for seq, time_s in enumerate((0.0, 0.05, 3.05, 1.0))
        for action in intake.take(pose(seq, time_s), now_s=seq / 60)
        if isinstance(action, Infer) and isinstance(action.job, Cut)
    ]
    assert [job.pause_s for job in jobs] == [pytest.approx(3.0), inf]


@given(TIMES_S)
def test_within_a_stretch_time_only_grows(steps_s: list[float]) -> None:
    """Between two cuts, model frames are exactly 1/20 s apart."""
    intake = Intake(Config(), 0.0)
    time_s, stretches = 0.0, [[]]
    for seq, step_s in enumerate(steps_s):
        time_s += step_s
        for action in intake.take(pose(seq, time_s), now_s=seq / 60):
            match action:
                case Infer(Cut()):
                    stretches.append([])
                case Infer(Frames() as job):
                    stretches[-1] += job.times_s.tolist()
    for stretch in stretches:
        for before, after in pairwise(stretch):
            assert abs(after - before - 0.05) < 1e-4


def test_what_waits_for_the_model_is_bounded() -> None:
    """However long nothing is answered, no more than the backlog is given out."""
    intake = Intake(Config(max_backlog_s=1.0), 0.0)
    given_out = 0
    for seq in range(600):
        for action in intake.take(pose(seq), seq / 60):
            if isinstance(action, Infer) and isinstance(action.job, Frames):
                given_out += len(action.job.marks)
    assert given_out == 20
    assert intake.ledger.dropped["busy"] == 600 - intake.ledger.pending


def test_failed_frames_are_counted_as_errors() -> None:
    """What the engine refused has its outcome, and the room is free again."""
    intake = Intake(Config(), 0.0)
    jobs = [
        action.job
        for seq in range(4)
        for action in intake.take(pose(seq), 0.0)
        if not isinstance(action, Send)
    ]
    assert sum(intake.answered(job, failed=True) for job in jobs) == 4
    assert intake.ledger.errored == 4
    assert intake.seen_seq == -1
