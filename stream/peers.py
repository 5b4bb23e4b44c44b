"""WebRTC peers: from an offer to a connection like any other, and its end on every path. No HTTP.

A peer with data channels says what a WebSocket client says. For a publisher without them (OBS,
GStreamer, ffmpeg), the address of the offer says it: `prompts`; who wants to, watches.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from stream import prompts, sdp
from stream.broadcast import Broadcast
from stream.config import Config
from stream.errors import Replaced, SignallingError
from stream.messages import PROTOCOL_VERSION, Configure, Hello, Message
from stream.pipeline import NO_VIDEO, Connection
from stream.protocol import JSON, EitherCodec
from stream.seat import End
from stream.service import Service

if TYPE_CHECKING:
    from stream.transports.webrtc import WebRtcTransport

NEGOTIATIONS: Final = 8
"""Offers that are answered at a time: each may look up names and ask ICE servers."""

MAX_MESSAGE_BYTES: Final = 256 * 1024
"""What aiortc's answer says that we take over a data channel."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address of an offer says.

    `name`: under which the session can be watched; `overlay`: send the picture back, drawn into;
    `reached`: the server's own address that the offer came to.
    """

    prompts: tuple[str, ...]
    name: str | None
    overlay: bool = False
    reached: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Peer:
    """One peer. `name` is a secret; `watched` is where its messages go if it has no channels."""

    name: str
    etag: str
    answer: str
    ufrag: str
    transport: "WebRtcTransport"
    connection: Connection
    watched: str | None
    broadcast: Broadcast | None


class Peers:
    """All peers of a server, by the secret name of their session."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._peers: dict[str, Peer] = {}
        self._watched: dict[str, Peer] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._negotiations = asyncio.Semaphore(NEGOTIATIONS)

    def load(self) -> None:
        """Import aiortc, which takes half a second, if it is there. May run on any thread."""
        with suppress(SignallingError):
            self._library()

    async def stop(self) -> None:
        """Wait until all peers are let go of; their connections have been ended before."""
        await asyncio.gather(*self._serving)

    async def publish(self, service: Service, text: str, wish: Wish) -> Peer:
        """Take a peer by its offer. Raises SignallingError, LimitExceeded."""
        library = self._library()
        service.check_room()
        offer = sdp.read_offer(text)
        broadcast = self._broadcast(service, offer, wish)
        codec = EitherCodec()
        if wish.overlay and not (offer.has_video and offer.wants_video):
            raise SignallingError(406, "offer", NO_RETURN)
        settings = self._config.webrtc
        transport = library(offer, settings, codec, broadcast, overlay=wish.overlay)
        try:
            answer = sdp.near_first(await self._negotiate(transport, text), wish.reached)
            service.check_room()  # others may have come meanwhile
        except BaseException:
            await transport.shut()
            raise
        connection = service.admit(transport, codec, authorized=True, config=self._limits())
        name = secrets.token_urlsafe(16)
        watched = None if broadcast is None else wish.name or secrets.token_urlsafe(16)
        etag = f'"{secrets.token_hex(8)}"'
        peer = Peer(name, etag, answer, offer.ufrag, transport, connection, watched, broadcast)
        if watched is not None:
            self._speak_for(peer, wish, watched)
        self._peers[name] = peer
        task = asyncio.create_task(self._serve(service, peer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        return peer

    def find(self, name: str) -> Peer:
        """Raises SignallingError if there is no such peer."""
        if name not in self._peers:
            raise SignallingError(404, "unknown", "There is no such session, or it has ended.")
        return self._peers[name]

    async def end(self, peer: Peer) -> None:
        """End a peer, and wait for its end."""
        peer.connection.stop(End(1000, "deleted"))
        await peer.transport.gone.wait()

    def watch(self, watched: str) -> AsyncIterator[bytes]:
        """What a publisher's session says, as JSON. Raises SignallingError, LimitExceeded."""
        peer = self._watched.get(watched)
        if peer is None or peer.broadcast is None:
            raise SignallingError(
                404, "unknown", "Nobody publishes under this name: POST /v1/whip?name=...&prompts="
            )
        return peer.broadcast.watch()

    # ------------------------------------------------------------------ one peer

    async def _negotiate(self, transport: "WebRtcTransport", text: str) -> str:
        limit_s = self._config.webrtc.connect_s
        try:
            async with asyncio.timeout(limit_s), self._negotiations:
                return await transport.answer(text)
        except TimeoutError as fault:
            raise SignallingError(
                504,
                "timeout",
                f"No answer could be made within {limit_s:g} s: the server's ICE "
                "servers do not answer.",
            ) from fault

    def _broadcast(self, service: Service, offer: sdp.Offer, wish: Wish) -> Broadcast | None:
        """Where a publisher's messages go; None for a peer that speaks for itself.

        Raises SignallingError, PromptError, LimitExceeded if it is not said what to look for.
        """
        if not (wish.prompts and offer.has_video):
            if offer.has_channels:
                return None
            raise SignallingError(422, "prompts", NO_PROMPTS)
        if service.video is None:
            raise SignallingError(501, "model", NO_VIDEO)
        prompts.read(Configure(prompts=list(wish.prompts)), self._config, 0.0)
        return Broadcast()

    def _speak_for(self, peer: Peer, wish: Wish, watched: str) -> None:
        """Say what the publisher cannot say; one of the same name gives way."""
        hello = Hello(protocol=PROTOCOL_VERSION, client="WHIP publisher", kind="video")
        said: tuple[Message, ...] = (hello, Configure(prompts=list(wish.prompts)))
        for message in said:
            peer.transport.hear(JSON.encode(message).decode())
        before = self._watched.get(watched)
        if before is not None:
            newer = Replaced(f"{watched!r} is published over a newer connection.")
            before.connection.stop(End.of(newer))
        self._watched[watched] = peer

    async def _serve(self, service: Service, peer: Peer) -> None:
        try:
            await service.run(peer.connection)
        finally:
            self._peers.pop(peer.name, None)
            if peer.watched is not None and self._watched[peer.watched] is peer:
                del self._watched[peer.watched]
            if peer.broadcast is not None:
                peer.broadcast.end()
                _forget(service, peer.connection)
            await peer.transport.shut()

    def _library(self) -> type["WebRtcTransport"]:
        """Raises SignallingError where there is to be no WebRTC, or it is not installed."""
        if not self._config.webrtc.enabled:
            raise SignallingError(501, "webrtc", "WebRTC is switched off here: webrtc.enabled.")
        try:
            from stream.transports.webrtc import WebRtcTransport
        except ImportError as fault:
            raise SignallingError(501, "webrtc", NOT_INSTALLED) from fault
        return WebRtcTransport

    def _limits(self) -> Config:
        """UDP has no end: silence is found out sooner than over TCP. ICE takes its time."""
        webrtc = self._config.webrtc
        return msgspec.structs.replace(
            self._config,
            hello_s=webrtc.connect_s,
            idle_s=webrtc.idle_s,
            max_message_bytes=min(self._config.max_message_bytes, MAX_MESSAGE_BYTES),
        )


def _forget(service: Service, connection: Connection) -> None:
    """End the session of a publisher that vanished: nobody has its token to take it up again."""
    seat = connection.seat
    if any(each is seat for each in service.registry):
        service.end(seat)


NO_RETURN: Final = (
    "The overlay comes back in a video section that also receives: offer sendrecv, not sendonly."
)
NO_PROMPTS: Final = (
    "The offer has no data channel to say what to look for. Put it into the address: "
    "/v1/whip?prompts=a%20person%20waves&prompts=..."
)
NOT_INSTALLED: Final = "This server has no WebRTC. There: pip install 'liveground[webrtc]'."
