"""Any error as the peer sees it: the message that tells it, and the close code. Pure."""

from stream.errors import CLOSE_CODE, to_wire
from stream.messages import ErrorMessage


def error_message(
    error: BaseException, *, fatal: bool = False, seq: int | None = None
) -> ErrorMessage:
    """Any error as the client sees it."""
    wire = to_wire(error)
    return ErrorMessage(
        code=wire.code, text=wire.text, fatal=fatal, seq=seq, limit=wire.limit, value=wire.value
    )


def close_of(error: BaseException) -> tuple[int, str]:
    """WebSocket close code and reason of an error that ends a connection."""
    code = to_wire(error).code
    return CLOSE_CODE.get(code, 1008), code
