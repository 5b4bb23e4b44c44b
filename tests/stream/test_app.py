"""The server on a real loopback socket: its door, its routes, and how it stops."""

import asyncio
import json
import logging
import os
import signal
import socket
from contextlib import asynccontextmanager
from types import UnionType

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from engines.errors import ModelError
from stream.app import Door, Running, running, serve
from stream.config import Config
from stream.errors import ConfigError
from stream.messages import (
    SUBPROTOCOL_JSON,
    SUBPROTOCOL_MSGPACK,
    Bye,
    Configured,
    ErrorMessage,
    GoingAway,
    Hello,
    Label,
    Message,
    Ping,
    Stats,
    Welcome,
)
from stream.protocol import CODECS, JSON
from tests.stream.client import PATIENCE_S, eventually
from tests.stream.rig import HELLO, PROMPTS, poses

TOKEN = "0123456789abcdef"


@asynccontextmanager
async def joined(url: str, protocol: str | None = SUBPROTOCOL_MSGPACK, **options):
    """A WebSocket of the `websockets` library, not of ours."""
    offered = [protocol] if protocol else None
    async with connect(url, subprotocols=offered, compression=None, **options) as made:
        yield made


async def say(peer: ClientConnection, *given: Message) -> None:
    codec = CODECS.get(peer.subprotocol or "", JSON)
    for message in given:
        data = codec.encode(message)
        await peer.send(data.decode() if codec.text else data)


async def hear(peer: ClientConnection, kind: type | UnionType) -> Message:
    codec = CODECS.get(peer.subprotocol or "", JSON)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message = codec.decode_server(await peer.recv())
            if isinstance(message, kind):
                return message


async def last_stats(peer: ClientConnection) -> Stats:
    """The stats before the server's bye."""
    stats = None
    while not isinstance(message := await hear(peer, Stats | Bye), Bye):
        stats = message
    assert stats is not None
    return stats


async def never_reading(server: Running) -> ClientConnection:
    """A client with small buffers that says hello and then does not read."""
    raw = socket.create_connection((server.host, server.port))
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf = await connect(server.url, sock=raw, compression=None, max_queue=1, close_timeout=0.01)
    await say(deaf, HELLO)
    return deaf


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://localhost:3000", "127.0.0.1:8765", True),
        ("http://127.0.0.1:8765", "127.0.0.1:8765", True),
        ("http://[::1]:8765", "127.0.0.1:8765", True),
        ("http://192.168.1.5:8765", "192.168.1.5:8765", True),
        ("http://192.168.1.6:8765", "192.168.1.5:8765", False),
        ("https://listed.example", "127.0.0.1:8765", True),
        ("https://listed.example:444", "127.0.0.1:8765", False),
        ("http://rebound.example:8765", "rebound.example:8765", False),
        ("https://localhost.example", "127.0.0.1:8765", False),
        ("null", "127.0.0.1:8765", False),
        ("", "127.0.0.1:8765", False),
        ("http://[", "127.0.0.1:8765", False),
    ],
)
def test_which_pages_may_connect(origin: str, host: str, allowed: bool) -> None:
    """Local, listed, or our own by address; a shared host name proves nothing."""
    door = Door(Config(allowed_origins=("https://listed.example",)))
    assert door.allows(origin, host) is allowed


async def test_before_the_model_is_loaded() -> None:
    """Alive but not ready, with the reason."""
    transport = httpx.ASGITransport(app=Door(Config()).app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await http.get("/healthz")).status_code == 200
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert (await http.get("/metrics")).status_code == 503


async def test_health_and_metrics_of_a_running_server() -> None:
    """Ready once the model is loaded; frames are counted by outcome, live and after the end."""
    async with running(Config(port=0)) as server:
        base = f"http://{server.host}:{server.port}"
        async with httpx.AsyncClient(base_url=base) as http, joined(server.url) as peer:
            assert (await http.get("/readyz")).json() == {"ready": True}
            await say(peer, HELLO, PROMPTS, *poses(60))
            await hear(peer, Label)
            metrics = (await http.get("/metrics")).text
            assert "liveground_connections 1.0" in metrics
            assert 'liveground_frames_total{outcome="received"} 60.0' in metrics
            await say(peer, Bye())
            await hear(peer, Bye)
            await peer.wait_closed()
            await eventually(lambda: not server.service.connections)
            metrics = (await http.get("/metrics")).text
            assert "liveground_connections 0.0" in metrics
            assert 'liveground_frames_total{outcome="dropped_cut"} 2.0' in metrics
            assert 'liveground_frames_total{outcome="processed"} 58.0' in metrics
            assert (await http.get("/elsewhere")).status_code == 404


async def test_subprotocols_and_no_compression() -> None:
    """What is offered is taken, JSON without an offer; deflate is not, even when offered."""
    async with running(Config(port=0)) as server:
        for offered, taken in (
            (SUBPROTOCOL_MSGPACK, SUBPROTOCOL_MSGPACK),
            (SUBPROTOCOL_JSON, SUBPROTOCOL_JSON),
            (None, None),
            ("chat.v2", None),
        ):
            names = [offered] if offered else None
            async with connect(server.url, subprotocols=names, compression="deflate") as peer:
                assert peer.subprotocol == taken
                assert peer.response is not None
                assert "Sec-WebSocket-Extensions" not in peer.response.headers
                await say(peer, HELLO)
                assert isinstance(await hear(peer, Welcome), Welcome)


async def test_a_full_server_says_so_before_the_upgrade() -> None:
    """503 with Retry-After and the limit; when a place is free again, it can be had."""
    async with running(Config(port=0, max_sessions=1)) as server:
        async with joined(server.url) as peer:
            await say(peer, HELLO, PROMPTS)
            await hear(peer, Configured)
            with pytest.raises(InvalidStatus) as refused:
                async with joined(server.url):
                    pass
            response = refused.value.response
            assert response.status_code == 503
            assert int(response.headers["Retry-After"]) > 0
            body = json.loads(response.body)
            assert (body["limit"], body["value"]) == ("max_sessions", 1)
            await say(peer, *poses(30))
            await hear(peer, Label)
        await eventually(lambda: not server.service.connections)
        async with joined(server.url) as peer:
            await say(peer, HELLO)
            await hear(peer, Welcome)


async def test_foreign_pages_and_wrong_tokens_stay_outside() -> None:
    """403 and 401 before the upgrade; a right token opens by header or hello, and the metrics."""
    config = Config(port=0, token=TOKEN)
    async with running(config) as server:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        for options, status in (
            ({"origin": "https://foreign.example"}, 403),
            ({"additional_headers": {"Authorization": "Bearer wrong"}}, 401),
            ({"additional_headers": {"Authorization": f"Basic {TOKEN}"}}, 401),
        ):
            with pytest.raises(InvalidStatus) as refused:
                async with joined(server.url, **options):
                    pass
            assert refused.value.response.status_code == status
        async with joined(server.url, additional_headers=bearer) as peer:
            await say(peer, HELLO)
            await hear(peer, Welcome)
        async with joined(server.url, origin="http://localhost:3000") as peer:
            await say(peer, Hello(protocol=1, client="page", token=TOKEN))
            await hear(peer, Welcome)
        async with joined(server.url) as peer:
            await say(peer, HELLO)
            assert (await hear(peer, ErrorMessage)).code == "unauthorized"
            with pytest.raises(ConnectionClosed) as closed:
                await peer.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4003
        async with httpx.AsyncClient(base_url=f"http://{server.host}:{server.port}") as http:
            assert (await http.get("/metrics")).status_code == 401
            assert (await http.get("/metrics", headers=bearer)).status_code == 200
            assert (await http.get("/healthz")).status_code == 200


@pytest.mark.parametrize(("factor", "told"), [(1.5, True), (3.0, False)])
async def test_oversized_messages_close_with_1009(factor: float, told: bool) -> None:
    """Up to twice the limit it is also told which limit; beyond, it is not even read."""
    config = Config(port=0, max_message_bytes=4096)
    async with running(config) as server, joined(server.url) as peer:
        await say(peer, HELLO)
        await hear(peer, Welcome)
        await peer.send(b"x" * int(4096 * factor))
        if told:
            error = await hear(peer, ErrorMessage)
            assert (error.code, error.fatal) == ("too_large", True)
            assert "4096" in error.text
        with pytest.raises(ConnectionClosed) as closed:
            await peer.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_a_socket_that_is_never_read_is_cut_and_others_go_on() -> None:
    """Kernel buffers, ours and the outbox are bounded; the connection is aborted at the end."""
    config = Config(port=0, max_control_messages=32, linger_s=0.05)
    async with running(config) as server, joined(server.url) as other:
        await say(other, HELLO, PROMPTS, *poses(30))
        await hear(other, Label)
        deaf = await never_reading(server)
        with pytest.raises(ConnectionClosed):
            await say(deaf, *(Ping(id=n) for n in range(1_000_000)))
        await eventually(lambda: len(server.service.connections) == 1)
        assert server.service.registry.detached == 1
        await say(other, *poses(60, first=30, start_s=0.5), Bye())
        stats = await last_stats(other)
        assert (stats.received, stats.processed) == (90, 88)


async def test_a_client_that_vanishes_and_comes_back() -> None:
    """A connection torn down in the middle: its session waits, and goes on over a new one."""
    async with running(Config(port=0)) as server, joined(server.url) as other:
        await say(other, HELLO, PROMPTS, *poses(60))
        peer = await connect(server.url, subprotocols=[SUBPROTOCOL_MSGPACK])
        await say(peer, HELLO, PROMPTS, *poses(60))
        welcome = await hear(peer, Welcome)
        await hear(peer, Label)
        peer.transport.abort()
        await peer.wait_closed()
        await eventually(lambda: server.service.registry.detached == 1)
        async with joined(server.url) as back:
            await say(back, Hello(protocol=1, client="back", resume=welcome.resume_token))
            again = await hear(back, Welcome)
            assert (again.resumed, again.session) == (True, welcome.session)
            seen = again.last_seq + 1
            await say(back, *poses(60, first=seen, start_s=seen / 60), Bye())
            stats = await last_stats(back)
            assert (stats.received, stats.pending) == (seen + 60, 0)
        await say(other, *poses(60, first=60, start_s=1.0), Bye())
        stats = await last_stats(other)
        assert (stats.received, stats.processed) == (120, 118)


async def test_a_graceful_stop() -> None:
    """Clients hear going_away, get their last labels, stats and bye, and close code 1012."""
    async with running(Config(port=0)) as server:
        peer = await connect(server.url, subprotocols=[SUBPROTOCOL_MSGPACK])
        silent = await connect(server.url)
        await say(peer, HELLO, PROMPTS, *poses(60))
        await hear(peer, Label)
        server.stop()
        assert (await hear(peer, GoingAway)).time_left_s == 10
        stats = await last_stats(peer)
        assert (stats.received, stats.pending, stats.labels) == (60, 0, 20)
        for each in (peer, silent):
            with pytest.raises(ConnectionClosed) as closed:
                await each.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
        await server.stopped.wait()


async def test_a_second_stop_does_not_wait_for_who_does_not_end() -> None:
    """During the drain new clients get 503; a second signal cuts it short."""
    config = Config(port=0, drain_s=3600.0, linger_s=60.0, max_control_messages=100_000)
    async with running(config) as server:
        deaf = await never_reading(server)
        [connection] = server.service.connections
        while connection.unsent < 1000:
            await say(deaf, Ping(id=0))
        server.stop()
        await eventually(lambda: server.service.draining)
        with pytest.raises(InvalidStatus) as refused:
            async with joined(server.url):
                pass
        assert refused.value.response.status_code == 503
        async with httpx.AsyncClient(base_url=f"http://{server.host}:{server.port}") as http:
            assert (await http.get("/readyz")).json()["why"] == "the server is about to stop"
        assert not server.stopped.is_set()
        server.stop()
        await server.stopped.wait()
        deaf.transport.abort()
        await deaf.wait_closed()


async def test_serve_stops_on_sigterm(caplog: pytest.LogCaptureFixture) -> None:
    """The command's coroutine returns, and the signal's handler is as before."""
    before = signal.getsignal(signal.SIGTERM)
    caplog.set_level(logging.INFO, "stream.app")
    serving = asyncio.create_task(serve(Config(port=0)))
    await eventually(lambda: "Listening on ws://127.0.0.1:" in caplog.text)
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_S):
        await serving
    assert signal.getsignal(signal.SIGTERM) is before


async def test_a_port_in_use_is_said() -> None:
    """With the remedy."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port}"):
            async with running(Config(port=port)):
                pass


async def test_a_missing_model_stops_the_start() -> None:
    """The error is the model's; nothing is left running."""
    with pytest.raises(ModelError):
        async with running(Config(port=0, model="no-such-model")):
            pass
