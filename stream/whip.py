"""WHIP (RFC 9725): cameras come in over WebRTC with one HTTP request. Routes and their checks.

aiortc is loaded when the server starts, if it is there; without it every request is answered with
what to install.
"""

import asyncio
import logging
import secrets
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engines.errors import LivegroundError
from stream import sdp
from stream.config import Config
from stream.errors import LimitExceeded, SignallingError, to_wire
from stream.pipeline import Connection
from stream.protocol import EitherCodec
from stream.seat import End
from stream.service import Service

if TYPE_CHECKING:
    from stream.transports.webrtc import WebRtcTransport

WHIP_PATH: Final = "/v1/whip"
MAX_BODY_BYTES: Final = 64 * 1024
"""Of an offer or a fragment; a browser's offer with many candidates has 10 kB."""
NEGOTIATIONS: Final = 8
"""Offers that are answered at a time: each looks up the peer's addresses."""
RETRY_AFTER_S: Final = 5
METHODS: Final = "POST, PATCH, DELETE, OPTIONS"
ASKED_HEADERS: Final = "Authorization, Content-Type, If-Match"
TOLD_HEADERS: Final = "Location, ETag, Link, Retry-After, Accept-Post, Accept-Patch"

log = logging.getLogger(__name__)


class Entrance(Protocol):
    """What this needs of the server's door."""

    @property
    def config(self) -> Config: ...
    @property
    def service(self) -> Service | None: ...
    def allows(self, origin: str, host: str) -> bool:
        """Whether a page of this origin may connect."""

    def has_token(self, connection: HTTPConnection) -> bool:
        """Whether the request carries the server's token."""


class Peer:
    """A WHIP session: a transport and the connection that uses it."""

    def __init__(
        self, transport: "WebRtcTransport", connection: Connection, offer: sdp.Offer
    ) -> None:
        self.transport: Final = transport
        self.connection: Final = connection
        self.offer: Final = offer
        self.etag: Final = f'"{secrets.token_hex(8)}"'


class Whip:
    """All WHIP sessions, by the last part of their address."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._peers: dict[str, Peer] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._negotiations = asyncio.Semaphore(NEGOTIATIONS)
        self.routes: Final = [
            Route(WHIP_PATH, self._endpoint, methods=["POST", "OPTIONS"]),
            Route(WHIP_PATH + "/{name}", self._session, methods=["PATCH", "DELETE", "OPTIONS"]),
        ]

    async def stop(self) -> None:
        """Wait until all peers are let go of; their connections have been ended before."""
        await asyncio.gather(*self._tasks)

    # ------------------------------------------------------------------ requests

    async def _endpoint(self, request: Request) -> Response:
        return await self._answered(request, self._options if _asks(request) else self._publish)

    async def _session(self, request: Request) -> Response:
        actions = {"OPTIONS": self._options, "PATCH": self._trickle, "DELETE": self._delete}
        return await self._answered(request, actions[request.method])

    async def _answered(self, request: Request, action: Any) -> Response:
        """Do it, or say why not; both so that the page may read it."""
        headers: dict[str, str] = {}
        try:
            headers = self._cross_origin(request)
            response: Response = await action(request)
        except LivegroundError as error:
            response = _problem(error)
        response.headers.update(headers)
        return response

    async def _options(self, _: Request) -> Response:
        return Response(
            headers={
                "Accept-Post": "application/sdp",
                "Accept-Patch": "application/trickle-ice-sdpfrag",
            }
        )

    async def _publish(self, request: Request) -> Response:
        """POST: take a peer. Raises SignallingError, LimitExceeded."""
        self._check_token(request)
        service = self._service()
        service.check_room()
        text = await _body(request, "application/sdp")
        offer = sdp.read_offer(text)
        transport, codec = self._transport(offer)
        try:
            async with self._negotiations, asyncio.timeout(self._entrance.config.webrtc.connect_s):
                answer = await transport.answer(text)
            service.check_room()  # others may have come meanwhile
        except BaseException as fault:
            await transport.shut()
            if isinstance(fault, TimeoutError):
                raise SignallingError(504, "timeout", "ICE servers do not answer.") from fault
            raise
        connection = service.admit(transport, codec, authorized=True, config=self._limits())
        peer = Peer(transport, connection, offer)
        name = secrets.token_urlsafe(16)
        self._peers[name] = peer
        task = asyncio.create_task(self._serve(service, name, peer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        headers = {"Location": f"{WHIP_PATH}/{name}", "ETag": peer.etag}
        return Response(answer, 201, headers, "application/sdp")

    async def _serve(self, service: Service, name: str, peer: Peer) -> None:
        try:
            await service.run(peer.connection)
        finally:
            self._peers.pop(name, None)
            await peer.transport.shut()

    async def _trickle(self, request: Request) -> Response:
        """PATCH: take later candidates. Raises SignallingError."""
        self._check_token(request)
        peer = self._peer(request)
        text = await _body(request, "application/trickle-ice-sdpfrag")
        wanted = request.headers.get("if-match")
        if wanted is None:
            raise SignallingError(428, "etag", "Send If-Match with the ETag of the 201 answer.")
        if wanted not in ("*", peer.etag):
            raise SignallingError(412, "etag", "If-Match is not this session's ETag.")
        fragment = sdp.read_fragment(text)
        if fragment.ufrag != peer.offer.ufrag:
            raise SignallingError(
                422, "ice_restart", "ICE cannot be restarted. DELETE the session, POST a new offer."
            )
        await peer.transport.add(fragment.candidates, complete=fragment.complete)
        return Response(status_code=204)

    async def _delete(self, request: Request) -> Response:
        """DELETE: end a session, and wait for its end."""
        self._check_token(request)
        peer = self._peer(request)
        peer.connection.stop(End(1000, "deleted"))
        await peer.transport.gone.wait()
        return Response(status_code=200)

    # ------------------------------------------------------------------ checks

    def _cross_origin(self, request: Request) -> dict[str, str]:
        """Headers that let a page of an allowed origin read the answer. Raises SignallingError."""
        origin = request.headers.get("origin")
        if origin is None:
            return {}
        if not self._entrance.allows(origin, request.headers.get("host", "")):
            raise SignallingError(
                403, "origin", f"Pages of {origin} may not connect. Add it to allowed_origins."
            )
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": ASKED_HEADERS,
            "Access-Control-Expose-Headers": TOLD_HEADERS,
            "Vary": "Origin",
        }

    def _check_token(self, request: Request) -> None:
        if self._entrance.config.token is not None and not self._entrance.has_token(request):
            raise SignallingError(
                401, "unauthorized", "Send the server's token: Authorization: Bearer ..."
            )

    def _service(self) -> Service:
        if self._entrance.service is None:
            raise SignallingError(503, "loading", "The model is loading.")
        return self._entrance.service

    def _peer(self, request: Request) -> Peer:
        peer = self._peers.get(request.path_params["name"])
        if peer is None:
            raise SignallingError(404, "unknown", "There is no such session, or it has ended.")
        return peer

    def _transport(self, offer: sdp.Offer) -> tuple["WebRtcTransport", EitherCodec]:
        if not self._entrance.config.webrtc.enabled:
            raise SignallingError(501, "webrtc", "WebRTC is switched off here: webrtc.enabled.")
        try:
            from stream.transports.webrtc import WebRtcTransport
        except ImportError as fault:
            text = "This server has no WebRTC. There: pip install 'liveground[webrtc]'."
            raise SignallingError(501, "webrtc", text) from fault
        codec = EitherCodec()
        return WebRtcTransport(offer, self._entrance.config.webrtc, codec), codec

    def _limits(self) -> Config:
        """Silence is found out sooner than over TCP, and a hello may take its time."""
        config = self._entrance.config
        return msgspec.structs.replace(
            config, hello_s=config.webrtc.connect_s, idle_s=config.webrtc.idle_s
        )


def _asks(request: Request) -> bool:
    return request.method == "OPTIONS"


async def _body(request: Request, kind: str) -> str:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != kind:
        raise SignallingError(415, "content_type", f"The body must be {kind}, not {given!r}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise SignallingError(
                413, "too_large", f"The body is longer than {MAX_BODY_BYTES} bytes."
            )
    try:
        return body.decode()
    except UnicodeDecodeError as fault:
        raise SignallingError(400, "malformed", "The body is no UTF-8.") from fault


def _problem(error: LivegroundError) -> Response:
    """An error as the client of HTTP sees it: the fields of the `error` message."""
    wire = to_wire(error)
    body = {"code": wire.code, "text": wire.text}
    if isinstance(error, SignallingError):
        status = error.status
    else:
        status = 503 if isinstance(error, LimitExceeded) else 500
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    limit = {} if wire.limit is None else {"limit": wire.limit, "value": wire.value}
    return JSONResponse({**body, **limit}, status, headers)
