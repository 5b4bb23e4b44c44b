"""A recording sent to a server in its own time, and everything that the server says about it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from clients.python import Client, ConnectionLost
from clients.python.conversation import Kind
from clients.recording import Recording
from engines.errors import LivegroundError
from stream.commands.board import Board
from stream.commands.lead import Lead
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
    async with connected(url, token) as client:
        shown: list[str] = []
        if request.examples is not None:
            shown = list((await client.load_examples(request.examples)).counts)
        await client.configure(request.configure(shown))
        pace = Pace(take.time_s, speed, least_step_s=least_step_s(client))

        def age_ms(label: Label) -> float:
            return (pace.capture_now_s(board.newest_s) - label.time_s) * 1e3

        await converse(client, board, screen, _send(client, take, pace, board), age_ms)


@asynccontextmanager
async def connected(url: str, token: str | None, kind: Kind = "motion") -> AsyncIterator[Client]:
    """A client of the server; where there is none, the error says how to do without."""
    async with AsyncExitStack() as stack:
        try:
            client = await stack.enter_async_context(Client.connect(url, token=token, kind=kind))
        except ConnectionLost as error:
            remedy = "Start a server with: liveground serve. Or replay with --embedded."
            raise ConnectionLost(f"{error} {remedy}") from error
        yield client


def least_step_s(client: Client) -> float:
    """Between two poses, so that the server's limit is kept."""
    return 1 / (SHARE_OF_LIMIT * client.welcome.limits.max_rate_hz)


async def converse(
    client: Client,
    board: Board,
    screen: Show,
    sending: Coroutine[Any, Any, None],
    age_ms: Callable[[Label], float],
) -> None:
    """Show what comes back while `sending` goes on, and until everything is final."""
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(sending)
            watching = tasks.create_task(_watch(client, board, screen))
            await _listen(client, board, screen, age_ms)
            watching.cancel()
    except* LivegroundError as errors:
        raise errors.exceptions[0] from None


async def finish(client: Client, board: Board) -> None:
    """All was sent: wait until everything is final."""
    board.state = "finishing"
    await client.finish()
    board.state = "finished"


async def _send(client: Client, take: Recording, pace: Pace, board: Board) -> None:
    lead = Lead()
    for frame, (joints, time_s) in enumerate(zip(take.joints, take.time_s.tolist(), strict=True)):
        await asyncio.sleep(pace.wait_s(frame))
        if pace.hurries:
            await lead.wait(board)
        pace.sent()
        lead.sent(time_s)
        board.frame_sent(time_s, time.monotonic())
        if not await client.send_pose(joints, time_s):
            board.dropped["unsent"] += 1
    await finish(client, board)


async def _listen(
    client: Client, board: Board, screen: Show, age_ms: Callable[[Label], float]
) -> None:
    async for event in client:
        now_s = time.monotonic()
        board.receive(event, now_s)
        if isinstance(event, Label):
            board.age(age_ms(event))
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
