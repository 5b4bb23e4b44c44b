"""Every message of the wire protocol, version 1: one frozen struct each, units in the field names.

`docs/protocol.md` and `docs/schemas/` are generated from this file (`python -m stream.protocol_docs`);
a test fails when they drift. Field docs are the string below each field. Data only; no I/O.
"""

from typing import Final, Literal

import msgspec

PROTOCOL_VERSION: Final = 1
SUBPROTOCOL_JSON: Final = "liveground.v1.json"
SUBPROTOCOL_MSGPACK: Final = "liveground.v1.msgpack"


class Message(msgspec.Struct, frozen=True, tag_field="type", kw_only=True, omit_defaults=True):
    """Base of all messages; `type` names the kind."""


# --------------------------------------------------------------------------- client to server


class Hello(Message, tag="hello"):
    """First message of every connection."""

    protocol: int
    """Version of the protocol that the client speaks: 1."""
    client: str
    """Name and version of the client, for the server's log."""
    token: str | None = None
    """Secret for servers that want one (all that listen beyond loopback)."""
    resume: str | None = None
    """`resume_token` of an earlier welcome, to take that session up again."""


class Configure(Message, tag="configure", forbid_unknown_fields=True):
    """What to look for. Give exactly one of `instruction`, `steps` and `prompts`. May be sent again
    at any time: the kept window is labelled anew from cached features."""

    instruction: str | None = None
    """Free text; split into ordered steps by the server (mode script)."""
    steps: list[str] | None = None
    """Ordered sub-actions, each done once (mode script)."""
    prompts: list[str] | None = None
    """Actions in any order, any number of times (mode watch)."""
    mode: Literal["script", "watch"] | None = None
    """Only needed to differ from what the given texts imply: `watch` with `instruction` or `steps`
    watches for the parts in any order."""
    lookahead_s: float | None = None
    """Labels speak of the moment this long before the newest frame. Default and minimum: the model's."""
    horizon_s: float | None = None
    """A segment becomes final when it ended this long ago. Default: the server's."""


class Pose(Message, tag="pose"):
    """One skeleton frame."""

    seq: int
    """Frame number, counted up by the client."""
    time_s: float
    """Capture time on the client's own clock, seconds. Any origin."""
    joints: bytes | list[list[float]]
    """(J, 3) positions in metres. MessagePack: little-endian float32 bytes, J*3*4 of them.
    JSON: a list of [x, y, z], or base64 of the same bytes."""
    skeleton: str = "smpl22"
    """Name of a joint table from the welcome."""


class Ping(Message, tag="ping"):
    """Either side may ask; the other answers with `pong`."""

    id: int
    """Returned in the pong."""


class Bye(Message, tag="bye"):
    """The client is done: open segments are made final, `stats` and the server's own `bye` come back.
    The server's `bye` is the last message of every orderly end."""

    reason: str = ""


# --------------------------------------------------------------------------- server to client


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the server accepts from one session."""

    max_message_bytes: int
    max_rate_hz: float
    max_prompts: int
    max_text_chars: int
    max_horizon_s: float
    resume_s: float


class Skeleton(msgspec.Struct, frozen=True, kw_only=True):
    """A joint table: the order in which `pose.joints` are expected."""

    name: str
    joints: list[str]
    parents: list[int]
    """Index of each joint's parent, -1 for the root."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """The motion model in use."""

    name: str
    version: str
    sha256: str
    lookahead_s: float
    """Smallest delay between a frame and the label that speaks of it."""
    fps: float
    """Labels a second."""


class Welcome(Message, tag="welcome"):
    """Answer to `hello`."""

    protocol: int
    session: str
    resume_token: str
    resumed: bool
    """True when the session named by `hello.resume` goes on: window, timeline and prompts are kept."""
    last_seq: int
    """Newest frame number that the session has seen, -1 for none."""
    server: str
    limits: Limits
    skeletons: list[Skeleton]
    model: Model


class Configured(Message, tag="configured"):
    """The configuration now in force."""

    config: int
    """Counts configurations in this session; labels and segments carry it."""
    mode: Literal["script", "watch"]
    labels: list[str]
    """Steps or prompts; `index` in labels and segments points here."""
    lookahead_s: float
    horizon_s: float


class Label(Message, tag="label"):
    """What is being done at `time_s`. Sent for every model frame (20 a second)."""

    config: int
    seq: int
    """Newest input frame that this label takes into account."""
    time_s: float
    """Capture time that the label speaks of."""
    age_ms: float
    """Server's estimate of the time from capture of that moment to sending of this label: the look-ahead
    plus all queueing, relative to the fastest frame seen."""
    index: int
    """Position in `configured.labels`, -1 for unknown."""
    label: str
    score: float
    """0..1"""
    scores: list[float]
    """One per configured label, 0..1."""


class SegmentMessage(Message, tag="segment"):
    """A sub-action on the timeline: provisional at first, revised under the same `id`, then final."""

    config: int
    id: int
    index: int
    label: str
    start_s: float
    end_s: float
    score: float
    state: Literal["provisional", "final", "retracted"]
    """`final` segments never change. `retracted`: a provisional segment that turned out to be none."""


class Dropped(Message, tag="dropped"):
    """Input frames that were not used. Every frame has one outcome: label, dropped or error."""

    reason: Literal["late", "duplicate", "rate", "busy", "cut"]
    """late: captured before a frame that was already used. duplicate: same capture time as the frame before.
    rate: more frames a second than `limits.max_rate_hz`. busy: the server is overloaded.
    cut: never reached a label because the connection ended or the clock was reset."""
    first_seq: int
    last_seq: int
    count: int


class Notice(Message, tag="notice"):
    """Something that a user should know and that is no error."""

    code: Literal["clock_reset", "gap", "labels_skipped"]
    text: str


class Stats(Message, tag="stats"):
    """Accounting: received = processed + dropped + errored + pending, pending is 0 at the end."""

    received: int
    processed: int
    dropped: dict[str, int]
    """Frames by reason."""
    errored: int
    pending: int
    """Received, outcome not known yet."""
    labels: int
    labels_skipped: int
    """Labels replaced by a newer one because the client did not read them in time."""
    input_hz: float
    age_p50_ms: float
    age_p95_ms: float


class ErrorMessage(Message, tag="error"):
    """Something was refused. `fatal` errors are followed by the end of the connection."""

    code: str
    text: str
    fatal: bool = False
    seq: int | None = None
    """The input frame that it concerns."""
    limit: str | None = None
    """Name of the limit that was reached..."""
    value: float | None = None
    """...and its value."""


class Pong(Message, tag="pong"):
    """Answer to `ping`."""

    id: int


class GoingAway(Message, tag="going_away"):
    """The server is about to stop; the connection closes within `time_left_s`."""

    time_left_s: float


ClientMessage = Hello | Configure | Pose | Ping | Pong | Bye
ServerMessage = (
    Welcome
    | Configured
    | Label
    | SegmentMessage
    | Dropped
    | Notice
    | Stats
    | ErrorMessage
    | Ping
    | Pong
    | GoingAway
    | Bye
)
