"""The generated documents are those in the repository, and they are complete."""

import json
import re
from typing import get_args

import pytest

from engines.errors import LivegroundError
from engines.motion.skeleton import JOINT_COUNT
from stream.config import Config
from stream.errors import CLOSE_CODE, MalformedMessage, MessageTooLarge, UnexpectedMessage
from stream.messages import ClientMessage, ErrorMessage, ServerMessage
from stream.protocol import JSON
from stream.protocol_docs import DOCS, ENDS_ALWAYS, files
from stream.protocol_examples import STANDING_M, STORY
from stream.protocol_video import VIDEO_STORY
from stream.session import Session
from stream.states import Close, Send
from tests.stream.rig import HELLO, identity

ROOT = DOCS.parent
MARKDOWN = (DOCS / "protocol.md").read_text()


@pytest.mark.parametrize("path", files(), ids=str)
def test_documents_are_up_to_date(path: object) -> None:
    """Nobody changed the protocol without writing its documents anew."""
    expected = {str(name): content for name, content in files().items()}[str(path)]
    assert (DOCS / str(path)).read_text() == expected, "run python -m stream.protocol_docs"


def test_every_message_and_field_is_documented() -> None:
    """Each message has a heading, each field a row with a meaning."""
    for struct in {*get_args(ClientMessage), *get_args(ServerMessage)}:
        heading = f"### `{struct.__struct_config__.tag}`\n"
        assert MARKDOWN.count(heading) == 1
        section = MARKDOWN.partition(heading)[2].partition("\n#")[0]
        for field in struct.__struct_fields__:
            assert re.search(
                rf"^\| `{field}` \| [^|]+ \|[^|]*\| \S[^|]+ \|$", section, re.MULTILINE
            )


def test_the_example_session_is_valid() -> None:
    """Every example in the document decodes to the message that it was made from."""
    blocks = re.findall(r"\*\*(Client|Server)\.\*\*.*?```json\n(.*?)```", MARKDOWN, re.DOTALL)
    story = (*STORY, *VIDEO_STORY)
    for (side, text), (expected_side, message, _) in zip(blocks, story, strict=True):
        assert side.lower() == expected_side
        if side == "Client":
            assert JSON.decode_client(text, limit_bytes=1 << 20) == message
        else:
            assert JSON.decode_server(text) == message


def test_the_example_pose_is_a_whole_person() -> None:
    """All canonical joints, with the left ones at +x."""
    assert len(STANDING_M) == JOINT_COUNT
    assert STANDING_M[16][0] > 0 > STANDING_M[17][0]


def test_all_error_codes_are_documented() -> None:
    """Each code of the error tree and of the close codes has one row."""
    tree = "".join((ROOT / path).read_text() for path in ("engines/errors.py", "stream/errors.py"))
    codes = {*re.findall(r'^    code = "(\w+)"$', tree, re.MULTILINE), *CLOSE_CODE}
    rows = re.findall(r"^\| `(\w+)` \|.*\| (?:always|before `welcome`) \|", MARKDOWN, re.MULTILINE)
    assert set(rows) == codes - {"stream", "protocol", "config", "language_model", "recording"}
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(
    "error", [MalformedMessage("x"), MessageTooLarge("x"), UnexpectedMessage("x")]
)
def test_the_documented_ends_are_those_of_the_session(error: LivegroundError) -> None:
    """A session in progress ends for the codes that the table calls fatal, and for no others."""
    session = Session(identity(), Config(), 0.0)
    session.receive(HELLO, 0.0)
    actions = session.refuse(error, 1.0)
    told = next(action.message for action in actions if isinstance(action, Send))
    assert isinstance(told, ErrorMessage)
    always = error.code in ENDS_ALWAYS
    assert told.fatal == always
    assert any(isinstance(action, Close) for action in actions) == always


def test_schemas_describe_what_is_sent() -> None:
    """Types and required fields of the schemas are those of the example messages."""
    for side in ("client", "server"):
        schema = json.loads((DOCS / f"schemas/{side}.json").read_text())
        defined = {
            each["properties"]["type"]["enum"][0]: each
            for each in schema["$defs"].values()
            if "type" in each["properties"]
        }
        sent = [message for sender, message, _ in STORY if sender == side]
        for message in sent:
            plain = json.loads(JSON.encode(message))
            assert set(defined[plain["type"]]["required"]) <= set(plain)
            assert set(plain) <= set(defined[plain["type"]]["properties"])
        for definition in defined.values():
            assert all(
                "description" in field or name == "type"
                for name, field in definition["properties"].items()
            )
