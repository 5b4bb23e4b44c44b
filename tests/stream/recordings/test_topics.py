"""What is written for a message: it comes back, keeps no secret, and Foxglove can read it."""

from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from hypothesis import given

from stream.messages import ClientMessage, Hello, Image, Message, Ping, Pong, Pose, Welcome
from stream.messages import ServerMessage as Server
from stream.recordings.topics import (
    TOPICS,
    Topic,
    capture_ns,
    decode,
    encode,
    schema,
    topic_of,
)
from tests.stream.rig import identity
from tests.stream.wire_strategies import messages_of

WELCOME = identity().welcome


def kept(message: Message) -> Message:
    """What a recording keeps of a message: no secrets, and joints as the server takes them."""
    match message:
        case Hello():
            return msgspec.structs.replace(message, token=None, resume=None)
        case Welcome():
            return msgspec.structs.replace(message, resume_token="")
        case Pose(joints=list() as rows) if all(len(row) == 3 for row in rows):
            with np.errstate(over="ignore"):
                packed = np.array(rows, np.float64).astype("<f4").tobytes()
            return msgspec.structs.replace(message, joints=packed)
    return message


@given(messages_of(ClientMessage))
def test_what_a_client_says_comes_back(message: Message) -> None:
    """Every message but ping and pong, with all its numbers."""
    topic = topic_of(message, from_client=True)
    assert (topic is None) == isinstance(message, Ping | Pong)
    if topic is not None:
        assert decode(topic, encode(message)) == kept(message)


@given(messages_of(Server))
def test_what_a_server_says_comes_back(message: Message) -> None:
    """Every message but ping and pong, with all its numbers."""
    topic = topic_of(message, from_client=False)
    assert (topic is None) == isinstance(message, Ping | Pong)
    if topic is not None:
        assert decode(topic, encode(message)) == kept(message)


def test_every_message_has_one_topic_of_its_own() -> None:
    """All of either side but ping and pong; no two share a name."""
    sides = {True: ClientMessage, False: Server}
    for from_client, union in sides.items():
        told = {topic.struct for topic in TOPICS if topic.from_client == from_client}
        assert told == set(get_args(union)) - {Ping, Pong}
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)


def check(node: dict[str, Any], value: Any) -> None:
    """A value keeps to its schema, which has only what Foxglove's reader of JSON Schema knows."""
    assert not {"$ref", "anyOf", "oneOf", "$defs"} & node.keys()
    match node["type"]:
        case "object":
            assert isinstance(value, dict)
            assert value.keys() >= set(node.get("required", ()))
            for name, each in value.items():
                if name in node["properties"]:
                    check(node["properties"][name], each)
        case "array":
            assert node["items"]["type"] != "array"
            for each in value:
                check(node["items"], each)
        case kind:
            kinds = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}
            assert value is None or isinstance(value, kinds[kind])


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [*node.get("properties", {}).values(), *filter(None, [node.get("items")])]
    return [node, *(each for one in inner for each in _nodes(one))]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_schemas_have_only_what_foxglove_reads(topic: Topic) -> None:
    """Objects, arrays of no arrays and plain values; an object at the top with its properties."""
    name, definition = schema(topic)
    assert definition["type"] == "object"
    assert name == definition["title"]
    for node in _nodes(definition):
        assert node["type"] in {"object", "array", "string", "number", "integer", "boolean"}
        assert not {"$ref", "anyOf", "oneOf", "$defs"} & node.keys()
        assert node["type"] != "object" or isinstance(node["properties"], dict)
        assert node["type"] != "array" or node["items"]["type"] != "array"
        assert node.get("contentEncoding") in (None, "base64")


@given(messages_of(Server))
def test_messages_keep_to_their_schema(message: Message) -> None:
    """Every field that is written is in the schema, with its type."""
    topic = topic_of(message, from_client=False)
    if topic is not None:
        written = msgspec.json.decode(encode(message))
        assert written.keys() <= schema(topic)[1]["properties"].keys()
        check(schema(topic)[1], written)


def test_a_camera_frame_is_a_compressed_image() -> None:
    """With the fields of Foxglove's schema, its time split into seconds and nanoseconds."""
    image = Image(seq=7, time_s=12.25, jpeg=b"\xff\xd8file")
    topic = topic_of(image, from_client=True)
    assert topic is not None
    written = msgspec.json.decode(encode(image))
    name, definition = schema(topic)
    assert name == "foxglove.CompressedImage"
    assert set(definition["required"]) >= {"timestamp", "frame_id", "data", "format"}
    assert written["timestamp"] == {"sec": 12, "nsec": 250_000_000}
    assert written["format"] == "jpeg"
    check(definition, written)


@pytest.mark.parametrize(
    ("time_s", "expected"), [(0.0, 0), (1.5, 1_500_000_000), (-0.1, None), (1e11, None)]
)
def test_a_capture_time_that_does_not_fit_is_none(time_s: float, expected: int | None) -> None:
    """Any origin is allowed on the wire; MCAP counts from 0 in 64 bits."""
    assert capture_ns(Pose(seq=0, time_s=time_s, joints=b"")) == expected


def test_what_is_no_message_is_none() -> None:
    """Damaged or of a later version: passed over, whatever it is."""
    for topic in TOPICS:
        assert decode(topic, b"\x00") is None
        assert decode(topic, b'{"type": "of tomorrow"}') is None
