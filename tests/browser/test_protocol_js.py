"""The JavaScript codec: its own tests under node, and its bytes read by Python."""

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from stream.messages import ClientMessage, Limits, Model, ServerMessage, Skeleton
from stream.protocol import CODECS
from tests.vectors.write import FOLDER

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "clients/browser/protocol.js"
STRUCTS = sorted(
    {*get_args(ClientMessage), *get_args(ServerMessage)}, key=lambda struct: struct.__name__
)


def _node(*arguments: str) -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: apt-get install nodejs (version 20 or newer)")
    done = subprocess.run([node, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_javascript_tests_pass() -> None:
    """`node --test` over the browser's protocol tests."""
    assert re.search(
        r"^# fail 0$", _node("--test", "tests/browser/protocol.test.mjs"), re.MULTILINE
    )


def test_python_reads_what_javascript_writes() -> None:
    """Every vector, decoded and encoded again by JavaScript, is the same message to Python."""
    index = json.loads((FOLDER / "index.json").read_text())["messages"]
    lines = [json.loads(line) for line in _node("tests/browser/encode_vectors.mjs").splitlines()]
    assert len(lines) == 2 * len(index)
    for line in lines:
        codec = CODECS[line["subprotocol"]]
        form = line["subprotocol"].rpartition(".")[2]
        original = (FOLDER / f"{line['name']}.{form}").read_bytes()
        written = base64.b64decode(line["base64"])
        if index[line["name"]] == "client":
            expected = codec.decode_client(original, limit_bytes=1 << 20)
            assert codec.decode_client(written, limit_bytes=1 << 20) == expected
        else:
            assert codec.decode_server(written) == codec.decode_server(original)


@pytest.mark.parametrize("struct", [*STRUCTS, Limits, Model, Skeleton], ids=lambda s: s.__name__)
def test_javascript_types_have_the_same_fields(struct: type[msgspec.Struct]) -> None:
    """The JSDoc types name every field of every message, and no others."""
    name = {"SegmentMessage": "Segment"}.get(struct.__name__, struct.__name__)
    text = re.sub(r"\n \*", " ", SOURCE.read_text())
    found = re.search(rf"@typedef \{{\{{([^{{}}]*)\}}\}} {name}\b", text)
    assert found, f"protocol.js has no typedef {name}"
    fields = set(re.findall(r"(\w+)\??:", found[1])) - {"type"}
    assert fields == set(struct.__struct_fields__)
