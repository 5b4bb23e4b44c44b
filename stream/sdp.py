"""What the server needs to know of SDP before a WebRTC library sees it: what an offer offers
(RFC 8866, 8841), and the candidates of a trickled fragment (RFC 8840). Pure."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from stream.errors import SignallingError

DEFAULT_MESSAGE_BYTES: Final = 65_536
"""What a peer takes that does not say `a=max-message-size` (RFC 8841, 6.1)."""
MAX_MEDIA: Final = 8
"""Media sections of an offer: a camera, a microphone, data channels, and room."""
MAX_CANDIDATES: Final = 100
"""Of one fragment; a host with many addresses has a few dozen."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a peer offers. `message_bytes`: the longest message that it takes; None: any.

    `wants_video`: it has a video section in which it receives.
    """

    has_video: bool
    has_channels: bool
    wants_video: bool
    message_bytes: int | None
    ufrag: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address of the peer: the value of `a=candidate:`, and the media section it is for."""

    value: str
    mid: str | None
    section: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """Candidates that came after the offer; `ufrag` tells which ICE session they are of."""

    ufrag: str
    candidates: tuple[Candidate, ...]
    complete: bool


def read_offer(text: str) -> Offer:
    """Raises SignallingError if it is no offer, or none of a camera or a data channel."""
    lines = _lines(text)
    if not lines or lines[0] != "v=0":
        raise _malformed("The body is no SDP: it does not begin with v=0.")
    sections = _sections(lines)
    kinds = [section[0].split()[0].removeprefix("m=") for section in sections[1:]]
    if len(kinds) > MAX_MEDIA:
        raise _unusable(f"The offer has {len(kinds)} media sections; the limit is {MAX_MEDIA}.")
    video = [section for section in sections if section[0].startswith("m=video ")]
    sending = [section for section in video if _direction(section) in ("sendrecv", "sendonly")]
    channels = "application" in kinds
    if not sending and not channels:
        raise _unusable(
            "The offer has neither video that is sent nor data channels. Add a camera's track, or "
            "a data channel `control` for poses."
        )
    return Offer(
        has_video=bool(sending),
        has_channels=channels,
        wants_video=any(_direction(each) in ("sendrecv", "recvonly") for each in video),
        message_bytes=_message_bytes(lines),
        ufrag=_value(lines, "a=ice-ufrag:"),
    )


def read_fragment(text: str) -> Fragment:
    """Raises SignallingError if it is no fragment of SDP with a user fragment."""
    lines = _lines(text)
    ufrag = _value(lines, "a=ice-ufrag:")
    if not ufrag:
        raise _malformed("The body is no SDP fragment (RFC 8840): it has no a=ice-ufrag line.")
    candidates = []
    for place, section in enumerate(_sections(lines)[1:]):
        mid = _value(section, "a=mid:") or None
        values = [line for line in section if line.startswith("a=candidate:")]
        candidates += [Candidate(line.removeprefix("a=candidate:"), mid, place) for line in values]
    if len(candidates) > MAX_CANDIDATES:
        raise _malformed(f"{len(candidates)} candidates; the limit is {MAX_CANDIDATES}.")
    return Fragment(ufrag, tuple(candidates), "a=end-of-candidates" in lines)


def near_first(text: str, host: str) -> str:
    """The description with this host's candidates before others of its section.

    FFmpeg's WHIP muxer tries the first one only: let it be the address that it reached over HTTP.
    """
    lines = text.splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if line.startswith("a=candidate:")]
    for _, run in groupby(enumerate(places), lambda each: each[1] - each[0]):
        taken = [place for _, place in run]
        ordered = sorted((lines[place] for place in taken), key=lambda line: _host(line) != host)
        for place, line in zip(taken, ordered, strict=True):
            lines[place] = line
    return "".join(lines)


def _host(candidate: str) -> str:
    """Of `a=candidate:FOUNDATION COMPONENT TRANSPORT PRIORITY HOST PORT typ ...`."""
    return [*candidate.split(maxsplit=5), *[""] * 5][4]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _sections(lines: list[str]) -> list[list[str]]:
    """The session's lines, then those of each media section."""
    sections: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("m="):
            if not line[2:].strip():
                raise _malformed("A media line is empty.")
            sections.append([])
        sections[-1].append(line)
    return sections


def _direction(section: list[str]) -> str:
    named = [line[2:] for line in section if line[2:] in _DIRECTIONS]
    return named[0] if named else "sendrecv"


def _value(lines: list[str], name: str) -> str:
    return next((line.removeprefix(name) for line in lines if line.startswith(name)), "")


def _message_bytes(lines: list[str]) -> int | None:
    value = _value(lines, "a=max-message-size:")
    if not value:
        return DEFAULT_MESSAGE_BYTES
    if not value.isdecimal():
        raise _malformed(f"a=max-message-size is {value[:20]!r}, expected a number.")
    return int(value) or None


def _malformed(text: str) -> SignallingError:
    return SignallingError(400, "malformed", text)


def _unusable(text: str) -> SignallingError:
    return SignallingError(406, "offer", text)


_DIRECTIONS: Final = ("sendrecv", "sendonly", "recvonly", "inactive")
