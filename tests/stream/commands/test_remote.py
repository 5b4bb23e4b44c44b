"""A recording through a real server in this process, over a loopback socket."""

import io
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from clients.python import ConnectionLost
from clients.recording import Recording
from engines.errors import ModelError, PromptError
from engines.motion.grounder import MotionGrounder
from engines.motion.skeleton import JOINT_COUNT
from stream import app, config
from stream.commands import show
from stream.commands.board import Board
from stream.commands.playback import MAX_SPEED, Request
from stream.commands.remote import play
from stream.messages import Configure
from tests.engines.motion.test_engine import mover

STANDS = Request(Configure(prompts=["stands"]))


def take(frames: int) -> Recording:
    body = np.random.default_rng(0).normal(size=(JOINT_COUNT, 3)).astype(np.float32)
    return Recording(np.tile(body, (frames, 1, 1)), np.arange(frames) / 120, "still", [])


async def run(recording: Recording, request: Request, **limits: float) -> Board:
    board = Board("test")
    with show.choose(board, Console(file=io.StringIO()), as_json=True) as screen:
        async with app.running(config.load(environ={}, port=0, **limits)) as server:
            await play(
                recording, request, board, screen, url=server.url, token=None, speed=MAX_SPEED
            )
    return board


async def test_full_speed_keeps_the_servers_limit() -> None:
    """More frames than the limit's burst, sent as fast as allowed: none is dropped for its rate."""
    board = await run(take(300), STANDS, max_rate_hz=60.0)
    assert board.stats is not None
    assert board.stats.received == board.sent.total == 300
    assert "rate" not in board.stats.dropped
    assert board.stats.processed + sum(board.stats.dropped.values()) == 300
    assert board.state == "finished"
    assert board.received.total > 40


async def test_a_refused_configuration_is_raised_as_itself() -> None:
    """No group of errors, no hanging tasks: the server's own reason."""
    with pytest.raises(PromptError, match="empty"):
        await run(take(5), Request(Configure(prompts=["  "])))


async def test_nobody_there_names_the_remedy() -> None:
    """A server that is gone: how to start one."""
    board = Board("test")
    async with app.running(config.load(environ={}, port=0)) as server:
        url = server.url
    with (
        show.choose(board, Console(file=io.StringIO()), as_json=True) as screen,
        pytest.raises(ConnectionLost, match="liveground serve"),
    ):
        await play(
            take(5),
            Request(Configure(prompts=["a"])),
            board,
            screen,
            url=url,
            token=None,
            speed=1.0,
        )


async def test_examples_of_a_file_are_looked_for(tmp_path: Path) -> None:
    """Alone they are the prompts; a file of another model is the server's refusal."""
    grounder = MotionGrounder.load()
    for joints, time_s in zip(*mover(80, 0), strict=True):
        grounder.push(joints, float(time_s))
    grounder.enrol("the sign", 1.0, 3.0)
    grounder.save_examples(tmp_path / "moves.json")
    board = await run(take(60), Request(None, tmp_path / "moves.json"))
    assert (board.labels, board.mode, board.state) == (["the sign"], "watch", "finished")
    foreign = (tmp_path / "moves.json").read_text().replace(grounder.model.sha256, "f" * 64)
    (tmp_path / "moves.json").write_text(foreign)
    with pytest.raises(ModelError, match="model"):
        await run(take(5), Request(None, tmp_path / "moves.json"))
