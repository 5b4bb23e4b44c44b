"""WebRTC from end to end: a real peer of aiortc, real UDP, the small CLIP of random weights."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stream.app import Running, running
from stream.config import Config
from stream.messages import Bye, Configure, Configured, Heatmap, Stats, Welcome
from stream.protocol import JSON, MSGPACK, Codec
from tests.stream.client import eventually
from tests.stream.video_rig import HELLO, PROMPTS
from tests.stream.whip_peer import Square, whip_peer


@pytest.fixture
async def server(clip_folder: Path) -> AsyncIterator[Running]:
    """A running server with a video model."""
    async with running(Config(port=0, video_model=str(clip_folder))) as made:
        yield made


@pytest.mark.parametrize("codec", [MSGPACK, JSON], ids=["msgpack", "json"])
async def test_a_camera_and_its_heatmaps(server: Running, codec: Codec) -> None:
    """Hello over `control`, heatmaps over `labels`, other prompts while it runs, and the books."""
    async with whip_peer(server.url, codec) as peer:
        camera = Square()
        peer.peer.addTrack(camera)
        peer.open("control")
        peer.open("labels", ordered=False, maxRetransmits=0)
        response = await peer.publish()
        assert response.status_code == 201
        assert response.headers["Content-Type"] == "application/sdp"
        assert response.headers["Location"].startswith("/v1/whip/")
        await peer.opened()
        peer.say(HELLO, PROMPTS)
        assert (await peer.until(Welcome, label="control")).limits.max_image_px > 0
        assert (await peer.until(Configured, label="control")).config == 1
        heatmap = await peer.until(Heatmap, label="labels")
        assert len(heatmap.heats) == 2
        peer.say(Configure(prompts=["a person waves"]))
        assert (await peer.until(Configured)).config == 2
        heatmap = await peer.until(Heatmap, lambda each: each.config == 2, "labels")
        assert len(heatmap.heats) == 1
        peer.say(Bye())
        stats = await peer.until(Stats)
        await peer.until(Bye)
    assert 0 < stats.received <= camera.sent
    assert stats.pending == 0
    assert stats.received == stats.processed + sum(stats.dropped.values()) + stats.errored
    await eventually(lambda: not server.service.connections)
