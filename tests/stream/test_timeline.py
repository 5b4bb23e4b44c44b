"""What a client is told: updates as messages, retractions, and what is told again."""

from engines.motion.timeline import Segment, Update
from stream.messages import Label, SegmentMessage
from stream.pace import AgeMeter
from stream.timeline import KEPT_SEGMENTS, Timeline


def update(time_s: float | None, segments=(), retracted=()) -> Update:
    return Update(time_s, 0, "walks", 0.9, (0.9,), tuple(segments), tuple(retracted))


def segment(id_: int, end_s: float, *, final: bool = False) -> Segment:
    return Segment(id_, 0, "walks", 0.0, end_s, 0.8, final)


def say(timeline: Timeline, *updates: Update) -> list:
    ages = AgeMeter()
    ages.observe(0.0, 0.0)
    return [message for each in updates for message in timeline.say(each, 7, ages, 1.0)]


def configured() -> Timeline:
    timeline = Timeline()
    timeline.relabel(1)
    return timeline


def test_an_update_is_its_segments_and_one_label() -> None:
    """Segments first; the label carries configuration, newest frame and age."""
    told, label = say(configured(), update(0.5, [segment(1, 0.5)]))
    assert (told.id, told.state, told.config) == (1, "provisional", 1)
    assert (label.seq, label.time_s, label.age_ms, label.config) == (7, 0.5, 500.0, 1)


def test_no_label_without_a_moment_or_a_configuration() -> None:
    """Nothing is made up before the look-ahead is full, nor before the first configuration."""
    assert say(configured(), update(None)) == []
    assert say(Timeline(), update(0.5)) == []


def test_one_moment_has_one_label_in_a_configuration() -> None:
    """A flush that repeats the last moment adds nothing; a new configuration speaks anew."""
    timeline = configured()
    assert len(say(timeline, update(0.5), update(0.5), update(0.55))) == 2
    timeline.relabel(2)
    assert [label.config for label in say(timeline, update(0.55))] == [2]
    assert timeline.labels == 3


def test_a_retraction_repeats_what_was_told() -> None:
    """Same id and times with the state `retracted`; unknown ids say nothing."""
    timeline = configured()
    [first] = say(timeline, update(None, [segment(1, 0.5)]))
    [taken_back] = say(timeline, update(None, [], [1, 99]))
    assert isinstance(taken_back, SegmentMessage)
    assert (taken_back.id, taken_back.end_s, taken_back.state) == (1, first.end_s, "retracted")
    assert timeline.messages == []


def test_what_is_told_again_is_the_newest_form_of_the_newest_segments() -> None:
    """Bounded, in the order of the last revision."""
    timeline = configured()
    say(timeline, *(update(None, [segment(n, 1.0)]) for n in range(KEPT_SEGMENTS + 5)))
    say(timeline, update(None, [segment(10, 2.0, final=True)]))
    kept = timeline.messages
    assert len(kept) == KEPT_SEGMENTS
    assert (kept[-1].id, kept[-1].end_s, kept[-1].state) == (10, 2.0, "final")
    assert min(message.id for message in kept) == 5


def test_skipped_labels_are_said_once_until_the_next_stats() -> None:
    """Every one is counted."""
    timeline = configured()
    assert len(say(timeline, *(update(n / 20) for n in range(10)))) == 10
    assert [notice.code for notice in timeline.skipped(2)] == ["labels_skipped"]
    assert timeline.skipped(3) == []
    timeline.stats_sent()
    assert len(timeline.skipped(1)) == 1
    assert (timeline.labels, timeline.labels_skipped) == (4, 6)
    assert isinstance(say(timeline, update(1.0))[0], Label)
