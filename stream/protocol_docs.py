"""Write docs/protocol.md and docs/schemas/ from the code: `python -m stream.protocol_docs`.

Messages come from `stream.messages` (field docs read with `ast`), the example from
`stream.protocol_examples`, states, errors, limits and skeletons from where they are defined.
A test fails when the files differ from what this writes.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
import numpy as np
from msgspec import inspect as types

from engines import errors as engine_errors
from engines.errors import LivegroundError
from stream import errors as stream_errors
from stream import messages
from stream.config import Config
from stream.errors import (
    CLOSE_CODE,
    BadRecording,
    ConfigError,
    LanguageModelFailed,
    ProtocolError,
    SignallingError,
    StreamError,
)
from stream.messages import ClientMessage, Limits, Model, ServerMessage
from stream.protocol_examples import STORY, Side
from stream.protocol_text import (
    ENDING,
    ERRORS,
    INTRODUCTION,
    LIMITS,
    MESSAGES,
    SKELETON_NOTE,
    STATES,
    VIDEO,
)
from stream.protocol_video import VIDEO_STORY
from stream.skeletons import SKELETONS
from stream.states import TRANSITIONS

DOCS: Final = Path(__file__).parents[1] / "docs"
ENDS_ALWAYS: Final = frozenset(
    {"too_large", "version", "unauthorized", "timeout", "replaced", "slow_client", "internal"}
)
"""Errors that end the connection whenever they happen; any error does so before the welcome."""

NEVER_SENT: Final = (
    StreamError,
    ProtocolError,
    SignallingError,
    BadRecording,
    ConfigError,
    LanguageModelFailed,
)

_UNITS: Final = {"s": "seconds", "ms": "milliseconds", "hz": "per second", "bytes": "bytes"}
_NOT_LIMITS: Final = {
    "host",
    "port",
    "token",
    "allowed_origins",
    "model",
    "video_model",
    "video_gpu",
    "threads",
    "horizon_s",
    "partition",
    "webrtc",
    "record",
}
_WIDTH: Final = 96


def files() -> dict[Path, str]:
    """Return what this module writes, by path below docs/."""
    return {
        Path("protocol.md"): markdown(),
        Path("schemas/client.json"): schema(ClientMessage, "Messages of a client"),
        Path("schemas/server.json"): schema(ServerMessage, "Messages of the server"),
    }


def markdown() -> str:
    """Return docs/protocol.md."""
    client, server = get_args(ClientMessage), get_args(ServerMessage)
    parts = [
        INTRODUCTION,
        *_story(STORY),
        VIDEO,
        *_story(VIDEO_STORY),
        MESSAGES,
        "## From the client\n",
        *(_message(struct) for struct in client if struct not in server),
        "## From the server\n",
        *(_message(struct) for struct in server if struct not in client),
        *map(_part, (Limits, messages.Skeleton, Model, messages.VideoModel)),
        *(_part(struct, "heatmap") for struct in (messages.Heat, messages.Peak)),
        "## From either side\n",
        *(_message(struct) for struct in client if struct in server),
        STATES,
        _states(),
        ERRORS,
        _errors(),
        LIMITS,
        _limits(),
        SKELETON_NOTE,
        _skeletons(),
        ENDING,
    ]
    return "\n".join(parts)


def schema(union: Any, title: str) -> str:
    """Return the JSON Schema of one side's messages, with the field docs as descriptions."""
    definition = msgspec.json.schema(union)
    for name, struct in definition["$defs"].items():
        struct["description"] = _doc(getattr(messages, name))
        docs = _field_docs(getattr(messages, name))
        for field, described in struct["properties"].items():
            if field in docs:
                described["description"] = docs[field]
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"liveground protocol {messages.PROTOCOL_VERSION}: {title.lower()}",
    }
    encoded = msgspec.json.encode(head | definition, order="sorted")
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _story(story: Sequence[tuple[Side, messages.Message, str]]) -> Iterator[str]:
    for side, message, meaning in story:
        heading = textwrap.fill(f"**{side.title()}.** {meaning}", _WIDTH)
        yield f"{heading}\n\n```json\n{_wrapped(message)}\n```\n"


def _wrapped(message: messages.Message) -> str:
    """JSON in lines of the page's width, broken between values only."""
    text = msgspec.json.format(msgspec.json.encode(message), indent=0).decode()
    whole = re.compile(r'"(?:[^"\\]|\\.)*"(?:: )?|\[[^\[\]]{,24}\]')
    lines = textwrap.wrap(
        whole.sub(lambda found: found[0].replace(" ", "\0"), text),
        _WIDTH,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace("\0", " ")


def _message(struct: type[messages.Message]) -> str:
    kind = struct.__struct_config__.tag
    fields = _fields(struct) or "No fields.\n"
    return f"### `{kind}`\n\n{_doc(struct)}\n\n{fields}"


def _part(struct: Any, whole: str = "welcome") -> str:
    return f"### {struct.__name__}\n\n{_doc(struct)} Part of `{whole}`.\n\n{_fields(struct)}"


def _fields(struct: type[msgspec.Struct]) -> str:
    docs = _field_docs(struct)
    info = types.type_info(struct)
    assert isinstance(info, types.StructType)
    rows = []
    for field in info.fields:
        unit = _UNITS.get(field.name.rpartition("_")[2], "") if "_" in field.name else ""
        default = "" if field.required else _default(field.default)
        rows.append((f"`{field.name}`", _kind(field.type), unit, default + docs[field.name]))
    return _table(("field", "type", "unit", "meaning"), rows) if rows else ""


def _default(value: object) -> str:
    if value in (None, ""):
        return "Optional. "
    return f"Default: `{msgspec.json.encode(value).decode()}`. "


def _kind(info: types.Type) -> str:
    match info:
        case types.UnionType():
            options = [_kind(option) for option in info.types if not _is_none(option)]
            return " or ".join(options)
        case types.ListType():
            return f"list of {_kind(info.item_type)}"
        case types.DictType():
            return f"map of text to {_kind(info.value_type)}"
        case types.LiteralType():
            return ", ".join(f"`{value}`" for value in info.values)
        case types.StructType():
            return f"[{info.cls.__name__}](#{info.cls.__name__.lower()})"
        case types.IntType():
            return "integer" if info.ge == 0 else "integer, -1 or more"
        case types.StrType():
            return f"text, {info.max_length} characters" if info.max_length else "text"
    return {types.FloatType: "number", types.BoolType: "boolean", types.BytesType: "bytes"}[
        type(info)
    ]


def _is_none(info: types.Type) -> bool:
    return isinstance(info, types.NoneType)


def _doc(thing: type) -> str:
    return " ".join((inspect.getdoc(thing) or "").split())


def _field_docs(struct: type) -> dict[str, str]:
    """The string below each field of a class."""
    body = ast.parse(textwrap.dedent(inspect.getsource(struct))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, doc in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match doc:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    found[field.target.id] = " ".join(text.split())
    return found


def _states() -> str:
    events = list(dict.fromkeys(event for row in TRANSITIONS.values() for event in row))
    rows = [
        (f"`{event}`", *(row[event].value if event in row else "" for row in TRANSITIONS.values()))
        for event in events
    ]
    return _table(("", *(state.value for state in TRANSITIONS)), rows)


def _errors() -> str:
    meanings = {error.code: _doc(error) for error in _sent_errors()}
    meanings["internal"] = "The server failed; the fault is in its log."
    rows = [
        (
            f"`{code}`",
            meaning,
            "always" if code in ENDS_ALWAYS else "before `welcome`",
            str(CLOSE_CODE.get(code, 1008)),
        )
        for code, meaning in sorted(meanings.items())
    ]
    return _table(("code", "meaning", "ends the connection", "close code"), rows)


def _sent_errors() -> Iterator[type[LivegroundError]]:
    for module in (engine_errors, stream_errors):
        for error in vars(module).values():
            defined = isinstance(error, type) and error.__module__ == module.__name__
            if defined and issubclass(error, LivegroundError) and error not in NEVER_SENT:
                yield error


def _limits() -> str:
    told = {"max_horizon_s", *Limits.__struct_fields__}
    info = types.type_info(Config)
    assert isinstance(info, types.StructType)
    rows = []
    for field in info.fields:
        if field.name in _NOT_LIMITS:
            continue
        assert isinstance(field.type, types.Metadata)
        meaning = (field.type.extra_json_schema or {})["description"]
        rows.append(
            (f"`{field.name}`", f"{field.default:g}", "yes" if field.name in told else "", meaning)
        )
    return _table(("setting", "default", "in `welcome`", "meaning"), rows)


def _skeletons() -> str:
    rows = []
    for each in SKELETONS.values():
        left, up, forward = (_axis(column) for column in each.axes.T)
        rows.append(
            (f"`{each.name}`", str(len(each.joints)), left, up, forward, ", ".join(each.joints))
        )
    return _table(("name", "joints", "left", "up", "forward", "order of joints"), rows)


def _axis(direction: Any) -> str:
    place = int(np.abs(direction).argmax())
    return f"{'+' if direction[place] > 0 else '-'}{'xyz'[place]}"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def main() -> None:
    """Write all files."""
    for path, content in files().items():
        target = DOCS / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)


if __name__ == "__main__":
    main()
