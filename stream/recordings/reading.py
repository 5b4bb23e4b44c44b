"""A recorded session, read from its file. Blocking.

Read from the beginning to the end, without the index that only a complete file has: a file that was
cut, by a killed server or a full disk, is read up to the cut.
"""

import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

from stream.errors import BadRecording
from stream.messages import ClientMessage, ServerMessage
from stream.recordings.topics import BY_NAME, END, FORMAT, HEAD, NO_LIBRARY, decode

try:
    from mcap.exceptions import McapError
    from mcap.records import Channel, DataEnd, McapRecord, Message, Metadata
    from mcap.stream_reader import StreamReader
    from zstandard import ZstdError
except ImportError as fault:
    raise BadRecording(NO_LIBRARY) from fault

LARGEST_RECORD_BYTES: Final = 256 * 1024 * 1024
BROKEN: Final = (
    McapError,
    ZstdError,
    struct.error,
    ValueError,
    KeyError,
    RuntimeError,
    MemoryError,
)
"""What the library raises where a file is cut or damaged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message and when it came or went, in seconds since 1970."""

    message: ClientMessage | ServerMessage
    from_client: bool
    time_s: float


@dataclass(frozen=True, slots=True)
class Head:
    """What a recording says of its session before the first message."""

    kind: Literal["motion", "video"]
    frames: bool
    """Whether camera images were kept."""
    by: str
    """server or client."""


class RecordedSession:
    """One file. `cut` and `dropped` are known when `entries` has come to its end."""

    def __init__(self, path: Path) -> None:
        """Read the beginning. Raises BadRecording for what is no recording of a session."""
        self.path: Final = path
        self.cut = False
        """The end is missing."""
        self.dropped = 0
        """Records that were not written: the disk was too slow."""
        self.head: Final = self._head()

    def entries(self, *, leave_out: Collection[str] = ()) -> Iterator[Entry]:
        """All messages in their order, but for some topics."""
        topics = {}
        cut = True
        with self._open() as file:
            for record in self._records(file):
                match record:
                    case Channel(id=number, topic=name) if name in BY_NAME:
                        if name not in leave_out:
                            topics[number] = BY_NAME[name]
                    case Message(channel_id=number) if number in topics:
                        topic = topics[number]
                        message = decode(topic, record.data)
                        if message is not None:
                            yield Entry(message, topic.from_client, record.log_time / 1e9)
                    case Metadata(name=name) if name == END:
                        told = record.metadata.get("dropped", "")
                        self.dropped = int(told) if told.isdecimal() else 0
                    case DataEnd():
                        cut = False
        self.cut = cut

    def _head(self) -> Head:
        try:
            with self._open() as file:
                records = StreamReader(file, record_size_limit=LARGEST_RECORD_BYTES).records
                found = next((each for each in records if isinstance(each, Metadata)), None)
        except BROKEN as fault:
            why = str(fault) or "it ends too soon"
            raise BadRecording(f"{self.path}: no MCAP file that can be read: {why}.") from fault
        if found is None or found.name != HEAD:
            raise BadRecording(
                f"{self.path}: an MCAP file, but no recording of a liveground session. Expected "
                "one that a server with record.folder wrote, or a client with record=..."
            )
        if found.metadata.get("format") != str(FORMAT):
            raise BadRecording(
                f"{self.path}: recorded in format {found.metadata.get('format')}; this version "
                f"reads {FORMAT}. Use the version of liveground that recorded it."
            )
        return Head(
            kind="video" if found.metadata.get("kind") == "video" else "motion",
            frames=found.metadata.get("frames") == "true",
            by=found.metadata.get("by", ""),
        )

    def _open(self) -> IO[bytes]:
        try:
            return self.path.open("rb")
        except OSError as fault:
            raise BadRecording(f"{self.path} cannot be read: {fault.strerror}.") from fault

    def _records(self, file: IO[bytes]) -> Iterator[McapRecord]:
        records = StreamReader(
            file, validate_crcs=True, record_size_limit=LARGEST_RECORD_BYTES
        ).records
        while True:
            try:
                record = next(records, None)
            except BROKEN:
                return
            if record is None:
                return
            yield record
