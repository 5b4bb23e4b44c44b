"""The Python client against servers that speak the real protocol over real sockets."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
import pytest
from websockets.asyncio.server import ServerConnection, serve

from clients.python import Client, Configure, ConnectionLost
from engines.errors import PromptError, ShapeError
from stream.errors import (
    LimitExceeded,
    MalformedMessage,
    Replaced,
    Unauthorized,
    UnknownSkeleton,
    VersionMismatch,
)
from stream.messages import (
    Bye,
    Configured,
    Dropped,
    Enrol,
    Enrolled,
    ErrorMessage,
    GoingAway,
    Hello,
    Label,
    Message,
    Ping,
    Pong,
    Pose,
    SegmentMessage,
    Stats,
    Welcome,
)
from stream.protocol import CODECS, MSGPACK, joints_of
from stream.protocol_examples import STANDING_M, STORY

WELCOME = next(message for _, message, _ in STORY if isinstance(message, Welcome))
STATS = next(message for _, message, _ in STORY if isinstance(message, Stats))
LABEL = next(message for _, message, _ in STORY if isinstance(message, Label))
SEGMENTS = [message for _, message, _ in STORY if isinstance(message, SegmentMessage)]
CONFIGURED = next(message for _, message, _ in STORY if isinstance(message, Configured))


T = TypeVar("T")


class Peer:
    """The server's end of one connection."""

    def __init__(self, socket: ServerConnection) -> None:
        self._socket = socket
        self._codec = CODECS[socket.subprotocol or ""]

    async def hear(self, kind: type[Message]) -> Message:
        """Receive one message, which must be of this kind."""
        message = self._codec.decode_client(await self._socket.recv(), limit_bytes=1 << 20)
        assert isinstance(message, kind), message
        return message

    async def say(self, *messages: Message) -> None:
        for message in messages:
            await self._socket.send(self._codec.encode(message))

    async def welcome(self, *, session: str = "s1", resumed: bool = False) -> Hello:
        hello = await self.hear(Hello)
        assert isinstance(hello, Hello)
        await self.say(_welcome(session, resumed=resumed))
        return hello

    async def close(self, code: int) -> None:
        await self._socket.close(code)

    def cut(self) -> None:
        """Lose the connection without a word."""
        self._socket.transport.abort()

    async def gone(self) -> None:
        await self._socket.wait_closed()


def _welcome(session: str, *, resumed: bool = False) -> Welcome:
    fields = {name: getattr(WELCOME, name) for name in Welcome.__struct_fields__}
    own = {"session": session, "resume_token": f"token-{session}", "resumed": resumed}
    return Welcome(**fields | own)


Script = Callable[[Peer], Awaitable[None]]


@asynccontextmanager
async def scripted(*scripts: Script) -> AsyncIterator[str]:
    """A server whose n-th connection follows the n-th script; a script's error fails the test."""
    waiting = list(scripts)
    failures: list[BaseException] = []

    async def handle(socket: ServerConnection) -> None:
        try:
            await waiting.pop(0)(Peer(socket))
        except BaseException as fault:
            failures.append(fault)
            raise

    async with serve(
        handle, "127.0.0.1", 0, compression=None, subprotocols=[MSGPACK.subprotocol]
    ) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"ws://127.0.0.1:{port}/v1/stream"
    assert not failures, failures
    assert not waiting, f"{len(waiting)} connections were expected and did not come"


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept_s: list[float] = []

    def clock(self) -> float:
        return self.now_s

    async def sleep(self, delay_s: float) -> None:
        self.slept_s.append(delay_s)
        self.now_s += delay_s
        await asyncio.sleep(0)


async def test_a_session_from_hello_to_the_finals() -> None:
    """Poses go out numbered; labels, segments and the accounting come back."""
    poses: list[Pose] = []

    async def script(peer: Peer) -> None:
        assert (await peer.welcome()).token == "secret"
        assert await peer.hear(Configure) == Configure(steps=CONFIGURED.labels)
        await peer.say(CONFIGURED)
        for _ in range(3):
            pose = await peer.hear(Pose)
            assert isinstance(pose, Pose)
            poses.append(pose)
        await peer.say(LABEL, SEGMENTS[0])
        await peer.hear(Bye)
        await peer.say(SEGMENTS[1], STATS, Bye())
        await peer.close(1000)

    wanted = Configure(steps=CONFIGURED.labels)
    async with (
        scripted(script) as url,
        Client.connect(url, token="secret", configure=wanted) as client,
    ):
        for number in range(3):
            assert await client.send_pose(STANDING_M, number / 60)
        finished = await client.finish()
        events = [event async for event in client]
    assert [pose.seq for pose in poses] == [0, 1, 2]
    np.testing.assert_array_equal(joints_of(poses[0], 22), np.array(STANDING_M, np.float32))
    assert finished.segments == [SEGMENTS[1]]
    assert finished.stats == STATS
    assert events == [_welcome("s1"), CONFIGURED, LABEL, SEGMENTS[1], STATS]


async def test_iteration_runs_beside_sending() -> None:
    """Events arrive while the session is open, and iteration stops after finish."""

    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.hear(Pose)
        await peer.say(LABEL)
        await peer.hear(Bye)
        await peer.say(STATS, Bye())

    async with scripted(script) as url, Client.connect(url) as client:
        heard = asyncio.create_task(_collect(client))
        await client.send_pose(STANDING_M, 0.0)
        await client.finish()
        assert [type(event) for event in await heard] == [Welcome, Label, Stats]


async def _collect(client: Client) -> list[object]:
    return [event async for event in client]


async def _until(client: Client, kind: type[T]) -> T:
    async for event in client:
        if isinstance(event, kind):
            return event
    raise AssertionError(f"no {kind.__name__} came")


async def test_latest_is_the_newest_label_with_its_age() -> None:
    """`latest` never queues; its age grows with the clock and makes it stale."""
    newer = Label(**{name: getattr(LABEL, name) for name in Label.__struct_fields__} | {"seq": 90})
    time = Time()

    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.say(LABEL, newer, STATS)
        await peer.hear(Bye)

    async with scripted(script) as url, Client.connect(url, clock=time.clock) as client:
        assert client.latest() is None
        assert client.age_s == math.inf
        await _until(client, Stats)
        assert client.latest() == newer
        time.now_s += 0.5
        assert client.age_s == pytest.approx(0.5 + newer.age_ms / 1e3)
        assert client.latest(max_age_s=1.0) == newer
        assert client.latest(max_age_s=0.6) is None


async def test_a_lost_connection_is_resumed() -> None:
    """After a cut the client comes back with its token; nothing is told twice."""
    time = Time()
    lost, back = asyncio.Event(), asyncio.Event()

    async def first(peer: Peer) -> None:
        assert (await peer.welcome()).resume is None
        await peer.hear(Configure)
        await peer.say(CONFIGURED, SEGMENTS[0])
        await peer.hear(Pose)
        peer.cut()

    async def second(peer: Peer) -> None:
        assert (await peer.welcome(resumed=True)).resume == "token-s1"
        await peer.say(CONFIGURED, SEGMENTS[0])
        assert (await peer.hear(Pose)).seq == 2
        await peer.say(SEGMENTS[1])
        await peer.hear(Bye)
        await peer.say(STATS, Bye())

    async def sleep(delay_s: float) -> None:
        await time.sleep(delay_s)
        lost.set()
        await back.wait()

    async with (
        scripted(first, second) as url,
        Client.connect(
            url, configure=Configure(steps=CONFIGURED.labels), clock=time.clock, sleep=sleep
        ) as client,
    ):
        await client.send_pose(STANDING_M, 0.0)
        await lost.wait()
        assert not client.connected
        assert not await client.send_pose(STANDING_M, 0.1)
        assert client.poses_unsent == 1
        events = [await _until(client, SegmentMessage)]
        back.set()
        events.append(await _until(client, Welcome))
        assert await client.send_pose(STANDING_M, 0.2)
        finished = await client.finish()
        events += [event async for event in client]
    assert finished.segments == [SEGMENTS[1]]
    assert events == [SEGMENTS[0], _welcome("s1", resumed=True), CONFIGURED, SEGMENTS[1], STATS]


async def test_a_session_that_cannot_be_resumed_is_configured_again() -> None:
    """A server that has forgotten the session is asked for the same configuration."""
    time = Time()

    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.hear(Configure)
        await peer.say(CONFIGURED)
        await peer.close(1012)

    async def second(peer: Peer) -> None:
        await peer.welcome(session="s2")
        assert await peer.hear(Configure) == Configure(steps=CONFIGURED.labels)
        await peer.say(CONFIGURED, SEGMENTS[1])
        await peer.hear(Bye)
        await peer.say(STATS, Bye())

    async with (
        scripted(first, second) as url,
        Client.connect(
            url, configure=Configure(steps=CONFIGURED.labels), clock=time.clock, sleep=time.sleep
        ) as client,
    ):
        await _until(client, SegmentMessage)
        assert client.welcome.session == "s2"
        assert (await client.finish()).segments == [SEGMENTS[1]]


async def test_a_configure_in_flight_is_asked_again_after_a_cut() -> None:
    """Who waits for configure over a lost connection gets the answer to their own question."""
    time = Time()
    later = Configured(config=2, mode="watch", labels=["jumps"], lookahead_s=0.4, horizon_s=2.0)

    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.hear(Configure)
        await peer.say(CONFIGURED)
        await peer.hear(Configure)
        peer.cut()

    async def second(peer: Peer) -> None:
        await peer.welcome(resumed=True)
        await peer.say(CONFIGURED)
        assert await peer.hear(Configure) == Configure(prompts=["jumps"])
        await peer.say(later)
        await peer.hear(Bye)

    async with (
        scripted(first, second) as url,
        Client.connect(
            url, configure=Configure(steps=CONFIGURED.labels), clock=time.clock, sleep=time.sleep
        ) as client,
    ):
        assert await client.configure(Configure(prompts=["jumps"])) == later


async def test_delays_grow_and_the_client_gives_up() -> None:
    """Tries come ever more slowly, and after the stated time everybody who waits is told."""
    time = Time()

    async def only(peer: Peer) -> None:
        await peer.welcome()
        peer.cut()

    gone = asyncio.Event()

    async def sleep(delay_s: float) -> None:
        await gone.wait()
        await time.sleep(delay_s)

    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(AsyncExitStack())
        url = await server.enter_async_context(scripted(only))
        connecting = Client.connect(url, give_up_s=60.0, clock=time.clock, sleep=sleep)
        client = await stack.enter_async_context(connecting)
        await server.aclose()
        gone.set()
        with pytest.raises(ConnectionLost, match="Given up after 60 s"):
            await _until(client, Stats)
        with pytest.raises(ConnectionLost, match="Given up"):
            await client.send_pose(STANDING_M, 0.0)
        with pytest.raises(ConnectionLost, match="Given up"):
            await client.finish()
    assert sum(time.slept_s) <= 60
    assert 0.125 <= time.slept_s[0] <= 0.25
    assert all(4 <= delay_s <= 8 for delay_s in time.slept_s[6:])
    assert len(time.slept_s) >= 10


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (ErrorMessage(code="bad_prompt", text="empty"), PromptError),
        (ErrorMessage(code="limit", text="65", limit="max_prompts", value=64.0), LimitExceeded),
    ],
)
async def test_a_refused_configuration_raises(message: ErrorMessage, error: type) -> None:
    """The server's refusal is raised by configure; the session goes on."""

    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.hear(Configure)
        await peer.say(message)
        await peer.hear(Configure)
        await peer.say(CONFIGURED)
        await peer.hear(Bye)

    async with scripted(script) as url, Client.connect(url) as client:
        with pytest.raises(error, match=message.text) as caught:
            await client.configure(Configure(steps=[]))
        if isinstance(caught.value, LimitExceeded):
            assert (caught.value.limit, caught.value.value) == ("max_prompts", 64.0)
        assert await client.configure(Configure(steps=CONFIGURED.labels)) == CONFIGURED


async def test_errors_of_frames_are_events() -> None:
    """A refused frame ends nothing: its error and drops come as events."""
    refused = ErrorMessage(code="bad_joints", text="joints[3] is nan", seq=0)
    late = Dropped(reason="late", first_seq=1, last_seq=1, count=1)

    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.say(refused, late)
        await peer.hear(Bye)

    async with scripted(script) as url, Client.connect(url) as client:
        assert await _until(client, ErrorMessage) == refused
        assert await _until(client, Dropped) == late


@pytest.mark.parametrize(
    ("code", "error"), [("unauthorized", Unauthorized), ("version", VersionMismatch)]
)
async def test_a_refused_hello_raises_from_connect(code: str, error: type) -> None:
    """Connecting again would not help, so the error is raised at once."""

    async def script(peer: Peer) -> None:
        await peer.hear(Hello)
        await peer.say(ErrorMessage(code=code, text="go away", fatal=True))
        await peer.gone()

    async with scripted(script) as url:
        with pytest.raises(error, match="go away"):
            async with Client.connect(url):
                pass


async def test_a_replaced_session_is_not_taken_back() -> None:
    """When another connection has taken over, this one ends with the server's error."""

    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.say(ErrorMessage(code="replaced", text="newer connection", fatal=True))
        await peer.gone()

    async with scripted(script) as url, Client.connect(url) as client:
        with pytest.raises(Replaced, match="newer connection"):
            await _until(client, Stats)


async def test_no_server_raises_from_connect() -> None:
    """The text names the address."""
    for url in ("ws://127.0.0.1:1/v1/stream", "http://127.0.0.1:1/"):
        with pytest.raises(ConnectionLost, match=r"127\.0\.0\.1:1"):
            async with Client.connect(url):
                pass


async def test_a_connection_lost_in_finish_raises() -> None:
    """Finals that did not arrive are not passed over in silence."""

    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.hear(Bye)
        peer.cut()

    async with scripted(script) as url, Client.connect(url) as client:
        with pytest.raises(ConnectionLost):
            await client.finish()


async def test_a_session_that_the_server_ended_can_be_finished() -> None:
    """A stopping server makes everything final first; finish returns that without a connection."""
    time = Time()
    never = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.say(GoingAway(time_left_s=5.0), SEGMENTS[1], STATS, Bye(reason="restart"))
        await peer.close(1012)

    async def sleep(delay_s: float) -> None:
        await never.wait()

    async with (
        scripted(script) as url,
        Client.connect(url, clock=time.clock, sleep=sleep) as client,
    ):
        await _until(client, Stats)
        finished = await client.finish()
        assert finished.segments == [SEGMENTS[1]]
        assert finished.stats == STATS
        assert [event async for event in client] == []


async def test_pings_are_answered() -> None:
    """The server need not think that a silent client is gone."""

    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.say(Ping(id=41))
        assert await peer.hear(Pong) == Pong(id=41)
        await peer.say(STATS)
        await peer.hear(Bye)

    async with scripted(script) as url, Client.connect(url) as client:
        await _until(client, Stats)


_ROWS = [list(row) for row in STANDING_M]


@pytest.mark.parametrize(
    ("joints", "time_s", "skeleton", "error", "text"),
    [
        (_ROWS[:21], 0.0, "smpl22", ShapeError, "252 bytes; 22 joints"),
        ([row[:2] for row in _ROWS], 0.0, "smpl22", ShapeError, r"\(22, 2\)"),
        ([[0.0], [0.0, 1.0]], 0.0, "smpl22", ShapeError, "no array of numbers"),
        ([*_ROWS[:21], [0.0, math.nan, 0.0]], 0.0, "smpl22", ShapeError, r"joints\[21\]"),
        ([*_ROWS[:21], [0.0, 1e300, 0.0]], 0.0, "smpl22", ShapeError, r"joints\[21\]"),
        (_ROWS, math.nan, "smpl22", MalformedMessage, "time_s is nan"),
        (_ROWS, 0.0, "octopus8", UnknownSkeleton, "'octopus8'.*smpl22"),
    ],
)
async def test_bad_poses_are_refused_before_they_are_sent(
    joints: list[list[float]], time_s: float, skeleton: str, error: type, text: str
) -> None:
    """The caller is told at once; the server hears nothing of it."""

    async def script(peer: Peer) -> None:
        await peer.welcome()
        assert (await peer.hear(Pose)).seq == 0
        await peer.hear(Bye)

    async with scripted(script) as url, Client.connect(url) as client:
        with pytest.raises(error, match=text):
            await client.send_pose(joints, time_s, skeleton=skeleton)
        assert await client.send_pose(_ROWS, 0.0)


async def test_a_foreign_server_is_refused() -> None:
    """A WebSocket server that does not speak our subprotocols is named as such."""

    async def handle(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serve(handle, "127.0.0.1", 0, compression=None) as server:
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        with pytest.raises(VersionMismatch, match="Is it a liveground server"):
            async with Client.connect(url):
                pass


# ------------------------------------------------------------------ teaching

ENROL = Enrol(name="the sign", start_s=1.0, end_s=2.5)
TAUGHT = Configured(
    config=2,
    mode="watch",
    labels=["jumps", "the sign"],
    lookahead_s=0.4,
    horizon_s=2.0,
    cause="example",
    since_s=0.5,
)
ENROLLED = Enrolled(
    name="the sign",
    seconds=1.5,
    counts={"the sign": 1},
    labels=TAUGHT.labels,
    examples="the content of a file",
)
JUMPS = Configure(prompts=["jumps"], horizon_s=2.0)
WATCH = Configured(config=1, mode="watch", labels=["jumps"], lookahead_s=0.4, horizon_s=2.0)


async def test_an_example_is_answered_and_saved(tmp_path: Path) -> None:
    """By time, by the newest label, and from the file that the first one gave."""

    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.hear(Configure)
        await peer.say(WATCH, LABEL)
        assert await peer.hear(Enrol) == ENROL
        await peer.say(TAUGHT, ENROLLED)
        last = Enrol(name="it", start_s=LABEL.time_s - 2, end_s=LABEL.time_s, words=False)
        assert await peer.hear(Enrol) == last
        await peer.say(ErrorMessage(code="limit", text="full", limit="max_examples", value=1))
        assert await peer.hear(Enrol) == Enrol(examples=ENROLLED.examples)
        await peer.say(ENROLLED)
        await peer.hear(Bye)

    async with scripted(first) as url, Client.connect(url, configure=JUMPS) as client:
        await _until(client, Label)
        assert await client.enrol("the sign", start_s=1, end_s=2.5) == ENROLLED
        with pytest.raises(LimitExceeded, match="full"):
            await client.enrol_last("it", 2.0, words=False)
        client.save_examples(tmp_path / "moves.json")
        assert (tmp_path / "moves.json").read_text() == ENROLLED.examples
        assert await client.load_examples(tmp_path / "moves.json") == ENROLLED


async def test_an_example_in_flight_is_asked_again_after_a_cut() -> None:
    """The older answer, told again by the resumed session, is not taken for the new one."""
    time = Time()
    twice = msgspec.structs.replace(ENROLLED, counts={"the sign": 2})

    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.hear(Configure)
        await peer.say(WATCH)
        await peer.hear(Enrol)
        await peer.say(TAUGHT, ENROLLED)
        await peer.hear(Enrol)
        peer.cut()

    async def second(peer: Peer) -> None:
        await peer.welcome(resumed=True)
        await peer.say(TAUGHT, ENROLLED)
        assert (await peer.hear(Enrol)).end_s == 4.0
        await peer.say(msgspec.structs.replace(TAUGHT, config=3), twice)
        await peer.hear(Bye)

    async with (
        scripted(first, second) as url,
        Client.connect(url, configure=JUMPS, clock=time.clock, sleep=time.sleep) as client,
    ):
        await client.enrol("the sign", start_s=1.0, end_s=2.5)
        assert await client.enrol("the sign", start_s=3.0, end_s=4.0) == twice


async def test_a_new_session_is_taught_what_the_old_one_knew() -> None:
    """Examples first, then the prompts with the one that was added, then what has no answer."""
    time = Time()

    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.hear(Configure)
        await peer.say(WATCH)
        await peer.hear(Enrol)
        await peer.say(TAUGHT, ENROLLED)
        await peer.hear(Enrol)
        await peer.close(1012)

    async def second(peer: Peer) -> None:
        await peer.welcome(session="s2")
        assert await peer.hear(Enrol) == Enrol(examples=ENROLLED.examples)
        assert await peer.hear(Configure) == Configure(prompts=TAUGHT.labels, horizon_s=2.0)
        assert (await peer.hear(Enrol)).start_s == 3.0
        again = Configured(
            config=1, mode="watch", labels=TAUGHT.labels, lookahead_s=0.4, horizon_s=2.0
        )
        await peer.say(msgspec.structs.replace(ENROLLED, name="", labels=[]), again)
        await peer.say(ErrorMessage(code="bad_prompt", text="these seconds are gone"))
        await peer.hear(Bye)

    async with (
        scripted(first, second) as url,
        Client.connect(url, configure=JUMPS, clock=time.clock, sleep=time.sleep) as client,
    ):
        await client.enrol("the sign", start_s=1.0, end_s=2.5)
        with pytest.raises(PromptError, match="seconds are gone"):
            await client.enrol("the sign", start_s=3.0, end_s=4.0)


async def test_a_configuration_that_nobody_asked_for_is_no_answer() -> None:
    """Descriptions of older labels arrive while another configure waits for its own answer."""
    described = msgspec.structs.replace(WATCH, config=2, cause="descriptions", since_s=0.0)
    mine = Configured(config=3, mode="watch", labels=["bows"], lookahead_s=0.4, horizon_s=2.0)

    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.hear(Configure)
        await peer.say(WATCH)
        await peer.hear(Configure)
        await peer.say(described, mine)
        await peer.hear(Bye)

    async with scripted(first) as url, Client.connect(url, configure=JUMPS) as client:
        assert await client.configure(Configure(prompts=["bows"])) == mine
