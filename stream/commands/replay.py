"""`liveground replay`: a recording as a live stream, to a server or through the embedded engine."""

import asyncio
import time
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
import typer
from rich.console import Console

from clients import recording
from engines.errors import PromptError
from engines.motion.grounder import MotionGrounder
from stream.commands import rerun, show
from stream.commands.board import Board
from stream.commands.playback import MAX_SPEED, Pace, Request, configured, embedded
from stream.commands.remote import play
from stream.messages import Configure

DEFAULT_URL: Final = "ws://127.0.0.1:8765/v1/stream"
SESSION: Final = ".mcap"
Mode = Literal["script", "watch"]


class Server(NamedTuple):
    """Where to stream to, and the secret that it asks for."""

    url: str
    token: str | None


def replay(
    file: Annotated[
        Path,
        typer.Argument(help="A .bvh of any common rig, a canonical .npz, or a recorded .mcap."),
    ],
    instruction: Annotated[
        str | None, typer.Option(help="What the person does, in words; split into ordered steps.")
    ] = None,
    steps: Annotated[
        Path | None, typer.Option(help="JSON list of texts: steps, in order, each done once.")
    ] = None,
    prompts: Annotated[
        Path | None, typer.Option(help="JSON list of texts: actions in any order, any number.")
    ] = None,
    mode: Annotated[
        Mode | None, typer.Option(help="script: ordered steps. watch: any order, any number.")
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option(help="File made by teach: its names may be steps or prompts; alone, all are."),
    ] = None,
    use_embedded: Annotated[
        bool, typer.Option("--embedded", help="Run the engine here, without a server.")
    ] = False,
    url: Annotated[str, typer.Option(help="The server to stream to.")] = DEFAULT_URL,
    token: Annotated[
        str | None, typer.Option(envvar="LIVEGROUND_TOKEN", help="Secret of that server.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="With --embedded: a model's name or folder.")
    ] = "bundled",
    speed: Annotated[
        str, typer.Option(help="1 is real time; 2 twice as fast; max as fast as it goes.")
    ] = "1",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON event a line; final segments last.")
    ] = False,
) -> None:
    """Stream a recording as if it happened now, and show which sub-action is done and since when.

    Give exactly one of --instruction, --steps and --prompts, or --examples alone. A recorded
    session (.mcap) needs none: it says again what its client said, and what came of it is compared.
    """
    factor = _speed(speed)
    if file.suffix.lower() == SESSION and not any((instruction, steps, prompts, mode, examples)):
        rerun.replay_session(
            file,
            embedded=use_embedded,
            url=url,
            token=token,
            model=model,
            speed=factor,
            as_json=as_json,
        )
        return
    request = _request(instruction, steps, prompts, mode, examples)
    remote = None if use_embedded else Server(url, token)
    _play(file, request, remote, model=model, speed=factor, as_json=as_json)


def _play(
    file: Path,
    request: Request,
    server: Server | None,
    *,
    model: str,
    speed: float,
    as_json: bool,
) -> None:
    """To a server, or without one through the engine here."""
    take = recording.load(file)
    for warning in take.warnings:
        Console(stderr=True).print(f"{take.name}: {warning}", style="yellow", highlight=False)
    board = Board(f"replay of {take.name}" + (f" to {server.url}" if server else ", embedded"))
    with show.choose(board, Console(), as_json=as_json) as screen:
        if server is None:
            _embedded(take, request, model, speed, board, screen)
        else:
            url, token = server
            asyncio.run(play(take, request, board, screen, url=url, token=token, speed=speed))
        screen.end()


def _embedded(
    take: recording.Recording,
    request: Request,
    model: str,
    speed: float,
    board: Board,
    screen: show.Show,
) -> None:
    grounder = MotionGrounder.load(model)
    board.model = f"{grounder.model.name} {grounder.model.version}"
    if request.examples is not None:
        grounder.load_examples(request.examples)
    wanted = request.configure([shown.name for shown in grounder.examples])
    show.tell(configured(grounder, wanted), board, screen)
    pace = Pace(take.time_s, speed)
    for message in embedded(grounder, take, pace, lambda t: board.frame_sent(t, time.monotonic())):
        show.tell(message, board, screen)


def _request(
    instruction: str | None,
    steps: Path | None,
    prompts: Path | None,
    mode: Mode | None,
    examples: Path | None,
) -> Request:
    given = [option for option in (instruction, steps, prompts) if option is not None]
    if not given and examples is not None and mode != "script":
        return Request(None, examples)
    if len(given) != 1:
        raise PromptError(
            f"Give exactly one of --instruction, --steps and --prompts; {len(given)} were given. "
            'Example: --instruction "walks forward, then sits down"'
        )
    wanted = Configure(
        instruction=instruction,
        steps=_texts(steps) if steps else None,
        prompts=_texts(prompts) if prompts else None,
        mode=mode,
    )
    return Request(wanted, examples)


def _texts(path: Path) -> list[str]:
    expected = 'expected a JSON list of texts such as ["walks forward", "sits down"]'
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[str])
    except OSError as error:
        raise PromptError(f"{path}: cannot be read ({error.strerror}); {expected}.") from error
    except msgspec.DecodeError as error:
        raise PromptError(f"{path}: {error}; {expected}.") from error


def _speed(text: str) -> float:
    if text == "max":
        return MAX_SPEED
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0.01 <= factor <= 1000:
        raise typer.BadParameter(
            f"{text!r} is neither a number from 0.01 to 1000 nor max", param_hint="--speed"
        )
    return factor
