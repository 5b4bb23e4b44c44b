"""The vectors on disk are those that the codecs write, and they cover every message."""

import json
from typing import get_args

import pytest

from stream.errors import ProtocolError
from stream.messages import ClientMessage, ServerMessage
from stream.protocol import JSON, MSGPACK, Codec, Ignored
from stream.protocol_examples import OTHERS, STORY
from stream.protocol_video import OTHERS_OF_VIDEO, VIDEO_STORY
from tests.vectors.write import FOLDER, vectors

INDEX = json.loads((FOLDER / "index.json").read_text())
FORMS = [(JSON, "json"), (MSGPACK, "msgpack")]


def test_vectors_are_up_to_date() -> None:
    """Nobody changed a message without writing the vectors anew."""
    on_disk = {
        path.name: path.read_bytes()
        for pattern in ("*.json", "*.msgpack")
        for path in FOLDER.glob(pattern)
    }
    assert on_disk == vectors(), "run python -m tests.vectors.write"


def test_every_message_has_a_vector() -> None:
    """Both sides' unions are covered."""
    used = {(str(side), type(message)) for side, message, _ in (*STORY, *VIDEO_STORY)}
    used |= {(side, type(message)) for side, _, message in (*OTHERS, *OTHERS_OF_VIDEO)}
    expected = {("client", struct) for struct in get_args(ClientMessage)}
    expected |= {("server", struct) for struct in get_args(ServerMessage)}
    assert used == expected


@pytest.mark.parametrize("name", INDEX["messages"])
def test_both_forms_decode_to_the_same_message(name: str) -> None:
    """JSON and MessagePack carry the same content."""
    text, packed = (_read(codec, form, name, INDEX["messages"][name]) for codec, form in FORMS)
    assert text == packed
    assert not isinstance(text, Ignored)


@pytest.mark.parametrize(("codec", "form"), FORMS)
def test_ignored_and_refused_vectors(codec: Codec, form: str) -> None:
    """Unknown types are ignored, other bytes are refused, as JavaScript does."""
    for name, side in INDEX["ignored"].items():
        assert isinstance(_read(codec, form, name, side), Ignored)
    for name, side in INDEX["refused"].items():
        with pytest.raises(ProtocolError):
            _read(codec, form, name, side)


def _read(codec: Codec, form: str, name: str, side: str) -> object:
    data = (FOLDER / f"{name}.{form}").read_bytes()
    if side == "client":
        return codec.decode_client(data, limit_bytes=1 << 20)
    return codec.decode_server(data)
