"""What is read of offers and fragments, and what is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.errors import SignallingError
from stream.sdp import (
    DEFAULT_MESSAGE_BYTES,
    MAX_CANDIDATES,
    MAX_MEDIA,
    Candidate,
    near_first,
    read_fragment,
    read_offer,
)

HEAD = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:abcd\r\n"
VIDEO = (
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\n"
    "a=rtpmap:96 VP8/90000\r\n"
)
AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\n"
CHANNELS = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n"
ADDRESS = "1 1 udp 2122260223 192.0.2.1 61764 typ host"
LINES = st.sampled_from(
    [*(HEAD + VIDEO + CHANNELS).splitlines(), f"a=candidate:{ADDRESS}", "m=", ""]
)


def test_a_camera_with_channels() -> None:
    """What a browser offers."""
    offer = read_offer(HEAD + VIDEO + AUDIO + CHANNELS + "a=max-message-size:262144\r\n")
    assert (offer.has_video, offer.has_channels, offer.wants_video) == (True, True, False)
    assert (offer.message_bytes, offer.ufrag) == (262144, "abcd")


@pytest.mark.parametrize(
    ("direction", "sends", "receives"),
    [
        ("sendrecv", True, True),
        ("sendonly", True, False),
        ("recvonly", False, True),
        ("inactive", False, False),
    ],
)
def test_directions(direction: str, sends: bool, receives: bool) -> None:
    """A section's own line says it; without one it is both."""
    offer = read_offer(HEAD + VIDEO.replace("sendonly", direction) + CHANNELS)
    assert (offer.has_video, offer.wants_video) == (sends, receives)
    silent = read_offer(HEAD + VIDEO.replace("a=sendonly\r\n", ""))
    assert (silent.has_video, silent.wants_video) == (True, True)


@pytest.mark.parametrize(
    ("line", "message_bytes"),
    [("", DEFAULT_MESSAGE_BYTES), ("a=max-message-size:0\n", None), ("a=max-message-size:9\n", 9)],
)
def test_how_long_messages_may_be(line: str, message_bytes: int | None) -> None:
    """64 KiB if nothing is said; 0 is any length (RFC 8841)."""
    assert read_offer(HEAD + CHANNELS + line).message_bytes == message_bytes


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 400),
        ("{}", 400),
        (VIDEO, 400),
        (HEAD + "m=\n", 400),
        (HEAD + CHANNELS + "a=max-message-size:-1\n", 400),
        (HEAD, 406),
        (HEAD + AUDIO, 406),
        (HEAD + VIDEO.replace("sendonly", "recvonly"), 406),
        (HEAD + VIDEO * (MAX_MEDIA + 1), 406),
    ],
)
def test_offers_that_are_refused(text: str, status: int) -> None:
    """No SDP, or nothing in it that is of use."""
    with pytest.raises(SignallingError) as refused:
        read_offer(text)
    assert refused.value.status == status


def test_a_fragment() -> None:
    """The example of RFC 9725: candidates, the section that they are for, and the end."""
    fragment = read_fragment(
        "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"
        f"m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:{ADDRESS}\r\n"
        f"m=video 9 RTP/AVP 0\r\na=candidate:{ADDRESS}\r\na=end-of-candidates\r\n"
    )
    assert fragment.ufrag == "EsAw"
    assert fragment.candidates == (Candidate(ADDRESS, "0", 0), Candidate(ADDRESS, None, 1))
    assert fragment.complete


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"a=candidate:{ADDRESS}",
        "a=ice-ufrag:a\nm=video 9 x 0\n" + f"a=candidate:{ADDRESS}\n" * (MAX_CANDIDATES + 1),
    ],
)
def test_fragments_that_are_refused(text: str) -> None:
    """Without a user fragment it is nobody's; too many candidates are too many."""
    with pytest.raises(SignallingError) as refused:
        read_fragment(text)
    assert refused.value.status == 400


@given(st.one_of(st.text(max_size=300), st.lists(LINES).map("\n".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No other error, whatever the text is."""
    for read in (read_offer, read_fragment):
        with suppress(SignallingError):
            read(text)


def test_the_address_that_was_reached_comes_first() -> None:
    """In each section; the others stay in order, and so do all other lines."""
    near, *far = (
        ADDRESS.replace("192.0.2.1", host) for host in ("192.0.2.9", "fd00::2", "10.0.0.1")
    )
    lines = [f"a=candidate:{each}\r\n" for each in (far[0], far[1], near)]
    text = HEAD + VIDEO + "".join(lines) + AUDIO + "".join(lines) + "a=end-of-candidates\r\n"
    first = [lines[2], lines[0], lines[1]]
    expected = HEAD + VIDEO + "".join(first) + AUDIO + "".join(first) + "a=end-of-candidates\r\n"
    assert near_first(text, "192.0.2.9") == expected
    assert near_first(text, "127.0.0.1") == text


@given(st.lists(LINES).map("\r\n".join), st.sampled_from(["192.0.2.1", "", "x"]))
def test_no_line_is_lost(text: str, host: str) -> None:
    """Whatever it is given."""
    assert sorted(near_first(text, host).splitlines()) == sorted(text.splitlines())
