"""Errors of the Python client, and the way from an `error` message back to its class."""

from typing import Final

from engines import errors as engine_errors
from engines.errors import LivegroundError
from stream import errors as stream_errors
from stream.errors import LimitExceeded, StreamError
from stream.messages import ErrorMessage


class ConnectionLost(StreamError):
    """The server cannot be reached (any more)."""

    code = "connection"


_BY_CODE: Final[dict[str, type[LivegroundError]]] = {
    error.code: error
    for module in (engine_errors, stream_errors)
    for error in vars(module).values()
    if isinstance(error, type) and issubclass(error, LivegroundError)
}


def from_wire(message: ErrorMessage) -> LivegroundError:
    """Return the exception of an `error` message; a code of a later version gives StreamError."""
    kind = _BY_CODE.get(message.code, StreamError)
    if issubclass(kind, LimitExceeded):
        return kind(message.text, limit=message.limit or "", value=message.value or 0.0)
    return kind(message.text)
