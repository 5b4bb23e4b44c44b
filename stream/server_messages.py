"""What the server sends. Field docs are the string below each field. Data only; no I/O."""

from typing import Literal

import msgspec

from stream.video_messages import VideoModel
from stream.wire import Count, CountOrNone, Finite, Message, Seconds


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the server accepts from one session."""

    max_message_bytes: Count
    """Longest message."""
    max_rate_hz: Finite
    """Most pose frames a second; what goes beyond is dropped."""
    max_prompts: Count
    """Most steps or prompts in one `configure`."""
    max_text_chars: Count
    """Longest instruction, step or prompt."""
    max_horizon_s: Seconds
    """Largest `horizon_s` and `lookahead_s`."""
    resume_s: Seconds
    """How long the session is kept for `hello.resume` after the connection was lost."""
    max_examples: Count = 0
    """Most examples of all names together; 0 for a server that cannot be taught."""
    max_example_s: Seconds = 0.0
    """Longest example."""
    max_image_px: Count = 0
    """Most pixels, width times height, of one `image`."""


class Skeleton(msgspec.Struct, frozen=True, kw_only=True):
    """A joint table: the order in which `pose.joints` are expected."""

    name: str
    """What `pose.skeleton` says."""
    joints: list[str]
    """Names in the order of `pose.joints`."""
    parents: list[CountOrNone]
    """Index of each joint's parent, -1 for the root."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """The motion model in use."""

    name: str
    """Name of the model's folder."""
    version: str
    """Its version."""
    sha256: str
    """Hash of its encoder: the same hash gives the same labels."""
    lookahead_s: Seconds
    """Smallest delay between a frame and the label that speaks of it."""
    fps: Finite
    """Labels a second."""


class Welcome(Message, frozen=True, tag="welcome"):
    """Answer to `hello`."""

    protocol: Count
    """Version of the protocol that the server speaks: 1."""
    session: str
    """Name of the session, as in the server's log."""
    resume_token: str
    """Secret for `hello.resume`."""
    resumed: bool
    """True when the session named by `hello.resume` goes on: window, timeline and prompts are
    kept."""
    last_seq: CountOrNone
    """Newest frame number that the session has seen, -1 for none."""
    server: str
    """Name and version of the server."""
    limits: Limits
    """What it accepts."""
    skeletons: list[Skeleton]
    """What `pose.skeleton` may name."""
    model: Model
    """What makes the labels."""
    video: VideoModel | None = None
    """What makes the heatmaps; absent where the server has no video model."""
    recording: Literal["off", "messages", "messages_and_images"] = "off"
    """What the server keeps of this session on its disk. messages: all that either side sends, but
    for images. Tell whoever is in front of the camera or in the suit."""


class Configured(Message, frozen=True, tag="configured"):
    """The configuration now in force."""

    config: Count
    """Counts configurations in this session; labels and segments carry it."""
    mode: Literal["script", "watch"]
    """`script`: ordered steps, each once. `watch`: any of the prompts, any number of times."""
    labels: list[str]
    """Steps or prompts; `index` in labels and segments points here."""
    lookahead_s: Seconds
    """Labels speak of the moment this long before the newest frame."""
    horizon_s: Seconds
    """A segment becomes final when it ended this long ago; of a script, gaps shorter than this are
    not counted."""
    cause: Literal["configure", "example", "descriptions"] = "configure"
    """configure: the client's own. example: one was shown (`enrolled` follows). descriptions: a
    language model has described the labels, or taken video prompts apart. The last two come without
    `configure`."""
    since_s: Seconds | None = None
    """Capture time of the oldest motion that is labelled anew. Unless the cause is `configure`, the
    new segments take the place of the older ones from here on. Absent while there is no motion."""


class Enrolled(Message, frozen=True, tag="enrolled"):
    """An example was taken. Where the motion that the server keeps is labelled anew for it, a
    `configured` comes before."""

    name: str
    """What was taught; empty for a file."""
    seconds: Seconds
    """How long the new examples are, all together."""
    counts: dict[str, Count]
    """How many examples the session has of each name."""
    labels: list[str]
    """Labels now in force; empty before the first `configured`."""
    examples: str
    """All examples of the session as the content of a file: keep it, share it, send it with
    `enrol`. It says which model it belongs to."""


class Label(Message, frozen=True, tag="label"):
    """What is being done at `time_s`. Sent for every model frame (20 a second)."""

    config: Count
    """The configuration that it belongs to."""
    seq: Count
    """Newest input frame that this label takes into account."""
    time_s: Seconds
    """Capture time that the label speaks of."""
    age_ms: Finite
    """Server's estimate of the time from capture of that moment to sending of this label: the
    look-ahead plus all queueing, relative to the fastest frame seen."""
    index: CountOrNone
    """Position in `configured.labels`, -1 for unknown."""
    label: str
    """Its text; `unknown` for -1."""
    score: Finite
    """How sure, 0..1."""
    scores: list[Finite]
    """One per configured label, 0..1."""


class SegmentMessage(Message, frozen=True, tag="segment"):
    """A sub-action on the timeline: provisional at first, revised under the same `id`, then
    final."""

    config: Count
    """The configuration that it belongs to."""
    id: Count
    """The same for all messages about one segment."""
    index: CountOrNone
    """Position in `configured.labels`."""
    label: str
    """Its text."""
    start_s: Seconds
    """Capture time of its beginning."""
    end_s: Seconds
    """Capture time of its end, so far."""
    score: Finite
    """How well motion and text agree, 0..1."""
    state: Literal["provisional", "final", "retracted"]
    """`final` segments never change. `retracted`: a provisional segment that turned out to be
    none."""


class Dropped(Message, frozen=True, tag="dropped"):
    """Input frames that were not used. Every frame has one outcome: a result, dropped or error."""

    reason: Literal["late", "duplicate", "rate", "busy", "cut"]
    """late: captured before a frame that was already used. duplicate: same capture time as the
    frame before. rate: more frames a second than `limits.max_rate_hz`. busy: the server is
    overloaded; of images the newest wins. cut: never reached a result because the connection ended
    or the clock was reset."""
    first_seq: Count
    """Frame number of the first of them."""
    last_seq: Count
    """Frame number of the last of them."""
    count: Count
    """How many they are."""


class Notice(Message, frozen=True, tag="notice"):
    """Something that a user should know and that is no error."""

    code: Literal[
        "clock_reset",
        "gap",
        "labels_skipped",
        "partition_fallback",
        "expansion_fallback",
        "decomposition_fallback",
        "configure_replaced",
    ]
    """clock_reset: capture times went back, a new timeline begins. gap: no frames for a while, a
    new stretch begins; segments end before it and, but for a script whose horizon is longer than
    the gap, become final. labels_skipped: the client reads too slowly; older labels were left out.
    partition_fallback: the language model did not split the instruction, the grammar did.
    expansion_fallback: the language model did not describe all labels, the dictionary does.
    decomposition_fallback: the language model did not take all video prompts apart, the grammar
    does.
    configure_replaced: a newer `configure` came before the instruction of an older one was split;
    the older one gets no `configured`."""
    text: str
    """The same in words."""


class Stats(Message, frozen=True, tag="stats"):
    """Accounting: received = processed + dropped + errored + pending, pending is 0 at the end."""

    received: Count
    """Frames, poses or images, that arrived."""
    processed: Count
    """Frames that labels or heatmaps took into account."""
    dropped: dict[str, Count]
    """Frames by reason."""
    errored: Count
    """Frames that were answered by an error."""
    pending: Count
    """Received, outcome not known yet."""
    labels: Count
    """Labels, or heatmaps, sent."""
    labels_skipped: Count
    """Those replaced by a newer one because the client did not read them in time."""
    input_hz: Finite
    """Frames a second, by capture time."""
    age_p50_ms: Finite
    """Median of `label.age_ms`, or of `heatmap.age_ms`."""
    age_p95_ms: Finite
    """Their 95th percentile."""
    key_frames: Count = 0
    """Of video: frames that the model has seen; to the others its maps were carried."""
    unchanged: Count = 0
    """Of video: frames that it need not see, since nothing had changed since the key frame."""


class ErrorMessage(Message, frozen=True, tag="error"):
    """Something was refused. `fatal` errors are followed by the end of the connection."""

    code: str
    """One of the table of errors; programs decide by it."""
    text: str
    """What was wrong, what was expected and what to do; for people."""
    fatal: bool = False
    """The connection ends."""
    seq: Count | None = None
    """The input frame that it concerns."""
    limit: str | None = None
    """Name of the limit that was reached..."""
    value: Finite | None = None
    """...and its value."""


class GoingAway(Message, frozen=True, tag="going_away"):
    """The server is about to stop; the connection closes within `time_left_s`."""

    time_left_s: Seconds
    """Until the connection is cut."""
