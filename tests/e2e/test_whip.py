"""WebRTC from end to end: real peers of aiortc, real UDP and the bundled models."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from aiortc import MediaStreamTrack

from stream.app import Running
from stream.messages import (
    Bye,
    Configure,
    Configured,
    ErrorMessage,
    GoingAway,
    Heatmap,
    Hello,
    Label,
    Ping,
    Pong,
    Stats,
    Welcome,
)
from stream.protocol import JSON, MSGPACK, Codec
from stream.webrtc_settings import WebRtcSettings
from tests.stream.client import PATIENCE_S, eventually
from tests.stream.rig import HELLO as MOTION
from tests.stream.rig import PROMPTS as ACTIONS
from tests.stream.rig import poses
from tests.stream.video_rig import HELLO, PROMPTS
from tests.stream.whip_peer import Square, WhipPeer, whip_peer
from tests.stream.whip_server import whip_server

LOSSY = {"ordered": False, "maxRetransmits": 0}
QUICK = WebRtcSettings(connect_s=5.0, idle_s=0.4)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    async with whip_server(monkeypatch) as made:
        yield made


async def camera(peer: WhipPeer, *, labels: bool = True) -> Square:
    """Connect with a camera and both channels."""
    square = Square()
    peer.peer.addTrack(square)
    peer.open("control")
    if labels:
        peer.open("labels", **LOSSY)
    assert (await peer.publish()).status_code == 201
    await peer.opened()
    return square


async def deserted(server: Running) -> None:
    """Wait until nothing is left of any connection."""
    await eventually(lambda: not server.service.connections)


def balanced(stats: Stats) -> bool:
    outcomes = stats.processed + sum(stats.dropped.values()) + stats.errored + stats.pending
    return stats.received == outcomes


@pytest.mark.parametrize("codec", [MSGPACK, JSON], ids=["msgpack", "json"])
async def test_a_camera_and_its_heatmaps(server: Running, codec: Codec) -> None:
    """Hello over `control`, heatmaps over `labels`, other prompts while it runs, and the books."""
    async with whip_peer(server.url, codec) as peer:
        square = await camera(peer)
        peer.say(HELLO, PROMPTS)
        assert (await peer.until(Welcome, label="control")).limits.max_image_px > 0
        assert (await peer.until(Configured, label="control")).config == 1
        heatmap = await peer.until(Heatmap, label="labels")
        assert len(heatmap.heats) == 2
        assert heatmap.key_time_s <= heatmap.time_s
        peer.say(Configure(prompts=["a person waves"]))
        assert (await peer.until(Configured)).config == 2
        heatmap = await peer.until(Heatmap, lambda each: each.config == 2, "labels")
        assert len(heatmap.heats) == 1
        peer.say(Bye())
        stats = await peer.until(Stats, lambda each: each.pending == 0)
        await peer.until(Bye)
        assert 0 < stats.received <= square.sent
        assert stats.errored == 0
        assert balanced(stats)
        await deserted(server)


async def test_capture_times_are_those_of_the_camera(server: Running) -> None:
    """Seconds since its first frame, in steps of its own clock."""
    async with whip_peer(server.url) as peer:
        await camera(peer)
        peer.say(HELLO, PROMPTS)
        times = {(each.seq, each.time_s) for each in [await peer.until(Heatmap) for _ in range(8)]}
        for seq, time_s in times:
            assert time_s * 30 == pytest.approx(round(time_s * 30), abs=0.01)
            assert time_s * 30 >= seq - 0.01


async def test_without_a_channel_for_labels_all_goes_over_control(server: Running) -> None:
    """One channel is enough."""
    async with whip_peer(server.url) as peer:
        await camera(peer, labels=False)
        peer.say(HELLO, PROMPTS)
        await peer.until(Heatmap, label="control")


async def test_poses_over_data_channels(server: Running) -> None:
    """Motion needs no camera, and does not look at one. Poses may take either channel."""
    async with whip_peer(server.url) as peer:
        await camera(peer)
        peer.say(MOTION, ACTIONS)
        await peer.until(Configured)
        peer.say(*poses(60))
        await peer.until(Label, lambda label: label.seq == 57, "labels")
        peer.say(*poses(30, first=60, start_s=1.0), label="labels")
        await peer.until(Label, lambda label: label.seq >= 80, "labels")
        peer.say(Bye())
        stats = await peer.until(Stats, lambda each: each.pending == 0)
        assert stats.received == 90
        assert balanced(stats)


async def test_only_data_channels(server: Running) -> None:
    """An offer without video, for rigs that send poses."""
    async with whip_peer(server.url) as peer:
        peer.open("control")
        assert (await peer.publish()).status_code == 201
        await peer.opened()
        peer.say(MOTION, Ping(id=7))
        await peer.until(Welcome)
        assert (await peer.until(Pong)).id == 7


async def test_delete_ends_it(server: Running) -> None:
    """The channels close, the session is not kept."""
    async with whip_peer(server.url) as peer:
        peer.peer.addTrack(Square())
        peer.open("control")
        response = await peer.publish()
        await peer.opened()
        peer.say(HELLO, PROMPTS)
        await peer.until(Heatmap)
        assert (await peer.http.delete(response.headers["Location"])).status_code == 200
        async with asyncio.timeout(PATIENCE_S):
            await peer.closed.wait()
        await deserted(server)
        assert server.service.registry.detached == 0


async def test_an_offer_that_is_never_followed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """ICE never starts: its place is free again after the deadline."""
    settings = WebRtcSettings(connect_s=0.3)
    async with whip_server(monkeypatch, webrtc=settings) as server:
        async with whip_peer(server.url) as peer:
            peer.peer.addTrack(Square())
            peer.open("control")
            offer = await peer.offer()
        async with whip_peer(server.url) as peer:
            headers = {"Content-Type": "application/sdp"}
            made = await peer.http.post("/v1/whip", content=offer, headers=headers)
            assert made.status_code == 201
            assert len(server.service.connections) == 1
            await deserted(server)
            assert (await peer.http.delete(made.headers["Location"])).status_code == 404


async def test_a_peer_that_dies_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sockets are gone: no frame, no answer to the ping. Its connection ends, its session
    waits for it."""
    async with whip_server(monkeypatch, webrtc=QUICK) as server, whip_peer(server.url) as peer:
        await camera(peer)
        peer.say(HELLO, PROMPTS)
        await peer.until(Heatmap)
        for protocol in peer.peer.sctp.transport.transport._connection._protocols:
            protocol.transport.abort()
        await deserted(server)
        assert server.service.registry.detached == 1


async def test_the_session_goes_on_over_another_connection(server: Running) -> None:
    """A page that loses its peer resumes over a new one: frames are numbered on."""
    async with whip_peer(server.url) as peer:
        await camera(peer)
        peer.say(HELLO, PROMPTS)
        token = (await peer.until(Welcome)).resume_token
        await peer.until(Heatmap)
        peer.channels["control"].close()
        await eventually(lambda: server.service.registry.detached == 1)
    async with whip_peer(server.url) as peer:
        await camera(peer)
        peer.say(Hello(protocol=1, client="back", kind="video", resume=token))
        welcome = await peer.until(Welcome)
        assert welcome.resumed
        heatmap = await peer.until(Heatmap, lambda each: each.seq > welcome.last_seq)
        assert len(heatmap.heats) == 2


async def test_a_server_that_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Peers hear it, get their books and the bye, and are closed."""
    async with whip_server(monkeypatch) as server, whip_peer(server.url) as peer:
        await camera(peer)
        peer.say(HELLO, PROMPTS)
        await peer.until(Heatmap)
        server.stop()
        await peer.until(GoingAway)
        stats = await peer.until(Stats, lambda each: each.pending == 0)
        assert balanced(stats)
        await peer.until(Bye)
        await server.stopped.wait()
        async with asyncio.timeout(PATIENCE_S):
            await peer.closed.wait()


async def test_a_wrong_first_message(server: Running) -> None:
    """Told over `control` before it closes, as over a WebSocket."""
    async with whip_peer(server.url) as peer:
        await camera(peer)
        peer.say(PROMPTS)
        error = await peer.until(ErrorMessage)
        assert (error.code, error.fatal) == ("unexpected", True)
        await deserted(server)


async def events(http: httpx.AsyncClient, path: str) -> AsyncIterator[dict]:
    """Messages of a session that is watched."""
    async with http.stream("GET", path) as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        async for line in response.aiter_lines():
            if line:
                yield json.loads(line.removeprefix("data: "))


async def test_a_publisher_without_channels_is_watched(server: Running) -> None:
    """Prompts in the address; another client reads configuration and heatmaps, to the bye."""
    async with whip_peer(server.url) as peer:
        peer.peer.addTrack(Square())
        response = await peer.publish("/v1/whip?prompts=a+person+waves&prompts=sits&name=stage")
        assert response.status_code == 201
        assert "</v1/sessions/stage/events>" in response.headers["Link"]
        heard = events(peer.http, "/v1/sessions/stage/events")
        kinds = [each async for each in _until(heard, "heatmap")]
        assert "welcome" not in {each["type"] for each in kinds}
        configured = next(each for each in kinds if each["type"] == "configured")
        assert configured["labels"] == ["a person waves", "sits"]
        assert len(kinds[-1]["heats"]) == 2
        assert (await peer.http.delete(response.headers["Location"])).status_code == 200
        assert not [each async for each in heard if each["type"] == "configured"]
        gone = await peer.http.get("/v1/sessions/stage/events")
        assert (gone.status_code, gone.json()["code"]) == (404, "unknown")
        await deserted(server)


async def test_a_publisher_that_vanishes_leaves_nothing(server: Running) -> None:
    """Nobody has its token: its session is not kept for a resume, and who watches is let go."""
    async with whip_peer(server.url) as peer:
        peer.peer.addTrack(Square())
        assert (await peer.publish("/v1/whip?prompts=waves&name=stage")).status_code == 201
        heard = events(peer.http, "/v1/sessions/stage/events")
        assert [each async for each in _until(heard, "heatmap")]
        await peer.peer.close()
        assert not [each async for each in heard if each["type"] == "error"]
        await deserted(server)
        assert server.service.registry.detached == 0


async def test_a_newer_publisher_of_the_same_name(server: Running) -> None:
    """The older one ends, its watchers are let go; the name is the newer one's."""
    path = "/v1/whip?prompts=waves&name=stage"
    async with whip_peer(server.url) as older, whip_peer(server.url) as newer:
        older.peer.addTrack(Square())
        newer.peer.addTrack(Square())
        await older.publish(path)
        heard = events(older.http, "/v1/sessions/stage/events")
        assert await anext(heard)
        await newer.publish(path)
        assert [each async for each in heard][-1]["code"] == "replaced"
        heard = events(newer.http, "/v1/sessions/stage/events")
        assert [each async for each in _until(heard, "heatmap")]
        assert len(server.service.connections) == 1
        await heard.aclose()


async def _until(heard: AsyncIterator[dict], kind: str) -> AsyncIterator[dict]:
    async with asyncio.timeout(PATIENCE_S):
        async for message in heard:
            yield message
            if message["type"] == kind:
                return


async def test_the_picture_comes_back_drawn_into(server: Running) -> None:
    """In its own size; the dark ground of the legend is in no picture of the camera."""
    async with whip_peer(server.url) as peer:
        tracks: list[MediaStreamTrack] = []
        peer.peer.on("track", tracks.append)
        peer.peer.addTrack(Square())
        peer.open("control")
        assert (await peer.publish("/v1/whip?overlay=1")).status_code == 201
        await peer.opened()
        async with asyncio.timeout(PATIENCE_S):
            plain = await tracks[0].recv()
        assert (plain.width, plain.height) == (320, 240)
        assert plain.to_ndarray(format="rgb24").min() > 60
        peer.say(HELLO, PROMPTS)
        await peer.until(Heatmap)
        async with asyncio.timeout(PATIENCE_S):
            while (await tracks[0].recv()).to_ndarray(format="rgb24").min() > 60:
                pass
        peer.say(Bye())
        stats = await peer.until(Stats, lambda each: each.pending == 0)
        assert balanced(stats)


async def test_who_does_not_receive_gets_no_overlay(server: Running) -> None:
    """Told at once, with what to offer."""
    async with whip_peer(server.url) as peer:
        peer.peer.addTransceiver(Square(), direction="sendonly")
        peer.open("control")
        refused = await peer.publish("/v1/whip?overlay=1")
        assert (refused.status_code, refused.json()["code"]) == (406, "offer")
        assert "sendrecv" in refused.json()["text"]
