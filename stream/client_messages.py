"""What a client sends. Field docs are the string below each field. Data only; no I/O."""

from typing import Literal

from stream.wire import Count, Message, Seconds, ShortText


class Hello(Message, frozen=True, tag="hello"):
    """First message of every connection."""

    protocol: Count
    """Version of the protocol that the client speaks: 1."""
    client: ShortText
    """Name and version of the client, for the server's log."""
    token: str | None = None
    """Secret for servers that want one (all that listen beyond loopback)."""
    resume: str | None = None
    """`resume_token` of an earlier welcome, to take that session up again."""
    kind: Literal["motion", "video"] = "motion"
    """What the session is about. motion: `pose` frames, labels and segments come back. video:
    `image` frames, heatmaps come back; `configure` takes `prompts` only."""


class Configure(Message, frozen=True, tag="configure", forbid_unknown_fields=True):
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
    lookahead_s: Seconds | None = None
    """Labels speak of the moment this long before the newest frame. Default and minimum: the
    model's."""
    horizon_s: Seconds | None = None
    """A segment becomes final when it ended this long ago; of a script, gaps shorter than this are
    not counted. Default: the server's; unless told
    otherwise 10 s for a script, whose next steps say which one it was, and 2.5 s watching."""


class Enrol(Message, frozen=True, tag="enrol", forbid_unknown_fields=True):
    """Teach by showing: what was done between two capture times is an example of a named action.
    Or the examples of a file: give either `name`, `start_s` and `end_s`, or `examples`."""

    name: str | None = None
    """What the action is called: a label in force, or a new one. In mode watch a new name becomes
    a prompt at once; a script looks for it once a `configure` names it."""
    start_s: Seconds | None = None
    """Capture time of its beginning. The server keeps the last 20 s of motion."""
    end_s: Seconds | None = None
    """Capture time of its end: no later than `time_s` of the newest label, and in one stretch."""
    words: bool = True
    """Whether the words of the name count beside what is shown; false for a name that says
    nothing."""
    examples: str | None = None
    """Content of a file of examples, as `enrolled.examples` had it; added to those that the
    session has. They count wherever their names are labels."""


class Pose(Message, frozen=True, tag="pose"):
    """One skeleton frame."""

    seq: Count
    """Frame number, counted up by the client."""
    time_s: Seconds
    """Capture time on the client's own clock, seconds. Any origin."""
    joints: bytes | list[list[float]]
    """(J, 3) positions in metres. MessagePack: little-endian float32 bytes, J*3*4 of them.
    JSON: a list of [x, y, z], or base64 of the same bytes."""
    skeleton: str = "smpl22"
    """Name of a joint table from the welcome."""
