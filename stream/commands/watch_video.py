"""`liveground watch-video`: a video file or a camera, with what is done where drawn into it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from clients.footage import Footage, packed
from clients.python import Client, Configure
from engines.errors import ModelError
from stream import app, config
from stream.commands.reel import Reel, Screen, Writer
from stream.messages import Heatmap, Stats, VideoModel
from stream.overlay import Caption

LONGEST_PX: Final = 640
"""Side of the pictures that are sent: models see less, and boxes need no more."""


def watch_video(
    source: Annotated[str, typer.Argument(help="A video file, or a camera: its number or URL.")],
    prompts: Annotated[
        list[str], typer.Option("--prompts", help="An action in any words; give it repeatedly.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Video to write; else NAME.heat.mp4 in this folder.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="Without --url: a video model's name or folder, else the default."),
    ] = None,
    gpu: Annotated[
        bool, typer.Option("--gpu", help="Without --url: run the model on an NVIDIA GPU.")
    ] = False,
    url: Annotated[
        str | None, typer.Option(help="Use this server instead of one of our own.")
    ] = None,
    token: Annotated[
        str | None, typer.Option(envvar="LIVEGROUND_TOKEN", help="Secret of that server.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Stop after this much of it.")
    ] = None,
) -> None:
    """Find actions in a video as if it happened now, and write it with heatmaps drawn in.

    Frames are sent at the video's own pace, over a real socket; a heatmap is drawn into the frame
    that it speaks of. Without --seconds, a camera goes on until Ctrl-C.
    """
    footage = Footage(source)
    target = out or Path(f"{Path(source).stem or 'camera'}.heat.mp4")
    writer = Writer(target, footage.rate_hz)
    try:
        server = connected(url, token, model, gpu=gpu)
        stats = asyncio.run(watch(footage, writer, prompts, seconds, server))
    finally:
        footage.close()
        writer.close()
    Console().print(_sums(target, writer.frames, stats), highlight=False, soft_wrap=True)


async def watch(
    footage: Footage,
    screen: Screen,
    prompts: list[str],
    seconds: float | None,
    server: AbstractAsyncContextManager[Client],
) -> Stats:
    """Send footage at its own pace, and show it with the heatmaps that come back."""
    reel = Reel()
    async with server as client:
        configured = await client.configure(Configure(prompts=prompts))
        screen.caption = _caption(configured.labels, client.welcome.video)
        listening = asyncio.create_task(_listen(client, reel, screen))
        await _send(client, footage, reel, screen, seconds)
        finished = await client.finish()
        await listening
    await screen.write(reel.rest())
    return finished.stats


@asynccontextmanager
async def connected(
    url: str | None, token: str | None, model: str | None, *, gpu: bool = False
) -> AsyncIterator[Client]:
    """A client of a server, or of one of our own with this video model."""
    async with AsyncExitStack() as stack:
        if url is None:
            settings = config.load(environ={}, port=0, video_model=model, video_gpu=gpu)
            url = (await stack.enter_async_context(app.running(settings))).url
        yield await stack.enter_async_context(Client.connect(url, token=token, kind="video"))


async def _send(
    client: Client, footage: Footage, reel: Reel, screen: Screen, seconds: float | None
) -> None:
    """One frame after the other, each when it is due; a camera's when it comes."""
    start_s = time.monotonic()
    shots = iter(footage)
    seq = 0
    while (shot := await asyncio.to_thread(next, shots, None)) is not None:
        now_s = time.monotonic() - start_s
        time_s = now_s if footage.live else shot.time_s
        if seconds is not None and time_s > seconds:
            break
        await asyncio.sleep(max(0.0, time_s - now_s))
        jpeg = await asyncio.to_thread(packed, shot.picture, LONGEST_PX)
        full = reel.add(seq, shot)
        await client.send_image(jpeg, time_s)
        await screen.write(full)
        seq += 1


async def _listen(client: Client, reel: Reel, screen: Screen) -> None:
    async for event in client:
        if isinstance(event, Heatmap):
            await screen.write(reel.show(event))


def _sums(target: Path, frames: int, stats: Stats) -> str:
    return (
        f"{target}: {frames} frames. {stats.labels} heatmaps from {stats.key_frames} key frames, "
        f"{sum(stats.dropped.values())} frames dropped; age of heatmaps p50 "
        f"{stats.age_p50_ms:.0f} ms, p95 {stats.age_p95_ms:.0f} ms"
    )


def _caption(labels: list[str], video: VideoModel | None) -> Caption:
    if video is None:
        raise ModelError("This server has no video model: start it with --video-model FOLDER.")
    guess = "" if video.calibrated else "not calibrated, nothing is called absent"
    told = "; ".join(each for each in (video.notice, guess) if each)
    notice = f"{video.name} {video.version}" + (f": {told}" if told else "")
    return Caption(labels, notice, video.calibrated)
