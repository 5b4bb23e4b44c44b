"""Two ends of a connection inside one process: for embedding the server, and for tests of it.

Like a socket it is bounded: `send` waits while the other end does not read. What was sent before an
orderly `close` can still be read; `abort` loses it.
"""

import asyncio
from collections import deque
from typing import Final

from stream.frames import Sight
from stream.transports.base import Disconnected

CAPACITY: Final = 16
"""Messages on the way in one direction, as in a socket's small buffers."""


class MemoryTransport:
    """One end, made by `pair`. `close_code` and `close_reason` say how the other end closed."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._inbox: deque[bytes | str | Sight] = deque()
        self._readable = asyncio.Event()
        self._writable = asyncio.Event()
        self._peer: MemoryTransport = self
        self.closed = False
        self.close_code: int | None = None
        self.close_reason = ""

    async def recv(self) -> bytes | str | Sight:
        """Return the next message or frame. Raises Disconnected."""
        while not self._inbox:
            if self.closed:
                raise Disconnected
            self._readable.clear()
            await self._readable.wait()
        self._writable.set()
        return self._inbox.popleft()

    async def send(self, data: bytes | str | Sight, *, lossy: bool = False) -> None:
        """Give a message to the other end, waiting for room there. Raises Disconnected."""
        peer = self._peer
        while not self.closed and len(peer._inbox) >= peer._capacity:
            peer._writable.clear()
            await peer._writable.wait()
        if self.closed:
            raise Disconnected
        peer._inbox.append(data)
        peer._readable.set()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """End both directions."""
        if not self.closed:
            self._peer.close_code, self._peer.close_reason = code, reason
            self._end()

    def abort(self) -> None:
        """End both directions and lose what is on the way."""
        self._peer._inbox.clear()
        self._end()

    def _end(self) -> None:
        for end in (self, self._peer):
            end.closed = True
            end._readable.set()
            end._writable.set()


def pair(*, capacity: int = CAPACITY) -> tuple[MemoryTransport, MemoryTransport]:
    """Return two joined ends that hold `capacity` messages in each direction."""
    one, other = MemoryTransport(capacity), MemoryTransport(capacity)
    one._peer, other._peer = other, one
    return one, other
