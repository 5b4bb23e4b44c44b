"""A session's file: written and read, whole, cut anywhere, damaged, and not ours."""

import stat
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.writer import Writer

from stream.errors import BadRecording
from stream.messages import Dropped, Hello, Image, Message
from stream.recordings.reading import RecordedSession
from stream.recordings.writing import SessionWriter
from tests.stream.rig import PROMPTS, identity, pose

HEAD = {"kind": "motion", "by": "server", "frames": "true"}
SECRET = "a token of sixteen"
SAID: list[tuple[Message, bool]] = [
    (Hello(protocol=1, client="test", token=SECRET, resume=SECRET), True),
    (identity().welcome, False),
    (PROMPTS, True),
    *((pose(seq), True) for seq in range(8)),
    (Dropped(reason="late", first_seq=3, last_seq=3, count=1), False),
    (Image(seq=9, time_s=0.5, jpeg=b"\xff\xd8"), True),
]
FLUSHED = (2, 7, 11)


def write(path: Path, *, close: bool = True) -> None:
    writer = SessionWriter(path, HEAD)
    for number, (message, from_client) in enumerate(SAID):
        writer.write(message, from_client=from_client, log_ns=10**18 + number)
        if number in FLUSHED:
            writer.flush()
    if close:
        writer.close({"written": str(len(SAID)), "dropped": "2"})
    else:
        writer.abandon()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "a.mcap"
    write(path)
    return path.read_bytes()


def kinds(session: RecordedSession) -> list[type]:
    return [type(entry.message) for entry in session.entries()]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """All messages in their order, who said them, and when."""
    write(tmp_path / "a.mcap")
    session = RecordedSession(tmp_path / "a.mcap")
    entries = list(session.entries())
    assert [(type(m), side) for m, side in SAID] == [
        (type(entry.message), entry.from_client) for entry in entries
    ]
    assert [entry.message for entry in entries[2:]] == [message for message, _ in SAID[2:]]
    assert entries[0].time_s == pytest.approx(1e9)
    assert (session.cut, session.dropped) == (False, 2)
    assert (session.head.kind, session.head.by, session.head.frames) == ("motion", "server", True)


def test_topics_can_be_left_out(tmp_path: Path) -> None:
    """What is large need not be read."""
    write(tmp_path / "a.mcap")
    entries = RecordedSession(tmp_path / "a.mcap").entries(leave_out=("/pose", "/frames"))
    assert len(list(entries)) == len(SAID) - 9


def test_others_read_it_by_its_index(tmp_path: Path) -> None:
    """The library's own reader finds topics, times and metadata; capture times are published."""
    write(tmp_path / "a.mcap")
    with (tmp_path / "a.mcap").open("rb") as file:
        reader = make_reader(file)
        summary = reader.get_summary()
        assert summary is not None
        assert summary.statistics is not None
        assert summary.statistics.message_count == len(SAID)
        assert {each.topic for each in summary.channels.values()} >= {"/pose", "/welcome"}
        assert {each.message_encoding for each in summary.channels.values()} == {"json"}
        published = [m.publish_time for _, _, m in reader.iter_messages(topics=["/pose"])]
        assert published == [round(seq / 60 * 1e9) for seq in range(8)]
        assert [each.name for each in reader.iter_metadata()] == ["liveground", "liveground.end"]


def test_a_file_is_its_owners_and_keeps_no_secret(tmp_path: Path, whole: bytes) -> None:
    """Neither in the open nor in a chunk."""
    write(tmp_path / "a.mcap")
    assert stat.S_IMODE((tmp_path / "a.mcap").stat().st_mode) == 0o600
    assert SECRET.encode() not in whole
    token = identity().welcome.resume_token
    for entry in RecordedSession(tmp_path / "a.mcap").entries():
        assert SECRET not in repr(entry.message)
        assert token not in repr(entry.message)


def test_what_was_flushed_is_there_after_a_kill(tmp_path: Path) -> None:
    """Without its end a file says that it was cut, and gives all up to its last flush."""
    write(tmp_path / "a.mcap", close=False)
    session = RecordedSession(tmp_path / "a.mcap")
    assert kinds(session) == [type(message) for message, _ in SAID[: FLUSHED[-1] + 1]]
    assert session.cut


def test_a_file_that_is_not_read_to_its_end_was_not_cut(tmp_path: Path) -> None:
    """Whoever stops reading has found nothing missing."""
    write(tmp_path / "a.mcap")
    session = RecordedSession(tmp_path / "a.mcap")
    kinds(session)
    next(session.entries())
    assert not session.cut


@given(share=st.floats(0, 1))
def test_a_file_that_was_cut_is_read_up_to_there(
    share: float, whole: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Wherever it was cut: a beginning of what was said, or a clear refusal; nothing made up."""
    path = tmp_path_factory.mktemp("cut") / "a.mcap"
    path.write_bytes(whole[: int(share * len(whole))])
    try:
        session = RecordedSession(path)
    except BadRecording:
        assert int(share * len(whole)) < 300
        return
    there = kinds(session)
    assert there == [type(message) for message, _ in SAID[: len(there)]]
    assert session.cut or there == [type(message) for message, _ in SAID]


@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255))
def test_a_damaged_file_does_no_harm(
    place: float, value: int, whole: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any byte may be wrong: what is read is what was said, or it is refused."""
    path = tmp_path_factory.mktemp("damaged") / "a.mcap"
    damaged = bytearray(whole)
    damaged[int(place * len(whole))] = value
    path.write_bytes(damaged)
    with suppress(BadRecording):
        there = kinds(RecordedSession(path))
        assert Counter(there) <= Counter(type(message) for message, _ in SAID)


def test_other_files_are_refused_with_what_was_expected(tmp_path: Path) -> None:
    """Missing, empty, no MCAP, somebody else's MCAP, of a later version."""
    path = tmp_path / "a.mcap"
    with pytest.raises(BadRecording, match="cannot be read"):
        RecordedSession(path)
    for content in (b"", b"no recording", b"\x89MCAP0\r\n"):
        path.write_bytes(content)
        with pytest.raises(BadRecording, match="no MCAP file"):
            RecordedSession(path)
    for metadata, said in (({}, "no recording of a liveground"), ({"format": "2"}, "format 2")):
        with path.open("wb") as file:
            other = Writer(file)
            other.start()
            if metadata:
                other.add_metadata("liveground", metadata)
            other.finish()
        with pytest.raises(BadRecording, match=said):
            RecordedSession(path)
