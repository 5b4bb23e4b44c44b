"""What a connection needs of any transport: whole messages in and out, and an end."""

from typing import Protocol

from stream.frames import Sight


class Disconnected(Exception):
    """The peer has gone; nothing can be sent or received any more."""


class Transport(Protocol):
    """One connection; made by the app, used by the pipeline only."""

    async def recv(self) -> bytes | str | Sight:
        """Return the next message, or frame of a camera. Raises Disconnected."""

    async def send(self, data: bytes, *, lossy: bool = False) -> None:
        """Send one message, waiting while the peer does not read. Raises Disconnected.

        `lossy`: it may be lost on its way; the next one says more.
        """

    async def close(self, code: int, reason: str) -> None:
        """End in good order."""

    def abort(self) -> None:
        """End at once, also when the peer does not read."""
