"""The WebSocket skin: text or bytes, one kind of end, short reasons, a cut that does not wait, and
reading ahead that ends."""

import asyncio
import socket
from typing import Any

import pytest
import uvicorn
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect

from stream.transports.base import Disconnected
from stream.transports.websocket import (
    ABORT,
    READ_AHEAD,
    REASON_BYTES,
    AbortableProtocol,
    WebSocketTransport,
)


class Asgi:
    """The server's side of a WebSocket, by hand: what it will say, and what it was told."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self.events = [{"type": "websocket.connect"}, *events]
        self.told: list[dict[str, Any]] = []
        self.aborted = 0
        self.gone = False

    async def receive(self) -> dict[str, Any]:
        return self.events.pop(0)

    async def send(self, message: dict[str, Any]) -> None:
        if self.gone:
            raise OSError("the peer has gone")
        self.told.append(message)

    def abort(self) -> None:
        self.aborted += 1

    async def transport(self, *, text: bool = False, can_abort: bool = True) -> WebSocketTransport:
        extensions = {ABORT: self.abort} if can_abort else {}
        scope = {"type": "websocket", "extensions": extensions, "headers": []}
        socket = WebSocket(scope, self.receive, self.send)
        await socket.accept()
        return WebSocketTransport(socket, text=text)


async def test_text_and_binary_messages_arrive_as_they_are() -> None:
    """The codec decides what it takes; a disconnect is the end."""
    asgi = Asgi(
        {"type": "websocket.receive", "bytes": b"\x80"},
        {"type": "websocket.receive", "text": "{}"},
        {"type": "websocket.receive", "bytes": None, "text": "[]"},
        {"type": "websocket.disconnect", "code": 1006},
    )
    transport = await asgi.transport()
    assert [await transport.recv() for _ in range(3)] == [b"\x80", "{}", "[]"]
    with pytest.raises(Disconnected):
        await transport.recv()


@pytest.mark.parametrize("text", [True, False])
async def test_json_leaves_as_text_and_msgpack_as_bytes(text: bool) -> None:
    """As the subprotocol says."""
    asgi = Asgi()
    transport = await asgi.transport(text=text)
    await transport.send(b"{}")
    assert asgi.told[-1]["type"] == "websocket.send"
    assert asgi.told[-1]["text" if text else "bytes"] == ("{}" if text else b"{}")


async def test_a_peer_that_has_gone_is_one_error() -> None:
    """While sending, while closing, and after a close."""
    asgi = Asgi()
    transport = await asgi.transport()
    asgi.gone = True
    with pytest.raises(Disconnected):
        await transport.send(b"x")
    with pytest.raises(Disconnected):
        await transport.close(1000, "bye")
    closed = await Asgi().transport()
    await closed.close(1000, "bye")
    with pytest.raises(Disconnected):
        await closed.send(b"too late")


async def test_a_long_reason_is_cut_at_a_character() -> None:
    """A close frame holds 123 bytes of UTF-8."""
    asgi = Asgi()
    await (await asgi.transport()).close(1011, "é" * 100)
    reason = asgi.told[-1]["reason"]
    assert len(reason.encode()) <= REASON_BYTES
    assert reason == "é" * (REASON_BYTES // 2)


async def test_abort_cuts_where_the_server_can() -> None:
    """Ours can; another ASGI server is left to its own time-outs."""
    asgi = Asgi()
    (await asgi.transport()).abort()
    assert asgi.aborted == 1
    (await Asgi().transport(can_abort=False)).abort()


class Slow:
    """An app that takes no message before it is told to."""

    def __init__(self) -> None:
        self.accepted, self.go = asyncio.Event(), asyncio.Event()
        self.wire: asyncio.Transport
        self.taken: list[bytes | str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        accepted = WebSocket(scope, receive, send)
        await accepted.accept()
        self.wire = scope["extensions"][ABORT].__self__
        self.accepted.set()
        await self.go.wait()
        transport = WebSocketTransport(accepted, text=False)
        for _ in range(READ_AHEAD + 2):
            self.taken.append(await transport.recv())


async def test_a_server_reads_ahead_and_then_waits() -> None:
    """While few messages wait it reads on; then it stops, and goes on when they are taken."""
    app = Slow()
    config = uvicorn.Config(app, ws=AbortableProtocol, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[listening]))
            url = f"ws://127.0.0.1:{listening.getsockname()[1]}"
            async with connect(url, compression=None) as client:
                await app.accepted.wait()
                sent = [b"%d" % number for number in range(READ_AHEAD + 2)]
                for message in sent[:READ_AHEAD]:
                    await client.send(message)
                    await (await client.ping())
                assert app.wire.is_reading()
                await client.send(sent[READ_AHEAD])
                while app.wire.is_reading():  # noqa: ASYNC110 - uvicorn tells nobody
                    await asyncio.sleep(0)
                await client.send(sent[-1])
                app.go.set()
                await client.wait_closed()
            assert app.taken == sent
            server.should_exit = True
