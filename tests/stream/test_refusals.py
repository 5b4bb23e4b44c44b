"""Any error as the peer sees it."""

import pytest

from engines.errors import ShapeError
from stream.errors import LimitExceeded, VersionMismatch
from stream.refusals import close_of, error_message


def test_an_error_of_the_tree_says_its_code_and_text() -> None:
    """The frame it concerns goes along."""
    message = error_message(ShapeError("joints must be (22, 3)"), seq=7)
    assert (message.code, message.text) == ("bad_joints", "joints must be (22, 3)")
    assert (message.seq, message.fatal) == (7, False)


def test_a_limit_is_sent_with_its_value() -> None:
    """So that a client can keep to it."""
    message = error_message(LimitExceeded("too many", limit="max_prompts", value=64))
    assert (message.limit, message.value) == ("max_prompts", 64)


def test_a_fault_of_ours_says_nothing_about_itself() -> None:
    """What broke inside is for the log."""
    message = error_message(RuntimeError("secret"), fatal=True)
    assert message.code == "internal"
    assert "secret" not in message.text


@pytest.mark.parametrize(
    ("error", "code"), [(VersionMismatch("no"), 4001), (RuntimeError("no"), 1011)]
)
def test_each_error_has_a_close_code(error: Exception, code: int) -> None:
    """The close frame names the reason by its wire code."""
    assert close_of(error)[0] == code
