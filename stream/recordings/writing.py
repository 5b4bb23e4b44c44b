"""A session's file while it is written: MCAP in chunks of zstd. Blocking; not for the event loop.

The library is loaded here and in `reading` only. What was flushed can be read even when the end is
never written.
"""

import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec

from stream.errors import BadRecording
from stream.messages import Message
from stream.recordings.topics import (
    END,
    FORMAT,
    HEAD,
    NO_LIBRARY,
    Topic,
    capture_ns,
    encode,
    schema,
    topic_of,
)

try:
    from mcap.writer import CompressionType, Writer
except ImportError as fault:
    raise BadRecording(NO_LIBRARY) from fault

CHUNK_BYTES: Final = 1024 * 1024
PRIVATE: Final = 0o600
"""What people do is nobody else's business on this machine."""


class SessionWriter:
    """One file. Every method raises OSError when the disk does not take it."""

    def __init__(self, path: Path, head: Mapping[str, str]) -> None:
        """Make the file; `head` is what is said of the session before its first message."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        self._file = os.fdopen(os.open(path, flags, PRIVATE), "wb")
        self._channels: dict[Topic, int] = {}
        self._writer: Any = Writer(self._file, CHUNK_BYTES, CompressionType.ZSTD)
        try:
            self._writer.start(library=f"liveground {version('liveground')}")
            self._writer.add_metadata(HEAD, {"format": str(FORMAT), **head})
            self._file.flush()
        except OSError:
            self.abandon()
            raise

    def write(self, message: Message, *, from_client: bool, log_ns: int) -> None:
        """Write a message that came or went at `log_ns`, since 1970."""
        topic = topic_of(message, from_client=from_client)
        if topic is None:
            return
        captured_ns = capture_ns(message)
        self._writer.add_message(
            self._channel(topic),
            log_ns,
            encode(message),
            log_ns if captured_ns is None else captured_ns,
            (getattr(message, "seq", None) or 0) & 0xFFFFFFFF,
        )

    def flush(self) -> None:
        """Hand over all that was written to the operating system, in a chunk of its own."""
        self._writer.flush()

    def close(self, end: Mapping[str, str]) -> None:
        """Complete the file; `end` is what is said of the session after its last message."""
        try:
            self._writer.flush()
            self._writer.add_metadata(END, dict(end))
            self._writer.finish()
            self._file.flush()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let go of the file as it is."""
        try:
            self._file.close()
        except OSError:
            return

    def _channel(self, topic: Topic) -> int:
        if topic not in self._channels:
            name, definition = schema(topic)
            number = self._writer.register_schema(
                name, "jsonschema", msgspec.json.encode(definition)
            )
            side = "client" if topic.from_client else "server"
            self._channels[topic] = self._writer.register_channel(
                topic.name, "json", number, {"from": side}
            )
        return self._channels[topic]
