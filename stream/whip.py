"""WHIP (RFC 9725): cameras come in over WebRTC with one HTTP request. Routes and their checks."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, Protocol

from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from engines.errors import LivegroundError
from stream.config import Config
from stream.errors import LimitExceeded, SignallingError, to_wire
from stream.peers import Peers, Wish
from stream.sdp import read_fragment
from stream.service import Service
from stream.webrtc_settings import WebRtcSettings

WHIP_PATH: Final = "/v1/whip"
EVENTS_PATH: Final = "/v1/sessions/{watched}/events"
OFFER: Final = "application/sdp"
FRAGMENT: Final = "application/trickle-ice-sdpfrag"
MAX_BODY_BYTES: Final = 64 * 1024
"""Of an offer or a fragment; a browser's offer with many candidates has 10 kB."""
BODY_S: Final = 10.0
"""For all of a body: who sends it slowly holds a connection."""
RETRY_AFTER_S: Final = 5
PASSING: Final = frozenset({"max_sessions", "max_watchers", "draining"})
"""Limits that are no fault of the request: try again later."""
NAME: Final = re.compile(r"[\w-]{1,64}", re.ASCII)
ASKED_HEADERS: Final = "Authorization, Content-Type, If-Match"
TOLD_HEADERS: Final = "Location, ETag, Link, Retry-After, Accept-Post, Accept-Patch"


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


class Whip:
    """The routes; `peers` does what they ask for."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self.peers: Final = Peers(entrance.config)
        self.routes: Final = [
            self._route(WHIP_PATH, POST=self._publish),
            self._route(WHIP_PATH + "/", POST=self._publish),  # GStreamer loses its way in a 307
            self._route(WHIP_PATH + "/{name}", PATCH=self._trickle, DELETE=self._delete),
            self._route(EVENTS_PATH, GET=self._events),
        ]

    def _route(self, path: str, **actions: Callable[[Request], Awaitable[Response]]) -> Route:
        """OPTIONS asks what the others are; every answer can be read by the page that asked."""
        methods = [*actions, "OPTIONS"]

        async def answer(request: Request) -> Response:
            headers: dict[str, str] = {}
            try:
                headers = self._cross_origin(request, methods)
                if request.method == "OPTIONS":
                    response = self._options(request)
                else:
                    self._check_token(request)
                    response = await actions[request.method](request)
            except LivegroundError as error:
                response = _problem(error)
                self._count(error)
            response.headers.update(headers)
            return response

        return Route(path, answer, methods=methods)

    # ------------------------------------------------------------------ requests

    def _options(self, request: Request) -> Response:
        """What may be sent; the ICE servers, for clients that need them before their offer."""
        headers = {"Accept-Post": OFFER, "Accept-Patch": FRAGMENT}
        response = Response(headers=headers)
        if self._entrance.config.token is None or self._entrance.has_token(request):
            self._link(response)
        return response

    async def _publish(self, request: Request) -> Response:
        service = self._entrance.service
        if service is None:
            raise SignallingError(503, "loading", "The model is loading.")
        offer = await _body(request, OFFER)
        peer = await self.peers.publish(service, offer, _wish(request))
        headers = {"Location": f"{WHIP_PATH}/{peer.name}", "ETag": peer.etag}
        response = Response(peer.answer, 201, headers, OFFER)
        self._link(response)
        if peer.watched is not None:
            events = EVENTS_PATH.format(watched=peer.watched)
            response.headers.append(
                "Link", f'<{events}>; rel="alternate"; type="text/event-stream"'
            )
        return response

    async def _trickle(self, request: Request) -> Response:
        peer = self.peers.find(request.path_params["name"])
        wanted = request.headers.get("if-match")
        text = await _body(request, FRAGMENT)
        if wanted is None:
            raise SignallingError(428, "etag", "Send If-Match with the ETag of the 201 answer.")
        if wanted not in ("*", peer.etag):
            raise SignallingError(412, "etag", "If-Match is not this session's ETag.")
        fragment = read_fragment(text)
        if fragment.ufrag != peer.ufrag:
            raise SignallingError(
                422, "ice_restart", "ICE cannot be restarted. DELETE the session, POST a new offer."
            )
        await peer.transport.add(fragment.candidates, complete=fragment.complete)
        return Response(status_code=204)

    async def _delete(self, request: Request) -> Response:
        await self.peers.end(self.peers.find(request.path_params["name"]))
        return Response()

    async def _events(self, request: Request) -> Response:
        messages = self.peers.watch(request.path_params["watched"])
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(_lines(messages), headers=headers, media_type="text/event-stream")

    # ------------------------------------------------------------------ headers and checks

    def _cross_origin(self, request: Request, methods: list[str]) -> dict[str, str]:
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
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": ASKED_HEADERS,
            "Access-Control-Expose-Headers": TOLD_HEADERS,
            "Vary": "Origin",
        }

    def _check_token(self, request: Request) -> None:
        if self._entrance.config.token is not None and not self._entrance.has_token(request):
            raise SignallingError(
                401, "unauthorized", "Send the server's token: Authorization: Bearer ..."
            )

    def _count(self, error: LivegroundError) -> None:
        if self._entrance.service is not None:
            reason = error.limit if isinstance(error, LimitExceeded) else error.code
            self._entrance.service.metrics.refused.labels(reason).inc()

    def _link(self, response: Response) -> None:
        for server in ice_links(self._entrance.config.webrtc):
            response.headers.append("Link", server)


def ice_links(settings: WebRtcSettings) -> list[str]:
    """The ICE servers as values of `Link` (RFC 9725, 4.6)."""
    user, password = _quoted(settings.ice_username), _quoted(settings.ice_credential)
    account = f'; username="{user}"; credential="{password}"; credential-type="password"'
    return [
        f'<{url}>; rel="ice-server"{account if url.startswith("turn") else ""}'
        for url in settings.ice_servers
    ]


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"")


def _wish(request: Request) -> Wish:
    """What the address says. Raises SignallingError."""
    query = request.query_params
    unknown = query.keys() - {"prompts", "name", "overlay"}
    if unknown:
        text = f"Unknown in the address: {min(unknown)[:40]!r}. Known: prompts, name, overlay."
        raise SignallingError(400, "query", text)
    name = query.get("name")
    if name is not None and not NAME.fullmatch(name):
        raise SignallingError(400, "query", "A name has 1 to 64 letters, digits, - and _.")
    overlay = query.get("overlay", "0")
    if overlay not in ("0", "1"):
        raise SignallingError(400, "query", "overlay is 1 or 0.")
    own = request.scope.get("server") or ("", None)
    reached = str(own[0]).removeprefix("::ffff:")
    return Wish(tuple(query.getlist("prompts")), name, overlay == "1", reached)


async def _body(request: Request, kind: str) -> str:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != kind:
        raise SignallingError(415, "content_type", f"The body must be {kind}, not {given[:40]!r}.")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise SignallingError(
                        413, "too_large", f"The body is longer than {MAX_BODY_BYTES} bytes."
                    )
        return body.decode()
    except (TimeoutError, ClientDisconnect) as fault:
        raise SignallingError(408, "timeout", f"No whole body within {BODY_S:g} s.") from fault
    except UnicodeDecodeError as fault:
        raise SignallingError(400, "malformed", "The body is no UTF-8.") from fault


async def _lines(messages: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Server-sent events: one message, one event."""
    async for message in messages:
        yield b"data: " + message + b"\n\n"


def _problem(error: LivegroundError) -> Response:
    """An error as the client of HTTP sees it: the fields of the `error` message."""
    status = error.status if isinstance(error, SignallingError) else 422
    if isinstance(error, LimitExceeded) and error.limit in PASSING:
        status = 503
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    wire = to_wire(error)
    body: dict[str, str | float | None] = {"code": wire.code, "text": wire.text}
    if wire.limit is not None:
        body |= {"limit": wire.limit, "value": wire.value}
    return JSONResponse(body, status, headers)
