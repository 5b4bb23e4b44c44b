"""What a recorded session says again: frames that were taken, questions with their answers in."""

from pathlib import Path

import pytest

from stream.commands.session_plan import Plan
from stream.errors import BadRecording
from stream.messages import (
    Configure,
    Configured,
    Dropped,
    ErrorMessage,
    Image,
    Message,
    Pose,
    SegmentMessage,
)
from stream.recordings.reading import RecordedSession
from stream.recordings.writing import SessionWriter
from tests.stream.rig import HELLO, PROMPTS, identity, poses

WELCOME = identity().welcome


def configured(config: int, labels: list[str], **more: object) -> Configured:
    fields = {"mode": "script", "lookahead_s": 0.4, "horizon_s": 2.5, **more}
    return Configured(config=config, labels=labels, **fields)  # type: ignore[arg-type]


def recorded(
    path: Path, *said: Message, kind: str = "motion", frames: str = "true", close: bool = True
) -> Plan:
    """A recording of these messages, client's and server's as their types say."""
    writer = SessionWriter(path, {"kind": kind, "frames": frames, "by": "server"})
    for number, message in enumerate(said):
        client = type(message) in (type(HELLO), Configure, Pose, Image)
        writer.write(message, from_client=client, log_ns=10**18 + number * 10**9)
    writer.flush()
    if close:
        writer.close({"dropped": "0"})
    else:
        writer.abandon()
    return Plan.of(RecordedSession(path))


def told(plan: Plan) -> list[Message]:
    return [step for _, step in plan.steps()]


def test_all_is_said_again_in_its_order(tmp_path: Path) -> None:
    """What the client said but for hello and bye, a second apart as it was."""
    said = poses(4)
    plan = recorded(tmp_path / "a.mcap", HELLO, WELCOME, PROMPTS, *said)
    assert told(plan) == [PROMPTS, *said]
    times_s = [time_s for time_s, _ in plan.steps()]
    assert [time_s - times_s[0] for time_s in times_s] == [0, 1, 2, 3, 4]
    assert plan.notes == []


def test_frames_that_were_not_taken_are_left_out(tmp_path: Path) -> None:
    """Too many or too fast for the server then; late ones are late again."""
    said = poses(8)
    drops = [
        Dropped(reason="rate", first_seq=1, last_seq=2, count=2),
        Dropped(reason="late", first_seq=4, last_seq=4, count=1),
        Dropped(reason="busy", first_seq=6, last_seq=6, count=1),
    ]
    plan = recorded(tmp_path / "a.mcap", HELLO, WELCOME, PROMPTS, *said, *drops)
    assert [step.seq for step in told(plan) if isinstance(step, Pose)] == [0, 3, 4, 5, 7]


def test_an_instruction_is_asked_as_the_steps_it_became(tmp_path: Path) -> None:
    """Another server may split it otherwise, and have another horizon."""
    plan = recorded(
        tmp_path / "a.mcap",
        WELCOME,
        Configure(instruction="walks, then sits"),
        Configure(prompts=["waves"], horizon_s=1.0),
        configured(1, ["walks", "sits"]),
        configured(2, ["waves"], mode="watch", horizon_s=1.0),
        configured(1, ["walks", "sits"]),
        *poses(1),
    )
    assert told(plan)[:2] == [
        Configure(steps=["walks", "sits"], mode="script", horizon_s=2.5),
        Configure(prompts=["waves"], horizon_s=1.0),
    ]


def test_without_all_answers_questions_stay_as_they_were(tmp_path: Path) -> None:
    """One was refused: which one is not known."""
    asked = [Configure(instruction="walks"), Configure(prompts=[" "])]
    refusal = ErrorMessage(code="prompt", text="empty")
    plan = recorded(
        tmp_path / "a.mcap", WELCOME, *asked, configured(1, ["walks"]), refusal, *poses(1)
    )
    assert told(plan)[:2] == asked


def test_what_makes_a_difference_is_said(tmp_path: Path) -> None:
    """A cut file, a language model's descriptions, another model."""
    plan = recorded(
        tmp_path / "a.mcap",
        WELCOME,
        PROMPTS,
        configured(1, ["walks"]),
        configured(2, ["walks"], cause="descriptions"),
        *poses(1),
        close=False,
    )
    assert [note.split()[0:3] for note in plan.notes] == [
        ["A", "language", "model"],
        ["The", "recording", "was"],
    ]
    plan.compare_model(WELCOME)
    assert len(plan.notes) == 2


def test_the_verdict_compares_final_segments(tmp_path: Path) -> None:
    """Equal means equal in label, place, times and score."""
    final = SegmentMessage(
        config=1, id=1, index=0, label="walks", start_s=0.0, end_s=2.0, score=0.5, state="final"
    )
    other = SegmentMessage(
        config=1, id=2, index=0, label="walks", start_s=3.0, end_s=4.0, score=0.5, state="final"
    )
    plan = recorded(tmp_path / "a.mcap", WELCOME, PROMPTS, *poses(1), final)
    assert plan.verdict([final]) == "The same 1 final segments as recorded."
    assert "1 are equal" in plan.verdict([final, other])
    assert "0 are equal" in plan.verdict([])
    cut = recorded(tmp_path / "b.mcap", WELCOME, PROMPTS, *poses(1), final, close=False)
    assert cut.verdict([final, other]).startswith("1 of the 1")


@pytest.mark.parametrize(
    ("said", "kind", "frames", "expected"),
    [
        ([WELCOME, PROMPTS], "video", "false", "record.frames"),
        ([WELCOME, PROMPTS], "motion", "false", "no frames"),
        ([WELCOME, *poses(3)], "motion", "false", "no configure"),
    ],
)
def test_nothing_to_replay_is_refused(
    tmp_path: Path, said: list[Message], kind: str, frames: str, expected: str
) -> None:
    """With what is missing, and how it would have been kept."""
    with pytest.raises(BadRecording, match=expected):
        recorded(tmp_path / "a.mcap", *said, kind=kind, frames=frames)
