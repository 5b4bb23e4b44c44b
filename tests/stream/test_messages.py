"""What holds for every message definition."""

from typing import get_args

import msgspec
import pytest

from stream import messages

ALL = sorted(
    {*get_args(messages.ClientMessage), *get_args(messages.ServerMessage)}, key=lambda m: m.__name__
)


@pytest.mark.parametrize("struct", ALL)
def test_messages_are_frozen(struct: type[messages.Message]) -> None:
    """A message cannot be changed after it was made."""
    assert struct.__struct_config__.frozen


def test_every_message_is_in_a_union() -> None:
    """No message is defined that neither side may send."""
    defined = {
        value
        for value in vars(messages).values()
        if isinstance(value, type)
        and issubclass(value, messages.Message)
        and value is not messages.Message
    }
    assert defined == set(ALL)


def test_types_are_unique() -> None:
    """Each message has its own `type`."""
    assert len({struct.__struct_config__.tag for struct in ALL}) == len(ALL)


@pytest.mark.parametrize("struct", ALL)
def test_numbers_are_bounded(struct: type[messages.Message]) -> None:
    """Every number of every message is bounded, so that NaN and giant integers cannot pass."""
    schema = msgspec.json.schema(struct)
    for definition in schema["$defs"].values():
        for name, field in definition.get("properties", {}).items():
            for option in field.get("anyOf", [field]):
                if option.get("type") in {"number", "integer"}:
                    assert "minimum" in option, name
