"""Pace and the embedded source: time is told, so nothing here waits."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.recording import Recording
from engines.motion.engine import MotionEngine
from engines.motion.grounder import MotionGrounder
from stream.commands.playback import MAX_SPEED, Pace, configured, due_times, embedded
from stream.messages import Configure, Label, Message, SegmentMessage
from tests.clients.rig import humanoid, still


class Clock:
    """A clock that only sleeping and working move."""

    def __init__(self, work_s: float = 0.0) -> None:
        self.now_s = 100.0
        self.work_s = work_s

    def now(self) -> float:
        self.now_s += self.work_s
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


times = st.lists(st.floats(0, 1e4, width=32), min_size=1, max_size=50).map(np.array)


@given(time_s=times, speed=st.floats(0.01, 100))
def test_due_times_begin_at_zero_and_never_go_back(time_s: np.ndarray, speed: float) -> None:
    """Whatever the recording's clock does, frames are due in their order."""
    due = due_times(time_s.astype(np.float64), speed)
    assert due[0] == 0
    assert (np.diff(due) >= 0).all()


@given(time_s=times, speed=st.one_of(st.just(MAX_SPEED), st.floats(0.01, 100)))
def test_a_least_step_keeps_the_limit_of_a_server(time_s: np.ndarray, speed: float) -> None:
    """No two frames come closer than the step, and none before it is due."""
    due = due_times(time_s.astype(np.float64), speed, 0.01)
    assert (np.diff(due) >= 0.01 - 1e-9).all()
    assert (due >= due_times(time_s.astype(np.float64), speed) - 1e-9).all()


@given(speed=st.floats(0.1, 50))
def test_a_regular_recording_keeps_its_rate_over_speed(speed: float) -> None:
    """Twice the speed is half the time."""
    due = due_times(np.arange(10) / 60, speed)
    np.testing.assert_allclose(np.diff(due), 1 / 60 / speed)


def test_full_speed_waits_for_nothing() -> None:
    """At `max`, every frame is due at once."""
    assert due_times(np.arange(5.0), MAX_SPEED).tolist() == [0.0] * 5


def test_the_schedule_does_not_drift_with_the_work() -> None:
    """Work between frames is taken off the waiting: the last frame goes out when it is due."""
    clock = Clock()
    pace = Pace(np.arange(61) / 60, 1.0, clock.now)
    for frame in range(61):
        clock.sleep(pace.wait_s(frame))
        pace.sent()
        clock.sleep(0.005)
    assert clock.now_s - 100.0 == pytest.approx(1.005)
    assert pace.capture_now_s(1.0) == pytest.approx(1.005)


def test_a_late_frame_goes_out_at_once() -> None:
    """After a pause that was too long, nothing waits until the schedule is met again."""
    clock = Clock()
    pace = Pace(np.arange(10.0), 1.0, clock.now)
    clock.sleep(3.5)
    assert [pace.wait_s(frame) for frame in range(6)] == pytest.approx([0, 0, 0, 0, 0.5, 1.5])


@pytest.fixture(scope="module")
def engine() -> MotionEngine:
    return MotionEngine.load()


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Four seconds of a rig that stands, steps and raises its arms, by way of a BVH file."""
    from clients import recording

    rig = humanoid()
    rows = still(rig, 240)
    swing = 60 * np.sin(np.arange(240) / 15)
    for name, sign in (("LeftUpLeg", 1), ("RightUpLeg", -1), ("LeftArm", 1)):
        rows[:, 4 + 3 * rig.in_file_order().index(name)] = sign * swing
    path: Path = tmp_path_factory.mktemp("takes") / "take.bvh"
    path.write_text(rig.text(rows))
    return recording.load(path)


def play(engine: MotionEngine, take: Recording, speed: float) -> list[Message]:
    clock, grounder = Clock(work_s=1e-4), MotionGrounder(engine)
    configured(grounder, Configure(prompts=["walks", "raises an arm", "sits down"]))
    return list(embedded(grounder, take, Pace(take.time_s, speed, clock.now), sleep=clock.sleep))


def test_speed_changes_nothing_but_ages(engine: MotionEngine, take: Recording) -> None:
    """The same recording gives the same labels and segments at every speed."""

    def content(messages: list[Message]) -> list[tuple[object, ...]]:
        return [
            (m.time_s, m.index, m.score)
            if isinstance(m, Label)
            else (m.start_s, m.end_s, m.index, m.state)
            for m in messages
            if isinstance(m, Label | SegmentMessage)
        ]

    once = content(play(engine, take, 1.0))
    assert len(once) > 20
    assert once == content(play(engine, take, MAX_SPEED)) == content(play(engine, take, 3.0))


def test_every_model_frame_is_labelled_once_and_ages_hold_the_lookahead(
    engine: MotionEngine, take: Recording
) -> None:
    """Labels come 20 a second, each moment once, and none is younger than the look-ahead."""
    labels = [m for m in play(engine, take, 1.0) if isinstance(m, Label)]
    np.testing.assert_allclose(np.diff([label.time_s for label in labels]), 0.05, atol=1e-6)
    lookahead_ms = engine.model.lookahead_s * 1e3
    assert min(label.age_ms for label in labels) >= lookahead_ms - 1
    assert max(label.age_ms for label in labels) < lookahead_ms + 100


def test_nothing_stays_provisional(engine: MotionEngine, take: Recording) -> None:
    """After the end every segment that was told is final or taken back."""
    last: dict[int, str] = {}
    for message in play(engine, take, MAX_SPEED):
        if isinstance(message, SegmentMessage):
            assert last.get(message.id) != "final"
            last[message.id] = message.state
    assert "provisional" not in last.values()
