"""The server: a Starlette app on uvicorn. Its routes, its door, its start and its graceful stop."""

import asyncio
import contextlib
import hmac
import ipaddress
import logging
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from stream import page, protocol
from stream.config import Config, is_loopback
from stream.errors import ConfigError, LimitExceeded
from stream.loading import load_motion, load_video, model_message, video_message
from stream.service import Service
from stream.transports.websocket import AbortableProtocol, WebSocketTransport
from stream.whip import Whip

STREAM_PATH: Final = "/v1/stream"
RETRY_AFTER_S: Final = 5
SEND_BUFFER_BYTES: Final = 64 * 1024
"""Of the kernel, for each connection: what a slow client has not read grows old there."""

log = logging.getLogger(__name__)


class Door:
    """The app's routes; the service is there once the model is loaded."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.service: Service | None = None
        self.whip: Final = Whip(self)
        self.app: Final = Starlette(
            routes=[
                Route("/healthz", self.healthz),
                Route("/readyz", self.readyz),
                Route("/metrics", self.metrics),
                WebSocketRoute(STREAM_PATH, self.stream),
                *self.whip.routes,
                *page.routes(),
            ]
        )

    async def healthz(self, _: Request) -> Response:
        """The process answers."""
        return PlainTextResponse("ok\n")

    async def readyz(self, _: Request) -> Response:
        """Sessions can be taken: the model is loaded and has run once, and no stop is under way."""
        if self.service is None:
            return JSONResponse({"ready": False, "why": "the model is loading"}, 503)
        if self.service.draining:
            return JSONResponse({"ready": False, "why": "the server is about to stop"}, 503)
        return JSONResponse({"ready": True})

    async def metrics(self, request: Request) -> Response:
        """Prometheus metrics; behind the token if there is one."""
        if self.service is None:
            return PlainTextResponse("The model is loading.\n", 503)
        if self.config.token is not None and not self.has_token(request):
            return PlainTextResponse("Send the token: Authorization: Bearer ...\n", 401)
        return Response(self.service.metrics.text(), media_type="text/plain; version=0.0.4")

    async def stream(self, websocket: WebSocket) -> None:
        """One client: let it in, or say why not, before the upgrade."""
        refusal = self._refusal(websocket)
        if refusal is not None:
            await websocket.send_denial_response(refusal)
            return
        assert self.service is not None
        offered = websocket.scope["subprotocols"]
        codec = protocol.choose(offered) or protocol.JSON
        await websocket.accept(codec.subprotocol if codec.subprotocol in offered else None)
        transport = WebSocketTransport(websocket, text=codec.text)
        authorized = self.config.token is None or self.has_token(websocket)
        await self.service.serve(transport, codec, authorized=authorized)

    def _refusal(self, connection: HTTPConnection) -> Response | None:
        origin = connection.headers.get("origin")
        if origin is not None and not self.allows(origin, connection.headers.get("host", "")):
            self._count("origin")
            text = f"Pages of {origin} may not connect. Add it to allowed_origins.\n"
            return PlainTextResponse(text, 403)
        given = "authorization" in connection.headers
        if given and self.config.token is not None and not self.has_token(connection):
            self._count("token")
            return PlainTextResponse("The token is wrong.\n", 401)
        later = {"Retry-After": str(RETRY_AFTER_S)}
        if self.service is None:
            return PlainTextResponse("The model is loading.\n", 503, later)
        try:
            self.service.check_room()
        except LimitExceeded as error:
            self._count(error.limit)
            body = {
                "code": error.code,
                "text": str(error),
                "limit": error.limit,
                "value": error.value,
            }
            return JSONResponse(body, 503, later)
        return None

    def allows(self, origin: str, host: str) -> bool:
        """Whether a page of this origin may connect: local, listed, or our own reached by address.

        A page's own host *name* proves nothing: a foreign page can let its name point here
        (DNS rebinding).
        """
        if origin in self.config.allowed_origins:
            return True
        try:
            page = urlsplit(origin)
            name = page.hostname or ""
        except ValueError:
            return False
        return is_loopback(name) or (page.netloc == host and _is_address(name))

    def has_token(self, connection: HTTPConnection) -> bool:
        """Whether the request carries the server's token."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        wanted = self.config.token or ""
        return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), wanted.encode())

    def _count(self, reason: str) -> None:
        if self.service is not None:
            self.service.metrics.refused.labels(reason).inc()


class Server(uvicorn.Server):
    """uvicorn, which lets our sessions end in good order before it closes their connections."""

    def __init__(self, config: uvicorn.Config, door: Door) -> None:
        super().__init__(config)
        self._door = door
        self.listening: Final = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say when connections are taken."""
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain first; new clients are refused with 503 meanwhile."""
        if self._door.service is not None:
            await self._door.service.drain()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: `serve` takes them, other programs keep theirs."""
        yield


class Running:
    """A server inside this process. `url` is where clients connect."""

    def __init__(self, server: Server, host: str, port: int, service: Service) -> None:
        self._server = server
        self.service: Final = service
        self.host: Final = host
        self.port: Final = port
        self.url: Final = f"ws://{f'[{host}]' if ':' in host else host}:{port}{STREAM_PATH}"
        self.stopped: Final = asyncio.Event()

    def stop(self) -> None:
        """Begin the graceful stop; a second call makes it short."""
        if self._server.should_exit:
            self.service.hurry()
        self._server.should_exit = True


async def serve(config: Config) -> None:
    """Serve until SIGTERM or SIGINT, and stop gracefully. Raises ModelError, ConfigError."""
    async with running(config) as server:
        loop = asyncio.get_running_loop()
        before = {
            number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(server.stop))
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            log.info("Listening on %s", server.url)
            await server.stopped.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextlib.asynccontextmanager
async def running(config: Config) -> AsyncIterator[Running]:
    """Serve inside this process, from the loaded model to the graceful stop on the way out.

    Raises ModelError when the model cannot be loaded, ConfigError when the address cannot be used.
    """
    door = Door(config)
    listener = _listen(config)
    host, port = listener.getsockname()[:2]
    server = Server(_uvicorn(door, config), door)
    http = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await server.listening.wait()
        await asyncio.to_thread(door.whip.peers.load)
        engine = await asyncio.to_thread(load_motion, config)
        video = await asyncio.to_thread(load_video, config)
        service = door.service = Service(
            config, engine, model_message(engine), video, video_message(video)
        )
        sweep = asyncio.create_task(service.sweep())
        here = Running(server, host, port, service)
        http.add_done_callback(lambda _: here.stopped.set())
        try:
            yield here
        finally:
            server.should_exit = True
            await http
            sweep.cancel()
            await door.whip.peers.stop()
            await service.stop()
    finally:
        server.should_exit = True
        await http


def _listen(config: Config) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    try:
        listener.bind((config.host, config.port))
    except OSError as fault:
        listener.close()
        raise ConfigError(
            f"Cannot listen on {config.host}, port {config.port}: {fault.strerror}. "
            "Choose another port; 0 takes a free one."
        ) from fault
    return listener


def _uvicorn(door: Door, config: Config) -> uvicorn.Config:
    return uvicorn.Config(
        door.app,
        ws=AbortableProtocol,
        ws_per_message_deflate=False,
        ws_max_size=2 * config.max_message_bytes,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
