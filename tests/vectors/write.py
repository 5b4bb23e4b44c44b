"""Write the vectors that Python and JavaScript tests both read: `python -m tests.vectors.write`.

Each message of `stream.protocol_examples` and `protocol_video` as NAME.json and NAME.msgpack, and
index.json, which says who sends it. `refused` holds bytes that are no message, `ignored` messages
of unknown type.
"""

import json
from pathlib import Path

import msgspec

from stream.protocol import JSON, MSGPACK
from stream.protocol_examples import OTHERS, STORY
from stream.protocol_video import OTHERS_OF_VIDEO, VIDEO_STORY

FOLDER = Path(__file__).parent

IGNORED = {"type": "wink", "eye": "left"}
REFUSED = {
    "empty": (b"", b""),
    "cut_short": (b'{"type":"ping","id":', b"\x82\xa4type\xa4ping\xa2id"),
    "left_over": (b'{"type":"ping","id":1}x', b"\x82\xa4type\xa4ping\xa2id\x01\x01"),
    "no_object": (b"[1,2]", b"\x92\x01\x02"),
    "no_type": (b'{"id":1}', b"\x81\xa2id\x01"),
    "type_no_string": (b'{"type":1}', b"\x81\xa4type\x01"),
    "no_utf8": (b'{"type":"\xff"}', b"\x81\xa4type\xa1\xff"),
    "nested": (b'{"type":' + b"[" * 5000, b"\x81\xa4type" + b"\x91" * 5000),
    "giant_array": (b'{"type":[', b"\x81\xa4type\xdd\xff\xff\xff\xff"),
}


def vectors() -> dict[str, bytes]:
    """Return all files by name."""
    named = [
        (side, message.__struct_config__.tag, message)
        for side, message, _ in (*STORY, *VIDEO_STORY)
    ]
    index: dict[str, dict[str, str]] = {"messages": {}, "ignored": {}, "refused": {}}
    files: dict[str, bytes] = {}
    for side, name, message in [*named, *OTHERS, *OTHERS_OF_VIDEO]:
        unique = str(name) if name not in index["messages"] else f"{name}_2"
        index["messages"][unique] = side
        files[f"{unique}.json"] = JSON.encode(message)
        files[f"{unique}.msgpack"] = MSGPACK.encode(message)
    index["ignored"]["unknown_type"] = "server"
    files["unknown_type.json"] = msgspec.json.encode(IGNORED)
    files["unknown_type.msgpack"] = msgspec.msgpack.encode(IGNORED)
    for name, (text, binary) in REFUSED.items():
        index["refused"][name] = "server"
        files[f"{name}.json"] = text
        files[f"{name}.msgpack"] = binary
    files["index.json"] = (json.dumps(index, indent=2) + "\n").encode()
    return files


def main() -> None:
    """Replace the folder's vectors."""
    for old in (*FOLDER.glob("*.json"), *FOLDER.glob("*.msgpack")):
        old.unlink()
    for name, content in vectors().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
