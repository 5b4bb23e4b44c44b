"""Law: killing a client, a connection or the model's thread loses no other session's frame."""

import asyncio

import pytest

from engines.motion.engine import MotionEngine
from stream.messages import (
    Bye,
    Configured,
    ErrorMessage,
    Heatmap,
    Hello,
    Label,
    SegmentMessage,
    Welcome,
)
from tests.stream.client import Client, House, eventually, house
from tests.stream.rig import of, poses
from tests.stream.video_rig import HELLO as VIDEO_HELLO
from tests.stream.video_rig import PROMPTS as VIDEO_PROMPTS
from tests.stream.video_rig import RuleVideoEngine, image

SESSIONS = 4
FRAMES = 180


async def stream(client: Client, first: int, count: int) -> None:
    """Send frames in a row and wait for their labels."""
    await client.send(*poses(count, first=first, start_s=first / 60))
    await client.until(Label, lambda label: label.seq >= first + count - 3)


async def starting(home: House, count: int = SESSIONS) -> list[Client]:
    clients = [await home.connect().start() for _ in range(count)]
    for client in clients:
        await client.until(Configured)
    return clients


def facts(client: Client) -> tuple[list, list]:
    """What must not depend on the others: labels and final segments."""
    labels = [(m.time_s, m.index) for m in of(Label, client.log)]
    finals = [
        (m.id, m.index, m.start_s, m.end_s)
        for m in of(SegmentMessage, client.log)
        if m.state == "final"
    ]
    return labels, finals


async def undisturbed(engine: MotionEngine) -> tuple[list, list]:
    """One session alone."""
    async with house(engine) as home:
        [client] = await starting(home, 1)
        await stream(client, 0, FRAMES)
        await client.finish()
        return facts(client)


async def finished(client: Client) -> None:
    """Every frame was received, and used but for the last two, which fill no model frame."""
    stats = await client.finish()
    assert (stats.received, stats.processed, stats.errored) == (FRAMES, FRAMES - 2, 0)
    assert stats.dropped == {"cut": 2}


async def test_killing_a_client(engine: MotionEngine) -> None:
    """In the middle of a frame's journey, without a word."""
    alone = await undisturbed(engine)
    async with house(engine) as home:
        victim, *others = await starting(home)
        async with asyncio.TaskGroup() as group:
            for client in others:
                group.create_task(stream(client, 0, FRAMES))
            await victim.send(*poses(FRAMES))
            victim.transport.abort()
        for client in others:
            await finished(client)
            assert facts(client) == alone


async def test_killing_a_connection_and_coming_back(engine: MotionEngine) -> None:
    """The session goes on over another connection; labels on the way may be lost, frames not."""
    alone = await undisturbed(engine)
    async with house(engine) as home:
        victim, *others = await starting(home)
        welcome = of(Welcome, victim.log)[0]
        for client in (victim, *others):
            await stream(client, 0, 90)
        victim.transport.abort()
        await eventually(lambda: home.service.registry.detached == 1)
        back = home.connect()
        await back.send(Hello(protocol=1, client="back", resume=welcome.resume_token))
        await back.until(Configured)
        for client in (back, *others):
            await stream(client, 90, 90)
        await finished(back)
        for client in others:
            await finished(client)
            assert facts(client) == alone
        labels = of(Label, victim.log) + of(Label, back.log)
        assert [(m.time_s, m.index) for m in labels] == alone[0]


async def test_killing_a_connection_about_video_and_coming_back(engine: MotionEngine) -> None:
    """The session keeps its prompts, its maps and its books; the others see nothing of it."""
    async with house(engine, video=RuleVideoEngine()) as home:
        victim, other = home.connect(), home.connect()
        for client in (victim, other):
            await client.send(VIDEO_HELLO, VIDEO_PROMPTS)
        for client in (victim, other):
            await film(client, 0, 30)
        last = of(Heatmap, victim.log)[-1]
        await victim.send(image(30))
        victim.transport.abort()
        await eventually(lambda: home.service.registry.detached == 1)
        back = home.connect()
        token = of(Welcome, victim.log)[0].resume_token
        await back.send(Hello(protocol=1, client="back", kind="video", resume=token))
        welcome = await back.until(Welcome)
        assert (welcome.resumed, welcome.last_seq) in ((True, 29), (True, 30))
        assert (await back.until(Configured)).config == 1
        told = await back.until(Heatmap)
        assert (told.config, told.key_time_s) >= (1, last.key_time_s)
        for client, received in ((back, welcome.last_seq + 31), (other, 60)):
            await film(client, 31, 30)
            stats = await client.finish()
            assert (stats.received, stats.processed) == (received, received)
            assert (stats.pending, stats.errored, stats.dropped) == (0, 0, {})


async def film(client: Client, first: int, count: int) -> None:
    """Frames of a camera, each when the one before has its heatmap."""
    for seq in range(first, first + count):
        await client.send(image(seq))
        await client.until(Heatmap, lambda each, seq=seq: each.seq == seq)


@pytest.mark.parametrize("fault", [SystemExit(1), MemoryError(), RuntimeError("ONNX Runtime")])
@pytest.mark.parametrize("call", [0, 3, 7])
async def test_killing_the_model_thread(
    engine: MotionEngine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: BaseException,
    call: int,
) -> None:
    """A fault inside the encoder call: everybody gets the same labels and finals as without."""
    alone = await undisturbed(engine)
    calls = iter(range(1_000_000))
    whole = engine._encoder.step

    def faulty(features, state):
        if next(calls) == call:
            raise fault
        return whole(features, state)

    monkeypatch.setattr(engine._encoder, "step", faulty)
    async with house(engine) as home:
        clients = await starting(home)
        for first in range(0, FRAMES, 30):
            async with asyncio.TaskGroup() as group:
                for client in clients:
                    group.create_task(client.send(*poses(30, first=first, start_s=first / 60)))
            await clients[0].until(Label, lambda label, seq=first: label.seq >= seq)
        for client in clients:
            await finished(client)
            assert facts(client) == alone
        assert b"liveground_model_restarts_total 1.0" in home.service.metrics.text()
    assert "model's thread died" in caplog.text


async def test_a_session_that_kills_the_model_every_time(
    engine: MotionEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It alone ends, with `internal`; everybody else gets the same as without it."""
    alone = await undisturbed(engine)
    whole = engine.step

    def faulty(jobs):
        if any((times_s >= 500).any() for _, _, times_s in jobs):
            raise SystemExit(1)
        return whole(jobs)

    monkeypatch.setattr(engine, "step", faulty)
    async with house(engine) as home:
        poison, *others = await starting(home)
        async with asyncio.TaskGroup() as group:
            for client in others:
                group.create_task(stream(client, 0, FRAMES))
            await poison.send(*poses(3, start_s=500.0))
        assert (await poison.until(ErrorMessage)).code == "internal"
        await poison.end()
        for client in others:
            await finished(client)
            assert facts(client) == alone


async def test_everybody_says_bye_at_once(engine: MotionEngine) -> None:
    """Last frames and finishing jobs in the same turns: nobody's end is cut short."""
    alone = await undisturbed(engine)
    async with house(engine) as home:
        clients = await starting(home)
        async with asyncio.TaskGroup() as group:
            for client in clients:
                group.create_task(client.send(*poses(FRAMES), Bye()))
        for client in clients:
            await client.until(Bye)
            assert facts(client) == alone
