"""A Starlette WebSocket as a transport. The upgrade is the app's; compression is off (`app.py`)."""

from collections.abc import Callable
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from stream.transports.base import Disconnected

ABORT: Final = "liveground.abort"
REASON_BYTES: Final = 123
"""A close frame holds no longer reason (RFC 6455, 5.5)."""


class AbortableProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, and a way to cut a peer that does not read.

    ASGI has none: its close waits until all that was sent before has been read.
    """

    def handle_connect(self, event: Request) -> None:
        """Offer the cut to the app, in the scope's extensions."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[ABORT] = self.transport.abort

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
