"""A recorded session once more: what its client said then, to a server or to models in this
process, and whether the same comes of it."""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from rich.console import Console

from clients.python import Client
from clients.python.conversation import Kind
from engines.errors import LivegroundError
from stream.commands import show
from stream.commands.board import Board
from stream.commands.heat_lines import HeatLines
from stream.commands.lead import Lead
from stream.commands.offline import Offline
from stream.commands.remote import connected, converse, finish, least_step_s
from stream.commands.session_plan import Plan, Step
from stream.messages import Bye, Configure, Enrol, Image, Message, Pose, Welcome
from stream.protocol import joints_of
from stream.recordings.reading import RecordedSession

END_S: Final = 1.0
"""From the last message to the end."""


class Metronome:
    """When each message is due: as long after the first as it was then, over `speed`."""

    def __init__(
        self,
        speed: float,
        least_step_s: float = 0.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._speed = speed
        self._least_step_s = least_step_s
        self._now = now
        self._first: tuple[float, float] | None = None
        self._due_s = float("-inf")

    def wait_s(self, time_s: float) -> float:
        """How long to wait from now on with what was said at this time."""
        now_s = self._now()
        if self._first is None:
            self._first = time_s, now_s
        then_s, start_s = self._first
        due_s = start_s + (time_s - then_s) / self._speed
        self._due_s = max(due_s, self._due_s + self._least_step_s)
        return max(0.0, self._due_s - now_s)


def replay_session(
    file: Path,
    *,
    embedded: bool,
    url: str,
    token: str | None,
    model: str,
    speed: float,
    as_json: bool,
) -> None:
    """Replay, show it, and say on stderr whether the segments are those of then.

    Raises BadRecording, ModelError, and what the client raises.
    """
    plan = Plan.of(RecordedSession(file))
    board = Board(f"replay of {file.name}" + (", embedded" if embedded else f" to {url}"))
    with _screen(plan.kind, board, as_json=as_json) as screen:
        if embedded:
            play_embedded(plan, Offline.load(plan.kind, model), board, screen, speed=speed)
        else:
            asyncio.run(play_remote(plan, board, screen, url=url, token=token, speed=speed))
        screen.end()
    stderr = Console(stderr=True)
    for note in plan.notes:
        stderr.print(note, style="yellow", highlight=False)
    if plan.kind == "motion":
        stderr.print(plan.verdict(board.finals()), highlight=False)


def play_embedded(
    plan: Plan,
    offline: Offline,
    board: Board,
    screen: show.Show,
    *,
    speed: float,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Through models in this process."""
    metronome = Metronome(speed)
    first_s: float | None = None
    last_s = 0.0
    _tell(plan, offline.say(offline.hello, 0.0), board, screen)
    for time_s, step in plan.steps():
        sleep(metronome.wait_s(time_s))
        first_s = time_s if first_s is None else first_s
        last_s = time_s - first_s
        _sent(step, board)
        _tell(plan, offline.say(step, last_s), board, screen)
    _tell(plan, offline.say(Bye(), last_s + END_S), board, screen)


async def play_remote(
    plan: Plan, board: Board, screen: show.Show, *, url: str, token: str | None, speed: float
) -> None:
    """To a server. Raises what the client raises: ConnectionLost, Unauthorized, ModelError..."""
    kind: Kind = "video" if plan.kind == "video" else "motion"
    async with connected(url, token, kind) as client:
        plan.compare_model(client.welcome)
        sending = _send(client, plan, board, Metronome(speed, least_step_s(client)))
        await converse(client, board, screen, sending, lambda label: label.age_ms)
    stats = board.stats
    missed = sum(stats.dropped.get(why, 0) for why in ("rate", "busy")) if stats else 0
    if missed:
        plan.notes.append(f"The server could not take {missed} frames: replay more slowly.")


async def _send(client: Client, plan: Plan, board: Board, metronome: Metronome) -> None:
    """A question that is refused now was refused then, or the server is another one."""
    lead = Lead()
    for time_s, step in plan.steps():
        await asyncio.sleep(metronome.wait_s(time_s))
        await lead.wait(board)
        _sent(step, board)
        try:
            if not await _say(client, step):
                board.dropped["unsent"] += 1
        except LivegroundError as error:
            board.notices.append(str(error))
            continue
        if isinstance(step, Pose):
            lead.sent(step.time_s)
    await finish(client, board)


async def _say(client: Client, step: Step) -> bool:
    match step:
        case Pose():
            count = len(step.joints) // 12 if isinstance(step.joints, bytes) else len(step.joints)
            joints = joints_of(step, count)
            return await client.send_pose(joints, step.time_s, skeleton=step.skeleton)
        case Image():
            return await client.send_image(step.jpeg, step.time_s)
        case Configure():
            await client.configure(step)
        case Enrol(examples=str() as content):
            await client.add_examples(content)
        case Enrol():
            await client.enrol(
                step.name or "",
                start_s=step.start_s or 0.0,
                end_s=step.end_s or 0.0,
                words=step.words,
            )
    return True


def _sent(step: Step, board: Board) -> None:
    if isinstance(step, Pose | Image):
        board.frame_sent(step.time_s, time.monotonic())


def _tell(plan: Plan, messages: Iterable[Message], board: Board, screen: show.Show) -> None:
    for message in messages:
        if isinstance(message, Welcome):
            plan.compare_model(message)
        show.tell(message, board, screen)


def _screen(kind: str, board: Board, *, as_json: bool) -> AbstractContextManager[show.Show]:
    if kind == "video" and not as_json:
        return HeatLines(board, Console())
    return show.choose(board, Console(), as_json=as_json)
