"""A Starlette WebSocket as a transport. The upgrade is the app's; compression is off (`app.py`)."""

from collections.abc import Callable
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from stream.transports.base import Disconnected

ABORT: Final = "liveground.abort"
READ_AHEAD: Final = 4
"""Messages of a peer that may wait; with more, nothing is read until all of them are taken."""
REASON_BYTES: Final = 123
"""A close frame holds no longer reason (RFC 6455, 5.5)."""


class AbortableProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, a way to cut a peer that does not read, and some reading ahead.

    ASGI has no cut: its close waits until all that was sent before has been read. And uvicorn stops
    reading for every message and resumes it: two system calls, a sixth of what the loop does for a
    pose.
    """

    def handle_connect(self, event: Request) -> None:
        """Offer the cut to the app, in the scope's extensions."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[ABORT] = self.transport.abort

    def send_receive_event_to_app(self) -> None:
        """Go on reading while few messages wait; `receive` resumes it when none does."""
        paused, self.read_paused = self.read_paused, True
        try:
            super().send_receive_event_to_app()
        finally:
            self.read_paused = paused
        if not paused and self.queue.qsize() > READ_AHEAD:
            self.read_paused = True
            self.transport.pause_reading()

    async def send(self, message: Any) -> None:
        """Note that a refusal is answered: uvicorn 0.54 logs it as an unfinished handshake."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True


class WebSocketTransport:
    """An accepted WebSocket. `text`: send text frames (JSON) instead of binary ones."""

    def __init__(self, socket: WebSocket, *, text: bool) -> None:
        self._socket = socket
        self._text = text
        self._abort: Callable[[], None] | None = socket.scope["extensions"].get(ABORT)

    async def recv(self) -> bytes | str:
        """Return the next message, text as str. Raises Disconnected."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise Disconnected
        data: bytes | str | None = message.get("bytes")
        return message["text"] if data is None else data

    async def send(self, data: bytes, *, lossy: bool = False) -> None:
        """Send one message, waiting while the peer does not read. Raises Disconnected."""
        try:
            if self._text:
                await self._socket.send_text(data.decode())
            else:
                await self._socket.send_bytes(data)
        except (WebSocketDisconnect, RuntimeError) as gone:
            raise Disconnected from gone

    async def close(self, code: int, reason: str) -> None:
        """End in good order."""
        try:
            await self._socket.close(code, reason.encode()[:REASON_BYTES].decode(errors="ignore"))
        except (WebSocketDisconnect, RuntimeError) as gone:
            raise Disconnected from gone

    def abort(self) -> None:
        """End at once, also when the peer does not read."""
        if self._abort is not None:
            self._abort()
