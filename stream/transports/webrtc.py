"""A WebRTC peer as a transport: messages over its data channels, and its camera's frames.

The only import of aiortc. Its queues are not bounded, so every track is read all the time, and what
is not needed is thrown away; a peer that does not read is waited for by its `bufferedAmount`.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from fractions import Fraction
from typing import Any, Final, Protocol

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidAccessError, InvalidStateError, OperationError
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp
from av import VideoFrame

from stream.broadcast import Broadcast
from stream.errors import LimitExceeded, MessageTooLarge, SignallingError
from stream.frames import RtpTime, Sight
from stream.sdp import Candidate, Offer
from stream.transports.base import Disconnected
from stream.transports.burned_in import BurnedIn
from stream.transports.picture import Picture
from stream.transports.publisher import Publisher
from stream.transports.tolerance import accept_more
from stream.transports.undecoded import bound
from stream.webrtc_settings import WebRtcSettings

CONTROL: Final = "control"
LABELS: Final = "labels"
SEND_BUFFER_BYTES: Final = 64 * 1024
"""Unsent, on one channel: what a slow client has not read grows old there."""
MAX_UNREAD_BYTES: Final = 4 * 1024 * 1024
"""Messages that may wait for us: SCTP hands them over without being asked."""
MAX_SIGHTS: Final = 4
"""Frames that may wait for the loop; the newest win."""
REASON_CHARS: Final = 120
SETTLING_S: Final = 1.0
UNREADABLE: Final = (ValueError, KeyError, IndexError, AssertionError, AttributeError, TypeError)
"""What aiortc raises for SDP that it cannot read."""

log = logging.getLogger(__name__)
accept_more()


class Form(Protocol):
    """Whether messages go out as text."""

    @property
    def text(self) -> bool: ...


async def end(peer: RTCPeerConnection) -> None:
    """Close a peer. While it connects, wait until it has or SETTLING_S is over: closed when a path
    is just found, aioice 0.13 would go on asking for consent; closed when the keys are just
    agreed, aiortc 1.16 would start to send, and never stop.
    """
    settled = asyncio.Event()
    peer.on("connectionstatechange", settled.set)
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLING_S):
            while peer.connectionState == "connecting":
                settled.clear()
                await settled.wait()
    await peer.close()


class WebRtcTransport:
    """One peer, from its offer to the end of its connection. Made on the event loop.

    `form` says whether messages are sent as text (JSON) or binary. With a `broadcast`, they go
    there instead of to the peer. `overlay`: send the camera's picture back, heatmaps drawn into it.
    """

    def __init__(
        self,
        offer: Offer,
        settings: WebRtcSettings,
        form: Form,
        broadcast: Broadcast | None = None,
        *,
        overlay: bool = False,
    ) -> None:
        self._offer = offer
        self._form = form
        self._overlay = BurnedIn() if overlay else None
        self._peer = RTCPeerConnection(_configuration(settings))
        self._publisher = None if broadcast is None else Publisher(self._peer, broadcast)
        self._peer.on("datachannel", self._opened)
        self._peer.on("track", self._tracked)
        self._peer.on("connectionstatechange", self._changed)
        self._channels: dict[str, RTCDataChannel] = {}
        self._messages: deque[bytes | str] = deque()
        self._unread_bytes = 0
        self._sights: deque[Sight] = deque(maxlen=MAX_SIGHTS)
        self._readable = asyncio.Event()
        self._writable = asyncio.Event()
        self._watching = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing: asyncio.Task[None] | None = None
        self.gone: Final = asyncio.Event()

    # ------------------------------------------------------------------ signalling

    async def answer(self, offer: str) -> str:
        """The answer to the peer's offer, with all of our candidates. Raises SignallingError.

        The peer is to begin DTLS: as its server, GStreamer uses an RSA certificate, which aiortc
        does not take (aiortc issue 1434); as a client it takes ours.
        """
        offer = offer.replace("a=setup:actpass", "a=setup:active")
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        except (OperationError, InvalidAccessError, InvalidStateError) as fault:
            raise SignallingError(406, "offer", _NO_CODEC) from fault
        except UNREADABLE as fault:
            text = f"The offer cannot be used as SDP: {str(fault)[:REASON_CHARS]}."
            raise SignallingError(400, "malformed", text) from fault
        bound(self._peer)
        if self._overlay is not None:
            self._peer.addTrack(self._overlay)
        await self._peer.setLocalDescription(await self._peer.createAnswer())
        answer: str = self._peer.localDescription.sdp
        return answer

    async def add(self, candidates: tuple[Candidate, ...], *, complete: bool) -> None:
        """Take the peer's later candidates; one that cannot be used is passed over (RFC 9725)."""
        for each in candidates:
            try:
                candidate = candidate_from_sdp(each.value)
                candidate.sdpMid, candidate.sdpMLineIndex = each.mid, each.section
                await self._peer.addIceCandidate(candidate)
            except UNREADABLE:
                log.info("A candidate that cannot be used was passed over.")
        if complete:
            await self._peer.addIceCandidate(None)

    # ------------------------------------------------------------------ the transport

    async def recv(self) -> bytes | str | Sight:
        """Return the next message or frame. Raises Disconnected, LimitExceeded."""
        while not self._messages and not self._sights:
            if self.gone.is_set():
                raise Disconnected
            self._readable.clear()
            await self._readable.wait()
        if self._unread_bytes > MAX_UNREAD_BYTES:
            raise LimitExceeded(
                f"More than {MAX_UNREAD_BYTES} bytes wait to be read. Send less at a time.",
                limit="max_unread_bytes",
                value=MAX_UNREAD_BYTES,
            )
        if not self._messages:
            return self._sights.popleft()
        data = self._messages.popleft()
        self._unread_bytes -= len(data)
        return data

    async def send(self, data: bytes, *, lossy: bool = False) -> None:
        """Send one message, waiting while the peer does not read.

        Raises Disconnected; MessageTooLarge if the peer does not take that much.
        """
        if self._overlay is not None:
            self._overlay.note(data, text=self._form.text)
        if self._publisher is not None:
            answer = self._publisher.tell(data, lossy=lossy)
            if answer is not None:
                self.hear(answer)
            return
        limit = self._offer.message_bytes
        if limit is not None and len(data) > limit:
            raise MessageTooLarge(
                f"A message of {len(data)} bytes is due, and the client's data channel takes "
                f"{limit}. Give fewer prompts, or send MessagePack."
            )
        channel = await self._room(lossy=lossy)
        channel.send(data.decode() if self._form.text else data)

    async def close(self, code: int, reason: str) -> None:
        """End in good order: what was sent is on its way before the connection ends."""
        channel = self._channels.get(CONTROL)
        while channel is not None and channel.bufferedAmount and not self.gone.is_set():
            channel.bufferedAmountLowThreshold = 0
            self._writable.clear()
            await self._writable.wait()
        await self.shut()

    def abort(self) -> None:
        """End at once; `shut` has to follow."""
        self._vanish()

    async def shut(self) -> None:
        """Let go of everything; may be called again."""
        self._vanish()
        if self._closing is None:
            if self._overlay is not None:
                self._overlay.stop()
            self._closing = asyncio.create_task(end(self._peer))
            for task in self._tasks:
                task.cancel()
        await asyncio.shield(self._closing)

    async def _room(self, *, lossy: bool) -> RTCDataChannel:
        while not self.gone.is_set():
            control = self._channels.get(CONTROL)
            channel = self._channels.get(LABELS, control) if lossy else control
            if channel is not None and channel.bufferedAmount <= SEND_BUFFER_BYTES:
                return channel
            self._writable.clear()
            await self._writable.wait()
        raise Disconnected

    # ------------------------------------------------------------------ what aiortc says

    def _opened(self, channel: RTCDataChannel) -> None:
        known = channel.label in (CONTROL, LABELS) and channel.label not in self._channels
        if not known or self._publisher is not None:
            channel.close()
            return
        channel.bufferedAmountLowThreshold = SEND_BUFFER_BYTES // 2
        channel.on("message", self.hear)
        channel.on("bufferedamountlow", self._writable.set)
        channel.on("close", lambda: self._closed(channel.label))
        self._channels[channel.label] = channel
        self._writable.set()

    def _closed(self, label: str) -> None:
        self._channels.pop(label, None)
        if label == CONTROL:
            self._vanish()

    def hear(self, data: bytes | str) -> None:
        """Take a message of the peer, or one that is said for it."""
        if self._unread_bytes <= MAX_UNREAD_BYTES:
            self._messages.append(data)
            self._unread_bytes += len(data)
        self._readable.set()

    def _tracked(self, track: MediaStreamTrack) -> None:
        first = track.kind == "video" and not self._watching
        self._watching = self._watching or first
        self._run(self._watch(track) if first else _discard(track))

    def _changed(self) -> None:
        if self._peer.connectionState in ("failed", "closed"):
            self._vanish()

    async def _watch(self, track: MediaStreamTrack) -> None:
        clock = RtpTime()
        try:
            while True:
                frame = await track.recv()
                if isinstance(frame, VideoFrame) and frame.pts is not None:
                    tick_s = frame.time_base or Fraction(1, 90_000)
                    time_s = clock.seconds(frame.pts, float(1 / tick_s))
                    self._sights.append(Sight(Picture(frame), time_s))
                    if self._overlay is not None:
                        self._overlay.show(frame)
                    self._readable.set()
        except MediaStreamError:
            log.debug("The camera's track has ended.")

    def _vanish(self) -> None:
        self.gone.set()
        self._readable.set()
        self._writable.set()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _discard(track: MediaStreamTrack) -> None:
    try:
        while True:
            await track.recv()
    except MediaStreamError:
        return


def _configuration(settings: WebRtcSettings) -> RTCConfiguration:
    """An empty list is not no list: with None, aiortc asks a STUN server of its own choice."""
    name, password = settings.ice_username or None, settings.ice_credential or None
    servers = [RTCIceServer(url, name, password) for url in settings.ice_servers]
    return RTCConfiguration(iceServers=servers)


_NO_CODEC: Final = "A section has no codec to decode. Offer VP8 or H.264, Opus for sound."
