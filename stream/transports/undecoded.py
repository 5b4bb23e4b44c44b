"""Packets of a track that wait for its decoder, bounded: aiortc's own queue is not.

A camera of more pixels than the machine decodes in time would fill the memory, show what is ever
longer ago, and hold up the event loop at its end, where aiortc waits until all is decoded.
"""

import threading
from queue import Queue
from typing import Any, Final

from aiortc import RTCPeerConnection

MAX_UNDECODED: Final = 30
"""Encoded frames of one track: a second of a camera, what a network that stalled brings at once."""


class Undecoded(Queue[Any]):
    """Frames on their way to a decoder; None ends it, at once.

    When too many wait, all of them give way to the newest, and `spoiled` is set, on which aiortc
    asks the sender for a key frame. Until that comes the picture may be smeared.
    """

    def __init__(self, spoiled: threading.Event) -> None:
        super().__init__()
        self._spoiled: Final = spoiled

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Add a frame, or None; never waits."""
        with self.mutex:
            if item is None:
                self.queue.clear()
            elif len(self.queue) >= MAX_UNDECODED:
                self.queue.clear()
                self._spoiled.set()
        super().put(item)


def bound(peer: RTCPeerConnection) -> None:
    """Bound what waits for a peer's decoders; before any of them has begun."""
    name = "_RTCRtpReceiver__decoder"
    for receiver in peer.getReceivers():
        assert isinstance(getattr(receiver, f"{name}_queue"), Queue)
        setattr(receiver, f"{name}_queue", Undecoded(getattr(receiver, f"{name}_error")))
