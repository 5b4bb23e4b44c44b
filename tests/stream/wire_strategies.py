"""Hypothesis strategies for messages, derived from their field types and bounds."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from stream.messages import Message


def messages_of(union: Any) -> st.SearchStrategy[Message]:
    """Draw any message of a union of message types."""
    return _strategy(inspect.type_info(union))


def _strategy(info: inspect.Type) -> st.SearchStrategy[Any]:
    return _BUILDERS[type(info)](info)


def _union(info: Any) -> st.SearchStrategy[Any]:
    return st.one_of([_strategy(option) for option in info.types])


def _struct(info: Any) -> st.SearchStrategy[Any]:
    return st.builds(info.cls, **{field.name: _strategy(field.type) for field in info.fields})


def _int(info: Any) -> st.SearchStrategy[Any]:
    return st.integers(info.ge, info.le)


def _float(info: Any) -> st.SearchStrategy[Any]:
    low = -1e15 if info.ge is None else info.ge
    return st.floats(low, -low)


def _text(info: Any) -> st.SearchStrategy[Any]:
    return st.text(st.characters(codec="utf-8"), max_size=min(info.max_length or 20, 20))


_BUILDERS: dict[type, Callable[[Any], st.SearchStrategy[Any]]] = {
    inspect.UnionType: _union,
    inspect.StructType: _struct,
    inspect.IntType: _int,
    inspect.FloatType: _float,
    inspect.StrType: _text,
    inspect.BytesType: lambda info: st.binary(max_size=264),
    inspect.BoolType: lambda info: st.booleans(),
    inspect.NoneType: lambda info: st.none(),
    inspect.LiteralType: lambda info: st.sampled_from(info.values),
    inspect.ListType: lambda info: st.lists(_strategy(info.item_type), max_size=3),
    inspect.DictType: lambda info: st.dictionaries(
        _strategy(info.key_type), _strategy(info.value_type), max_size=3
    ),
}
