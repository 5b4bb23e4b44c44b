"""Which segments stand, when the same question is answered anew."""

import msgspec

from clients.python.segments import Segments
from stream.messages import Configured, Label, SegmentMessage, Welcome
from stream.protocol_examples import STORY

WELCOME = next(message for _, message, _ in STORY if isinstance(message, Welcome))
CONFIGURED = next(message for _, message, _ in STORY if isinstance(message, Configured))
LABEL = next(message for _, message, _ in STORY if isinstance(message, Label))


def configured(config: int, cause: str = "configure", since_s: float | None = None) -> Configured:
    return msgspec.structs.replace(CONFIGURED, config=config, cause=cause, since_s=since_s)


def segment(config: int, id_: int, start_s: float, end_s: float, state: str = "final"):
    return SegmentMessage(
        config=config, id=id_, index=0, label="a", start_s=start_s, end_s=end_s, score=0.5,
        state=state,
    )  # fmt: skip


def told(*messages: object) -> Segments:
    segments = Segments()
    for message in (WELCOME, *messages):
        segments.take(message)
    return segments


def ids(segments: list[SegmentMessage]) -> list[tuple[int, int]]:
    return [(each.config, each.id) for each in segments]


def test_by_time_and_without_those_taken_back() -> None:
    """Standing ones are provisional or final; finals are final."""
    segments = told(
        configured(1),
        segment(1, 2, 5, 7, "provisional"),
        segment(1, 1, 1, 3),
        segment(1, 3, 8, 9, "provisional"),
        segment(1, 3, 8, 9, "retracted"),
    )
    assert ids(segments.standing) == [(1, 1), (1, 2)]
    assert ids(segments.finals) == [(1, 1)]


def test_what_is_told_anew_takes_the_place_of_the_old() -> None:
    """From the middle of a segment on; what lies before stays, whatever comes in which order."""
    segments = told(
        configured(1),
        segment(1, 1, 0, 4),
        segment(1, 2, 9, 12),
        segment(1, 3, 14, 16),
        configured(2, "example", 10.0),
        segment(2, 4, 10, 12),
        segment(2, 5, 14, 16.5),
        segment(1, 3, 14, 16),
    )
    assert ids(segments.finals) == [(1, 1), (2, 4), (2, 5)]
    segments.take(configured(3, "descriptions", 15.0))
    assert ids(segments.finals) == [(1, 1), (2, 4)]


def test_another_question_takes_nothing_back() -> None:
    """Other words of the client's, or another session: what was said stays said."""
    segments = told(
        configured(1, "configure", 0.0),
        segment(1, 1, 0, 4),
        configured(2, "configure", 0.0),
        segment(2, 2, 0, 3),
        configured(3, "example", 0.0),
        segment(3, 3, 0, 2),
    )
    assert ids(segments.finals) == [(1, 1), (3, 3)]
    segments.take(msgspec.structs.replace(WELCOME, session="another"))
    for message in (configured(1), segment(1, 1, 20, 21), configured(2, "example", 30.0)):
        segments.take(message)
    assert ids(segments.finals) == [(1, 1), (3, 3), (1, 1)]


def test_what_is_news() -> None:
    """A resumed session tells its segments again; other messages always are."""
    segments = told(configured(1))
    assert segments.take(segment(1, 1, 0, 4))
    assert not segments.take(segment(1, 1, 0, 4))
    assert segments.take(segment(1, 1, 0, 5))
    assert segments.take(LABEL)
