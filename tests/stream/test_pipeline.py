"""A connection from hello to its end on the bundled model: bad input, slow clients, lost ones."""

import asyncio

import pytest

from engines.motion.engine import MotionEngine
from stream.config import Config
from stream.messages import (
    Bye,
    Configure,
    Configured,
    ErrorMessage,
    Hello,
    Label,
    Notice,
    Ping,
    Pong,
    Pose,
    SegmentMessage,
    Stats,
    Welcome,
)
from stream.pipeline import TURN_MESSAGES
from stream.protocol import CODECS, JSON, MSGPACK
from stream.transports.base import Disconnected
from tests.stream.client import Client, House, eventually, house, memory
from tests.stream.rig import HELLO, PROMPTS, of, pose, poses


@pytest.mark.parametrize("codec", CODECS.values(), ids=lambda codec: codec.subprotocol)
async def test_a_session_from_hello_to_bye(engine: MotionEngine, codec) -> None:
    """Welcome, configured, a label for each model frame, stats that add up, bye, 1000."""
    async with house(engine) as home:
        client = home.connect(codec=codec)
        await client.start()
        await client.send(*poses(120), Bye())
        await client.until(Bye)
        await client.end()
    kinds = [type(message) for message in client.log]
    assert kinds[:2] == [Welcome, Configured]
    assert kinds[-2:] == [Stats, Bye]
    labels = of(Label, client.log)
    assert [label.time_s for label in labels] == pytest.approx([n / 20 for n in range(40)])
    assert memory(client).close_code == 1000
    stats = of(Stats, client.log)[-1]
    assert (stats.received, stats.processed, stats.pending) == (120, 118, 0)


LARGE = b" " * (Config().max_message_bytes + 1)

BEFORE_HELLO = {
    "wrong version": (MSGPACK.encode(Hello(protocol=9, client="x")), "version", 4001),
    "no hello": (MSGPACK.encode(pose(0)), "unexpected", 4002),
    "malformed": (b"\xc1garbage", "malformed", 1007),
    "text frame": ("{}", "malformed", 1007),
    "oversized": (LARGE, "too_large", 1009),
}


@pytest.mark.parametrize("name", BEFORE_HELLO)
async def test_bad_input_before_the_hello(engine: MotionEngine, name: str) -> None:
    """A fatal error with its code, the close code, and no effect on another session."""
    data, code, close_code = BEFORE_HELLO[name]
    async with house(engine) as home:
        other = await home.bystander()
        client = home.connect()
        await client.transport.send(data)
        error = await client.until(ErrorMessage)
        assert (error.code, error.fatal) == (code, True)
        await client.end()
        assert memory(client).close_code == close_code
        await other.unharmed()


NAN = b"\x00\x00\xc0\x7f" * 66
UNKNOWN_FIELD = JSON.encode(PROMPTS).replace(b'"prompts"', b'"promts"')

WHILE_RUNNING = {
    "malformed": (b"\xc1garbage", "malformed", None),
    "NaN": (MSGPACK.encode(Pose(seq=999, time_s=9.0, joints=NAN)), "bad_joints", None),
    "wrong shape": (MSGPACK.encode(Pose(seq=999, time_s=9.0, joints=NAN[:-4])), "bad_joints", None),
    "unknown skeleton": (
        MSGPACK.encode(Pose(seq=999, time_s=9.0, joints=NAN, skeleton="octopus8")),
        "unknown_skeleton",
        None,
    ),
    "empty instruction": (MSGPACK.encode(Configure(instruction="")), "bad_prompt", None),
    "long instruction": (
        MSGPACK.encode(Configure(instruction="walk " * 2000)),
        "limit",
        ("max_text_chars", 1000),
    ),
    "500 steps": (
        MSGPACK.encode(Configure(steps=[f"step {n}" for n in range(500)])),
        "limit",
        ("max_prompts", 64),
    ),
}


@pytest.mark.parametrize("name", WHILE_RUNNING)
async def test_bad_input_in_a_running_session(engine: MotionEngine, name: str) -> None:
    """An error with its code and limit; the session goes on, and so does the other one."""
    data, code, limit = WHILE_RUNNING[name]
    async with house(engine) as home:
        other = await home.bystander()
        client = await home.connect().start()
        await client.send(*poses(60))
        await client.transport.send(data)
        error = await client.until(ErrorMessage)
        assert (error.code, error.fatal) == (code, False)
        if limit is not None:
            assert (error.limit, error.value) == limit
        if name in ("NaN", "wrong shape", "unknown skeleton"):
            assert error.seq == 999
        await client.send(*poses(60, first=60, start_s=1.0))
        await client.until(Label, lambda label: label.seq > 100)
        stats = await client.finish()
        assert stats.errored == (error.seq == 999)
        await other.unharmed()


async def test_an_unknown_field_of_configure_is_named(engine: MotionEngine) -> None:
    """A misspelt option must not pass in silence."""
    async with house(engine) as home:
        client = home.connect(codec=JSON)
        await client.send(HELLO)
        await client.transport.send(UNKNOWN_FIELD.decode())
        error = await client.until(ErrorMessage)
        assert error.code == "unknown_field"
        assert "promts" in error.text


async def test_a_second_hello_is_fatal(engine: MotionEngine) -> None:
    """Unexpected, 4002; the other session goes on."""
    async with house(engine) as home:
        other = await home.bystander()
        client = await home.connect().start()
        await client.send(HELLO)
        error = await client.until(ErrorMessage)
        assert (error.code, error.fatal) == ("unexpected", True)
        await client.end()
        assert memory(client).close_code == 4002
        await other.unharmed()


async def test_a_clock_that_jumps_back_a_day(engine: MotionEngine) -> None:
    """A notice, and labels at the new times; nothing is lost in silence, and no other harmed."""
    async with house(engine) as home:
        other = await home.bystander()
        client = await home.connect().start()
        await client.send(*poses(60))
        await client.send(*poses(60, first=60, start_s=-86400.0))
        notice = await client.until(Notice)
        assert notice.code == "clock_reset"
        await client.until(Label, lambda label: label.time_s < -86000)
        stats = await client.finish()
        assert stats.received == 120 == stats.processed + stats.dropped["cut"]
        await other.unharmed()


async def test_a_client_that_never_reads_is_cut(engine: MotionEngine) -> None:
    """Its control queue fills: slow_client, the session is kept, and nobody else notices."""
    config = Config(max_control_messages=32, linger_s=0.05)
    async with house(engine, config) as home:
        other = await home.bystander()
        client = home.connect(deaf=True)
        await client.start()
        await client.send(*poses(30))
        with pytest.raises(Disconnected):
            await client.send(*(Ping(id=n) for n in range(1000)))
        assert len(home.service.connections) == 1
        assert home.service.registry.detached == 1
        assert b'errors_total{code="slow_client"}' in home.service.metrics.text()
        await other.unharmed()


async def test_a_slow_reader_gets_the_newest_labels(engine: MotionEngine) -> None:
    """Labels give way and the client is told how many; control is complete."""
    async with house(engine, Config(max_waiting_labels=5)) as home:
        client = home.connect(deaf=True)
        await client.start()
        await client.send(*poses(180))
        await eventually(lambda: home.service.scheduler.waiting == 0)
        listening = asyncio.create_task(client.listen())
        stats = await client.finish()
        await listening
        labels = of(Label, client.log)
        assert stats.labels_skipped > 0
        assert stats.labels == len(labels)
        assert stats.labels + stats.labels_skipped == 60
        assert labels[-1].seq >= 177
        assert [notice.code for notice in of(Notice, client.log)] == ["labels_skipped"]


async def kept(home: House, count: int = 90) -> tuple[Client, Welcome]:
    """A client that streamed and then vanished without a word."""
    client = await home.connect().start()
    welcome = await client.until(Welcome)
    await client.send(*poses(count))
    await client.until(Label, lambda label: label.seq >= count - 3)
    client.transport.abort()
    await client.end()
    await eventually(lambda: home.service.registry.detached == 1)
    return client, welcome


async def test_a_vanished_client_resumes(engine: MotionEngine) -> None:
    """Window, timeline and configuration are kept: the labels go on where they stopped."""
    async with house(engine) as home:
        other = await home.bystander()
        before, welcome = await kept(home)
        client = home.connect()
        await client.send(Hello(protocol=1, client="back", resume=welcome.resume_token))
        again = await client.until(Welcome)
        assert (again.resumed, again.session, again.last_seq) == (True, welcome.session, 89)
        assert (await client.until(Configured)).config == 1
        await client.send(*poses(90, first=90, start_s=1.5))
        stats = await client.finish()
        assert (stats.received, stats.pending) == (180, 0)
        assert stats.dropped == {"cut": 2}
        times_s = [label.time_s for label in of(Label, before.log) + of(Label, client.log)]
        assert times_s == pytest.approx([n / 20 for n in range(60)])
        told = {m.id: m for m in of(SegmentMessage, before.log) if m.state != "retracted"}
        again_told = {message.id for message in of(SegmentMessage, client.log)}
        assert set(told) <= again_told | {m.id for m in told.values() if m.state == "final"}
        await other.unharmed()


async def test_a_second_resume_replaces_the_first(engine: MotionEngine) -> None:
    """The older connection is told `replaced` and closed with 4005; the session is one."""
    async with house(engine) as home:
        client = await home.connect().start()
        welcome = await client.until(Welcome)
        await client.send(*poses(60))
        newer = home.connect()
        await newer.send(Hello(protocol=1, client="twin", resume=welcome.resume_token))
        error = await client.until(ErrorMessage)
        assert (error.code, error.fatal) == ("replaced", True)
        await client.end()
        assert memory(client).close_code == 4005
        assert (await newer.until(Welcome)).resumed
        await newer.send(*poses(60, first=60, start_s=1.0))
        stats = await newer.finish()
        assert (stats.received, stats.pending) == (120, 0)


async def test_a_session_is_not_kept_for_ever(engine: MotionEngine) -> None:
    """After `resume_s` the token is nobody's: a new session begins."""
    async with house(engine, Config(resume_s=0.0)) as home:
        _, welcome = await kept(home)
        client = home.connect()
        await client.send(Hello(protocol=1, client="late", resume=welcome.resume_token))
        again = await client.until(Welcome)
        assert not again.resumed
        assert again.session != welcome.session


async def test_resume_needs_the_server_token_too(engine: MotionEngine) -> None:
    """A stolen resume token alone opens nothing, and the kept session stays."""
    token = "0123456789abcdef"
    async with house(engine, Config(token=token)) as home:
        _, welcome = await kept(home)
        thief = home.connect(authorized=False)
        await thief.send(Hello(protocol=1, client="thief", resume=welcome.resume_token))
        assert (await thief.until(ErrorMessage)).code == "unauthorized"
        await thief.end()
        assert memory(thief).close_code == 4003
        owner = home.connect(authorized=False)
        hello = Hello(protocol=1, client="o", token=token, resume=welcome.resume_token)
        await owner.send(hello)
        assert (await owner.until(Welcome)).resumed


async def test_silence_before_the_hello_is_ended(engine: MotionEngine) -> None:
    """The connection is told the limit and closed."""
    async with house(engine, Config(hello_s=0.01)) as home:
        client = home.connect()
        error = await client.until(ErrorMessage)
        assert (error.code, error.limit) == ("timeout", "hello_s")
        await client.end()
        assert memory(client).close_code == 4004


async def test_a_silent_client_is_pinged_before_it_is_cut(engine: MotionEngine) -> None:
    """One that answers stays; one that does not is ended."""
    async with house(engine, Config(idle_s=0.1)) as home:
        client = home.connect()
        await client.send(HELLO)
        for _ in range(3):
            ping = await client.until(Ping)
            await client.send(Pong(id=ping.id))
        error = await client.until(ErrorMessage)
        assert (error.code, error.limit) == ("timeout", "idle_s")


async def test_a_flood_does_not_keep_others_waiting(engine: MotionEngine) -> None:
    """Of thousands of messages in a row few are read before the loop goes on to the others."""
    async with house(engine) as home:
        other = await home.bystander()
        [quiet] = home.service.connections
        client = await home.connect(capacity=5000).start()
        await client.until(Configured)

        await client.send(*[pose(0)] * 5000)
        [ledger] = [c.seat.session.ledger for c in home.service.connections if c is not quiet]
        turns = 0
        while ledger.received < 5000:
            await asyncio.sleep(0)
            turns += 1
        assert turns >= 5000 / TURN_MESSAGES - 1
        stats = await client.finish()
        assert stats.received == 5000 == stats.processed + sum(stats.dropped.values())
        assert set(stats.dropped) == {"duplicate", "rate"}
        await other.unharmed()


async def test_a_bug_in_one_connection_is_internal_there(
    engine: MotionEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Logged, told without detail, closed with 1011; the other session goes on."""
    async with house(engine) as home:
        other = await home.bystander()
        client = await home.connect().start()
        await client.until(Configured)
        [connection] = [c for c in home.service.connections if not c.seat.session.ledger.received]

        def broken(message: object, now_s: float) -> None:
            raise ZeroDivisionError("a secret detail")

        monkeypatch.setattr(connection.seat.session, "receive", broken)
        await client.send(pose(0))
        error = await client.until(ErrorMessage)
        assert (error.code, error.fatal) == ("internal", True)
        assert "secret" not in error.text
        await client.end()
        assert memory(client).close_code == 1011
        assert "a secret detail" in caplog.text
        await other.unharmed()
