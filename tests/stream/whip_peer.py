"""A WebRTC client for tests: a real peer of aiortc, with a camera of numpy pictures."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction

import httpx
import numpy as np
from aiortc import (
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from av import VideoFrame

from stream.messages import Message
from stream.protocol import JSON, MSGPACK, Codec, Ignored
from stream.transports.webrtc import end
from tests.stream.client import PATIENCE_S

RATE_HZ = 30
TICK = Fraction(1, 90_000)


class Square(VideoStreamTrack):
    """A bright square on grey that moves to the right; 30 pictures a second."""

    def __init__(self, width: int = 320, height: int = 240) -> None:
        super().__init__()
        self.size_px = width, height
        self.sent = 0

    async def recv(self) -> VideoFrame:
        pts, time_base = await self.next_timestamp()
        width, height = self.size_px
        picture = np.full((height, width, 3), 90, np.uint8)
        left = 8 * self.sent % (width // 2)
        picture[height // 4 : height // 2, left : left + width // 4] = 220
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        self.sent += 1
        return frame


class WhipPeer:
    """One peer; messages that came are in `heard`, with the name of the channel."""

    def __init__(self, http: httpx.AsyncClient, codec: Codec = MSGPACK) -> None:
        self.http = http
        self.codec = codec
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.channels: dict[str, RTCDataChannel] = {}
        self.heard: list[tuple[str, Message]] = []
        self.closed = asyncio.Event()
        self._more = asyncio.Event()
        self._seen = 0

    def open(self, label: str, **options: object) -> RTCDataChannel:
        """A channel, opened with the connection."""
        channel = self.channels[label] = self.peer.createDataChannel(label, **options)
        channel.on("message", lambda data: self._hear(label, data))
        channel.on("close", self._close)
        return channel

    def _close(self) -> None:
        self.closed.set()
        self._more.set()

    def _hear(self, label: str, data: bytes | str) -> None:
        message = self.codec.decode_server(data)
        assert not isinstance(message, Ignored)
        self.heard.append((label, message))
        self._more.set()

    async def offer(self) -> str:
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return self.peer.localDescription.sdp

    async def publish(self, path: str = "/v1/whip", **headers: str) -> httpx.Response:
        """POST the offer, and take the answer."""
        response = await self.http.post(
            path,
            content=await self.offer(),
            headers={"Content-Type": "application/sdp", **headers},
        )
        if response.status_code == 201:
            await self.peer.setRemoteDescription(RTCSessionDescription(response.text, "answer"))
        return response

    async def opened(self, label: str = "control") -> None:
        channel = self.channels[label]
        if channel.readyState != "open":
            is_open = asyncio.Event()
            channel.on("open", is_open.set)
            async with asyncio.timeout(PATIENCE_S):
                await is_open.wait()

    def say(self, *given: Message, label: str = "control") -> None:
        for message in given:
            data = self.codec.encode(message)
            self.channels[label].send(data.decode() if self.codec is JSON else data)

    async def until(self, kind: type, test=lambda _: True, label: str | None = None):
        """The next message of a kind that passes the test, on a channel."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                while self._seen < len(self.heard):
                    came, message = self.heard[self._seen]
                    self._seen += 1
                    if isinstance(message, kind) and label in (None, came) and test(message):
                        return message
                assert not self.closed.is_set(), f"closed before {kind.__name__}"
                self._more.clear()
                await self._more.wait()


@asynccontextmanager
async def whip_peer(url: str, codec: Codec = MSGPACK) -> AsyncIterator[WhipPeer]:
    """A peer of the server with this address, closed at the end."""
    base = url.replace("ws:", "http:").removesuffix("/v1/stream")
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE_S) as http:
        made = WhipPeer(http, codec)
        try:
            yield made
        finally:
            await end(made.peer)
