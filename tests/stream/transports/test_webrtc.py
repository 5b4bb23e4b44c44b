"""The transport between two peers of aiortc, without a server around it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aioice.ice
import pytest
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription

from stream.broadcast import Broadcast
from stream.errors import LimitExceeded, MessageTooLarge
from stream.frames import Sight
from stream.messages import Notice, Ping, Pong
from stream.protocol import JSON, MSGPACK, Codec
from stream.sdp import read_offer
from stream.transports.base import Disconnected
from stream.transports.webrtc import MAX_UNREAD_BYTES, SEND_BUFFER_BYTES, WebRtcTransport, end
from stream.webrtc_settings import WebRtcSettings
from tests.stream.client import PATIENCE_S, eventually
from tests.stream.whip_peer import Square

LOSSY = {"ordered": False, "maxRetransmits": 0}


class Far:
    """The peer's end: what came on each channel."""

    def __init__(self) -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.heard: list[tuple[str, bytes | str]] = []

    def open(self, label: str, **options: object) -> RTCDataChannel:
        channel = self.peer.createDataChannel(label, **options)
        channel.on("message", lambda data: self.heard.append((label, data)))
        return channel


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda *_, **__: ["127.0.0.1"])


@asynccontextmanager
async def joined(
    far: Far,
    codec: Codec = MSGPACK,
    broadcast: Broadcast | None = None,
    change: Callable[[str], str] = str,
) -> AsyncIterator[WebRtcTransport]:
    """Both ends, connected; `change` is done to the offer."""
    await far.peer.setLocalDescription(await far.peer.createOffer())
    offer = change(far.peer.localDescription.sdp)
    transport = WebRtcTransport(read_offer(offer), WebRtcSettings(), codec, broadcast)
    try:
        answer = await transport.answer(offer)
        await far.peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await eventually(lambda: far.peer.connectionState == "connected")
        yield transport
    finally:
        await transport.shut()
        await far.peer.close()


async def received(transport: WebRtcTransport) -> bytes | str | Sight:
    async with asyncio.timeout(PATIENCE_S):
        return await transport.recv()


async def test_messages_both_ways() -> None:
    """Text is text, binary is binary; what may be lost goes over the channel for it."""
    far = Far()
    control, labels = far.open("control"), far.open("labels", **LOSSY)
    async with joined(far) as near:
        await eventually(lambda: {control.readyState, labels.readyState} == {"open"})
        control.send("text")
        assert await received(near) == "text"
        labels.send(b"binary")
        assert await received(near) == b"binary"
        await near.send(b"kept")
        await near.send(b"new", lossy=True)
        await eventually(lambda: len(far.heard) == 2)
        assert set(far.heard) == {("control", b"kept"), ("labels", b"new")}


async def test_json_goes_out_as_text() -> None:
    """As over a WebSocket; without a channel for labels all goes over control."""
    far = Far()
    far.open("control")
    async with joined(far, JSON) as near:
        await near.send(b"{}", lossy=True)
        await eventually(lambda: far.heard == [("control", "{}")])


async def test_channels_that_nobody_knows_are_closed() -> None:
    """Nothing that comes over them is read."""
    far = Far()
    far.open("control")
    other = far.open("chat")
    async with joined(far):
        await eventually(lambda: other.readyState == "closed")


async def test_a_message_longer_than_the_peer_takes() -> None:
    """Refused before it is sent, with the limit."""
    far = Far()
    far.open("control")
    shorter = lambda sdp: sdp.replace("max-message-size:262144", "max-message-size:1000")  # noqa: E731
    async with joined(far, change=shorter) as near:
        with pytest.raises(MessageTooLarge, match="1000"):
            await near.send(bytes(1001))
        await near.send(bytes(1000))
        await eventually(lambda: [len(data) for _, data in far.heard] == [1000])


async def test_sending_waits_for_who_does_not_read() -> None:
    """No more than the buffer and one message is on its way."""
    far = Far()
    far.open("control")
    async with joined(far) as near:
        await near.send(b"first")
        await eventually(lambda: bool(far.heard))
        far.peer.sctp.transport.transport._connection._protocols[0].transport.pause_reading()
        sent = 0

        async def flood() -> None:
            nonlocal sent
            while True:
                await near.send(bytes(10_000))
                sent += 1

        flooding = asyncio.create_task(flood())
        await eventually(lambda: sent * 10_000 > SEND_BUFFER_BYTES)
        for _ in range(1000):
            await asyncio.sleep(0)
        assert sent * 10_000 <= SEND_BUFFER_BYTES + 10_000 + 128 * 1024  # and SCTP's own window
        flooding.cancel()


async def test_a_flood_that_nobody_reads_is_an_error() -> None:
    """Data channels do not wait for the reader: what waits is bounded."""
    far = Far()
    control = far.open("control")
    async with joined(far) as near:
        await eventually(lambda: control.readyState == "open")
        for _ in range(MAX_UNREAD_BYTES // 100_000 + 2):
            near.hear(bytes(100_000))
        assert near._unread_bytes <= MAX_UNREAD_BYTES + 100_000
        with pytest.raises(LimitExceeded) as flooded:
            await received(near)
        assert flooded.value.limit == "max_unread_bytes"


async def test_frames_of_the_first_video_track() -> None:
    """With their capture times; the newest few wait, the rest is thrown away."""
    far = Far()
    far.open("control")
    far.peer.addTrack(Square(width=160, height=120))
    async with joined(far) as near:
        first = await received(near)
        assert isinstance(first, Sight)
        assert first.time_s == 0
        assert first.frame.size_px() == (160, 120)
        assert first.frame.rgb(32).shape == (60, 80, 3)
        times = [first.time_s]
        while len(times) < 4:
            sight = await received(near)
            assert isinstance(sight, Sight)
            times.append(sight.time_s)
        assert times == sorted(set(times))


async def test_a_publisher_without_channels_speaks_to_its_watchers() -> None:
    """What is said for it is heard; what it is told goes to who watches."""
    far, broadcast = Far(), Broadcast()
    far.peer.addTrack(Square())
    async with joined(far, JSON, broadcast) as near:
        watching = broadcast.watch()
        near.hear("hello")
        assert await received(near) == "hello"
        said = JSON.encode(Notice(code="gap", text="told to who watches"))
        await near.send(said)
        assert await anext(watching) == said


async def test_pings_are_answered_for_a_publisher_while_its_packets_come() -> None:
    """Not for one that has gone quiet; and watchers, who cannot answer, do not see them."""
    far, broadcast = Far(), Broadcast()
    sender = far.peer.addTrack(Square())
    async with joined(far, JSON, broadcast) as near:
        watching = broadcast.watch()
        assert isinstance(await received(near), Sight)
        await near.send(JSON.encode(Ping(id=7)))
        pong = JSON.encode(Pong(id=7)).decode()
        assert pong in near._messages
        await sender.stop()
        await eventually(lambda: not near._tasks)  # its goodbye has ended the track
        await near.send(JSON.encode(Ping(id=8)))  # asks what came since
        near._messages.clear()
        await near.send(JSON.encode(Ping(id=9)))
        assert not near._messages
        broadcast.end()
        assert [each async for each in watching] == []


@pytest.mark.parametrize("way", ["peer closes", "control closes", "abort", "close", "shut"])
async def test_every_end(way: str) -> None:
    """Whoever ends it: reading and sending say so, the other side sees it, twice is once."""
    far = Far()
    control = far.open("control")
    async with joined(far) as near:
        await eventually(lambda: control.readyState == "open")
        await near.send(b"last")
        match way:
            case "peer closes":
                await far.peer.close()
            case "control closes":
                control.close()
            case "abort":
                near.abort()
            case "close":
                await near.close(1000, "done")
                await eventually(lambda: ("control", b"last") in far.heard)
            case "shut":
                await near.shut()
        async with asyncio.timeout(PATIENCE_S):
            await near.gone.wait()
        with pytest.raises(Disconnected):
            await received(near)
        with pytest.raises(Disconnected):
            await near.send(b"too late")
        await near.shut()
        await near.shut()
        await eventually(lambda: control.readyState == "closed")


async def test_a_close_that_is_given_up_closes_all_the_same() -> None:
    """The deadline of the last words leaves nothing half closed."""
    far = Far()
    control = far.open("control")
    async with joined(far) as near:
        await eventually(lambda: control.readyState == "open")
        closing = asyncio.create_task(near.close(1000, "done"))
        await asyncio.sleep(0)
        closing.cancel()
        await near.shut()
        await eventually(lambda: far.peer.connectionState == "closed")


async def test_a_peer_that_is_closed_while_it_connects() -> None:
    """At each turn of the event loop between the path and the keys: nothing goes on sending."""
    for turns in range(30):
        far = Far()
        far.peer.addTrack(Square())
        await far.peer.setLocalDescription(await far.peer.createOffer())
        offer = far.peer.localDescription.sdp
        near = WebRtcTransport(read_offer(offer), WebRtcSettings(), MSGPACK)
        answer = await near.answer(offer)
        await far.peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await eventually(lambda peer=far.peer: peer.iceConnectionState == "completed")
        for _ in range(turns):
            await asyncio.sleep(0)
        await end(far.peer)
        await near.shut()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"{turns} turns: {left}"
