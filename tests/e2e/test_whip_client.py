"""A publisher that this project did not write: `simple-whip-client` of Debian, on GStreamer."""

import asyncio
import json
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aioice.ice
import httpx
import pytest

from stream.app import Running
from tests.stream.client import PATIENCE_S, eventually
from tests.stream.whip_server import whip_server

PUBLISHING = "/v1/whip?name=stage&prompts=a%20person%20waves&prompts=the%20ball%20moves"
START_S = 120.0
"""GStreamer looks through all its plugins when it runs for the first time."""
BALL = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=20/1"
SOUND = (
    "audiotestsrc is-live=true wave=red-noise ! audioconvert ! audioresample ! queue ! opusenc "
    "! rtpopuspay pt=100 ssrc=1 ! queue "
    "! application/x-rtp,media=audio,encoding-name=OPUS,payload=100"
)
CODECS = {
    "VP8": "vp8enc deadline=1 ! rtpvp8pay",
    "H264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30 "
    "! video/x-h264,profile=constrained-baseline ! rtph264pay config-interval=-1",
}
ELEMENTS = {"VP8": ("vp8enc",), "H264": ("x264enc",)}
NO_UPNP = """
unsigned long gupnp_simple_igd_get_type(void) { return 0; }
void *gupnp_simple_igd_thread_new(void) { return 0; }
void gupnp_simple_igd_add_port(void) {}
void gupnp_simple_igd_remove_port_local(void) {}
"""


@pytest.fixture
def program(tmp_path: Path) -> dict[str, str]:
    """Environment in which the client runs.

    Debian 12's aborts by itself: it is linked to libsoup 2, and libnice to libsoup 3, for UPnP.
    An empty UPnP library in front of libnice's keeps the second one out.
    """
    if shutil.which("whip-client") is None:
        pytest.skip("simple-whip-client is not installed: apt-get install simple-whip-client")
    if not aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=True):
        pytest.skip("this machine has no address but loopback, which ICE does not offer")
    compiler = shutil.which("cc")
    if compiler is None:
        return {}
    (tmp_path / "upnp.c").write_text(NO_UPNP)
    library = tmp_path / "libgupnp-igd-1.0.so.4"
    names = ["-Wl,-soname," + library.name, "-o", library, tmp_path / "upnp.c"]
    subprocess.run([compiler, "-shared", "-fPIC", *names], check=True)
    return {"LD_LIBRARY_PATH": str(tmp_path)}


def require(*elements: str) -> None:
    for name in ("webrtcbin", "nicesrc", *elements):
        found = subprocess.run(["gst-inspect-1.0", name], capture_output=True, check=False)
        if found.returncode:
            pytest.skip(f"GStreamer has no {name} here")


@asynccontextmanager
async def client(
    server: Running, codec: str, environ: dict[str, str], *options: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The client while it publishes."""
    video = (
        f"{BALL} ! videoconvert ! queue ! {CODECS[codec]} pt=96 ssrc=2 ! queue "
        f"! application/x-rtp,media=video,encoding-name={codec},payload=96"
    )
    process = await asyncio.create_subprocess_exec(
        "whip-client",
        *("-u", f"http://{server.host}:{server.port}{PUBLISHING}"),
        *("-V", video, "-A", SOUND, "-o", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), **environ},
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


@pytest.mark.parametrize(("codec", "options"), [("VP8", ()), ("H264", ("-n",))])
async def test_it_publishes_and_is_watched(
    monkeypatch: pytest.MonkeyPatch, program: dict[str, str], codec: str, options: tuple[str, ...]
) -> None:
    """VP8 with trickled candidates, H.264 with all of them in the offer; sound is thrown away.

    Its SIGINT is a DELETE, after which nothing is left.
    """
    require("opusenc", *ELEMENTS[codec])
    async with whip_server(monkeypatch, loopback=False) as server:
        base = f"http://{server.host}:{server.port}"
        async with (
            client(server, codec, program, *options) as process,
            httpx.AsyncClient(base_url=base, timeout=PATIENCE_S) as http,
        ):
            async with asyncio.timeout(START_S):
                await _published(http, process)
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
            said, _ = await process.communicate()
            assert process.returncode == 0, said.decode()


async def _published(http: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
    """Wait until the client is there."""
    while True:
        response = await http.get("/metrics")
        if "liveground_connections 1.0" in response.text:
            return
        if process.returncode is not None:
            said, _ = await process.communicate()
            pytest.fail(f"the client ended: {said.decode()}")
        await asyncio.sleep(0.1)  # a process of its own: there is nothing to wait for
