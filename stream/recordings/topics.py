"""The topics of a recording: which message goes where, how it is written, and how it comes back.
Pure.

Messages are the protocol's JSON. Their schemas are the protocol's too, put so that Foxglove reads
them: references are put in, of alternatives the first stands, `null` is left out. So the joints of
a pose are always base64 of float32, and an image is a `foxglove.CompressedImage` with two more
fields.
"""

from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np

from engines.errors import LivegroundError
from stream import messages
from stream.messages import ClientMessage, Hello, Image, Message, Pose, ServerMessage, Welcome
from stream.protocol import JSON, Ignored

FORMAT: Final = 1
HEAD: Final = "liveground"
END: Final = "liveground.end"
"""Names of the metadata at the beginning and at the end of a file."""
NO_LIBRARY: Final = "Recordings need the package mcap: pip install 'liveground[record]'."
FRAMES: Final = "/frames"
MAX_NS: Final = 2**63 - 1
LONGEST_MESSAGE_BYTES: Final = 64 * 1024 * 1024
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of message from one side."""

    name: str
    struct: type[Message]
    from_client: bool


TOPICS: Final = (
    Topic("/hello", messages.Hello, True),
    Topic("/configure", messages.Configure, True),
    Topic("/enrol", messages.Enrol, True),
    Topic("/pose", messages.Pose, True),
    Topic(FRAMES, messages.Image, True),
    Topic("/bye", messages.Bye, True),
    Topic("/welcome", messages.Welcome, False),
    Topic("/configured", messages.Configured, False),
    Topic("/enrolled", messages.Enrolled, False),
    Topic("/labels", messages.Label, False),
    Topic("/segments", messages.SegmentMessage, False),
    Topic("/heatmaps", messages.Heatmap, False),
    Topic("/dropped", messages.Dropped, False),
    Topic("/notices", messages.Notice, False),
    Topic("/stats", messages.Stats, False),
    Topic("/errors", messages.ErrorMessage, False),
    Topic("/going_away", messages.GoingAway, False),
    Topic("/server_bye", messages.Bye, False),
)
"""All but `ping` and `pong`, which say nothing about a session."""

BY_NAME: Final = {topic.name: topic for topic in TOPICS}
_BY_STRUCT: Final = {(topic.struct, topic.from_client): topic for topic in TOPICS}


class _Time(msgspec.Struct):
    sec: int
    nsec: int


class _Frame(msgspec.Struct):
    """`foxglove.CompressedImage`, with the frame's number and its exact capture time."""

    timestamp: _Time
    frame_id: str
    data: bytes
    format: str
    seq: int
    time_s: float


def topic_of(message: Message, *, from_client: bool) -> Topic | None:
    """Where a message of one side goes; None for what is not recorded."""
    return _BY_STRUCT.get((type(message), from_client))


def encode(message: Message) -> bytes:
    """What is written for a message: JSON, without secrets."""
    match message:
        case Hello():
            message = msgspec.structs.replace(message, token=None, resume=None)
        case Welcome():
            message = msgspec.structs.replace(message, resume_token="")
        case Pose():
            message = _packed(message)
        case Image():
            time = _Time(*divmod(capture_ns(message) or 0, 10**9))
            return msgspec.json.encode(
                _Frame(time, "camera", message.jpeg, "jpeg", message.seq, message.time_s)
            )
    return JSON.encode(message)


def decode(topic: Topic, data: bytes) -> ClientMessage | ServerMessage | None:
    """The message that `encode` was given, less its secrets; None if it is no message now."""
    try:
        if topic.struct is Image:
            frame = msgspec.json.decode(data, type=_Frame)
            return Image(seq=frame.seq, time_s=frame.time_s, jpeg=frame.data)
        message = (
            JSON.decode_client(data, limit_bytes=LONGEST_MESSAGE_BYTES)
            if topic.from_client
            else JSON.decode_server(data)
        )
    except (msgspec.DecodeError, LivegroundError):
        return None
    return None if isinstance(message, Ignored) else message


def capture_ns(message: Message) -> int | None:
    """The capture time that a message speaks of, in nanoseconds of the client's clock.

    None where it has none, or one that MCAP cannot hold: before 0.
    """
    time_s: float | None = getattr(message, "time_s", None)
    if isinstance(message, messages.SegmentMessage):
        time_s = message.end_s
    if time_s is None or not 0 <= time_s * 1e9 <= MAX_NS:
        return None
    return round(time_s * 1e9)


def schema(topic: Topic) -> tuple[str, Json]:
    """Name and JSON Schema of a topic's messages."""
    struct = _Frame if topic.struct is Image else topic.struct
    whole = msgspec.json.schema(struct)
    flat = _flat(whole, whole["$defs"])
    name = "foxglove.CompressedImage" if topic.struct is Image else f"liveground.{struct.__name__}"
    return name, {"$schema": "https://json-schema.org/draft/2020-12/schema", **flat, "title": name}


def _flat(node: Json, definitions: Json) -> Json:
    if "$ref" in node:
        node = definitions[node["$ref"].rpartition("/")[2]]
    if "anyOf" in node:
        node = next(each for each in node["anyOf"] if each.get("type") != "null")
        return _flat(node, definitions)
    if "enum" in node:
        return {"type": "string", **node}
    flat = {name: value for name, value in node.items() if name in _KEPT}
    if "description" in flat:
        flat["description"] = " ".join(flat["description"].split())
    match flat.get("type"):
        case "array":
            flat["items"] = _flat(node["items"], definitions)
        case "object":
            fields = node.get("properties", {})
            flat["properties"] = {each: _flat(fields[each], definitions) for each in fields}
    return flat


_KEPT: Final = ("type", "description", "required", "contentEncoding", "minimum", "maximum")


def _packed(pose: Pose) -> Pose:
    """The same with its joints as bytes, which is how the server takes them anyway."""
    if isinstance(pose.joints, bytes):
        return pose
    if any(len(row) != 3 for row in pose.joints):
        return pose
    with np.errstate(over="ignore"):
        joints = np.array(pose.joints, np.float64).astype("<f4").tobytes()
    return msgspec.structs.replace(pose, joints=joints)
