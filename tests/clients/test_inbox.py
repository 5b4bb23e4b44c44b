"""What is unread stays bounded, and no final segment is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from clients.python.inbox import KEPT, Event, Inbox
from stream.messages import Dropped, Label, Notice, SegmentMessage


def _label(number: int) -> Label:
    return Label(
        config=1, seq=number, time_s=0.0, age_ms=0.0, index=0, label="a", score=1.0, scores=[1.0]
    )


def _segment(number: int, state: str = "final") -> SegmentMessage:
    return SegmentMessage(
        config=1, id=number, index=0, label="a", start_s=0.0, end_s=1.0, score=1.0, state=state
    )


def _all(inbox: Inbox) -> list[Event]:
    events = []
    while (event := inbox.take()) is not None:
        events.append(event)
    return events


def test_events_keep_their_order() -> None:
    """First in, first out, over all kinds."""
    inbox = Inbox()
    events = [_label(0), _segment(0), Notice(code="gap", text=""), _label(1), _segment(1)]
    for event in events:
        inbox.put(event)
    assert _all(inbox) == events
    assert inbox.take() is None


def test_the_newest_labels_win() -> None:
    """Unread labels beyond the bound push out the oldest, which are counted."""
    inbox = Inbox()
    for number in range(KEPT + 10):
        inbox.put(_label(number))
    assert _all(inbox) == [_label(number) for number in range(10, KEPT + 10)]
    assert inbox.labels_skipped == 10


def test_a_revised_segment_replaces_its_unread_message() -> None:
    """Only the newest message of a segment waits."""
    inbox = Inbox()
    inbox.put(_segment(0, "provisional"))
    inbox.put(_segment(1, "provisional"))
    inbox.put(_segment(0))
    assert _all(inbox) == [_segment(1, "provisional"), _segment(0)]


def test_drops_with_one_reason_are_added_up() -> None:
    """No drop is lost while its messages are unread."""
    inbox = Inbox()
    inbox.put(Dropped(reason="late", first_seq=3, last_seq=4, count=2))
    inbox.put(Dropped(reason="rate", first_seq=5, last_seq=5, count=1))
    inbox.put(Dropped(reason="late", first_seq=9, last_seq=9, count=1))
    assert _all(inbox) == [
        Dropped(reason="rate", first_seq=5, last_seq=5, count=1),
        Dropped(reason="late", first_seq=3, last_seq=9, count=3),
    ]


@settings(deadline=None)
@given(
    events=st.lists(
        st.one_of(
            st.builds(_label, st.integers(0, 999)),
            st.builds(
                _segment, st.integers(0, 9), st.sampled_from(["provisional", "final", "retracted"])
            ),
            st.just(Notice(code="gap", text="")),
        ),
        max_size=300,
    )
)
def test_the_newest_message_of_every_segment_is_delivered(events: list[Event]) -> None:
    """Whatever comes in between, the last word on each segment is read; the rest is bounded."""
    inbox = Inbox()
    for event in events:
        inbox.put(event)
    read = _all(inbox)
    expected = {event.id: event for event in events if isinstance(event, SegmentMessage)}
    assert {event.id: event for event in read if isinstance(event, SegmentMessage)} == expected
    assert len(read) <= 10 + 2 * KEPT
