"""Latency from capture to label, and how many sessions this machine holds, over real sockets.

The server runs as users run it (`liveground serve`, its own process); this process plays N
performers that send poses at 60 Hz in real time. A label's age is the time from the capture moment
that it speaks of, on the sender's own clock, to its arrival here.
"""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.calibration import calibrate
from benchmarks.table import table
from clients.performer import Performer
from stream import messages as m
from stream.protocol import MSGPACK

RATE_HZ = 60.0
SECONDS = 12.0
WARM_UP_S = 2.0
COUNTS = (1, 8, 16, 32, 64, 80, 96)
HELD_P95_MS = 150.0


@dataclass
class Observed:
    """What one performer saw."""

    ages_ms: list[float] = field(default_factory=list)
    lookahead_ms: float = 0.0
    hop_ms: float = 0.0
    stats: m.Stats | None = None


def clips(shared: Path) -> list[np.ndarray]:
    """Real motion at 60 Hz where it is present, else the synthetic performer's."""
    files = sorted((shared / "data" / "motion" / "cmu").glob("*.npz"))
    frames = int((SECONDS + WARM_UP_S) * RATE_HZ)
    long_enough = [np.load(file)["joints"].astype(np.float32) for file in files]
    long_enough = [joints[:frames] for joints in long_enough if len(joints) >= frames]
    if long_enough:
        return long_enough
    performer = iter(Performer(seed=0, rate_hz=RATE_HZ))
    return [np.stack([next(performer).joints for _ in range(frames)])]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.asynccontextmanager
async def server(**settings: str) -> AsyncIterator[str]:
    """`liveground serve` in a process of its own, with these variables in its environment; yields
    its WebSocket address."""
    port = free_port()
    command = [sys.executable, "-m", "stream", "serve", "--port", str(port)]
    env = {**os.environ, "LIVEGROUND_MAX_SESSIONS": "128", **settings}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # noqa: ASYNC220
    try:
        async with httpx.AsyncClient() as http, asyncio.timeout(60):
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await http.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200:
                        break
                await asyncio.sleep(0.1)
        yield f"ws://127.0.0.1:{port}/v1/stream"
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 20)


async def perform(url: str, joints: np.ndarray, delay_s: float) -> Observed:
    """Send one clip in real time and note when each label arrives."""
    await asyncio.sleep(delay_s)
    observed = Observed()
    async with connect(url, subprotocols=[m.SUBPROTOCOL_MSGPACK], compression=None) as socket_:
        await socket_.send(MSGPACK.encode(m.Hello(protocol=1, client="benchmark")))
        welcome = MSGPACK.decode_server(await socket_.recv())
        observed.lookahead_ms = welcome.model.lookahead_s * 1e3
        observed.hop_ms = await hop_ms(socket_)
        prompts = ["a person walks", "a person jumps", "a person climbs", "a person stands still"]
        await socket_.send(MSGPACK.encode(m.Configure(prompts=prompts)))
        start_s = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            group.create_task(listen(socket_, start_s, observed))
            await send(socket_, joints, start_s)
            await socket_.send(MSGPACK.encode(m.Bye()))
    return observed


async def hop_ms(socket_: ClientConnection) -> float:
    """Round trip of an empty message on this connection: the floor for any answer."""
    trips = []
    for number in range(20):
        start_s = time.perf_counter()
        await socket_.send(MSGPACK.encode(m.Ping(id=number)))
        await socket_.recv()
        trips.append(time.perf_counter() - start_s)
    return float(np.median(trips)) * 1e3


async def send(socket_: ClientConnection, joints: np.ndarray, start_s: float) -> None:
    for seq, frame in enumerate(joints):
        time_s = seq / RATE_HZ
        await asyncio.sleep(max(0.0, start_s + time_s - time.perf_counter()))
        pose = m.Pose(seq=seq, time_s=time_s, joints=frame.tobytes())
        await socket_.send(MSGPACK.encode(pose))


async def listen(socket_: ClientConnection, start_s: float, observed: Observed) -> None:
    async for data in socket_:
        now_s = time.perf_counter() - start_s
        match MSGPACK.decode_server(data):
            case m.Label() as label if label.time_s > WARM_UP_S:
                observed.ages_ms.append((now_s - label.time_s) * 1e3)
            case m.Stats() as stats:
                observed.stats = stats


async def measure(url: str, count: int, motions: list[np.ndarray]) -> list[Observed]:
    delays_s = np.linspace(0, 1, count, endpoint=False)
    runs = (perform(url, motions[i % len(motions)], d) for i, d in enumerate(delays_s))
    return await asyncio.gather(*runs)


def frames_lost(observed: Observed) -> int:
    """Frames refused or dropped; the last ones after the last label ("cut") are no loss."""
    if observed.stats is None:
        return len(observed.ages_ms)
    dropped = {**observed.stats.dropped, "cut": 0}
    return sum(dropped.values()) + observed.stats.errored


def row(count: int, observed: list[Observed]) -> list[str]:
    ages = np.concatenate([np.asarray(o.ages_ms) - o.lookahead_ms for o in observed])
    p50, p95 = np.percentile(ages, [50, 95])
    updates_hz = len(ages) / count / SECONDS
    lost = sum(map(frames_lost, observed))
    held = p95 < HELD_P95_MS and updates_hz > 19.5 and lost == 0
    hop = float(np.median([o.hop_ms for o in observed]))
    return [
        str(count),
        f"{updates_hz:.1f}",
        f"{p50:.0f}",
        f"{p95:.0f}",
        f"{p50 / hop:.0f}x",
        str(lost),
        "yes" if held else "no",
    ]


async def report(shared: Path) -> str:
    """The section of docs/benchmarks.md."""
    motions = clips(shared)
    calibration = calibrate()
    rows = []
    async with server() as url:
        await measure(url, 1, [motions[0][:120]])
        for count in COUNTS:
            observed = await measure(url, count, motions)
            rows.append(row(count, observed))
            lookahead_ms = observed[0].lookahead_ms
    header = ["sessions", "updates/s each", "p50 ms", "p95 ms", "p50 / hop", "frames lost", "held"]
    return (
        f"## Capture to label\n\n"
        f"Poses at {RATE_HZ:.0f} Hz in real time over loopback, server and senders on the same "
        f"machine: {calibration}.\n"
        f"Times are beyond the model's stated look-ahead of {lookahead_ms:.0f} ms. "
        f"A hop is the round trip of an empty message on the same connection.\nHeld: p95 under "
        f"{HELD_P95_MS:.0f} ms beyond the look-ahead, 20 updates a second, no frame lost.\n\n"
        + table(header, rows)
        + "\n"
    )
