"""Video over a real socket, with a small CLIP model of random weights: every part but sense."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import pytest

from clients.python import Client, Configure
from engines.errors import ModelError, PromptError
from stream.app import running
from stream.config import Config
from stream.errors import LimitExceeded
from stream.messages import Configured, Dropped, ErrorMessage, Heatmap, Welcome
from tests.e2e.cuttable import cuttable
from tests.stream.video_rig import jpeg

T = TypeVar("T")
PROMPTS = Configure(prompts=["a person waves", "cuts an onion"])


@pytest.fixture
async def url(clip_folder: Path) -> AsyncIterator[str]:
    """A running server with a video model."""
    async with running(Config(port=0, video_model=str(clip_folder))) as server:
        yield server.url


async def _events(client: Client) -> list[object]:
    return [event async for event in client]


async def test_a_whole_session(url: str) -> None:
    """Every frame is accounted for; heatmaps have the grid of the model and all prompts."""
    async with Client.connect(url, kind="video", configure=PROMPTS) as client:
        heard = asyncio.create_task(_events(client))
        assert client.welcome.video is not None
        assert client.welcome.video.size_px == 32
        assert not client.welcome.video.calibrated
        for number in range(40):
            assert await client.send_image(jpeg(2 * number), number / 30)
        finished = await client.finish()
        events = await heard
        newest = client.heatmap
    stats = finished.stats
    assert stats.received == 40
    assert stats.received == stats.processed + sum(stats.dropped.values()) + stats.errored
    heatmaps = [event for event in events if isinstance(event, Heatmap)]
    assert heatmaps
    assert newest == heatmaps[-1]
    assert newest.seq == 39
    for each in heatmaps:
        assert (each.rows, each.columns, len(each.heats)) == (4, 4, 2)
        for heat in each.heats:
            grid = np.frombuffer(heat.grid, np.uint8)
            assert grid.size == 16
            assert 0 <= heat.presence <= 1
            assert heat.low <= heat.high
    told: Counter[str] = Counter()
    for event in events:
        if isinstance(event, Dropped):
            told[event.reason] += event.count
    assert told == stats.dropped


async def test_a_cut_connection_is_resumed(url: str) -> None:
    """The session goes on with its prompts, its heatmap and its books; only frames on the way are
    missing."""
    async with (
        cuttable(url) as (proxy_url, cut),
        Client.connect(proxy_url, kind="video", configure=PROMPTS, sleep=at_once) as client,
    ):
        session = client.welcome.session
        for number in range(20):
            await client.send_image(jpeg(2 * number), number / 30)
        await until(client, Heatmap)
        cut()
        while not (await until(client, Welcome)).resumed:
            pass
        assert (await until(client, Configured)).config == 1
        assert (await until(client, Heatmap)).config == 1
        for number in range(20, 40):
            assert await client.send_image(jpeg(2 * number), number / 30)
        stats = (await client.finish()).stats
        assert client.welcome.session == session
    assert 20 < stats.received <= 40
    assert stats.received == stats.processed + sum(stats.dropped.values()) + stats.errored
    assert client.heatmap is not None
    assert client.heatmap.seq == 39


async def until(client: Client, kind: type[T]) -> T:
    async for event in client:
        if isinstance(event, kind):
            return event
    raise AssertionError(f"no {kind.__name__} came")


async def at_once(_: float) -> None:
    await asyncio.sleep(0)


async def test_real_frames(url: str, shared: Path) -> None:
    """A person who squats, from a real camera."""
    capture = cv2.VideoCapture(str(shared / "data" / "video" / "pose_squats.mp4"))
    async with Client.connect(url, kind="video", configure=PROMPTS) as client:
        heard = asyncio.create_task(_events(client))
        for number in range(8):
            small = cv2.resize(capture.read()[1], (180, 320))
            await client.send_image(cv2.imencode(".jpg", small)[1].tobytes(), number / 5)
        stats = (await client.finish()).stats
        await heard
    assert stats.received == 8
    assert stats.labels >= 1
    assert stats.errored == 0


async def test_a_motion_session_beside_a_session_about_video(url: str) -> None:
    """Each is refused the other's frames, by name, and goes on."""
    async with (
        Client.connect(url, configure=Configure(prompts=["waves"])) as motion,
        Client.connect(url, kind="video", configure=PROMPTS) as video,
    ):
        await motion.send_image(jpeg(), 0.0)
        await video.send_pose(np.zeros((22, 3)), 0.0)
        for client in (motion, video):
            refused = [e async for e in _until_error(client)]
            assert refused[-1].code == "unexpected"
        await video.send_image(jpeg(), 0.0)
        assert (await video.finish()).stats.processed == 1


async def _until_error(client: Client) -> AsyncIterator[ErrorMessage]:
    async for event in client:
        if isinstance(event, ErrorMessage):
            yield event
            return


async def test_what_is_refused(url: str) -> None:
    """Prompts that are none, and images that are too long, in the client's own words."""
    async with Client.connect(url, kind="video", configure=PROMPTS) as client:
        with pytest.raises(PromptError):
            await client.configure(Configure(instruction="walks, then sits"))
        with pytest.raises(LimitExceeded):
            await client.send_image(bytes(300_000), 0.0)


async def test_a_server_without_a_video_model_says_so() -> None:
    """Before the session begins, with the remedy."""
    async with running(Config(port=0, video_model="")) as server:
        with pytest.raises(ModelError, match="--video-model"):
            async with Client.connect(server.url, kind="video"):
                pass
