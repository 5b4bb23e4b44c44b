"""A recording sent to a server in its own time, and everything that the server says about it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from clients.python import Client, ConnectionLost
from clients.recording import Recording
from engines.errors import LivegroundError
from stream.commands.board import Board
from stream.commands.playback import Pace, Request
from stream.commands.show import Show
from stream.messages import Label

SHARE_OF_LIMIT: Final = 0.9
"""Of the server's poses a second: its bucket and our clock are not the same."""
WATCH_S: Final = 0.1


async def play(
    take: Recording,
    request: Request,
    board: Board,
    screen: Show,
    *,
    url: str,
    token: str | None,
    speed: float,
) -> None:
    """Send the recording and take in what comes back, until everything is final.

    Raises what the client raises: ConnectionLost, Unauthorized, PromptError...
    """
    async with _connected(url, token, request) as client:
        step_s = 1 / (SHARE_OF_LIMIT * client.welcome.limits.max_rate_hz)
        pace = Pace(take.time_s, speed, least_step_s=step_s)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_send(client, take, pace, board))
                watching = tasks.create_task(_watch(client, board, screen))
                await _listen(client, board, screen, pace)
                watching.cancel()
        except* LivegroundError as errors:
            raise errors.exceptions[0] from None


@asynccontextmanager
async def _connected(url: str, token: str | None, request: Request) -> AsyncIterator[Client]:
    async with AsyncExitStack() as stack:
        try:
            client = await stack.enter_async_context(Client.connect(url, token=token))
        except ConnectionLost as error:
            remedy = "Start a server with: liveground serve. Or replay with --embedded."
            raise ConnectionLost(f"{error} {remedy}") from error
        shown: list[str] = []
        if request.examples is not None:
            shown = list((await client.load_examples(request.examples)).counts)
        await client.configure(request.configure(shown))
        yield client


async def _send(client: Client, take: Recording, pace: Pace, board: Board) -> None:
    for frame, (joints, time_s) in enumerate(zip(take.joints, take.time_s.tolist(), strict=True)):
        await asyncio.sleep(pace.wait_s(frame))
        pace.sent()
        board.frame_sent(time_s, time.monotonic())
        if not await client.send_pose(joints, time_s):
            board.dropped["unsent"] += 1
    board.state = "finishing"
    await client.finish()
    board.state = "finished"


async def _listen(client: Client, board: Board, screen: Show, pace: Pace) -> None:
    async for event in client:
        now_s = time.monotonic()
        board.receive(event, now_s)
        if isinstance(event, Label):
            board.age((pace.capture_now_s(board.newest_s) - event.time_s) * 1e3)
        screen.message(event, now_s)


async def _watch(client: Client, board: Board, screen: Show) -> None:
    """Draw also while nothing comes, and say so when the connection is lost."""
    while True:
        await asyncio.sleep(WATCH_S)
        if not client.connected:
            board.state = "reconnecting"
        elif board.state == "reconnecting":
            board.state = "live"
        screen.refresh(time.monotonic())
