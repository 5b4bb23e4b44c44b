"""One short session in messages, each kind at least once: shown in docs/protocol.md, and the source
of `tests/vectors/`. Data only.
"""

from typing import Final, Literal

import numpy as np

from engines.motion.partition import split
from engines.motion.skeleton import JOINT_NAMES, PARENTS
from stream import messages
from stream.messages import Message

Side = Literal["client", "server"]

STANDING_M: Final = (
    (0.0, 0.94, 0.0),
    (0.06, 0.85, 0.0),
    (-0.06, 0.85, 0.0),
    (0.0, 1.05, -0.02),
    (0.1, 0.47, 0.0),
    (-0.1, 0.47, 0.0),
    (0.0, 1.18, 0.0),
    (0.09, 0.07, -0.03),
    (-0.09, 0.07, -0.03),
    (0.0, 1.24, 0.0),
    (0.11, 0.02, 0.1),
    (-0.11, 0.02, 0.1),
    (0.0, 1.45, -0.02),
    (0.08, 1.36, -0.01),
    (-0.08, 1.36, -0.01),
    (0.0, 1.54, 0.03),
    (0.18, 1.39, -0.02),
    (-0.18, 1.39, -0.02),
    (0.22, 1.13, -0.02),
    (-0.22, 1.13, -0.02),
    (0.23, 0.88, 0.02),
    (-0.23, 0.88, 0.02),
)
"""A standing person in `smpl22`, facing +z."""

INSTRUCTION: Final = "walks forward, then sits down and waves"
STEPS: Final = split(INSTRUCTION)

WELCOME: Final = messages.Welcome(
    protocol=1,
    session="5f0c1d2e",
    resume_token="Zk3qX0b9T1yV4w7u",
    resumed=False,
    last_seq=-1,
    server="liveground 0.1.0",
    limits=messages.Limits(
        max_message_bytes=262144,
        max_rate_hz=300.0,
        max_prompts=64,
        max_text_chars=1000,
        max_horizon_s=20.0,
        resume_s=60.0,
        max_examples=64,
        max_example_s=10.0,
    ),
    skeletons=[
        messages.Skeleton(name="smpl22", joints=list(JOINT_NAMES), parents=list(PARENTS)),
    ],
    model=messages.Model(
        name="motion-1", version="1.0.0", sha256="9f2c" * 16, lookahead_s=0.4, fps=20.0
    ),
)

EXAMPLES: Final = '{"kind": "liveground examples", "format": 1, "model": {}, "examples": []}'

STORY: Final[tuple[tuple[Side, Message, str], ...]] = (
    (
        "client",
        messages.Hello(protocol=1, client="my-rig 1.0"),
        "The client speaks first and names its protocol version.",
    ),
    (
        "server",
        WELCOME,
        "The server says who it is, what it accepts and in which order it expects joints "
        "(only one of its skeletons is shown here).",
    ),
    (
        "client",
        messages.Configure(instruction=INSTRUCTION),
        "What to look for, in free words.",
    ),
    (
        "server",
        messages.Configured(config=1, mode="script", labels=STEPS, lookahead_s=0.4, horizon_s=10.0),
        "The server has split the sentence into ordered steps; labels point into this list.",
    ),
    (
        "client",
        messages.Pose(seq=0, time_s=12.0, joints=[list(joint) for joint in STANDING_M]),
        "Then one message a frame, at the rig's own rate and clock. In JSON the joints are a list "
        "or base64 of float32 bytes; in MessagePack they are those bytes.",
    ),
    (
        "server",
        messages.Label(
            config=1,
            seq=84,
            time_s=13.0,
            age_ms=418.5,
            index=0,
            label="walks forward",
            score=0.91,
            scores=[0.91, 0.04, 0.01],
        ),
        "Twenty times a second: what is being done. Here frame 84 had come when the server spoke "
        "of the moment 13.0 s on the client's clock.",
    ),
    (
        "server",
        messages.SegmentMessage(
            config=1,
            id=0,
            index=0,
            label="walks forward",
            start_s=12.0,
            end_s=13.0,
            score=0.88,
            state="provisional",
        ),
        "The timeline grows at the same time. A provisional segment may still change...",
    ),
    (
        "server",
        messages.SegmentMessage(
            config=1,
            id=0,
            index=0,
            label="walks forward",
            start_s=12.0,
            end_s=15.35,
            score=0.9,
            state="final",
        ),
        "...a final one never does. It has the same `id`.",
    ),
    (
        "client",
        messages.Enrol(name="our secret sign", start_s=16.2, end_s=17.6),
        "Teach by showing: those seconds were an example of an action with this name.",
    ),
    (
        "server",
        messages.Enrolled(
            name="our secret sign",
            seconds=1.4,
            counts={"our secret sign": 1},
            labels=STEPS,
            examples=EXAMPLES,
        ),
        "It is remembered for the next `configure` that names it (in mode watch it would be a "
        "prompt at once), and comes back as the content of a file (shortened here).",
    ),
    (
        "client",
        messages.Bye(reason="recording ended"),
        "The client is done. Whatever is still open is made final first.",
    ),
    (
        "server",
        messages.Stats(
            received=1200,
            processed=1197,
            dropped={"late": 1, "duplicate": 2},
            errored=0,
            pending=0,
            labels=400,
            labels_skipped=0,
            input_hz=60.0,
            age_p50_ms=415.0,
            age_p95_ms=431.0,
        ),
        "Then the server accounts for every frame.",
    ),
    (
        "server",
        messages.Bye(reason="done"),
        "Its own `bye` is the last message: nothing was lost on the way.",
    ),
)
"""(who sends it, the message, what it means)."""

OTHERS: Final[tuple[tuple[Side, str, Message], ...]] = (
    (
        "client",
        "hello_resume",
        messages.Hello(protocol=1, client="my-rig 1.0", token="s3cret", resume="Zk3qX0b9T1yV4w7u"),
    ),
    (
        "client",
        "configure_watch",
        messages.Configure(
            prompts=["jumps", "schlägt ein Rad", "手を振る"],
            mode="watch",
            lookahead_s=0.5,
            horizon_s=3.0,
        ),
    ),
    ("client", "configure_steps", messages.Configure(steps=STEPS)),
    (
        "client",
        "pose_bytes",
        messages.Pose(
            seq=2**53 - 1,
            time_s=-0.25,
            joints=np.array(STANDING_M, "<f4").tobytes(),
            skeleton="smpl22",
        ),
    ),
    (
        "client",
        "enrol_alone",
        messages.Enrol(name="手を振る", start_s=-3.0, end_s=-1.5, words=False),
    ),
    ("client", "enrol_file", messages.Enrol(examples=EXAMPLES)),
    ("client", "ping", messages.Ping(id=7)),
    ("client", "pong", messages.Pong(id=8)),
    ("server", "server_ping", messages.Ping(id=8)),
    ("server", "server_pong", messages.Pong(id=7)),
    (
        "server",
        "configured_again",
        messages.Configured(
            config=3,
            mode="watch",
            labels=["jumps", "手を振る"],
            lookahead_s=0.4,
            horizon_s=2.5,
            cause="example",
            since_s=-12.35,
        ),
    ),
    (
        "server",
        "enrolled_file",
        messages.Enrolled(
            name="", seconds=4.25, counts={"jumps": 2, "手を振る": 1}, labels=[], examples=EXAMPLES
        ),
    ),
    (
        "server",
        "label_unknown",
        messages.Label(
            config=2,
            seq=300,
            time_s=17.05,
            age_ms=402.0,
            index=-1,
            label="unknown",
            score=0.62,
            scores=[0.21, 0.17],
        ),
    ),
    (
        "server",
        "segment_retracted",
        messages.SegmentMessage(
            config=2,
            id=3,
            index=1,
            label="jumps",
            start_s=16.0,
            end_s=16.2,
            score=0.0,
            state="retracted",
        ),
    ),
    ("server", "dropped", messages.Dropped(reason="late", first_seq=40, last_seq=41, count=2)),
    (
        "server",
        "notice",
        messages.Notice(code="gap", text="No frame came for 3.2 s; a new stretch begins."),
    ),
    (
        "server",
        "error_frame",
        messages.ErrorMessage(
            code="bad_joints",
            text="joints has 21 rows; expected 22 joints of 'smpl22'.",
            seq=512,
        ),
    ),
    (
        "server",
        "error_limit",
        messages.ErrorMessage(
            code="limit",
            text="65 prompts; the limit is 64.",
            fatal=False,
            limit="max_prompts",
            value=64.0,
        ),
    ),
    (
        "server",
        "error_fatal",
        messages.ErrorMessage(
            code="version", text="This server speaks protocol 1; hello said 2.", fatal=True
        ),
    ),
    ("server", "going_away", messages.GoingAway(time_left_s=10.0)),
)
"""Messages outside the story: (who sends it, name, message)."""
