"""Jobs of many sessions about video on their threads: one call for all key frames, and no death
that costs anybody else anything."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import numpy as np
import pytest

from engines.errors import EngineError
from engines.video.engine import Grounding
from stream.frames import JpegFrame
from stream.jobs import Mark
from stream.video_jobs import Ask, Key, Look, VideoDone, VideoJob, View
from stream.video_scheduler import MAX_BATCH, VideoScheduler, Viewer
from tests.stream.video_rig import RuleTrack, RuleVideoEngine, jpeg

PATIENCE_S = 20.0
PICTURE = np.full((32, 32, 3), 90, np.uint8)
WHITE = np.full((32, 32, 3), 255, np.uint8)


class GatedEngine(RuleVideoEngine):
    """Its calls wait at a gate; a track in `deadly` kills the thread."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.running = threading.Event()
        self.deadly: set[RuleTrack] = set()

    def step(self, jobs: Sequence[tuple[RuleTrack, np.ndarray, float]]) -> list[Grounding]:
        self.running.set()
        assert self.gate.wait(PATIENCE_S)
        if self.deadly & {track for track, _, _ in jobs}:
            raise MemoryError("the model is gone")
        return super().step(jobs)


class Hall:
    """A scheduler, its sessions, and what they were told."""

    def __init__(self) -> None:
        self.engine = GatedEngine()
        self.turns: list[int] = []
        self.deaths = 0
        self.scheduler = VideoScheduler(self.engine, lambda n, _: self.turns.append(n), self._die)
        self._news = asyncio.Event()

    def _die(self) -> None:
        self.deaths += 1

    def join(self) -> tuple[Viewer, list[VideoDone]]:
        told: list[VideoDone] = []

        def deliver(done: VideoDone) -> None:
            told.append(done)
            self._news.set()

        return self.scheduler.join(deliver), told

    async def until(self, told: list[VideoDone], count: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while len(told) < count:
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def hall() -> AsyncIterator[Hall]:
    made = Hall()
    try:
        yield made
    finally:
        made.engine.gate.set()
        await made.scheduler.stop()


def key(picture: np.ndarray = PICTURE, time_s: float = 1.0) -> Key:
    return Key(picture, time_s, Mark(0, 0))


async def test_key_frames_that_wait_go_through_the_model_together() -> None:
    """While one call runs the next gathers, up to the largest batch."""
    async with hall() as made:
        made.engine.gate.clear()
        sessions = [made.join() for _ in range(MAX_BATCH + 3)]
        made.scheduler.submit(sessions[0][0], key())
        assert await asyncio.to_thread(made.engine.running.wait, PATIENCE_S)
        for viewer, _ in sessions[1:]:
            made.scheduler.submit(viewer, key())
        assert made.scheduler.waiting == MAX_BATCH + 2
        made.engine.gate.set()
        for _, told in sessions:
            await made.until(told, 1)
            assert isinstance(told[0].result, Grounding)
        assert made.engine.batches == [1, MAX_BATCH, 2]
        assert made.turns == [1, MAX_BATCH, 2]


async def test_frames_are_followed_while_the_model_is_busy() -> None:
    """And prompts are read; each thread minds its own."""
    async with hall() as made:
        made.engine.gate.clear()
        viewer, told = made.join()
        other, heard = made.join()
        made.scheduler.submit(viewer, key())
        assert await asyncio.to_thread(made.engine.running.wait, PATIENCE_S)
        made.scheduler.submit(viewer, Look(JpegFrame(jpeg()), 1.0, Mark(1, 1), None))
        made.scheduler.submit(other, Ask(("waves",)))
        await made.until(told, 1)
        await made.until(heard, 1)
        assert isinstance(told[0].result, View)
        assert heard[0].error is None


@pytest.mark.parametrize(
    "job",
    [Look(JpegFrame(b"\xff\xd8"), 1.0, Mark(0, 0), None), Ask(("refused",)), key(WHITE)],
    ids=["look", "ask", "key"],
)
async def test_refused_jobs_are_answered(job: VideoJob) -> None:
    """With the engine's own error."""
    async with hall() as made:
        viewer, told = made.join()
        made.scheduler.submit(viewer, job)
        await made.until(told, 1)
        assert isinstance(told[0].error, EngineError)
        assert made.deaths == 0


async def test_a_session_that_kills_the_model_ends_alone() -> None:
    """The others of its batch get their answers, from the thread that takes over."""
    async with hall() as made:
        made.engine.gate.clear()
        first, _ = made.join()
        made.scheduler.submit(first, key())
        assert await asyncio.to_thread(made.engine.running.wait, PATIENCE_S)
        sessions = [made.join() for _ in range(4)]
        made.engine.deadly = {sessions[1][0].track}
        for viewer, _ in sessions:
            made.scheduler.submit(viewer, key())
        made.engine.gate.set()
        for place, (_, told) in enumerate(sessions):
            await made.until(told, 1)
            assert isinstance(told[0].error, RuntimeError) == (place == 1)
            assert len(told) == 1
        assert made.deaths == 2
        viewer, told = sessions[0]
        made.scheduler.submit(viewer, key())
        await made.until(told, 2)


async def test_nothing_is_told_to_a_session_that_has_left() -> None:
    """Neither what waited nor what was on its way."""
    async with hall() as made:
        made.engine.gate.clear()
        viewer, told = made.join()
        made.scheduler.submit(viewer, key())
        assert await asyncio.to_thread(made.engine.running.wait, PATIENCE_S)
        other, heard = made.join()
        made.scheduler.submit(other, key())
        made.scheduler.leave(viewer)
        made.scheduler.leave(other)
        assert made.scheduler.waiting == 0
        made.engine.gate.set()
        last, answers = made.join()
        made.scheduler.submit(last, key())
        await made.until(answers, 1)
        assert told == heard == []
