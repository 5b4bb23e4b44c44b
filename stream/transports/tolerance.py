"""What publishers do and aiortc refuses, made acceptable: changes its tables for this process.

H.264 comes in more profiles than the two that aiortc writes, and larger than level 3.1 allows; the
decoder is FFmpeg's and takes them all. FFmpeg's WHIP muxer does not answer checks of consent, for
which aioice cuts it off after half a minute; who is silent is found out by `webrtc.idle_s` anyway.
Frames before the first key frame cannot be decoded: not worth a warning each.
"""

import logging
import sys
from typing import Final

import aioice.ice
from aiortc.codecs import CODECS
from aiortc.rtcrtpparameters import RTCRtcpFeedback, RTCRtpCodecParameters

PROFILES: Final = ("4d00", "6400", "640c")
"""H.264 Main, High and Constrained High: beginnings of `profile-level-id` (RFC 6184, 8.1)."""
LEVEL: Final = "34"
"""5.2: 4K at 60 pictures a second."""
FIRST_PAYLOAD_TYPE: Final = 110
"""Behind those of aiortc; only offers need it, and we answer."""
FEEDBACK: Final = (("nack", None), ("nack", "pli"), ("goog-remb", None))


def accept_more() -> None:
    """Change aiortc's tables; again does nothing."""
    aioice.ice.CONSENT_FAILURES = sys.maxsize
    logging.getLogger("aiortc.rtcrtpreceiver").setLevel(logging.ERROR)
    video = CODECS["video"]
    h264 = [codec for codec in video if codec.mimeType == "video/H264"]
    known = {_profile(codec) for codec in h264}
    for codec in h264:
        codec.parameters["profile-level-id"] = _profile(codec) + LEVEL
    video += [_h264(profile) for profile in PROFILES if profile not in known]


def _profile(codec: RTCRtpCodecParameters) -> str:
    return str(codec.parameters["profile-level-id"])[:4]


def _h264(profile: str) -> RTCRtpCodecParameters:
    return RTCRtpCodecParameters(
        mimeType="video/H264",
        clockRate=90_000,
        payloadType=FIRST_PAYLOAD_TYPE + PROFILES.index(profile),
        rtcpFeedback=[RTCRtcpFeedback(type=kind, parameter=value) for kind, value in FEEDBACK],
        parameters={
            "level-asymmetry-allowed": "1",
            "packetization-mode": "1",
            "profile-level-id": profile + LEVEL,
        },
    )
