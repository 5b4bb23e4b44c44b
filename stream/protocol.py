"""Bytes to messages and back, for both WebSocket subprotocols. Pure: no socket, no clock.

`liveground.v1.json` sends text frames, `liveground.v1.msgpack` binary ones, with the same messages.
Rules for what a peer may send:

- a message of an unknown `type` becomes `Ignored`, so that later versions may add messages;
- unknown fields are ignored too, but for `configure` and `enrol`, where a misspelt option must not
  pass;
- numbers are finite, integers fit into 53 bits (JavaScript), times into +-1e11 s;
- anything else raises a `ProtocolError`, and no other exception, whatever the bytes are.

`clients/browser/protocol.js` says the same in JavaScript; `tests/vectors/` holds both to it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import msgspec
import numpy as np
import numpy.typing as npt

from engines.errors import ShapeError
from stream.errors import MalformedMessage, MessageTooLarge, UnexpectedMessage, UnknownField
from stream.messages import (
    SUBPROTOCOL_JSON,
    SUBPROTOCOL_MSGPACK,
    ClientMessage,
    Configure,
    Enrol,
    Message,
    Pose,
    ServerMessage,
)

MAX_COORDINATE_M: Final = 1e4
"""Largest |x|, |y| or |z| of a joint: farther is a unit error or garbage."""

_STRICT: Final[dict[str, type[Message]]] = {"configure": Configure, "enrol": Enrol}
"""Messages whose unknown fields are refused by name."""
_SHOWN_CHARS: Final = 60
_REASON_CHARS: Final = 240


@dataclass(frozen=True, slots=True)
class Ignored:
    """A well-formed message whose `type` this version does not know."""

    type: str


class _Envelope(msgspec.Struct):
    type: str


class Codec:
    """One subprotocol: `encode` for both sides, one `decode_*` for each side.

    `text` says whether the bytes travel in text frames (JSON) or binary frames (MessagePack).
    """

    def __init__(self, subprotocol: str, wire: Literal["json", "msgpack"]) -> None:
        form: Any = getattr(msgspec, wire)
        self.subprotocol: Final = subprotocol
        self.text: Final = wire == "json"
        self._encoder = form.Encoder()
        self._client = _Side(form, ClientMessage, ServerMessage)
        self._server = _Side(form, ServerMessage, ClientMessage)
        self._envelope = form.Decoder(_Envelope)
        self._names = form.Decoder(dict[str, msgspec.Raw])

    def encode(self, message: Message) -> bytes:
        """Encode one message; its numbers must be finite."""
        encoded: bytes = self._encoder.encode(message)
        return encoded

    def decode_client(self, data: bytes | str, *, limit_bytes: int) -> ClientMessage | Ignored:
        """Decode what a client sent (the server's side).

        Raises MessageTooLarge, MalformedMessage, UnexpectedMessage, UnknownField.
        """
        message: ClientMessage | Ignored = self._decode(self._client, data, limit_bytes)
        return message

    def decode_server(
        self, data: bytes | str, *, limit_bytes: int | None = None
    ) -> ServerMessage | Ignored:
        """Decode what a server sent (the client's side). Raises as `decode_client`."""
        message: ServerMessage | Ignored = self._decode(self._server, data, limit_bytes)
        return message

    def _decode(self, side: "_Side", data: bytes | str, limit_bytes: int | None) -> Any:
        if isinstance(data, str):
            data = self._from_text(data)
        if limit_bytes is not None and len(data) > limit_bytes:
            raise MessageTooLarge(
                f"The message has {len(data)} bytes; the limit is {limit_bytes} "
                "(welcome.limits.max_message_bytes). Send smaller messages."
            )
        try:
            return side.decoder.decode(data)
        except (ValueError, RecursionError) as fault:
            return self._explain(side, data, fault)

    def _from_text(self, data: str) -> bytes:
        if not self.text:
            raise MalformedMessage(
                f"A text frame came, but {self.subprotocol} uses binary frames. "
                f"Send MessagePack in binary frames or connect with {SUBPROTOCOL_JSON}."
            )
        try:
            return data.encode()
        except UnicodeEncodeError as fault:
            raise MalformedMessage(f"The text is no valid Unicode: {fault.reason}.") from fault

    def _explain(self, side: "_Side", data: bytes, fault: Exception) -> Ignored:
        """Tell an unknown type from a faulty message, after the decoder has refused it."""
        try:
            kind = self._envelope.decode(data).type
        except (ValueError, RecursionError):
            form = "JSON object" if self.text else "MessagePack map"
            raise MalformedMessage(
                f"No message could be read: {_reason(fault)}. "
                f"Expected one {form} with a string `type`."
            ) from fault
        if kind in side.foreign:
            raise UnexpectedMessage(f"`{kind}` is never sent in this direction.")
        if kind not in side.types:
            return Ignored(kind)
        if kind in _STRICT:
            self._refuse_unknown_fields(data, kind)
        raise MalformedMessage(f"The message `{kind}` is malformed: {_reason(fault)}.") from fault

    def _refuse_unknown_fields(self, data: bytes, kind: str) -> None:
        known = _STRICT[kind].__struct_encode_fields__
        with suppress(ValueError):
            for name in self._names.decode(data):
                if name != "type" and name not in known:
                    raise UnknownField(
                        f"`{kind}` has no field {name[:_SHOWN_CHARS]!r}. "
                        f"It knows {', '.join(known)}."
                    )


class _Side:
    """What one side may send, in one wire form."""

    def __init__(self, form: Any, messages: Any, others: Any) -> None:
        self.decoder = form.Decoder(messages)
        self.types: Final = _types(messages)
        self.foreign: Final = _types(others) - self.types


def _types(messages: Any) -> set[str]:
    return {str(message.__struct_config__.tag) for message in get_args(messages)}


def _reason(fault: Exception) -> str:
    if isinstance(fault, UnicodeDecodeError):
        return f"a string is no valid UTF-8 ({fault.reason})"
    if isinstance(fault, RecursionError):
        return "it is nested too deeply"
    text = str(fault)
    return text if len(text) <= _REASON_CHARS else f"{text[:_REASON_CHARS]}..."


def joints_of(pose: Pose, expected_joint_count: int) -> npt.NDArray[np.float32]:
    """Return the joints of a pose as (J, 3) float32, metres.

    Bytes become a read-only view (no copy), a list is copied.
    Raises ShapeError for a wrong size, values that are not finite or beyond `MAX_COORDINATE_M`.
    """
    expected = f"{expected_joint_count} joints of {pose.skeleton!r}"
    if isinstance(pose.joints, bytes):
        size = expected_joint_count * 12
        if len(pose.joints) != size:
            raise ShapeError(
                f"joints has {len(pose.joints)} bytes; {expected} as float32 x, y, z are {size}."
            )
        joints = np.frombuffer(pose.joints, "<f4").reshape(expected_joint_count, 3)
    else:
        if len(pose.joints) != expected_joint_count:
            raise ShapeError(f"joints has {len(pose.joints)} rows; expected {expected}.")
        for index, row in enumerate(pose.joints):
            if len(row) != 3:
                raise ShapeError(f"joints[{index}] has {len(row)} numbers; expected x, y, z.")
        joints = np.array(pose.joints, np.float64)
    within = np.abs(joints) <= MAX_COORDINATE_M
    if not within.all():
        index = int(np.argmin(within.all(axis=1)))
        raise ShapeError(
            f"joints[{index}] is {joints[index].tolist()}; expected finite metres "
            f"within +-{MAX_COORDINATE_M:g}. Leave the frame out while the rig has no tracking."
        )
    return joints.astype(np.float32, copy=False)


JSON: Final = Codec(SUBPROTOCOL_JSON, "json")
MSGPACK: Final = Codec(SUBPROTOCOL_MSGPACK, "msgpack")
CODECS: Final = {codec.subprotocol: codec for codec in (MSGPACK, JSON)}
"""By subprotocol, the preferred one first."""


def choose(offered: Sequence[str]) -> Codec | None:
    """Pick the codec of the first offered subprotocol that we speak; None if there is none."""
    return next((CODECS[name] for name in offered if name in CODECS), None)


class EitherCodec:
    """For channels without a subprotocol: text is JSON, binary is MessagePack, whichever the peer
    sends; what is sent is in the form that the peer used first."""

    def __init__(self) -> None:
        self._chosen: Codec | None = None

    @property
    def text(self) -> bool:
        """Whether to send text."""
        return self._spoken.text

    @property
    def _spoken(self) -> Codec:
        return self._chosen or JSON

    def encode(self, message: Message) -> bytes:
        """Encode one message; its numbers must be finite."""
        return self._spoken.encode(message)

    def decode_client(self, data: bytes | str, *, limit_bytes: int) -> ClientMessage | Ignored:
        """Decode what a client sent. Raises as `Codec.decode_client`."""
        codec = JSON if isinstance(data, str) else MSGPACK
        self._chosen = self._chosen or codec
        return codec.decode_client(data, limit_bytes=limit_bytes)


AnyCodec = Codec | EitherCodec
