"""The Python client with the true server and its bundled model."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pytest

from clients.python import Client, Configure, ConnectionLost
from engines.errors import PromptError
from stream.app import running
from stream.config import Config
from stream.errors import LimitExceeded, Unauthorized
from stream.messages import Dropped, Label, SegmentMessage, Welcome
from stream.protocol_examples import STANDING_M
from tests.e2e.cuttable import cuttable

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
PROMPTS = Configure(prompts=["a person waves", "a person jumps"])
FRAMES = 200
RATE_HZ = 60


def waving() -> npt.NDArray[np.float32]:
    """(FRAMES, 22, 3): the left hand goes up and down beside a still body."""
    motion = np.repeat(np.array([STANDING_M], np.float32), FRAMES, axis=0)
    swing = np.sin(2 * np.pi * np.arange(FRAMES) / RATE_HZ)
    motion[:, 20] += np.stack([0.2 + 0 * swing, 0.7 + 0.2 * swing, 0.1 + 0 * swing], axis=1)
    motion[:, 18] += [0.1, 0.3, 0.0]
    return motion


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A running server."""
    async with running(Config(port=0)) as server:
        yield server.url


async def test_a_whole_session(url: str) -> None:
    """Every frame is accounted for, every label is heard, and the finals come at the end."""
    async with Client.connect(url, configure=PROMPTS) as client:
        heard = asyncio.create_task(_collect(client))
        for number, joints in enumerate(waving()):
            assert await client.send_pose(joints, number / RATE_HZ)
        finished = await client.finish()
        events = await heard
        latest = client.latest()
    stats = finished.stats
    assert stats.received == FRAMES
    assert stats.received == stats.processed + sum(stats.dropped.values()) + stats.errored
    assert stats.pending == 0
    labels = [event for event in events if isinstance(event, Label)]
    assert len(labels) + client.labels_skipped == stats.labels
    assert np.allclose(np.diff([label.time_s for label in labels]), 0.05)
    assert latest == labels[-1]
    finals = [each for each in events if isinstance(each, SegmentMessage) and each.state == "final"]
    assert sorted(finals, key=lambda each: each.start_s) == finished.segments


async def _collect(client: Client) -> list[object]:
    return [event async for event in client]


async def test_a_cut_connection_is_resumed_by_the_true_server(url: str) -> None:
    """The session goes on with its window and its books; only frames on the way are missing."""
    motion = waving()
    async with (
        cuttable(url) as (proxy_url, cut),
        Client.connect(proxy_url, configure=PROMPTS, sleep=_at_once) as client,
    ):
        session = client.welcome.session
        for number in range(FRAMES // 2):
            await client.send_pose(motion[number], number / RATE_HZ)
        await _until(client, Label)
        cut()
        while not (await _until(client, Welcome)).resumed:
            pass
        for number in range(FRAMES // 2, FRAMES):
            assert await client.send_pose(motion[number], number / RATE_HZ)
        finished = await client.finish()
        assert client.welcome.session == session
    stats = finished.stats
    assert FRAMES // 2 < stats.received <= FRAMES
    assert stats.received == stats.processed + sum(stats.dropped.values()) + stats.errored
    assert stats.labels > FRAMES // 2 / 3


async def _until(client: Client, kind: type[T]) -> T:
    async for event in client:
        if isinstance(event, kind):
            return event
    raise AssertionError(f"no {kind.__name__} came")


async def _at_once(_: float) -> None:
    await asyncio.sleep(0)


async def test_prompts_change_in_the_middle(url: str) -> None:
    """A second configure is answered and its labels are of the new words."""
    motion = waving()
    async with Client.connect(url, configure=PROMPTS) as client:
        for number in range(FRAMES // 2):
            await client.send_pose(motion[number], number / RATE_HZ)
        configured = await client.configure(Configure(steps=["stands", "lifts the left arm"]))
        assert (configured.config, configured.mode) == (2, "script")
        for number in range(FRAMES // 2, FRAMES):
            await client.send_pose(motion[number], number / RATE_HZ)
        await client.finish()
        labels = [event async for event in client if isinstance(event, Label) and event.config == 2]
    assert labels
    assert {label.label for label in labels} <= {*configured.labels, "unknown"}


async def test_what_the_server_refuses_is_raised(url: str) -> None:
    """Refusals come back as the classes of the error tree, with the limit's name and value."""
    async with Client.connect(url, configure=PROMPTS) as client:
        with pytest.raises(PromptError):
            await client.configure(Configure(steps=["a"], prompts=["b"]))
        with pytest.raises(LimitExceeded) as caught:
            await client.configure(Configure(prompts=[f"prompt {n}" for n in range(65)]))
        assert (caught.value.limit, caught.value.value) == ("max_prompts", 64)


async def test_drops_are_heard(url: str) -> None:
    """A frame captured before one that was used already is reported with its number."""
    async with Client.connect(url, configure=PROMPTS) as client:
        for time_s in (0.0, 0.1, 0.2, 0.15, 0.3):
            await client.send_pose(STANDING_M, time_s)
        dropped = await _until(client, Dropped)
        assert dropped == Dropped(reason="late", first_seq=3, last_seq=3, count=1)
        assert (await client.finish()).stats.dropped == {"late": 1}


async def test_tokens_and_full_servers() -> None:
    """A wrong token is Unauthorized; a full server is a ConnectionLost that says so."""
    config = Config(port=0, token="correct horse battery", max_sessions=1)
    async with running(config) as server:
        with pytest.raises(Unauthorized, match="token"):
            async with Client.connect(server.url, token="wrong"):
                pass
        async with Client.connect(server.url, token="correct horse battery"):
            with pytest.raises(ConnectionLost, match=r"503.*full"):
                async with Client.connect(server.url, token="correct horse battery"):
                    pass


async def test_the_example_runs(url: str, tmp_path: Path) -> None:
    """`examples/python_client.py` streams a recording and prints labels and segments."""
    np.savez(tmp_path / "wave.npz", joints=waving(), fps=np.array(200.0))
    command = ("examples/python_client.py", url, tmp_path / "wave.npz", "a person waves", "jumps")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *map(str, command),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, faults = await process.communicate()
    assert process.returncode == 0, faults.decode()
    assert "now: " in out.decode()
