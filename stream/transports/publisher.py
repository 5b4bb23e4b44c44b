"""A peer that only sends media: what it is told goes to its watchers, and pings are answered for it
while its packets come, whether a picture can be made of them yet or not.

OBS, for one, has sent its first key frame before the connection stands; the next one is due up to
ten seconds later.
"""

from datetime import datetime

from aiortc import RTCPeerConnection

from stream.broadcast import Broadcast
from stream.messages import Ping, Pong
from stream.protocol import JSON


class Publisher:
    """Speaks for one peer, in JSON."""

    def __init__(self, peer: RTCPeerConnection, broadcast: Broadcast) -> None:
        self._peer = peer
        self._broadcast = broadcast
        self._newest: datetime | None = None

    def tell(self, data: bytes, *, lossy: bool) -> str | None:
        """Show a message to who watches; the answer to a ping, if the peer is alive."""
        message = None if lossy else JSON.decode_server(data)
        if not isinstance(message, Ping):
            self._broadcast.publish(data, lossy=lossy)
            return None
        return JSON.encode(Pong(id=message.id)).decode() if self._sends() else None

    def _sends(self) -> bool:
        """Whether packets have come since this was asked before."""
        before = self._newest
        for receiver in self._peer.getReceivers():
            for source in receiver.getSynchronizationSources():
                self._newest = max(self._newest or source.timestamp, source.timestamp)
        return self._newest != before
