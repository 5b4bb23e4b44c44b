"""One thread writes the recordings of all sessions, so that no disk holds up a session.

What is to be written waits in a queue of so many bytes. A disk that is too slow fills it, and one
that is full ends a recording: what is not written is counted, in the file where that is possible
and in `count`, and the session goes on. Camera frames get half of the queue, so that they do not
push out what is small.
"""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from engines.errors import LivegroundError
from stream.messages import Image, Message, Pose
from stream.recordings.tape import Picture
from stream.recordings.topics import FRAMES, topic_of
from stream.recordings.writing import SessionWriter

WAITING_BYTES: Final = 64 * 1024 * 1024
"""Half a minute of full-HD video, or an hour of one person's motion."""
FLUSH_S: Final = 2.0
"""At most this much is lost when the process is killed."""
SMALL_BYTES: Final = 1000
"""What a message takes that carries no frame, about."""

BYTES_A_PIXEL: Final = 2
"""What a decoded picture takes, about."""

Outcome = Literal["written", "dropped"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Record:
    """`picture`: of an image that is no file yet."""

    message: Message
    from_client: bool
    log_ns: int
    size_bytes: int
    picture: Picture | None = None


class Tape:
    """The recording of one session. Its methods cost microseconds and raise nothing."""

    def __init__(
        self, recorder: "Recorder", path: Path, head: Mapping[str, str], *, frames: bool
    ) -> None:
        self.path: Final = path
        self.dropped: Final[Counter[str]] = Counter()
        """What was not written, by topic."""
        self.written = 0
        self._recorder = recorder
        self._head = head
        self._frames = frames
        self._wall_ns = time.time_ns() - time.monotonic_ns()
        self._writer: SessionWriter | None = None
        self._failed = False

    def heard(self, message: Message) -> None:
        """The client has sent this."""
        if isinstance(message, Image):
            if self._frames:
                self._put(message, True, len(message.jpeg))
        else:
            joints = message.joints if isinstance(message, Pose) else ()
            self._put(message, True, SMALL_BYTES + 32 * len(joints))

    def saw(self, seq: int, time_s: float, picture: Picture) -> None:
        """The client's camera has shown this."""
        if not self._frames:
            return
        try:
            width, height = picture.size_px()
        except LivegroundError:
            return
        image = Image(seq=seq, time_s=time_s, jpeg=b"")
        self._put(image, True, BYTES_A_PIXEL * width * height, picture)

    def said(self, message: Message) -> None:
        """The server has sent this."""
        self._put(message, False, SMALL_BYTES)

    def close(self) -> None:
        """The session has ended: complete the file."""
        self._recorder.put(self, None)

    def _put(
        self, message: Message, from_client: bool, size_bytes: int, picture: Picture | None = None
    ) -> None:
        if topic_of(message, from_client=from_client) is not None:
            log_ns = self._wall_ns + time.monotonic_ns()
            self._recorder.put(self, _Record(message, from_client, log_ns, size_bytes, picture))

    # ------------------------------------------------------------------ on the recorder's thread

    def write(self, record: _Record) -> Outcome:
        """Write a record, unless the file has failed before."""
        if self._failed:
            return "dropped"
        try:
            message = record.message
            if record.picture is not None and isinstance(message, Image):
                message = msgspec.structs.replace(message, jpeg=record.picture.jpeg())
            if self._writer is None:
                self._writer = SessionWriter(self.path, self._head)
            self._writer.write(message, from_client=record.from_client, log_ns=record.log_ns)
        except LivegroundError:
            return "dropped"
        except Exception as fault:
            self._fail(fault)
            return "dropped"
        self.written += 1
        return "written"

    def flush(self) -> None:
        """Bring what was written to the file."""
        try:
            if self._writer is not None:
                self._writer.flush()
        except Exception as fault:
            self._fail(fault)

    def end(self) -> None:
        """Complete the file."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        told = {f"dropped {name}": str(count) for name, count in self.dropped.items()}
        total = str(self.dropped.total())
        try:
            writer.close({"written": str(self.written), "dropped": total, **told})
        except Exception as fault:
            self._fail(fault)

    def _fail(self, fault: Exception) -> None:
        writer, self._writer, self._failed = self._writer, None, True
        log.error("The recording %s ends early: %s", self.path.name, fault)
        if writer is not None:
            writer.abandon()


_Waiting = tuple[Tape, _Record | None]


class Recorder:
    """The thread, and what waits for it. Its methods may be called from any thread."""

    def __init__(
        self,
        count: Callable[[Outcome], None] = lambda outcome: None,
        *,
        waiting_bytes: int = WAITING_BYTES,
    ) -> None:
        """`count` is told of every record, on any thread."""
        self._count = count
        self._limit_bytes = waiting_bytes
        self._bytes = 0
        self._waiting: deque[_Waiting] = deque()
        self._unflushed: set[Tape] = set()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._live, name="liveground-recorder", daemon=True)
        self._thread.start()

    def begin(self, path: Path, head: Mapping[str, str], *, frames: bool) -> Tape:
        """A recording; its file is made when something is written."""
        return Tape(self, path, head, frames=frames)

    def put(self, tape: Tape, record: _Record | None) -> None:
        """Let a record wait to be written, or count it; None ends the tape."""
        with self._changed:
            if record is None or self._admits(record):
                self._waiting.append((tape, record))
                self._bytes += record.size_bytes if record else 0
                self._changed.notify()
                return
            self._drop(tape, record)
        self._count("dropped")

    def stop(self, timeout_s: float) -> bool:
        """Write what waits and end the thread; whether it was done in time."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            log.error("The disk takes no more: recordings end early.")
        return not self._thread.is_alive()

    def _admits(self, record: _Record) -> bool:
        share = 2 if isinstance(record.message, Image) else 1
        return self._bytes + record.size_bytes <= self._limit_bytes // share

    def _drop(self, tape: Tape, record: _Record) -> None:
        topic = topic_of(record.message, from_client=record.from_client)
        tape.dropped[topic.name if topic else FRAMES] += 1

    # ------------------------------------------------------------------ the thread

    def _live(self) -> None:
        flush_at_s = 0.0
        while (batch := self._gather()) is not None:
            for tape, record in batch:
                self._take(tape, record)
            if time.monotonic() >= flush_at_s:
                for tape in self._unflushed:
                    tape.flush()
                self._unflushed.clear()
                flush_at_s = time.monotonic() + FLUSH_S

    def _gather(self) -> list[_Waiting] | None:
        """What waits, perhaps nothing; None when it is over."""
        timeout_s = FLUSH_S if self._unflushed else None
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping, timeout_s)
            if self._stopping and not self._waiting:
                return None
            batch = list(self._waiting)
            self._waiting.clear()
            return batch

    def _take(self, tape: Tape, record: _Record | None) -> None:
        if record is None:
            self._unflushed.discard(tape)
            tape.end()
            return
        self._unflushed.add(tape)
        outcome = tape.write(record)
        with self._changed:
            self._bytes -= record.size_bytes
            if outcome == "dropped":
                self._drop(tape, record)
        self._count(outcome)
