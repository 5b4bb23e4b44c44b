"""What the view knows: segments, since when, ages and rates."""

from stream.commands.board import Action, Board, Rate
from stream.messages import Dropped, Label, SegmentMessage


def label(time_s: float, index: int = 0) -> Label:
    return Label(
        config=1,
        seq=1,
        time_s=time_s,
        age_ms=1.0,
        index=index,
        label="walks" if index >= 0 else "unknown",
        score=0.5,
        scores=[0.5],
    )


def segment(id_: int, start_s: float, end_s: float, state: str, index: int = 0) -> SegmentMessage:
    return SegmentMessage(
        config=1,
        id=id_,
        index=index,
        label="walks",
        start_s=start_s,
        end_s=end_s,
        score=0.5,
        state=state,  # type: ignore[arg-type]
    )


def test_a_revised_segment_replaces_itself_and_a_retracted_one_goes() -> None:
    """The timeline holds each segment once, as last told."""
    board = Board("test")
    for message in (
        segment(1, 0, 1, "provisional"),
        segment(2, 3, 4, "provisional"),
        segment(1, 0, 2, "final"),
        segment(2, 3, 4, "retracted"),
    ):
        board.receive(message, 0.0)
    assert [(s.start_s, s.end_s, s.state) for s in board.timeline()] == [(0, 2, "final")]
    assert board.finals() == board.timeline()


def test_since_is_the_start_of_the_newest_segment_with_that_label() -> None:
    """An earlier segment of the same label does not count."""
    board = Board("test")
    board.frame_sent(0.0, 0.0)
    assert board.since_s() is None
    board.receive(segment(1, 1, 2, "final"), 0.0)
    board.receive(segment(2, 5, 6, "provisional"), 0.0)
    board.receive(label(5.9), 0.0)
    assert board.since_s() == 5


def test_unknown_holds_since_the_last_segment_ended() -> None:
    """Or since the first frame, when there was none."""
    board = Board("test")
    board.frame_sent(0.5, 0.0)
    board.receive(label(1.0, -1), 0.0)
    assert board.since_s() == 0.5
    board.receive(segment(1, 1, 2, "final"), 0.0)
    board.receive(label(3.0, -1), 0.0)
    assert board.since_s() == 2


def test_rate_counts_the_last_seconds_only() -> None:
    """Events that are long past do not raise the rate, silence lowers it to nothing."""
    rate = Rate()
    assert rate.hz(0.0) == 0
    for frame in range(601):
        rate.count(frame / 60)
    assert abs(rate.hz(10.0) - 60) < 0.1
    assert rate.hz(20.0) == 0
    assert rate.total == 601


def test_the_true_action_is_the_one_that_lasted_longest() -> None:
    """Pieces of the same action add up; without truth there is none."""
    board = Board("test")
    assert board.true_action(0, 1) == ""
    board.truth = [Action("a", 0, 1), Action("b", 1, 2.5), Action("a", 2.5, 3.5)]
    assert board.true_action(0.2, 3.5) == "a"
    assert board.true_action(1, 2.6) == "b"
    assert board.true_action(8, 9) == ""


def test_the_share_that_is_right_counts_time() -> None:
    """Final segments with the true label cover two of four seconds; open ones do not count."""
    board = Board("test")
    board.frame_sent(4.0, 0.0)
    assert board.share_right() == 0
    board.truth = [Action("walks", 0, 3), Action("sits", 3, 9)]
    board.receive(segment(1, 1, 3.5, "final"), 0.0)
    board.receive(segment(2, 0, 1, "provisional"), 0.0)
    assert board.share_right() == 0.5


def test_drops_are_counted_by_reason() -> None:
    """Every reason has its own count."""
    board = Board("test")
    for count in (2, 3):
        board.receive(Dropped(reason="late", first_seq=1, last_seq=5, count=count), 0.0)
    board.receive(Dropped(reason="busy", first_seq=1, last_seq=1, count=1), 0.0)
    assert board.dropped == {"late": 5, "busy": 1}
