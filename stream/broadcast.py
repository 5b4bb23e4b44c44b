"""What the session of a publisher without data channels says, for whoever watches it. Pure but for
its waiting.

A watcher who does not read misses the oldest; one who comes late is told what is looked for.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Final
from weakref import WeakSet

import msgspec

from stream.errors import LimitExceeded

MAX_WATCHERS: Final = 32
MAX_UNREAD: Final = 64
"""Messages that wait for one watcher: two seconds of heatmaps."""


class _Kind(msgspec.Struct):
    type: str


class Broadcast:
    """One session's messages, as JSON. The welcome stays with us: whoever knows it may resume.

    A watcher is known as long as somebody holds what `watch` gave, whether it was read or not.
    """

    def __init__(self) -> None:
        self._configured: bytes | None = None
        self._watchers = WeakSet[_Watcher]()
        self._ended = False

    def publish(self, data: bytes, *, lossy: bool) -> None:
        """Hand one message to all who watch."""
        kind = "" if lossy else msgspec.json.decode(data, type=_Kind).type
        if kind == "welcome":
            return
        if kind == "configured":
            self._configured = data
        for watcher in self._watchers:
            watcher.put(data)

    def end(self) -> None:
        """The session is over: watchers read what is left."""
        self._ended = True
        for watcher in self._watchers:
            watcher.wake.set()

    def watch(self) -> AsyncIterator[bytes]:
        """Messages from now on, until the session ends. Raises LimitExceeded."""
        if len(self._watchers) >= MAX_WATCHERS:
            raise LimitExceeded(
                f"{MAX_WATCHERS} clients watch this session. Try again later.",
                limit="max_watchers",
                value=MAX_WATCHERS,
            )
        watcher = _Watcher()
        if self._configured is not None:
            watcher.put(self._configured)
        self._watchers.add(watcher)
        return self._read(watcher)

    async def _read(self, watcher: "_Watcher") -> AsyncIterator[bytes]:
        while watcher.unread or not self._ended:
            while watcher.unread:
                yield watcher.unread.popleft()
            if not self._ended:
                watcher.wake.clear()
                await watcher.wake.wait()


class _Watcher:
    def __init__(self) -> None:
        self.unread: deque[bytes] = deque(maxlen=MAX_UNREAD)
        self.wake = asyncio.Event()

    def put(self, data: bytes) -> None:
        self.unread.append(data)
        self.wake.set()
