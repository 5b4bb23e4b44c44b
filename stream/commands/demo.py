"""`liveground demo`: server, page, synthetic performer and live view in one, over a real socket."""

import asyncio
import os
import sys
import webbrowser
from contextlib import suppress
from itertools import takewhile
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console

from clients.footage import Footage
from clients.performer import Performer
from clients.recording import Recording
from stream import app, config
from stream.commands import cinema, show
from stream.commands.board import Action, Board
from stream.commands.playback import Request
from stream.commands.remote import play
from stream.commands.watch_video import connected, watch
from stream.messages import Configure

RATE_HZ: Final = 60.0


def demo(
    seconds: Annotated[
        float, typer.Option(envvar="DEMO_SECONDS", min=3, max=3600, help="How long it runs.")
    ] = 60.0,
    seed: Annotated[int, typer.Option(help="Another number, another performance.")] = 1,
    model: Annotated[str, typer.Option(help="A motion model's name or folder.")] = "bundled",
) -> None:
    """Watch it work: a synthetic performer moves, a server on this machine says what it does; then
    rendered scenes, and where in the picture it is done. All the while the server has a page for
    your own camera, which opens by itself where there is a screen.

    The performer is synthesised, with the jitter of a rig at 60 Hz; all the rest is the real thing.
    """
    performer = Performer(seed=seed, rate_hz=RATE_HZ)
    take, actions = _perform(performer, seconds)
    board = Board(f"watching a {performer.name} at {RATE_HZ:.0f} Hz")
    board.truth = actions
    request = Request(Configure(prompts=list(performer.actions)))
    console = Console()
    with show.choose(board, console, as_json=False) as screen, suppress(KeyboardInterrupt):
        asyncio.run(_run(take, request, board, screen, console, seconds=seconds, model=model))


async def show_video(console: Console, seconds: float) -> None:
    """The rendered film through the video model, for its length or these seconds."""
    path, truth = await asyncio.to_thread(cinema.film)
    screen = cinema.Cinema(console, truth)
    footage = await asyncio.to_thread(Footage, path)
    try:
        server = connected(None, None, None)
        stats = await watch(footage, screen, truth.prompts, seconds, server)
    finally:
        footage.close()
    console.print(f"\nRendered video, {screen.caption.notice}", style="bold", highlight=False)
    console.print(screen.verdict(), highlight=False)
    console.print(
        f"heatmaps: {stats.labels} for {stats.received} frames, {stats.key_frames} of which the "
        f"model has seen; age p50 {stats.age_p50_ms:.0f} ms, p95 {stats.age_p95_ms:.0f} ms",
        highlight=False,
    )


def _perform(performer: Performer, seconds: float) -> tuple[Recording, list[Action]]:
    """What the performer does, and when it truly did what."""
    frames = list(takewhile(lambda frame: frame.time_s < seconds, performer))
    actions: list[Action] = []
    for frame in frames:
        if actions and actions[-1].text == frame.action:
            actions[-1] = Action(frame.action, actions[-1].start_s, frame.time_s)
        else:
            actions.append(Action(frame.action, frame.time_s, frame.time_s))
    joints = np.stack([frame.joints for frame in frames]).astype(np.float32)
    time_s = np.array([frame.time_s for frame in frames])
    return Recording(joints, time_s, performer.name), actions


async def _run(
    take: Recording,
    request: Request,
    board: Board,
    screen: show.Show,
    console: Console,
    *,
    seconds: float,
    model: str,
) -> None:
    settings = config.load(environ={}, port=0, model=model)
    async with app.running(settings) as server:
        page = server.url.replace("ws://", "http://").removesuffix(app.STREAM_PATH)
        print(f"For your own camera: {page}", flush=True)
        visited = _has_screen() and await asyncio.to_thread(webbrowser.open, page)
        await play(take, request, board, screen, url=server.url, token=None, speed=1.0)
        await asyncio.to_thread(screen.end)
        await show_video(console, seconds)
        if visited:
            console.print(f"{page} stays until you press Ctrl-C.", highlight=False)
            await server.stopped.wait()


def _has_screen() -> bool:
    """Whether somebody sits before this terminal and can see a browser."""
    seen = sys.platform in ("darwin", "win32") or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    return bool(seen) and sys.stdin.isatty() and sys.stdout.isatty()
