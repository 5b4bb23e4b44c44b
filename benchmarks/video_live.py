"""Overlays at camera rate: heatmaps that reach the client while the encoder runs at its own pace.

`python -m benchmarks.video_live [--write] [--model FOLDER]`. The server runs as users run it, in a
process of its own; this process plays N cameras that send 30 JPEG frames a second in real time.
A heatmap's age is the time from the capture of the frame that it speaks of, on the sender's own
clock, to its arrival here. Without `--model`: ViT-B/16 at 224 px, random weights, float32, one
thread: what a real CLIP costs.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from benchmarks import page
from benchmarks.calibration import calibrate
from benchmarks.clip import random_clip
from benchmarks.latency import hop_ms, server
from benchmarks.table import table
from clients.footage import Footage, packed
from stream import messages as m
from stream.protocol import MSGPACK

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
COMMAND = "benchmarks.video_live"
RATE_HZ = 30.0
SECONDS = 12.0
WARM_UP_S = 4.0
COUNTS = (1, 2, 4)
LONGEST_PX = 640
LEAST_HZ = 25.0
MOST_P95_MS = 120.0
PROMPTS = ["a person jumps", "a person waves"]


@dataclass
class Observed:
    """What one camera saw: frames that have a heatmap, ages of first heatmaps, time since the key
    frame."""

    frames: set[int] = field(default_factory=set)
    ages_ms: list[float] = field(default_factory=list)
    carried_ms: list[float] = field(default_factory=list)
    hop_ms: float = 0.0
    stats: m.Stats | None = None


def frames(shared: Path) -> list[bytes]:
    """JPEG frames of a real person who jumps; without the file, a texture that moves."""
    film = shared / "data" / "video" / "sports2d_jump.mp4"
    if film.is_file():
        footage = Footage(str(film))
        made = [packed(shot.picture, LONGEST_PX) for shot in itertools.islice(footage, 90)]
        footage.close()
    else:
        wall = np.random.default_rng(0).normal(128, 60, (12, 30, 3)).astype(np.float32)
        wide = np.clip(cv2.resize(wall, (1200, 480), interpolation=cv2.INTER_CUBIC), 0, 255)
        made = [packed(wide[:, 4 * n : 4 * n + 640].astype(np.uint8), 640) for n in range(90)]
    return made + made[::-1]


def export(folder: Path) -> Path:
    """ViT-B/16 with random weights and a tokenizer of letters."""
    from onnx_export import clip_folder
    from onnx_export.clip_tokenizer import BEGIN as FIRST
    from onnx_export.clip_tokenizer import END as LAST
    from onnx_export.clip_tokenizer import made

    letters = [chr(code) for code in range(97, 123)]
    pieces = [*letters, *(f"{each}</w>" for each in letters), FIRST, LAST]
    tokenizer = made({piece: place for place, piece in enumerate(pieces)}, [])
    clip_folder.write_clip(random_clip(tokenizer), folder)
    return folder


async def film(url: str, pictures: list[bytes], delay_s: float) -> Observed:
    """Send frames in real time and note when each heatmap arrives."""
    await asyncio.sleep(delay_s)
    observed = Observed()
    options = {"subprotocols": [m.SUBPROTOCOL_MSGPACK], "compression": None}
    async with connect(url, **options) as socket_:
        await socket_.send(MSGPACK.encode(m.Hello(protocol=1, client="benchmark", kind="video")))
        await socket_.recv()
        observed.hop_ms = await hop_ms(socket_)
        await socket_.send(MSGPACK.encode(m.Configure(prompts=PROMPTS)))
        start_s = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            group.create_task(listen(socket_, start_s, observed))
            for seq in range(int((SECONDS + WARM_UP_S) * RATE_HZ)):
                time_s = seq / RATE_HZ
                await asyncio.sleep(max(0.0, start_s + time_s - time.perf_counter()))
                jpeg = pictures[seq % len(pictures)]
                await socket_.send(MSGPACK.encode(m.Image(seq=seq, time_s=time_s, jpeg=jpeg)))
            await socket_.send(MSGPACK.encode(m.Bye()))
    return observed


async def listen(socket_: ClientConnection, start_s: float, observed: Observed) -> None:
    async for data in socket_:
        now_s = time.perf_counter() - start_s
        match MSGPACK.decode_server(data):
            case m.Heatmap() as heatmap if heatmap.time_s >= WARM_UP_S:
                if heatmap.seq not in observed.frames:
                    observed.frames.add(heatmap.seq)
                    observed.ages_ms.append((now_s - heatmap.time_s) * 1e3)
                    observed.carried_ms.append((heatmap.time_s - heatmap.key_time_s) * 1e3)
            case m.Stats() as stats:
                observed.stats = stats


def row(observed: list[Observed]) -> list[str]:
    """One number of cameras: rates each, ages over all."""
    count = len(observed)
    ages = np.concatenate([each.ages_ms for each in observed])
    carried = np.concatenate([each.carried_ms for each in observed])
    p50, p95 = np.percentile(ages, [50, 95])
    overlays_hz = min(len(each.frames) for each in observed) / SECONDS
    keys_hz = sum(each.stats.key_frames for each in observed if each.stats) / count
    keys_hz /= SECONDS + WARM_UP_S
    hop = float(np.median([each.hop_ms for each in observed]))
    held = overlays_hz >= LEAST_HZ and p95 < MOST_P95_MS
    return [
        str(count),
        f"{overlays_hz:.1f}",
        f"{keys_hz:.2f}",
        f"{overlays_hz / keys_hz:.1f}x",
        f"{p50:.0f}",
        f"{p95:.0f}",
        f"{p50 / hop:.0f}x",
        f"{np.percentile(carried, 95):.0f}",
        "yes" if held else "no",
    ]


async def report(model: Path) -> str:
    """The section of docs/benchmarks.md."""
    pictures = frames(ROOT.parent / "shared")
    calibration = calibrate()
    rows = []
    async with server(LIVEGROUND_VIDEO_MODEL=str(model)) as url:
        for count in COUNTS:
            delays_s = np.linspace(0, 1 / RATE_HZ, count, endpoint=False)
            films = (film(url, pictures, float(delay_s)) for delay_s in delays_s)
            rows.append(row(await asyncio.gather(*films)))
    header = ["cameras", "overlays/s each", "key frames/s each", "overlays / keys", "age p50 ms"]
    header += ["p95 ms", "p50 / hop", "key frame before, p95 ms", "held"]
    return (
        "## Overlays at camera rate\n\n"
        f"JPEG frames ({LONGEST_PX} px) at {RATE_HZ:.0f} Hz in real time over loopback, server and "
        f"cameras on the same machine: {calibration}.\n"
        f"Model {model.name}, one thread. Between key frames the maps are carried by optical flow; "
        "an age is from the capture of the frame that a heatmap speaks of to its arrival.\n"
        f"Held: {LEAST_HZ:.0f} overlays a second or more, p95 of their age under "
        f"{MOST_P95_MS:.0f} ms.\n\n" + table(header, rows) + "\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.video_live", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--model", type=Path, help="a video model's folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = given.model or export(Path(folder) / "vit-b-16-random")
        text = asyncio.run(report(model.resolve()))
    print(text)
    if given.write:
        page.put(PAGE, COMMAND, text)


if __name__ == "__main__":
    main()
