"""WHIP's requests on a running server: what is answered, and what is refused and how."""

import asyncio
import sys
from collections.abc import AsyncIterator

import httpx
import pytest

from stream import whip
from stream.app import Door, Running
from stream.config import Config
from stream.webrtc_settings import WebRtcSettings
from stream.whip import MAX_BODY_BYTES, ice_links
from tests.stream.client import PATIENCE_S, eventually
from tests.stream.test_sdp import AUDIO, CHANNELS, HEAD, VIDEO
from tests.stream.whip_peer import Square, WhipPeer, whip_peer
from tests.stream.whip_server import whip_server

TOKEN = "0123456789abcdef"
SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}
DTLS = (
    "a=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n"
    f"a=fingerprint:sha-256 {':'.join(['00'] * 32)}\r\n"
)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    async with whip_server(monkeypatch, max_sessions=2) as made:
        yield made


@pytest.fixture
async def http(server: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client(server) as made:
        yield made


def client(server: Running) -> httpx.AsyncClient:
    base = f"http://{server.host}:{server.port}"
    return httpx.AsyncClient(base_url=base, timeout=PATIENCE_S)


async def published(peer: WhipPeer, path: str = "/v1/whip") -> httpx.Response:
    peer.peer.addTrack(Square())
    peer.open("control")
    return await peer.publish(path)


async def test_a_session_is_made_and_deleted(server: Running) -> None:
    """201 with its address; 200 on DELETE, then 404: it has ended, and its place is free."""
    async with whip_peer(server.url) as peer:
        made = await published(peer)
        assert made.status_code == 201
        assert made.headers["Content-Type"] == "application/sdp"
        assert made.headers["ETag"].startswith('"')
        assert "a=setup:passive" in made.text
        assert len(server.service.connections) == 1
        address = made.headers["Location"]
        assert (await peer.http.delete(address)).status_code == 200
        await eventually(lambda: not server.service.connections)
        gone = await peer.http.delete(address)
        assert (gone.status_code, gone.json()["code"]) == (404, "unknown")


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (HEAD + VIDEO, {"Content-Type": "text/plain"}, 415, "content_type"),
        (HEAD + VIDEO, {}, 415, "content_type"),
        ("x" * (MAX_BODY_BYTES + 1), SDP, 413, "too_large"),
        (b"\xff\xfe", SDP, 400, "malformed"),
        ("", SDP, 400, "malformed"),
        ("no SDP at all", SDP, 400, "malformed"),
        (HEAD + CHANNELS, SDP, 400, "malformed"),
        (HEAD + "m=video x y z\r\na=mid:0\r\n" + CHANNELS, SDP, 400, "malformed"),
        (HEAD + AUDIO, SDP, 406, "offer"),
        (HEAD + VIDEO, SDP, 422, "prompts"),
        ((HEAD + DTLS + VIDEO + CHANNELS).replace("VP8", "AV1"), SDP, 406, "offer"),
    ],
)
async def test_offers_that_are_refused(
    http: httpx.AsyncClient, body: str | bytes, headers: dict[str, str], status: int, code: str
) -> None:
    """Each with its status and a body that says what to do; nothing is left of them."""
    answer = await http.post("/v1/whip", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["text"]
    metrics = (await http.get("/metrics")).text
    assert "liveground_connections 0.0" in metrics
    assert f'liveground_refused_connections_total{{reason="{code}"}} 1.0' in metrics


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?prompt=waves", 400, "query"),
        ("?prompts=waves&overlay=yes", 400, "query"),
        ("?prompts=waves&name=a/b", 400, "query"),
        ("?prompts=waves&name=", 400, "query"),
        ("?prompts=waves&prompts=waves", 422, "bad_prompt"),
        ("?prompts=" + "x" * 2000, 422, "limit"),
    ],
)
async def test_addresses_that_are_refused(
    http: httpx.AsyncClient, query: str, status: int, code: str
) -> None:
    """A publisher hears at once what it would not hear later."""
    answer = await http.post("/v1/whip" + query, content=HEAD + VIDEO, headers=SDP)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_body_that_does_not_come(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """408, and who hangs up in the middle costs nothing either."""
    monkeypatch.setattr(whip, "BODY_S", 0.1)
    head = b"POST /v1/whip HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp\r\n"
    for hangs_up in (True, False):
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(head + b"Content-Length: 99\r\n\r\nv=0")
        await writer.drain()
        if not hangs_up:
            async with asyncio.timeout(PATIENCE_S):
                assert b" 408 " in await reader.readline()
        writer.close()
        await writer.wait_closed()
    async with client(server) as http:
        assert (await http.get("/healthz")).status_code == 200


async def test_a_server_without_a_video_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher is told so; a peer with channels may send poses."""
    async with whip_server(monkeypatch, video_model="") as server, client(server) as http:
        answer = await http.post("/v1/whip?prompts=waves", content=HEAD + VIDEO, headers=SDP)
        assert answer.status_code == 501
        assert "--video-model" in answer.json()["text"]
        async with whip_peer(server.url) as peer:
            assert (await published(peer)).status_code == 201


async def test_an_address_with_a_slash_behind(server: Running) -> None:
    """Answered, not redirected: GStreamer's whipsink asks the same address again after a 307."""
    async with whip_peer(server.url) as peer:
        assert (await published(peer, "/v1/whip/")).status_code == 201


async def test_trickled_candidates(server: Running) -> None:
    """204 for this ICE session; 428, 412 and 422 for none, another, and a restart."""
    async with whip_peer(server.url) as peer:
        made = await published(peer)
        ufrag = next(
            line for line in peer.peer.localDescription.sdp.splitlines() if "a=ice-ufrag" in line
        )
        fragment = f"{ufrag}\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n" + "".join(
            f"a=candidate:{each}\r\n"
            for each in (
                "1 1 udp 2122260223 127.0.0.1 9 typ host",
                "2 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active",
                "no candidate",
            )
        )
        etag = made.headers["ETag"]
        for body, extra, status in (
            (fragment, {"If-Match": etag}, 204),
            (fragment, {"If-Match": "*"}, 204),
            (fragment + "a=end-of-candidates\r\n", {"If-Match": etag}, 204),
            (fragment, {}, 428),
            (fragment, {"If-Match": '"other"'}, 412),
            (fragment.replace(ufrag, "a=ice-ufrag:new"), {"If-Match": "*"}, 422),
            (f"m=video 9 x 0\r\na=candidate:{AUDIO}", {"If-Match": etag}, 400),
            (fragment, {"If-Match": etag, **SDP}, 415),
        ):
            answer = await peer.http.patch(
                made.headers["Location"], content=body, headers=FRAGMENT | extra
            )
            assert answer.status_code == status, (body, extra, answer.text)
        await peer.opened()
        answer = await peer.http.patch("/v1/whip/other", content=fragment, headers=FRAGMENT)
        assert answer.status_code == 404


async def test_a_full_server_says_when_to_try_again(server: Running) -> None:
    """503 with Retry-After and the limit; a WHIP session holds a place from its answer on."""
    async with whip_peer(server.url) as one, whip_peer(server.url) as other:
        await published(one)
        await published(other)
        async with whip_peer(server.url) as third:
            full = await published(third)
            assert full.status_code == 503
            assert int(full.headers["Retry-After"]) > 0
            assert (full.json()["limit"], full.json()["value"]) == ("max_sessions", 2)


async def test_before_the_model_is_loaded() -> None:
    """503: it comes."""
    transport = httpx.ASGITransport(app=Door(Config()).app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        answer = await http.post("/v1/whip", content=HEAD + VIDEO, headers=SDP)
        assert (answer.status_code, answer.json()["code"]) == (503, "loading")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/whip"), ("PUT", "/v1/whip"), ("GET", "/v1/whip/x"), ("POST", "/v1/whip/x")],
)
async def test_methods_that_the_rfc_reserves(
    http: httpx.AsyncClient, method: str, path: str
) -> None:
    """405 on anything else."""
    assert (await http.request(method, path)).status_code == 405


async def test_pages_of_other_origins(http: httpx.AsyncClient) -> None:
    """A preflight of an allowed one is answered, and its errors can be read; others get 403."""
    local = {"Origin": "http://localhost:3000"}
    preflight = await http.options(
        "/v1/whip", headers=local | {"Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == local["Origin"]
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    assert preflight.headers["Accept-Post"] == "application/sdp"
    session = await http.options("/v1/whip/x", headers=local)
    assert "DELETE" in session.headers["Access-Control-Allow-Methods"]
    refused = await http.post("/v1/whip", content="", headers=SDP | local)
    assert refused.status_code == 400
    assert refused.headers["Access-Control-Allow-Origin"] == local["Origin"]
    assert "Location" in refused.headers["Access-Control-Expose-Headers"]
    foreign = await http.post(
        "/v1/whip", content="", headers=SDP | {"Origin": "https://foreign.example"}
    )
    assert (foreign.status_code, foreign.json()["code"]) == (403, "origin")
    assert "Access-Control-Allow-Origin" not in foreign.headers


async def test_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wanted on every request but OPTIONS, which keeps the ICE servers from others."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    webrtc = WebRtcSettings(
        ice_servers=("turn:127.0.0.1:9?transport=udp",), ice_username="u", ice_credential="c"
    )
    settings = {"token": TOKEN, "webrtc": webrtc}
    async with whip_server(monkeypatch, **settings) as server, client(server) as http:
        for method, path in (
            ("POST", "/v1/whip"),
            ("PATCH", "/v1/whip/x"),
            ("DELETE", "/v1/whip/x"),
            ("GET", "/v1/sessions/x/events"),
        ):
            for headers in ({}, {"Authorization": "Bearer wrong"}):
                refused = await http.request(method, path, headers=headers)
                assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")
                assert refused.headers["WWW-Authenticate"] == "Bearer"
        assert (await http.delete("/v1/whip/x", headers=bearer)).status_code == 404
        assert "Link" not in (await http.options("/v1/whip")).headers
        told = (await http.options("/v1/whip", headers=bearer)).headers["Link"]
        assert told == ice_links(webrtc)[0]


def test_ice_servers_as_links() -> None:
    """As RFC 9725 writes them; accounts are for TURN, and quoted."""
    settings = WebRtcSettings(
        ice_servers=("stun:s.example", "turn:t.example:3478?transport=udp"),
        ice_username='us"er',
        ice_credential="pass\\word",
    )
    assert ice_links(settings) == [
        '<stun:s.example>; rel="ice-server"',
        '<turn:t.example:3478?transport=udp>; rel="ice-server"; username="us\\"er"; '
        'credential="pass\\\\word"; credential-type="password"',
    ]


async def test_where_there_is_no_webrtc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switched off, or not installed: 501 with the remedy, and the server runs."""
    off = WebRtcSettings(enabled=False)
    async with whip_server(monkeypatch, webrtc=off) as server, client(server) as http:
        answer = await http.post("/v1/whip", content=HEAD + VIDEO, headers=SDP)
        assert answer.status_code == 501
        assert "webrtc.enabled" in answer.json()["text"]
    monkeypatch.setitem(sys.modules, "stream.transports.webrtc", None)
    async with whip_server(monkeypatch) as server, client(server) as http:
        answer = await http.post("/v1/whip", content=HEAD + VIDEO, headers=SDP)
        assert answer.status_code == 501
        assert "pip install 'liveground[webrtc]'" in answer.json()["text"]


async def test_an_offer_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that nobody answers to: the offer is given up in time, and nothing is left of it."""
    async with whip_server(monkeypatch, webrtc=WebRtcSettings(connect_s=0.3)) as server:
        async with whip_peer(server.url) as peer:
            peer.open("control")
            nobody = "".join(
                f"a=candidate:{n} 1 udp 2122260223 nobody-{n}.local 9 typ host\r\n"
                for n in range(9)
            )
            answer = await peer.http.post(
                "/v1/whip", content=await peer.offer() + nobody, headers=SDP
            )
            assert (answer.status_code, answer.json()["code"]) == (504, "timeout")
        assert not server.service.connections
