"""What connections share: room, kept sessions, the drain."""

import asyncio
import gc
import weakref

import pytest

from engines.motion.engine import MotionEngine
from stream.config import Config
from stream.errors import LimitExceeded
from stream.messages import Bye, Configured, GoingAway, Label, Stats, Welcome
from stream.pipeline import now_s
from tests.stream.client import eventually, house, memory
from tests.stream.rig import HELLO, of, poses


async def test_room_is_limited_and_given_back(engine: MotionEngine) -> None:
    """The limit is named with its value; an ended connection makes room."""
    async with house(engine, Config(max_sessions=2)) as home:
        first, second = home.connect(), home.connect()
        for client in (first, second):
            await client.send(HELLO)
            await client.until(Welcome)
        with pytest.raises(LimitExceeded) as full:
            home.service.check_room()
        assert (full.value.limit, full.value.value) == ("max_sessions", 2)
        await first.finish()
        await first.end()
        await eventually(lambda: len(home.service.connections) == 1)
        home.service.check_room()


async def test_the_drain_ends_every_session_in_good_order(engine: MotionEngine) -> None:
    """going_away, the last labels, stats with nothing pending, bye, 1012; then no more room."""
    async with house(engine) as home:
        clients = [await home.connect().start() for _ in range(3)]
        for client in clients:
            await client.send(*poses(60))
            await client.until(Label)
        waiting = home.connect()
        await eventually(lambda: len(home.service.connections) == 4)
        async with asyncio.timeout(10):
            await home.service.drain()
        for client in clients:
            await client.end()
            assert of(GoingAway, client.log)
            assert isinstance(client.log[-1], Bye)
            assert of(Stats, client.log)[-1].pending == 0
            assert memory(client).close_code == 1012
        await waiting.end()
        assert memory(waiting).close_code == 1012
        with pytest.raises(LimitExceeded, match="stop"):
            home.service.check_room()


async def test_the_drain_does_not_wait_for_ever(engine: MotionEngine) -> None:
    """Who does not read is cut after `drain_s`."""
    async with house(engine, Config(drain_s=0.05, linger_s=30.0)) as home:
        deaf = home.connect(deaf=True)
        await deaf.start()
        await deaf.send(*poses(120))
        async with asyncio.timeout(10):
            await home.service.drain()
        await eventually(lambda: not home.service.connections)
        assert memory(deaf).closed


async def test_frames_are_counted_once_over_the_life_of_a_session(engine: MotionEngine) -> None:
    """Live, kept without a client, and ended: the same numbers."""
    async with house(engine) as home:

        def counted() -> str:
            text = home.service.metrics.text().decode()
            return next(line for line in text.splitlines() if 'outcome="received"' in line)

        client = await home.connect().start()
        await client.until(Configured)
        await client.send(*poses(30))
        await client.until(Label)
        assert counted().endswith(" 30.0")
        client.transport.abort()
        await eventually(lambda: home.service.registry.detached == 1)
        assert counted().endswith(" 30.0")
        for seat in home.service.registry.expire(now_s() + 1e6):
            home.service.end(seat)
        assert counted().endswith(" 30.0")


async def test_nothing_of_an_ended_session_is_kept(engine: MotionEngine) -> None:
    """Said bye, failed or vanished: connection, session and track are all gone from memory."""
    async with house(engine, Config(resume_s=0.0)) as home:
        ghosts = []
        for way in ("bye", "fatal", "vanish") * 5:
            client = await home.connect().start()
            await client.until(Configured)
            await client.send(*poses(40))
            await client.until(Label)
            [connection] = home.service.connections
            seat = connection.seat
            ghosts += [weakref.ref(each) for each in (connection, seat.session, seat.place.track)]
            del connection, seat
            if way == "vanish":
                client.transport.abort()
            else:
                await client.send(Bye() if way == "bye" else HELLO)
            await client.end()
            await eventually(lambda: not home.service.connections)
            for kept in home.service.registry.expire(now_s()):
                home.service.end(kept)
        home.forget()
        await eventually(lambda: not gc.collect() and not any(ghost() for ghost in ghosts[:-3]))


async def test_the_sweep_ends_sessions_whose_time_is_over(
    engine: MotionEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to ask for them."""
    monkeypatch.setattr("stream.service.SWEEP_S", 0.001)
    async with house(engine, Config(resume_s=0.01)) as home:
        sweep = asyncio.create_task(home.service.sweep())
        client = await home.connect().start()
        await client.until(Configured)
        client.transport.abort()
        await eventually(lambda: not home.service.connections)
        await eventually(lambda: home.service.registry.detached == 0)
        sweep.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sweep
