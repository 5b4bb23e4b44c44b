"""A short session about video in messages: shown in docs/protocol.md, and a source of
`tests/vectors/`. Data only."""

from typing import Final

from stream import messages
from stream.messages import Message
from stream.protocol_examples import WELCOME, Side

JPEG: Final = bytes.fromhex("ffd8ffc0000b080060008001011100ffd9")
"""The beginning and the end of a grey picture of 128 x 96, for the page's sake."""

VIDEO_STORY: Final[tuple[tuple[Side, Message, str], ...]] = (
    (
        "client",
        messages.Hello(protocol=1, client="my-camera 1.0", kind="video"),
        "The session is about video. (`welcome` follows, with `video` in it.)",
    ),
    (
        "client",
        messages.Configure(prompts=["cuts an onion", "waves"]),
        "What to look for, in free words; other words at any time.",
    ),
    (
        "server",
        messages.Configured(
            config=1,
            mode="watch",
            labels=["cuts an onion", "waves"],
            lookahead_s=0.0,
            horizon_s=0.0,
        ),
        "These are looked for from now on.",
    ),
    (
        "client",
        messages.Image(seq=7, time_s=3.6, jpeg=JPEG),
        "One JPEG file a camera frame, best no larger than `video.size_px` needs (shortened here).",
    ),
    (
        "server",
        messages.Heatmap(
            config=1,
            seq=7,
            time_s=3.6,
            key_time_s=3.4,
            age_ms=31.5,
            columns=3,
            rows=2,
            heats=[
                messages.Heat(
                    index=0,
                    present=True,
                    presence=0.93,
                    peaks=[messages.Peak(x=0.5, y=0.25, score=1.0, box=[0.33, 0.0, 1.0, 0.5])],
                    low=0.11,
                    high=0.27,
                    grid=bytes([40, 255, 180, 0, 60, 20]),
                ),
                messages.Heat(
                    index=1,
                    present=False,
                    presence=0.08,
                    peaks=[],
                    low=0.09,
                    high=0.12,
                    grid=bytes(6),
                ),
            ],
        ),
        "Where each prompt is in frame 7. The model saw the frame of 3.4 s; its maps were carried "
        "along from there. An onion is cut at the middle of the upper half; nobody waves.",
    ),
)
"""(who sends it, the message, what it means)."""

OTHERS_OF_VIDEO: Final[tuple[tuple[Side, str, Message], ...]] = (
    (
        "server",
        "welcome_video",
        messages.Welcome(
            protocol=1,
            session="5f0c1d2e",
            resume_token="Zk3qX0b9T1yV4w7u",
            resumed=True,
            last_seq=12,
            server="liveground 0.1.0",
            limits=WELCOME.limits,
            skeletons=[],
            model=WELCOME.model,
            video=messages.VideoModel(
                name="scenes-1",
                version="1.0",
                sha256="3ab1" * 16,
                size_px=144,
                calibrated=True,
                notice="trained on rendered scenes",
            ),
        ),
    ),
    (
        "server",
        "stats_video",
        messages.Stats(
            received=900,
            processed=894,
            dropped={"busy": 6},
            errored=0,
            pending=0,
            labels=1010,
            labels_skipped=0,
            input_hz=30.0,
            age_p50_ms=24.0,
            age_p95_ms=61.0,
            key_frames=118,
            unchanged=240,
        ),
    ),
)
"""Messages outside the story: (who sends it, name, message)."""
