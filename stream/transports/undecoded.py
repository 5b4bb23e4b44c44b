"""Packets of a track that wait for its decoder, bounded, and with them its pictures: aiortc's own
queue is not.

A camera of more pixels than the machine decodes in time would fill the memory, show what is ever
longer ago, and hold up the event loop at its end, where aiortc waits until all is decoded. And
decoders keep the room of as many pictures as were ever on their way to the loop at a time.
"""

import asyncio
import threading
from collections.abc import Callable
from queue import Queue
from typing import Any, Final

from aiortc import RTCPeerConnection

MAX_UNDECODED: Final = 30
"""Encoded frames of one track: a second of a camera, what a network that stalled brings at once."""


class Undecoded(Queue[Any]):
    """Frames on their way to a decoder's thread; None ends it, at once.

    When too many wait, all of them give way to the newest, and `spoiled` is set, on which aiortc
    asks the sender for a key frame. Until that comes the picture may be smeared.
    """

    def __init__(
        self, spoiled: threading.Event, call_soon: Callable[[Callable[[], None]], object]
    ) -> None:
        """`call_soon` has the event loop call something, whatever thread asks."""
        super().__init__()
        self._spoiled: Final = spoiled
        self._call_soon: Final = call_soon
        self._loop_is_there: Final = threading.Event()
        self._ended = False

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Add a frame, or None; never waits."""
        with self.mutex:
            if item is None:
                self.queue.clear()
            elif len(self.queue) >= MAX_UNDECODED:
                self.queue.clear()
                self._spoiled.set()
        super().put(item)
        if item is None:
            self._ended = True
            self._loop_is_there.set()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Wait for the next one, and before it until the loop has heard of the picture before.

        The end waits for nothing: the loop may be waiting for this thread.
        """
        self._loop_is_there.clear()
        if not self._ended:
            self._call_soon(self._loop_is_there.set)
            self._loop_is_there.wait()
        return super().get(block, timeout)


def bound(peer: RTCPeerConnection) -> None:
    """Bound what waits for a peer's decoders; on its loop, before any of them has begun."""
    call_soon = asyncio.get_running_loop().call_soon_threadsafe
    name = "_RTCRtpReceiver__decoder"
    for receiver in peer.getReceivers():
        assert isinstance(getattr(receiver, f"{name}_queue"), Queue)
        queue = Undecoded(getattr(receiver, f"{name}_error"), call_soon)
        setattr(receiver, f"{name}_queue", queue)
