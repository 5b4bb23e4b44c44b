"""`liveground serve` in its own process, the bundled model, a real socket, the signal to stop."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from stream.messages import (
    SUBPROTOCOL_MSGPACK,
    Bye,
    Configure,
    Configured,
    GoingAway,
    Label,
    Message,
    Pose,
    SegmentMessage,
    Stats,
    Welcome,
)
from stream.protocol import MSGPACK, Ignored
from tests.stream.client import PATIENCE_S
from tests.stream.rig import HELLO, of, poses

ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def served(**settings: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A server process and its address, taken from what it says at the start."""
    environ = {**os.environ, "LIVEGROUND_PORT": "0", **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "stream",
        "serve",
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=environ,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE_S):
            said = ""
            while "Listening on " not in said:
                line = await process.stderr.readline()
                assert line, f"the server ended: {said}"
                said += line.decode()
        yield process, said.split("Listening on ")[1].split()[0]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def say(peer: ClientConnection, *given: Message) -> None:
    for message in given:
        await peer.send(MSGPACK.encode(message))


async def heard(peer: ClientConnection) -> list[Message]:
    """All that comes until the server closes."""
    log: list[Message] = []
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = MSGPACK.decode_server(await peer.recv())
                assert not isinstance(message, Ignored)
                log.append(message)
    except ConnectionClosed:
        return log


def recorded(shared: Path, seconds: float = 4.0) -> list[Pose]:
    """Real motion at its own rate."""
    file = np.load(sorted((shared / "data" / "motion" / "cmu").glob("*.npz"))[0])
    rate_hz = float(file["fps"]) if "fps" in file else 1 / float(np.diff(file["time_s"]).mean())
    joints = file["joints"].astype("<f4")[: int(seconds * rate_hz)]
    return [
        Pose(seq=seq, time_s=seq / rate_hz, joints=each.tobytes())
        for seq, each in enumerate(joints)
    ]


async def test_real_motion_over_a_socket_until_sigterm(shared: Path) -> None:
    """Two clients at once; one says bye, the other is streaming when the server is stopped."""
    motion = recorded(shared)
    prompts = Configure(prompts=["a person walks", "a person jumps"])
    async with served() as (process, url), connect(url, subprotocols=[SUBPROTOCOL_MSGPACK]) as one:
        async with connect(url, subprotocols=[SUBPROTOCOL_MSGPACK]) as other:
            await say(one, HELLO, prompts, *motion)
            await say(other, HELLO, Configure(instruction="walk, then stop"), *motion, Bye())
            log = await heard(other)
            assert other.close_code == 1000
        assert [type(message) for message in log[:2]] == [Welcome, Configured]
        labels, stats = of(Label, log), of(Stats, log)[-1]
        assert [label.time_s for label in labels] == sorted(label.time_s for label in labels)
        assert len(labels) == pytest.approx(motion[-1].time_s * 20, abs=2)
        assert stats.received == len(motion)
        assert stats.received == stats.processed + stats.dropped.get("cut", 0)
        assert {m.state for m in of(SegmentMessage, log)} <= {"provisional", "final", "retracted"}
        async with httpx.AsyncClient() as http:
            base = url.replace("ws:", "http:").removesuffix("/v1/stream")
            assert (await http.get(base + "/readyz")).status_code == 200
        process.send_signal(signal.SIGTERM)
        log = await heard(one)
        assert one.close_code == 1012
        assert of(GoingAway, log)
        assert of(Stats, log)[-1].pending == 0
        assert isinstance(log[-1], Bye)
        async with asyncio.timeout(PATIENCE_S):
            assert await process.wait() == 0


async def test_settings_from_the_environment_reach_the_welcome() -> None:
    """The limits that a client is told are those of the operator."""
    async with served(LIVEGROUND_MAX_PROMPTS="3", LIVEGROUND_RESUME_S="7") as (_, url):
        async with connect(url, subprotocols=[SUBPROTOCOL_MSGPACK]) as peer:
            await say(peer, HELLO, Configure(prompts=["a", "b", "c"]), *poses(30), Bye())
            log = await heard(peer)
        [welcome] = of(Welcome, log)
        assert (welcome.limits.max_prompts, welcome.limits.resume_s) == (3, 7.0)


async def test_an_unsafe_start_is_refused() -> None:
    """Other machines without a token: the command says what to do and fails."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "stream", "serve", "--host", "0.0.0.0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "LIVEGROUND_TOKEN"},
    )
    async with asyncio.timeout(PATIENCE_S):
        said, _ = await process.communicate()
    assert process.returncode != 0
    assert b"LIVEGROUND_TOKEN" in said
