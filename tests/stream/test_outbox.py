"""The outbox: what is never dropped, what gives way, and the order of all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.config import Config
from stream.errors import SlowClient
from stream.messages import Dropped, Heatmap, Label, Message, Notice, SegmentMessage
from stream.outbox import MAX_HEATMAPS, Outbox


def label(seq: int) -> Label:
    return Label(
        config=1, seq=seq, time_s=seq / 20, age_ms=0, index=0, label="a", score=1, scores=[1]
    )


def segment(id_: int, end_s: float, state: str = "provisional") -> SegmentMessage:
    return SegmentMessage(
        config=1, id=id_, index=0, label="a", start_s=0, end_s=end_s, score=1, state=state
    )


def heatmap(seq: int) -> Heatmap:
    return Heatmap(
        config=1, seq=seq, time_s=seq / 30, key_time_s=0, age_ms=0, columns=1, rows=1, heats=[]
    )


def notice(text: object) -> Notice:
    return Notice(code="gap", text=str(text))


def dropped(first: int, last: int, reason: str = "rate") -> Dropped:
    return Dropped(reason=reason, first_seq=first, last_seq=last, count=last - first + 1)


def drained(outbox: Outbox) -> list[Message]:
    taken = []
    while (message := outbox.take()) is not None:
        taken.append(message)
    return taken


@given(st.lists(st.integers(0, 3), max_size=60), st.integers(1, 5))
def test_order_is_kept_and_only_labels_give_way(kinds: list[int], room: int) -> None:
    """What leaves is what came, in order; control is complete, labels are the newest `room`."""
    outbox = Outbox(Config(max_waiting_labels=room, max_control_messages=60))
    put = [label(n) if kind else notice(n) for n, kind in enumerate(kinds)]
    skipped = sum(outbox.put(message) for message in put)
    kept = [message for message in put if isinstance(message, Label)][-room:]
    expected = [m for m in put if isinstance(m, Notice) or m in kept]
    assert len(outbox) == len(expected)
    assert drained(outbox) == expected
    assert skipped == len(put) - len(expected)


@given(st.lists(st.sampled_from(["put", "take"]), max_size=80))
def test_labels_that_were_taken_make_room(steps: list[str]) -> None:
    """Interleaved with reading, never more than the room waits and none is lost without count."""
    outbox = Outbox(Config(max_waiting_labels=3))
    put = skipped = taken = 0
    for step in steps:
        if step == "put":
            skipped += outbox.put(label(put))
            put += 1
        else:
            taken += outbox.take() is not None
        assert len(outbox) <= 3
        assert put == taken + skipped + len(outbox)


def test_too_much_control_is_a_slow_client() -> None:
    """The error comes with the first message beyond the limit; labels do not count."""
    outbox = Outbox(Config(max_control_messages=32))
    for n in range(32):
        outbox.put(notice(n))
        outbox.put(label(n))
    with pytest.raises(SlowClient, match="32"):
        outbox.put(notice("one more"))
    outbox.take()
    outbox.put(notice("there is room again"))


def test_adjacent_drops_of_one_reason_become_one() -> None:
    """The merged message counts the same frames."""
    outbox = Outbox(Config())
    for message in (dropped(1, 1), dropped(2, 2), dropped(3, 5)):
        outbox.put(message)
    assert drained(outbox) == [dropped(1, 5)]


@pytest.mark.parametrize(
    "other", [dropped(3, 3), dropped(2, 2, "late"), notice("between"), label(9)]
)
def test_other_drops_stay_apart(other: Message) -> None:
    """Not adjacent, another reason, or something in between: ranges stay exact."""
    outbox = Outbox(Config())
    put = [dropped(1, 1), other, dropped(2, 2)]
    for message in put:
        outbox.put(message)
    assert drained(outbox) == put


def test_a_drop_that_was_sent_is_not_changed() -> None:
    """Merging concerns waiting messages only."""
    outbox = Outbox(Config())
    outbox.put(dropped(1, 1))
    assert outbox.take() == dropped(1, 1)
    outbox.put(dropped(2, 2))
    assert drained(outbox) == [dropped(2, 2)]


def test_a_revised_segment_goes_out_once() -> None:
    """Of one id, only the newest form waits; finals of other ids are untouched."""
    outbox = Outbox(Config())
    for message in (segment(1, 1.0), segment(2, 1.0), segment(1, 2.0), segment(1, 2.5, "final")):
        outbox.put(message)
    assert drained(outbox) == [segment(2, 1.0), segment(1, 2.5, "final")]


def test_a_segment_that_was_sent_is_revised_by_a_new_message() -> None:
    """What has left cannot be replaced."""
    outbox = Outbox(Config())
    outbox.put(segment(1, 1.0))
    assert outbox.take() == segment(1, 1.0)
    outbox.put(segment(1, 2.0))
    outbox.put(segment(1, 3.0))
    assert drained(outbox) == [segment(1, 3.0)]


def test_a_lively_timeline_does_not_make_a_client_slow() -> None:
    """A thousand revisions of one segment are one waiting message."""
    outbox = Outbox(Config(max_control_messages=32))
    for n in range(1000):
        outbox.put(segment(1, float(n)))
    assert len(outbox) == 1


def test_of_heatmaps_only_the_newest_wait() -> None:
    """An older one is of no use; what is said beside them stays in order."""
    outbox = Outbox(Config())
    skipped = 0
    for seq in range(6):
        skipped += outbox.put(heatmap(seq))
        outbox.put(notice(seq))
    assert skipped == 6 - MAX_HEATMAPS
    left = drained(outbox)
    assert [each for each in left if isinstance(each, Heatmap)] == [heatmap(4), heatmap(5)]
    assert [each for each in left if isinstance(each, Notice)] == [notice(n) for n in range(6)]
    assert outbox.put(heatmap(7)) == 0
