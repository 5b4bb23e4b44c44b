"""Errors of a connection, and the one place that turns any error into what goes on the wire.

The tree continues `engines.errors`:

LivegroundError
└── StreamError
    ├── ProtocolError          bytes or a message that version 1 of the protocol does not allow
    │   ├── MalformedMessage   cannot be decoded
    │   ├── MessageTooLarge    longer than the limit
    │   ├── VersionMismatch    hello named a protocol version that this server does not speak
    │   ├── UnexpectedMessage  a message that is not allowed in the session's present state
    │   └── UnknownField       configure or enrol has a field that does not exist
    ├── UnknownSkeleton        a pose names a skeleton that is not in the welcome's table
    ├── LimitExceeded          a limit of the configuration was reached; carries its name and value
    │   └── TimedOut           no hello, or nothing at all, for too long
    ├── Unauthorized           token missing or wrong
    ├── Replaced               the session goes on over a newer connection
    ├── SlowClient             the client does not read what is sent to it
    ├── LanguageModelFailed    a language model gave no answer of use; told as a notice
    ├── SignallingError        a WHIP request that cannot be taken; told over HTTP, with its status
    ├── BadRecording           a recorded session that cannot be read or written; never sent
    └── ConfigError            the server's settings; never sent
"""

from dataclasses import dataclass
from typing import Final

from engines.errors import LivegroundError


class StreamError(LivegroundError):
    """Root of the errors of a connection."""

    code = "stream"


class ProtocolError(StreamError):
    """The peer did not keep to the protocol."""

    code = "protocol"


class MalformedMessage(ProtocolError):
    """The bytes are no message of this protocol."""

    code = "malformed"


class MessageTooLarge(ProtocolError):
    """The message is longer than the limit."""

    code = "too_large"


class VersionMismatch(ProtocolError):
    """The peer speaks another version of the protocol."""

    code = "version"


class UnexpectedMessage(ProtocolError):
    """The message is not allowed in the session's present state."""

    code = "unexpected"


class UnknownField(ProtocolError):
    """`configure` or `enrol` has a field that does not exist."""

    code = "unknown_field"


class UnknownSkeleton(StreamError):
    """The pose names a skeleton that the server does not know."""

    code = "unknown_skeleton"


class LimitExceeded(StreamError):
    """A configured limit was reached."""

    code = "limit"

    def __init__(self, text: str, *, limit: str, value: float) -> None:
        super().__init__(text)
        self.limit = limit
        self.value = value


class Unauthorized(StreamError):
    """The token is missing or wrong."""

    code = "unauthorized"


class SlowClient(StreamError):
    """The client does not read; its control queue is full."""

    code = "slow_client"


class TimedOut(LimitExceeded):
    """The peer was silent for too long."""

    code = "timeout"


class Replaced(StreamError):
    """The session was resumed over a newer connection."""

    code = "replaced"


class LanguageModelFailed(StreamError):
    """A language model gave nothing that can be used; the grammar or the dictionary does it."""

    code = "language_model"

    def __init__(self, text: str, *, kind: str) -> None:
        super().__init__(text)
        self.kind = kind


class SignallingError(StreamError):
    """A WHIP request cannot be taken; the answer has this HTTP status and this code."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


class BadRecording(StreamError):
    """A recording of a session cannot be read, or cannot be begun."""

    code = "recording"


class ConfigError(StreamError):
    """The server's settings are wrong or not safe together."""

    code = "config"


CLOSE_CODE: Final = {
    "malformed": 1007,
    "too_large": 1009,
    "version": 4001,
    "unauthorized": 4003,
    "unexpected": 4002,
    "limit": 1013,
    "slow_client": 1008,
    "timeout": 4004,
    "replaced": 4005,
    "internal": 1011,
}
"""WebSocket close code (RFC 6455 7.4) when an error with this wire code ends the connection."""


@dataclass(frozen=True, slots=True)
class WireError:
    """An error as the peer sees it."""

    code: str
    text: str
    limit: str | None
    value: float | None


def to_wire(error: BaseException) -> WireError:
    """Translate any error. Errors that are not ours say nothing but `internal`."""
    if isinstance(error, LimitExceeded):
        return WireError(error.code, str(error), error.limit, error.value)
    if isinstance(error, LivegroundError):
        return WireError(error.code, str(error), None, None)
    return WireError("internal", "The server failed; the fault is logged there.", None, None)
