"""What all messages are made of, and those that either side sends. Data only; no I/O."""

from typing import Annotated

import msgspec
from msgspec import Meta

Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""Whole number that JavaScript can hold exactly."""
CountOrNone = Annotated[int, Meta(ge=-1, le=2**53 - 1)]
"""The same, with -1 for "none"."""
Seconds = Annotated[float, Meta(ge=-1e11, le=1e11)]
"""Finite seconds. The bound catches clocks in milliseconds since 1970."""
Finite = Annotated[float, Meta(ge=-1e15, le=1e15)]
"""No NaN, no infinity."""
ShortText = Annotated[str, Meta(max_length=200)]


class Message(msgspec.Struct, frozen=True, tag_field="type", kw_only=True, omit_defaults=True):
    """Base of all messages; `type` names the kind."""


class Ping(Message, frozen=True, tag="ping"):
    """Either side may ask; the other answers with `pong`."""

    id: Count
    """Returned in the pong."""


class Pong(Message, frozen=True, tag="pong"):
    """Answer to `ping`."""

    id: Count
    """As in the ping."""


class Bye(Message, frozen=True, tag="bye"):
    """The client is done: open segments are made final, then `stats` and the server's own `bye`
    come back. The server's `bye` is the last message of every orderly end."""

    reason: ShortText = ""
    """For the log."""
