"""Laws of the codec: round trip, refusal of everything else by ProtocolError only."""

import json
import math
from contextlib import suppress
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import ShapeError
from stream import messages
from stream.errors import (
    MalformedMessage,
    MessageTooLarge,
    ProtocolError,
    UnexpectedMessage,
    UnknownField,
)
from stream.messages import ClientMessage, Pose, ServerMessage
from stream.protocol import (
    CODECS,
    JSON,
    MAX_COORDINATE_M,
    MSGPACK,
    Codec,
    EitherCodec,
    Ignored,
    choose,
    joints_of,
)
from tests.stream.wire_strategies import messages_of

LIMIT_BYTES = 1 << 20
codecs = pytest.mark.parametrize("codec", CODECS.values(), ids=lambda codec: codec.subprotocol)


@codecs
@settings(max_examples=300, deadline=None)
@given(message=messages_of(ClientMessage))
def test_client_messages_round_trip(codec: Codec, message: ClientMessage) -> None:
    """decode(encode(m)) == m for every message of a client."""
    assert codec.decode_client(codec.encode(message), limit_bytes=LIMIT_BYTES) == message


@codecs
@settings(max_examples=300, deadline=None)
@given(message=messages_of(ServerMessage))
def test_server_messages_round_trip(codec: Codec, message: ServerMessage) -> None:
    """decode(encode(m)) == m for every message of a server."""
    assert codec.decode_server(codec.encode(message)) == message


@codecs
@settings(max_examples=500, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200)))
def test_random_input_raises_protocol_errors_only(codec: Codec, data: bytes | str) -> None:
    """Whatever arrives is a message, ignored, or a ProtocolError."""
    _accept_or_refuse(codec, data)


@codecs
@settings(max_examples=500, deadline=None)
@given(
    message=st.one_of(messages_of(ClientMessage), messages_of(ServerMessage)),
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.binary(max_size=4), st.integers(0, 4)), max_size=4
    ),
)
def test_mutated_messages_raise_protocol_errors_only(
    codec: Codec, message: messages.Message, edits: list[tuple[float, bytes, int]]
) -> None:
    """Valid messages with bytes replaced, inserted and cut never raise anything else."""
    data = codec.encode(message)
    for place, inserted, cut in edits:
        start = int(place * len(data))
        data = data[:start] + inserted + data[start + cut :]
    _accept_or_refuse(codec, data)


def _accept_or_refuse(codec: Codec, data: bytes | str) -> None:
    for decode in (codec.decode_client, codec.decode_server):
        with suppress(ProtocolError):
            decode(data, limit_bytes=LIMIT_BYTES)


@codecs
def test_unknown_types_are_ignored(codec: Codec) -> None:
    """A message of a later version is reported as ignored, with its type."""
    data = _raw(codec, {"type": "wink", "eye": "left"})
    assert codec.decode_client(data, limit_bytes=LIMIT_BYTES) == Ignored("wink")
    assert codec.decode_server(data) == Ignored("wink")


@codecs
def test_unknown_fields_are_ignored_outside_configure(codec: Codec) -> None:
    """Later versions may add fields to any message but configure."""
    data = _raw(codec, {"type": "ping", "id": 7, "colour": "red"})
    assert codec.decode_client(data, limit_bytes=LIMIT_BYTES) == messages.Ping(id=7)


@codecs
def test_unknown_fields_of_configure_are_refused_by_name(codec: Codec) -> None:
    """A misspelt option is named, together with those that exist."""
    data = _raw(codec, {"type": "configure", "promts": ["wave"]})
    with pytest.raises(UnknownField, match=r"'promts'.*instruction, steps, prompts"):
        codec.decode_client(data, limit_bytes=LIMIT_BYTES)


@codecs
def test_a_wrong_value_is_named_with_its_path(codec: Codec) -> None:
    """The text of a refusal says which field of which message is wrong."""
    data = _raw(codec, {"type": "pose", "seq": "one", "time_s": 0.0, "joints": []})
    with pytest.raises(MalformedMessage, match=r"`pose`.*`int`.*`str`.*\$\.seq"):
        codec.decode_client(data, limit_bytes=LIMIT_BYTES)


@codecs
@pytest.mark.parametrize("content", [[], 7, None, {}, {"type": 3}, {"kind": "ping"}])
def test_other_values_than_messages_are_malformed(codec: Codec, content: object) -> None:
    """Only an object with a string type is a message."""
    with pytest.raises(MalformedMessage, match="with a string `type`"):
        codec.decode_client(_raw(codec, content), limit_bytes=LIMIT_BYTES)


@codecs
def test_messages_of_the_other_side_are_unexpected(codec: Codec) -> None:
    """A client cannot send labels, a server cannot send poses."""
    with pytest.raises(UnexpectedMessage, match="`label`"):
        codec.decode_client(_raw(codec, {"type": "label"}), limit_bytes=LIMIT_BYTES)
    with pytest.raises(UnexpectedMessage, match="`pose`"):
        codec.decode_server(_raw(codec, {"type": "pose"}))


@codecs
def test_too_long_messages_are_refused_with_the_limit(codec: Codec) -> None:
    """The limit counts bytes and is told."""
    data = codec.encode(messages.Bye(reason="é" * 50))
    assert codec.decode_client(data, limit_bytes=len(data)) == messages.Bye(reason="é" * 50)
    with pytest.raises(MessageTooLarge, match=rf"{len(data)} bytes; the limit is {len(data) - 1}"):
        codec.decode_client(data, limit_bytes=len(data) - 1)


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity", "1e999", "null"])
def test_json_numbers_must_be_finite(token: str) -> None:
    """NaN and infinity, spelt as JavaScript, Python or JSON.stringify would, are malformed."""
    data = f'{{"type":"pose","seq":1,"time_s":{token},"joints":[]}}'
    with pytest.raises(MalformedMessage):
        JSON.decode_client(data, limit_bytes=LIMIT_BYTES)


@pytest.mark.parametrize("time_s", [math.nan, math.inf, -math.inf, 1.8e12])
def test_capture_times_must_be_finite_seconds(time_s: float) -> None:
    """NaN, infinity and milliseconds since 1970 are refused in MessagePack too."""
    data = MSGPACK.encode(Pose(seq=1, time_s=time_s, joints=b""))
    with pytest.raises(MalformedMessage, match=r"time_s"):
        MSGPACK.decode_client(data, limit_bytes=LIMIT_BYTES)


@pytest.mark.parametrize("seq", [-1, 2**53, 10**30])
def test_frame_numbers_fit_into_javascript(seq: int) -> None:
    """Negative numbers and those beyond 2**53 - 1 are refused."""
    data = json.dumps({"type": "pose", "seq": seq, "time_s": 0, "joints": []})
    with pytest.raises(MalformedMessage, match=r"seq"):
        JSON.decode_client(data, limit_bytes=LIMIT_BYTES)


@codecs
def test_deep_nesting_is_malformed(codec: Codec) -> None:
    """A message nested 100,000 deep is refused and does not end the process."""
    opening, nested = (b'{"x":', b"[") if codec.text else (b"\x81\xa1x", b"\x91")
    with pytest.raises(MalformedMessage, match="nested"):
        codec.decode_client(opening + nested * 100_000, limit_bytes=LIMIT_BYTES)


def test_text_frames_are_refused_by_messagepack() -> None:
    """The refusal says what to send instead."""
    with pytest.raises(MalformedMessage, match="binary frames"):
        MSGPACK.decode_client("{}", limit_bytes=LIMIT_BYTES)


def test_json_is_accepted_from_text_and_binary_frames() -> None:
    """Clients that cannot send text frames may send the same JSON as bytes."""
    for data in ('{"type":"ping","id":1}', b'{"type":"ping","id":1}'):
        assert JSON.decode_client(data, limit_bytes=LIMIT_BYTES) == messages.Ping(id=1)


def test_lone_surrogates_are_malformed() -> None:
    """Text that is no Unicode is refused, not raised as an encoding error."""
    with pytest.raises(MalformedMessage, match="Unicode"):
        JSON.decode_client('{"type":"\ud800"}', limit_bytes=LIMIT_BYTES)


def test_the_first_offered_subprotocol_that_we_speak_is_chosen() -> None:
    """The client's order decides; nothing known gives None."""
    names = [messages.SUBPROTOCOL_JSON, messages.SUBPROTOCOL_MSGPACK]
    assert choose(["soap", *names]) is JSON
    assert choose(names[::-1]) is MSGPACK
    assert choose(["soap"]) is None


@settings(deadline=None)
@given(
    values=st.lists(
        st.lists(st.floats(-MAX_COORDINATE_M, MAX_COORDINATE_M, width=32), min_size=3, max_size=3),
        min_size=22,
        max_size=22,
    )
)
def test_joints_are_the_same_from_list_base64_and_bytes(values: list[list[float]]) -> None:
    """All three spellings give the same float32 array."""
    expected = np.array(values, np.float32)
    packed = expected.astype("<f4").tobytes()
    for codec in CODECS.values():
        for joints in (values, packed):
            pose = Pose(seq=0, time_s=0.0, joints=joints)
            decoded = codec.decode_client(codec.encode(pose), limit_bytes=LIMIT_BYTES)
            assert isinstance(decoded, Pose)
            array = joints_of(decoded, 22)
            assert array.dtype == np.float32
            np.testing.assert_array_equal(array, expected)


def test_joints_in_bytes_are_not_copied() -> None:
    """The array of a MessagePack pose is a read-only view of the message's bytes."""
    pose = Pose(seq=0, time_s=0.0, joints=np.ones((22, 3), np.float32).tobytes())
    array = joints_of(pose, 22)
    assert not array.flags.owndata
    assert not array.flags.writeable


_ROW = [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("joints", "text"),
    [
        (b"", "0 bytes; 2 joints of 'smpl22' as float32 x, y, z are 24"),
        (b"\0" * 25, "25 bytes"),
        ([], "0 rows; expected 2 joints"),
        ([_ROW] * 3, "3 rows"),
        ([_ROW, [0.0, 1.0]], r"joints\[1\] has 2 numbers"),
        ([_ROW, [0.0, math.nan, 0.0]], r"joints\[1\] is .*finite"),
        ([_ROW, [0.0, math.inf, 0.0]], r"joints\[1\] is .*finite"),
        ([[1e300, 0.0, 0.0], _ROW], r"joints\[0\] is .*within"),
        ([_ROW, [0.0, 0.0, -10001.0]], r"joints\[1\] is .*within"),
        (np.array([_ROW, [np.nan, 0, 0]], "<f4").tobytes(), r"joints\[1\] is .*finite"),
        (np.array([_ROW, [0, 2e4, 0]], "<f4").tobytes(), r"joints\[1\] is .*within"),
    ],
)
def test_bad_joints_are_refused_with_the_joint(joints: Any, text: str) -> None:
    """Wrong size, NaN, infinity and absurd distances raise ShapeError that names the joint."""
    with pytest.raises(ShapeError, match=text):
        joints_of(Pose(seq=0, time_s=0.0, joints=joints), 2)


def _raw(codec: Codec, content: object) -> bytes:
    return json.dumps(content).encode() if codec.text else msgspec.msgpack.encode(content)


@given(messages_of(ClientMessage))
def test_either_codec_answers_in_the_form_that_it_is_spoken_to(
    message: ClientMessage,
) -> None:
    """Text is JSON, binary is MessagePack; the first message says in which form to answer."""
    for first in (JSON, MSGPACK):
        either = EitherCodec()
        assert either.text
        for codec in (first, MSGPACK, JSON):
            data = codec.encode(message)
            sent = data.decode() if codec.text else data
            assert either.decode_client(sent, limit_bytes=1 << 24) == message
            assert either.text == first.text
            assert either.encode(message) == first.encode(message)
