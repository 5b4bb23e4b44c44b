"""Law: a recorded session, replayed, gives the same labels and the same final segments: embedded
and over the wire, whoever recorded it, whatever happened in it."""

import asyncio
import io
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from clients.performer import Performer
from clients.python import Client
from clients.recording import load
from engines.errors import LivegroundError
from engines.motion.engine import MotionEngine
from stream.app import running
from stream.commands import show
from stream.commands.board import Board
from stream.commands.offline import Offline
from stream.commands.playback import MAX_SPEED
from stream.commands.rerun import play_embedded, play_remote
from stream.commands.session_plan import Plan
from stream.config import Config
from stream.messages import Configure, Label, SegmentMessage
from stream.recordings.reading import RecordedSession
from stream.recordings.settings import RecordSettings

Frames = list[tuple[np.ndarray, float]]
TRIALS = {"02_05": ["a person punches", "a person walks"], "01_01": ["climbs", "jumps"]}


def server(folder: Path) -> Config:
    """One that records, and takes frames as fast as they come."""
    record = RecordSettings(folder=str(folder))
    return Config(port=0, video_model="", record=record, max_rate_hz=2000, max_backlog_s=60)


def performance(seconds: float) -> Frames:
    """A performer with the jitter and the drops of a rig, who also comes late and twice."""
    frames = []
    for frame in Performer(seed=0):
        if frame.time_s > seconds:
            return frames
        frames.append((frame.joints, frame.time_s))
        if frame.seq % 50 == 20:
            frames.append((frame.joints, frame.time_s))
        if frame.seq % 70 == 30:
            frames.append((frame.joints, frame.time_s - 0.2))
    raise AssertionError("the performer stopped")


async def live(client: Client, frames: Frames) -> list[SegmentMessage]:
    """An eventful session: other words in the middle, an example, a refusal, a gap, a new clock."""
    third = len(frames) // 3
    for joints, time_s in frames[:third]:
        await client.send_pose(joints, time_s)
    with pytest.raises(LivegroundError):
        await client.configure(Configure(prompts=["  "]))
    await client.configure(Configure(instruction="walks, then sits down", horizon_s=1.0))
    for joints, time_s in frames[third : 2 * third]:
        await client.send_pose(joints, time_s)
    async for event in client:
        if isinstance(event, Label) and event.time_s > frames[2 * third][1] - 1:
            break
    end_s = frames[2 * third][1] - 2
    await client.enrol("our sign", start_s=end_s - 1, end_s=end_s)
    await client.configure(Configure(prompts=["our sign", "walks"]))
    for joints, time_s in frames[2 * third :]:
        await client.send_pose(joints, time_s + 10 if time_s < frames[-60][1] else time_s - 100)
    return (await client.finish()).segments


def content(segments: list[SegmentMessage]) -> list[tuple[object, ...]]:
    return [(s.config, s.index, s.label, s.start_s, s.end_s, s.score) for s in segments]


def labels(path: Path) -> list[tuple[object, ...]]:
    found = [entry.message for entry in RecordedSession(path).entries(leave_out=("/pose",))]
    return [(m.config, m.time_s, m.index, m.scores) for m in found if isinstance(m, Label)]


class Told(show.JsonLines):
    """A screen that notes the labels."""

    def __init__(self, board: Board) -> None:
        super().__init__(board, Console(file=io.StringIO()))
        self.labels: list[tuple[object, ...]] = []

    def message(self, message: object, now_s: float) -> None:
        if isinstance(message, Label):
            told = message.config, message.time_s, message.index, message.scores
            self.labels.append(told)


def embedded(path: Path, engine: MotionEngine) -> tuple[Board, Told, Plan]:
    board = Board("embedded")
    screen, plan = Told(board), Plan.of(RecordedSession(path))
    play_embedded(plan, Offline.motion(engine), board, screen, speed=MAX_SPEED)
    return board, screen, plan


async def over_the_wire(path: Path, url: str) -> Board:
    board, plan = Board("wire"), Plan.of(RecordedSession(path))
    await play_remote(plan, board, Told(board), url=url, token=None, speed=MAX_SPEED)
    assert plan.verdict(board.finals()).startswith("The same")
    return board


async def check(frames: Frames, first: Configure, folder: Path, engine: MotionEngine) -> None:
    mine = folder / "client.mcap"
    async with running(server(folder / "server")) as here:
        async with Client.connect(here.url, configure=first, record=mine) as client:
            said = content(await live(client, frames))
        theirs = await asyncio.to_thread(lambda: next((folder / "server").iterdir()))
        there = await over_the_wire(mine, here.url)
    assert len(said) >= 2
    assert content(there.finals()) == said
    for path in (mine, theirs):
        board, screen, plan = embedded(path, engine)
        assert content(plan.finals) == said
        assert content(board.finals()) == said
        assert plan.notes == []
        if path == theirs:
            assert screen.labels == labels(path)


async def test_an_eventful_session_of_a_synthetic_performer(
    engine: MotionEngine, tmp_path: Path
) -> None:
    """Late and repeated frames, a gap and a clock set back, words changed, something taught."""
    first = Configure(prompts=["walks", "waves", "squats"])
    await check(performance(24), first, tmp_path, engine)


@pytest.mark.parametrize("trial", TRIALS)
async def test_real_motion(shared: Path, trial: str, engine: MotionEngine, tmp_path: Path) -> None:
    """CMU trials, captured from people."""
    take = load(shared / f"data/motion/cmu/{trial}.npz")
    frames = list(zip(take.joints, take.time_s.tolist(), strict=True))
    await check(frames, Configure(prompts=TRIALS[trial]), tmp_path, engine)


async def test_a_recording_is_motion_for_other_words_too(
    engine: MotionEngine, tmp_path: Path
) -> None:
    """Its poses are what the rig sent, for commands that take any recording."""
    frames = performance(3)
    async with (
        running(server(tmp_path / "server")) as here,
        Client.connect(here.url, record=tmp_path / "a.mcap") as client,
    ):
        await client.configure(Configure(prompts=["walks"]))
        for joints, time_s in frames:
            await client.send_pose(joints, time_s)
        await client.finish()
    take = load(tmp_path / "a.mcap")
    np.testing.assert_array_equal(take.joints, np.stack([joints for joints, _ in frames]))
    np.testing.assert_array_equal(take.time_s, [time_s for _, time_s in frames])
