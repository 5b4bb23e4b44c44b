"""The session's state machine: every message in every state, and what becomes of every frame."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import LivegroundError
from stream.config import Config
from stream.errors import MalformedMessage, MessageTooLarge
from stream.messages import (
    Bye,
    Configure,
    Configured,
    Dropped,
    ErrorMessage,
    GoingAway,
    Hello,
    Label,
    Notice,
    Ping,
    Pong,
    Pose,
    SegmentMessage,
    Stats,
    Welcome,
)
from stream.states import TRANSITIONS, State
from tests.stream.rig import HELLO, PROMPTS, SessionRig, of, pose, poses

MESSAGES = {
    "hello": HELLO,
    "configure": PROMPTS,
    "pose": pose(0),
    "ping": Ping(id=1),
    "pong": Pong(id=1),
    "bye": Bye(),
}


def rig_in(state: State) -> SessionRig:
    """A session brought to a state by messages alone."""
    rig = SessionRig()
    if state is not State.NEW:
        rig.say(HELLO)
    if state in (State.RUNNING, State.CLOSING):
        rig.say(PROMPTS)
    if state in (State.CLOSING, State.CLOSED):
        rig.say(Bye(), run=state is State.CLOSED)
    assert rig.session.state is state
    return rig


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", MESSAGES)
def test_the_table_says_what_happens(state: State, event: str) -> None:
    """A message leads to the table's next state, or is refused: fatally before or as a hello."""
    rig = rig_in(state)
    answer = rig.say(MESSAGES[event], run=False)
    errors = of(ErrorMessage, answer)
    if event in TRANSITIONS[state]:
        assert rig.session.state is TRANSITIONS[state][event]
        assert not errors
    elif state is State.CLOSED:
        assert not answer
    else:
        fatal = state is State.NEW or event == "hello"
        assert [error.code for error in errors] == ["unexpected"]
        assert errors[0].fatal is fatal
        assert rig.session.state is (State.CLOSED if fatal else state)
        assert (rig.closed is not None) is fatal


def test_no_way_back_and_one_way_out() -> None:
    """Every state but CLOSED can be left, nothing leads back to NEW, and all names are states."""
    assert set(TRANSITIONS) == set(State)
    targets = {target for row in TRANSITIONS.values() for target in row.values()}
    assert State.NEW not in targets
    assert all(TRANSITIONS[state] for state in State if state is not State.CLOSED)


def test_hello_is_answered_with_all_a_client_needs() -> None:
    """The welcome names the session, its resume token, the limits and the model."""
    [welcome] = SessionRig().say(HELLO)
    assert isinstance(welcome, Welcome)
    assert (welcome.protocol, welcome.resumed, welcome.last_seq) == (1, False, -1)
    assert welcome.limits.max_rate_hz == Config().max_rate_hz


@pytest.mark.parametrize("version", [0, 2, 99])
def test_wrong_version_is_fatal(version: int) -> None:
    """The error says which version this server speaks; close code 4001."""
    rig = SessionRig()
    [error] = rig.say(Hello(protocol=version, client="old"))
    assert isinstance(error, ErrorMessage)
    assert (error.code, error.fatal) == ("version", True)
    assert "1" in error.text
    assert rig.closed is not None
    assert rig.closed.code == 4001


@pytest.mark.parametrize(("token", "welcome"), [(None, False), ("wrong", False), ("s" * 16, True)])
def test_a_token_is_needed_where_one_is_set(token: str | None, welcome: bool) -> None:
    """Missing and wrong tokens end the connection with 4003."""
    rig = SessionRig(config=Config(token="s" * 16), authorized=False)
    [answer] = rig.say(Hello(protocol=1, client="test", token=token))
    assert isinstance(answer, Welcome) is welcome
    if not welcome:
        assert rig.closed is not None
        assert rig.closed.code == 4003


def test_bytes_that_are_no_message_cost_nothing_but_themselves() -> None:
    """After the hello, a malformed message is answered and the session goes on."""
    rig = SessionRig().start()
    rig.perform(rig.session.refuse(MalformedMessage("not JSON"), 1.0))
    assert of(ErrorMessage, rig.sent)[-1].code == "malformed"
    assert rig.session.state is State.RUNNING
    assert of(Label, rig.say(*poses(30)))


@pytest.mark.parametrize(
    ("error", "code"), [(MalformedMessage("x"), 1007), (MessageTooLarge("x"), 1009)]
)
def test_before_the_hello_any_error_is_the_end(error: LivegroundError, code: int) -> None:
    """Nothing is known of the peer yet, so nothing is forgiven."""
    rig = SessionRig()
    rig.perform(rig.session.refuse(error, 0.0))
    assert of(ErrorMessage, rig.sent)[0].fatal
    assert rig.closed is not None
    assert rig.closed.code == code


def test_too_large_is_always_the_end() -> None:
    """A message beyond the limit ends a running session with 1009, its frames accounted for."""
    rig = SessionRig().start()
    rig.say(*poses(5), run=False)
    rig.perform(rig.session.refuse(MessageTooLarge("too large"), 0.0))
    assert rig.closed is not None
    assert rig.closed.code == 1009
    assert (rig.ledger.received, rig.ledger.dropped["cut"], rig.ledger.pending) == (5, 5, 0)


BAD_POSES = {
    "nan": (b"\x00\x00\xc0\x7f" * 66, "smpl22", "bad_joints"),
    "too few": (b"\x00" * 12, "smpl22", "bad_joints"),
    "not rows of three": ([[0.0, 1.0]] * 22, "smpl22", "bad_joints"),
    "unknown skeleton": (b"\x00" * 264, "octopus8", "unknown_skeleton"),
    "far away": ([[1e9, 0.0, 0.0]] * 22, "smpl22", "bad_joints"),
}


@pytest.mark.parametrize("name", BAD_POSES)
def test_a_bad_frame_costs_that_frame(name: str) -> None:
    """The error names the frame; the frames around it are used as if it had not come."""
    joints, skeleton, code = BAD_POSES[name]
    rig, untouched = SessionRig().start(), SessionRig().start()
    rig.say(*poses(30))
    [error] = rig.say(Pose(seq=777, time_s=0.5, joints=joints, skeleton=skeleton))
    rig.say(*poses(60)[30:])
    untouched.say(*poses(60))
    assert (error.code, error.seq, error.fatal) == (code, 777, False)
    assert rig.ledger.errored == 1
    assert [m.time_s for m in of(Label, rig.sent)] == [m.time_s for m in of(Label, untouched.sent)]


def test_a_pose_before_configure_is_an_error_of_that_frame() -> None:
    """Nothing is looked for yet; the session can still be configured."""
    rig = SessionRig()
    [_, error] = rig.say(HELLO, pose(3))
    assert (error.code, error.seq, error.fatal) == ("unexpected", 3, False)
    assert (rig.ledger.received, rig.ledger.errored) == (1, 1)
    assert of(Configured, rig.say(PROMPTS))


def test_every_model_frame_gets_a_label_with_its_newest_input() -> None:
    """Sixty frames a second in, twenty labels out; `seq` says what each takes into account."""
    rig = SessionRig().start()
    labels = of(Label, rig.say(*poses(61)))
    assert [label.time_s for label in labels] == pytest.approx([k / 20 for k in range(18)])
    lookahead = rig.engine.LOOKAHEAD
    assert [label.seq for label in labels] == [3 * (k + lookahead) for k in range(18)]
    assert all(label.config == 1 for label in labels)


def test_bye_makes_everything_final_and_closes_the_books() -> None:
    """Look-ahead flushed, segments final, stats with nothing pending, the server's bye, 1000."""
    rig = SessionRig().start()
    rig.say(*poses(62))
    end = rig.say(Bye())
    assert [type(message) for message in end[-2:]] == [Stats, Bye]
    assert of(SegmentMessage, end)[-1].state == "final"
    stats = end[-2]
    assert (stats.received, stats.processed, stats.pending) == (62, 61, 0)
    assert stats.dropped == {"cut": 1}
    assert of(Dropped, end) == [Dropped(reason="cut", first_seq=61, last_seq=61, count=1)]
    assert rig.closed is not None
    assert rig.closed.code == 1000


def test_poses_after_bye_are_cut() -> None:
    """The timeline is closed; the frames still get their outcome."""
    rig = SessionRig().start()
    rig.say(*poses(9), Bye(), run=False)
    [dropped] = rig.say(pose(9), run=False)
    assert dropped == Dropped(reason="cut", first_seq=9, last_seq=9, count=1)
    rig.run()
    assert rig.ledger.balanced
    assert rig.ledger.pending == 0


def test_a_clock_set_back_a_day_begins_a_new_stretch() -> None:
    """A notice, the old stretch final, labels at the new times; nothing lost without a word."""
    rig = SessionRig().start()
    rig.say(*poses(62))
    answer = rig.say(*poses(60, first=62, start_s=-86400.0))
    assert [notice.code for notice in of(Notice, answer)] == ["clock_reset"]
    assert of(SegmentMessage, answer)[0].state == "provisional"
    assert any(segment.state == "final" for segment in of(SegmentMessage, answer))
    assert of(Label, answer)[-1].time_s < -86000
    assert of(Label, answer)[-1].age_ms < 1000
    assert of(Dropped, answer) == [Dropped(reason="cut", first_seq=61, last_seq=61, count=1)]
    assert rig.ledger.balanced


def test_a_gap_begins_a_new_stretch() -> None:
    """Nothing is invented for the time in which nobody was seen."""
    rig = SessionRig().start()
    rig.say(*poses(61))
    answer = rig.say(*poses(30, first=61, start_s=30.0))
    assert [notice.code for notice in of(Notice, answer)] == ["gap"]
    times_s = [label.time_s for label in of(Label, answer)]
    assert not [time_s for time_s in times_s if 1.1 < time_s < 30]


@pytest.mark.parametrize(
    ("times_s", "reason"), [((0.0, 0.1, 0.05), "late"), ((0.0, 0.1, 0.1), "duplicate")]
)
def test_frames_out_of_time_are_dropped_with_the_reason(times_s, reason: str) -> None:
    """Late and repeated frames are told at once."""
    rig = SessionRig().start()
    answer = rig.say(*(pose(seq, time_s) for seq, time_s in enumerate(times_s)))
    assert of(Dropped, answer) == [Dropped(reason=reason, first_seq=2, last_seq=2, count=1)]


def test_more_frames_than_the_rate_allows_are_dropped() -> None:
    """Two seconds' worth may come at once; beyond, `rate`."""
    rig = SessionRig(config=Config(max_rate_hz=30.0)).start()
    answer = rig.say(*poses(100))
    assert sum(dropped.count for dropped in of(Dropped, answer)) == 40
    assert {dropped.reason for dropped in of(Dropped, answer)} == {"rate"}
    rig.now_s = 1.0
    rig.say(*poses(30, first=100, start_s=100 / 60))
    assert rig.ledger.dropped["rate"] == 40


def test_a_backlog_is_bounded() -> None:
    """When the model does not keep up, frames beyond the backlog are `busy`; later ones are not."""
    rig = SessionRig(config=Config(max_backlog_s=0.5)).start()
    rig.say(*poses(60), run=False)
    assert {dropped.reason for dropped in of(Dropped, rig.sent)} == {"busy"}
    assert len(rig.jobs) == 10
    rig.run()
    assert not of(Dropped, rig.say(*poses(6, first=60, start_s=1.0)))
    assert rig.ledger.balanced


def test_reconfigure_mid_stream() -> None:
    """Labels carry the configuration that they were made with; frames are not interrupted."""
    rig = SessionRig().start()
    rig.say(*poses(60))
    answer = rig.say(Configure(steps=["stands"]), *poses(60, first=60, start_s=1.0))
    [configured] = of(Configured, answer)
    assert (configured.config, configured.mode, configured.labels) == (2, "script", ["stands"])
    assert {label.config for label in of(Label, answer)} == {2}
    assert not of(Dropped, answer)


def test_a_refused_configuration_leaves_the_old_one() -> None:
    """The error is not fatal and labels go on as before."""
    rig = SessionRig().start()
    [error] = rig.say(Configure(prompts=[]))
    assert (error.code, error.fatal) == ("bad_prompt", False)
    [error] = rig.say(Configure(prompts=["refused"]))
    assert (error.code, error.fatal) == ("engine", False)
    assert {label.config for label in of(Label, rig.say(*poses(60)))} == {1}


def test_a_first_configuration_that_the_engine_refuses() -> None:
    """The session is as before it: poses are refused, another configuration is taken."""
    rig = SessionRig()
    rig.say(HELLO, Configure(prompts=["refused"]))
    assert rig.session.state is State.READY
    assert of(Configured, rig.say(PROMPTS))


def test_configurations_cannot_pile_up() -> None:
    """Beyond the limit they are refused with its value until the model has answered."""
    rig = SessionRig(config=Config(max_waiting_configures=2))
    rig.say(HELLO, PROMPTS, PROMPTS, PROMPTS, run=False)
    [error] = of(ErrorMessage, rig.sent)
    assert (error.code, error.limit, error.value) == ("limit", "max_waiting_configures", 2)
    rig.run()
    assert of(Configured, rig.say(PROMPTS))


def test_frames_that_the_engine_refuses_are_errors() -> None:
    """They count as errored, once; the session goes on."""
    rig = SessionRig().start()
    tall = [[0.0, 9.5, 0.0]] * 22
    answer = rig.say(*(Pose(seq=seq, time_s=seq / 60, joints=tall) for seq in range(4)))
    assert [error.code for error in of(ErrorMessage, answer)] == ["engine", "engine"]
    assert (rig.ledger.errored, rig.ledger.pending) == (4, 0)
    assert of(Label, rig.say(*poses(60, first=4, start_s=4 / 60)))


def test_a_fault_of_the_model_ends_the_session_without_detail() -> None:
    """An error that is not ours is `internal`, close code 1011."""
    rig = SessionRig().start()
    rig.say(pose(0), run=False)
    done = dataclasses.replace(rig._do(rig.jobs.popleft()), error=RuntimeError("secret path"))
    rig.perform(rig.session.deliver(done, 0.0))
    error = of(ErrorMessage, rig.sent)[-1]
    assert (error.code, error.fatal) == ("internal", True)
    assert "secret" not in error.text
    assert rig.closed is not None
    assert rig.closed.code == 1011


def test_silence_is_asked_about_and_then_ended() -> None:
    """A ping at half the limit, the end at the limit; any message in between starts anew."""
    rig = SessionRig(config=Config(idle_s=10.0)).start()
    assert rig.session.deadline_s == 5.0
    assert rig.session.tick(4.9) == []
    rig.perform(rig.session.tick(5.0))
    assert isinstance(rig.sent[-1], Ping)
    rig.now_s = 9.0
    rig.say(Pong(id=0))
    assert rig.session.tick(10.0) == []
    rig.perform(rig.session.tick(14.0))
    rig.perform(rig.session.tick(19.0))
    assert rig.lost is not None
    assert (rig.lost.code, rig.lost.limit, rig.lost.value) == ("timeout", "idle_s", 10.0)
    assert rig.session.resumable


def test_no_hello_in_time_is_the_end() -> None:
    """A connection that says nothing does not hold its place."""
    rig = SessionRig(config=Config(hello_s=2.0))
    rig.perform(rig.session.tick(2.0))
    [error] = of(ErrorMessage, rig.sent)
    assert (error.code, error.limit, error.fatal) == ("timeout", "hello_s", True)


@pytest.mark.parametrize("state", [State.READY, State.RUNNING])
def test_drain_says_so_and_finishes(state: State) -> None:
    """going_away first, then the same end as after a bye, with close code 1012."""
    rig = rig_in(state)
    before = len(rig.sent)
    rig.perform(rig.session.drain(7.0))
    rig.run()
    said = rig.sent[before:]
    assert said[0] == GoingAway(time_left_s=7.0)
    assert isinstance(said[-1], Bye)
    assert rig.closed is not None
    assert rig.closed.code == 1012


def test_stats_come_regularly() -> None:
    """Every `stats_s` seconds while results come in, with balanced books."""
    rig = SessionRig(config=Config(stats_s=1.0)).start()
    for each in poses(200):
        rig.now_s = each.time_s + 0.01
        rig.say(each)
    stats = of(Stats, rig.sent)
    assert len(stats) == 3
    assert stats[-1].input_hz == pytest.approx(60.0, rel=1e-3)
    lookahead_ms = rig.engine.LOOKAHEAD / 20 * 1e3
    assert stats[-1].age_p50_ms == pytest.approx(lookahead_ms, abs=1)
    for each in stats:
        outcomes = each.processed + sum(each.dropped.values()) + each.errored + each.pending
        assert each.received == outcomes


def test_resume_tells_all_that_still_counts() -> None:
    """Welcome with the newest frame number, the configuration, and segments as last told."""
    rig = SessionRig().start()
    rig.say(*poses(61))
    told = of(SegmentMessage, rig.sent)[-1]
    rig.sent.clear()
    rig.perform(rig.session.resume(HELLO, True, 5.0))
    welcome, configured, *segments = rig.sent
    assert (welcome.resumed, welcome.last_seq) == (True, 60)
    assert configured.config == 1
    assert segments == [told]
    assert of(Label, rig.say(*poses(30, first=61, start_s=61 / 60)))


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_reused_or_backward_number_is_no_trouble(first: int, second: int) -> None:
    """Frame numbers are the client's own; counting does not rely on them."""
    rig = SessionRig().start()
    rig.say(pose(first, 0.0), pose(second, 0.1), Bye())
    assert rig.ledger.received == 2
    assert rig.ledger.balanced
