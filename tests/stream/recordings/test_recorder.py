"""The thread that writes: what a slow, a full and a hanging disk cost, and whom."""

import os
import threading
from collections import Counter
from pathlib import Path

import pytest

from engines.errors import ImageError
from stream.messages import Image, Label, Message
from stream.recordings.reading import RecordedSession
from stream.recordings.recorder import Recorder, Tape
from stream.recordings.topics import FRAMES
from tests.stream.rig import HELLO, pose

HEAD = {"kind": "video", "by": "server", "frames": "true"}
PATIENCE_S = 20.0


class Canvas:
    """A picture whose file is there when the test says so."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.go_on = threading.Event()

    def size_px(self) -> tuple[int, int]:
        return 40, 30

    def jpeg(self) -> bytes:
        self.asked.set()
        assert self.go_on.wait(PATIENCE_S)
        return b"drawn"


class Broken:
    """A picture that turns out to be none, at once or on the other thread."""

    def __init__(self, *, at_once: bool) -> None:
        self._at_once = at_once

    def size_px(self) -> tuple[int, int]:
        if self._at_once:
            raise ImageError("no picture")
        return 40, 30

    def jpeg(self) -> bytes:
        raise ImageError("no picture")


def label(seq: int) -> Label:
    return Label(
        config=1, seq=seq, time_s=0.0, age_ms=0.0, index=0, label="x", score=0.5, scores=[0.5]
    )


def messages(path: Path) -> list[Message]:
    return [entry.message for entry in RecordedSession(path).entries()]


def test_sessions_have_their_own_files(tmp_path: Path) -> None:
    """Two at a time on one thread; each file has its session's messages in their order."""
    counts: Counter[str] = Counter()
    recorder = Recorder(lambda outcome: counts.update([outcome]))
    tapes = [recorder.begin(tmp_path / f"{name}.mcap", HEAD, frames=True) for name in "ab"]
    for seq in range(50):
        for place, tape in enumerate(tapes):
            tape.heard(pose(2 * seq + place))
            tape.said(label(2 * seq + place))
    for tape in tapes:
        tape.close()
    assert recorder.stop(PATIENCE_S)
    for place, tape in enumerate(tapes):
        expected = [
            each for seq in range(50) for each in (pose(2 * seq + place), label(2 * seq + place))
        ]
        assert messages(tape.path) == expected
        assert not RecordedSession(tape.path).cut
    assert counts == {"written": 200}


def test_images_only_if_wanted(tmp_path: Path) -> None:
    """Without `frames`, neither those of messages nor those of a camera are kept or asked for."""
    recorder = Recorder()
    tape = recorder.begin(tmp_path / "a.mcap", HEAD, frames=False)
    canvas = Canvas()
    tape.heard(HELLO)
    tape.heard(Image(seq=0, time_s=0.0, jpeg=b"x"))
    tape.saw(1, 0.1, canvas)
    tape.close()
    assert recorder.stop(PATIENCE_S)
    assert messages(tape.path) == [HELLO]
    assert not canvas.asked.is_set()
    assert not tape.dropped


@pytest.fixture
def held(tmp_path: Path) -> tuple[Recorder, Tape, Canvas]:
    """A recorder that is busy with a picture, with room for 20 kB."""
    recorder = Recorder(waiting_bytes=20_000)
    tape = recorder.begin(tmp_path / "a.mcap", HEAD, frames=True)
    canvas = Canvas()
    tape.saw(0, 0.0, canvas)
    assert canvas.asked.wait(PATIENCE_S)
    return recorder, tape, canvas


def test_what_a_slow_disk_does_not_take_is_counted(held: tuple[Recorder, Tape, Canvas]) -> None:
    """The caller never waits; what had no room is missing, and the file says how much of what."""
    recorder, tape, canvas = held
    for seq in range(100):
        tape.said(label(seq))
    lost = tape.dropped["/labels"]
    assert 0 < lost < 100
    canvas.go_on.set()
    tape.close()
    assert recorder.stop(PATIENCE_S)
    there = messages(tape.path)
    assert there[0] == Image(seq=0, time_s=0.0, jpeg=b"drawn")
    assert there[1:] == [label(seq) for seq in range(100 - lost)]
    session = RecordedSession(tape.path)
    list(session.entries())
    assert (session.cut, session.dropped) == (False, lost)


def test_frames_do_not_push_out_what_is_small(held: tuple[Recorder, Tape, Canvas]) -> None:
    """They have half of the room."""
    recorder, tape, canvas = held
    for seq in range(1, 20):
        tape.heard(Image(seq=seq, time_s=seq, jpeg=bytes(3000)))
    assert tape.dropped[FRAMES] >= 15
    tape.said(label(1))
    assert "/labels" not in tape.dropped
    canvas.go_on.set()
    tape.close()
    assert recorder.stop(PATIENCE_S)


def test_pictures_that_are_none_cost_themselves(tmp_path: Path) -> None:
    """The next message is written; the one that was promised and is missing is counted."""
    recorder = Recorder()
    tape = recorder.begin(tmp_path / "a.mcap", HEAD, frames=True)
    tape.saw(0, 0.0, Broken(at_once=True))
    tape.saw(1, 0.0, Broken(at_once=False))
    tape.said(label(2))
    tape.close()
    assert recorder.stop(PATIENCE_S)
    assert messages(tape.path) == [label(2)]
    assert tape.dropped == {FRAMES: 1}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_ends_its_recording_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged once and counted; another session's file on another disk is complete."""
    counts: Counter[str] = Counter()
    recorder = Recorder(lambda outcome: counts.update([outcome]))
    full = recorder.begin(Path("/dev/full"), HEAD, frames=False)
    other = recorder.begin(tmp_path / "a.mcap", HEAD, frames=False)
    for seq in range(30):
        full.said(label(seq))
        other.said(label(seq))
    full.close()
    other.close()
    assert recorder.stop(PATIENCE_S)
    assert full.dropped == {"/labels": 30}
    assert counts == {"written": 30, "dropped": 30}
    assert messages(other.path) == [label(seq) for seq in range(30)]
    assert caplog.text.count("ends early") == 1


def test_a_folder_that_vanished_ends_the_recording(tmp_path: Path) -> None:
    """As any file that cannot be made."""
    recorder = Recorder()
    tape = recorder.begin(tmp_path / "gone" / "a.mcap", HEAD, frames=False)
    tape.said(label(0))
    tape.close()
    assert recorder.stop(PATIENCE_S)
    assert tape.dropped == {"/labels": 1}


def test_a_disk_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    """`stop` gives up when its time is over; a pipe that nobody reads hangs as such a disk does."""
    pipe = tmp_path / "a.mcap"
    os.mkfifo(pipe)
    recorder = Recorder()
    tape = recorder.begin(pipe, HEAD, frames=False)
    tape.said(label(0))
    assert not recorder.stop(0.05)
    with pipe.open("rb") as reader:
        reader.read(8)
        assert recorder.stop(PATIENCE_S)
