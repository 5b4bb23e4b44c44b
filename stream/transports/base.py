"""What a connection needs of any transport: whole messages in and out, and an end."""

from typing import Protocol


class Disconnected(Exception):
    """The peer has gone; nothing can be sent or received any more."""


class Transport(Protocol):
    """One connection; made by the app, used by the pipeline only."""

    async def recv(self) -> bytes | str:
        """Return the next message. Raises Disconnected."""

    async def send(self, data: bytes) -> None:
        """Send one message, waiting while the peer does not read. Raises Disconnected."""

    async def close(self, code: int, reason: str) -> None:
        """End in good order."""

    def abort(self) -> None:
        """End at once, also when the peer does not read."""
