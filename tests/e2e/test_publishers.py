"""Publishers that this project did not write, against a running server with a token."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aioice.ice
import httpx
import pytest

from stream.app import Running
from tests.e2e.publishers import NODE, PUBLISHERS, ROOT, Publisher, without_upnp
from tests.stream.client import PATIENCE_S, eventually
from tests.stream.whip_server import whip_server

TOKEN = "a-token-of-sixteen"
PUBLISHING = "/v1/whip?name=stage&prompts=a%20person%20waves&prompts=the%20ball%20moves"
START_S = 120.0
"""GStreamer looks through all its plugins when it runs for the first time."""


@asynccontextmanager
async def published(
    publisher: Publisher, server: Running, folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The publisher while it publishes."""
    address = f"http://{server.host}:{server.port}{PUBLISHING}"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(Path.home()),
        "NODE_PATH": str(NODE),
        **without_upnp(folder),
    }
    process = await asyncio.create_subprocess_exec(
        *publisher.command(address, TOKEN, folder),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environ,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def heatmaps(http: httpx.AsyncClient, count: int) -> list[dict]:
    """What a watcher reads, until there are some heatmaps."""
    heard: list[dict] = []
    async with http.stream("GET", "/v1/sessions/stage/events") as response:
        assert response.status_code == 200
        async for line in response.aiter_lines():
            if line:
                heard.append(json.loads(line.removeprefix("data: ")))
            if sum(each["type"] == "heatmap" for each in heard) == count:
                break
    return heard


@pytest.mark.parametrize("publisher", PUBLISHERS, ids=lambda publisher: publisher.name)
async def test_it_publishes_and_is_watched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, publisher: Publisher
) -> None:
    """Heatmaps of the prompts in its address come; it ends by itself, and nothing is left."""
    if not aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=True):
        pytest.skip("this machine has no address but loopback, which ICE does not offer")
    if reason := publisher.reason():
        pytest.skip(reason)
    async with whip_server(monkeypatch, loopback=False, token=TOKEN) as server:
        base, bearer = f"http://{server.host}:{server.port}", {"Authorization": f"Bearer {TOKEN}"}
        async with (
            published(publisher, server, tmp_path) as process,
            httpx.AsyncClient(base_url=base, timeout=PATIENCE_S, headers=bearer) as http,
        ):
            async with asyncio.timeout(START_S):
                await _connected(http, process)
                heard = await heatmaps(http, 3)
            configured = next(each for each in heard if each["type"] == "configured")
            assert configured["labels"] == ["a person waves", "the ball moves"]
            shown = [each for each in heard if each["type"] == "heatmap"]
            assert [each["seq"] for each in shown] == sorted(each["seq"] for each in shown)
            assert shown[0]["time_s"] < shown[-1]["time_s"]
            assert all(len(each["heats"]) == 2 for each in shown)
            assert not [each for each in heard if each["type"] == "error"]
            process.send_signal(signal.SIGINT)
            await eventually(lambda: not server.service.connections)
            assert server.service.registry.detached == 0
            async with asyncio.timeout(PATIENCE_S):
                said, _ = await process.communicate()
            assert process.returncode == publisher.code, said.decode()


async def _connected(http: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
    """Wait until the publisher is there."""
    while True:
        response = await http.get("/metrics")
        if "liveground_connections 1.0" in response.text:
            return
        if process.returncode is not None:
            said, _ = await process.communicate()
            pytest.fail(f"the publisher ended: {said.decode()}")
        await asyncio.sleep(0.1)  # a process of its own: there is nothing to wait for
