"""What aiortc takes after its tables are changed, that publishers do."""

import asyncio
import sys

import aioice.ice
import pytest
from aiortc.codecs import CODECS

from stream.protocol import JSON
from stream.sdp import read_offer
from stream.transports.tolerance import LEVEL, accept_more
from stream.transports.webrtc import WebRtcTransport
from stream.webrtc_settings import WebRtcSettings
from tests.stream.client import eventually
from tests.stream.offers import FFMPEG, OBS

PROFILES = ("42001f", "42e01f", "4d0028", "640028", "640c28")


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda *_, **__: ["127.0.0.1"])


async def answered(offer: str) -> str:
    transport = WebRtcTransport(read_offer(offer), WebRtcSettings(), JSON)
    try:
        return await transport.answer(offer)
    finally:
        await transport.shut()
        await eventually(lambda: len(asyncio.all_tasks()) == 1)  # aioice looks every 20 ms


def sections(answer: str) -> list[list[str]]:
    """The lines of each media section."""
    return [part.splitlines() for part in answer.split("\r\nm=")[1:]]


def test_again_does_nothing() -> None:
    """Each profile is there once, and no payload type twice."""
    before = [codec.payloadType for codec in CODECS["video"]]
    accept_more()
    assert [codec.payloadType for codec in CODECS["video"]] == before
    assert len(set(before)) == len(before)


def test_nobody_is_cut_off_for_not_answering_checks_of_consent() -> None:
    """FFmpeg does not; aioice would after six of them."""
    assert sys.maxsize == aioice.ice.CONSENT_FAILURES


@pytest.mark.parametrize("profile", PROFILES)
async def test_every_profile_is_answered_with_itself(profile: str) -> None:
    """At any level: a sender may go as high as it likes."""
    answer = await answered(FFMPEG.replace("42000c", profile))
    (fmtp,) = (line for line in answer.splitlines() if line.startswith("a=fmtp:106 "))
    assert f"profile-level-id={profile[:4]}{LEVEL}" in fmtp
    assert "packetization-mode=1" in fmtp
    assert "level-asymmetry-allowed=1" in fmtp


async def test_the_answer_that_obs_needs() -> None:
    """One transport, its own payload types, OBS as DTLS's client, all of our addresses at once."""
    answer = await answered(OBS)
    assert "a=group:BUNDLE 0 1" in answer
    sound, picture = sections(answer)
    assert sound[0].startswith("audio ")
    assert sound[0].endswith(" 111")
    assert picture[0].startswith("video ")
    assert picture[0].endswith(" 96")
    for section in (sound, picture):
        assert "a=setup:passive" in section
        assert "a=recvonly" in section
        assert "a=rtcp-mux" in section
        assert "a=end-of-candidates" in section
        assert any(line.startswith("a=candidate:") for line in section)
        assert any(line.startswith("a=fingerprint:sha-256 ") for line in section)
    assert "a=rtcp-fb:96 nack" in picture


async def test_the_answer_that_ffmpeg_needs() -> None:
    """We begin DTLS, for it says that it waits; what it retransmits is asked for."""
    answer = await answered(FFMPEG)
    (picture,) = sections(answer)
    assert "a=setup:active" in picture
    assert picture[0].endswith(" 106 105")
    assert "a=fmtp:105 apt=106" in picture
    assert len(answer) < 8192  # longer ones it does not read
