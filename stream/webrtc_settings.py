"""Settings of cameras over WebRTC: the table `[webrtc]` of `stream.config`."""

import re
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from stream.errors import ConfigError

ICE_SERVER: Final = re.compile(
    r"stuns?:[^?:/@\s]+(:[0-9]+)?|turns?:[^?:/@\s]+(:[0-9]+)?(\?transport=(udp|tcp))?"
)
"""RFC 7064 and 7065, but for IPv6 addresses, which aiortc does not take here."""


class WebRtcSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cameras over WebRTC, with WHIP as signalling; on where the extra `webrtc` is installed."""

    enabled: Annotated[bool, Meta(description="Take WebRTC peers at all.")] = True
    ice_servers: Annotated[
        tuple[str, ...],
        Meta(
            description="STUN and TURN servers, `turn:host:3478?transport=udp`; told to clients "
            "too. Without any, peers must reach the server's own addresses over UDP."
        ),
    ] = ()
    ice_username: Annotated[str, Meta(description="User name at the TURN servers.")] = ""
    ice_credential: Annotated[str, Meta(description="Password there; better by environment.")] = ""
    connect_s: Annotated[
        float,
        Meta(gt=0, le=600, description="From the offer to the hello: ICE, DTLS, data channel."),
    ] = 15.0
    idle_s: Annotated[
        float,
        Meta(
            gt=0,
            le=3600,
            description="Silence, no frame and pings unanswered, before the cut: UDP has no end.",
        ),
    ] = 10.0

    def __post_init__(self) -> None:
        for url in self.ice_servers:
            if not ICE_SERVER.fullmatch(url):
                raise ConfigError(
                    f"webrtc.ice_servers has {url!r}. Expected stun:HOST:PORT or "
                    "turn:HOST:PORT?transport=udp, without user and password."
                )
