"""One WebSocket connection to a server: opened with hello and welcome, typed messages both ways."""

import asyncio
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

from clients.python.errors import ConnectionLost, from_wire
from stream.errors import Unauthorized, UnexpectedMessage, VersionMismatch
from stream.messages import ClientMessage, ErrorMessage, Hello, ServerMessage, Welcome
from stream.protocol import CODECS, Codec, Ignored

OPEN_S: Final = 10.0
"""Time to connect, and again to be welcomed."""
MAX_MESSAGE_BYTES: Final = 1 << 20

_REFUSED: Final = (401, 403)


class Link:
    """An open, welcomed connection."""

    def __init__(self, socket: ClientConnection, codec: Codec, welcome: Welcome) -> None:
        self.welcome: Final = welcome
        self._socket = socket
        self._codec = codec

    @classmethod
    async def open(cls, url: str, hello: Hello) -> "Link":
        """Connect and say hello.

        Raises ConnectionLost when there is no server or it has no room, and what the server
        answers: Unauthorized, VersionMismatch, LimitExceeded.
        """
        socket = await _socket(url)
        try:
            codec = CODECS.get(socket.subprotocol or "")
            if codec is None:
                raise VersionMismatch(
                    f"{url} speaks none of {', '.join(CODECS)}. Is it a liveground server?"
                )
            await socket.send(codec.encode(hello), text=codec.text)
            async with asyncio.timeout(OPEN_S):
                message = await _recv(socket, codec)
        except TimeoutError:
            await socket.close()
            raise ConnectionLost(f"{url} did not answer hello within {OPEN_S:g} s.") from None
        except ConnectionClosed as fault:
            raise _lost(fault) from fault
        except BaseException:
            await socket.close()
            raise
        if isinstance(message, Welcome):
            return cls(socket, codec, message)
        await socket.close()
        if isinstance(message, ErrorMessage):
            raise from_wire(message)
        raise UnexpectedMessage(f"The server answered hello with {type(message).__name__}.")

    async def send(self, message: ClientMessage) -> None:
        """Send one message; waits while the server does not read. Raises ConnectionLost."""
        try:
            await self._socket.send(self._codec.encode(message), text=self._codec.text)
        except ConnectionClosed as fault:
            raise _lost(fault) from fault

    async def recv(self) -> ServerMessage:
        """Receive the next known message. Raises ConnectionLost, ProtocolError."""
        try:
            return await _recv(self._socket, self._codec)
        except ConnectionClosed as fault:
            raise _lost(fault) from fault

    async def close(self) -> None:
        """Close the connection; does nothing when it is closed."""
        await self._socket.close()


async def _socket(url: str) -> ClientConnection:
    try:
        return await connect(
            url,
            subprotocols=[Subprotocol(name) for name in CODECS],
            compression=None,
            max_size=MAX_MESSAGE_BYTES,
            open_timeout=OPEN_S,
        )
    except InvalidURI as fault:
        raise ConnectionLost(
            f"{url!r} is no WebSocket address, such as ws://host:8765/v1/stream."
        ) from fault
    except InvalidStatus as fault:
        said = fault.response.body.decode(errors="replace").strip() if fault.response.body else ""
        status = fault.response.status_code
        text = (
            f"{url} refused the connection with HTTP status {status}: {said or 'no reason given'}"
        )
        raise (Unauthorized if status in _REFUSED else ConnectionLost)(text) from fault
    except (OSError, TimeoutError, InvalidHandshake) as fault:
        raise ConnectionLost(
            f"{url} cannot be reached: {fault or type(fault).__name__}."
        ) from fault


async def _recv(socket: ClientConnection, codec: Codec) -> ServerMessage:
    while True:
        message = codec.decode_server(await socket.recv())
        if not isinstance(message, Ignored):
            return message


def _lost(fault: ConnectionClosed) -> ConnectionLost:
    return ConnectionLost(f"The connection to the server ended: {fault}.")
