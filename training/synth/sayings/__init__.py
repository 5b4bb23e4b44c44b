"""More ways to say what primitives are called: other verbs, idioms, purposes, annotators' terms,
what the body does. Data in TOML by primitive, in the grammar of `training.synth.phrases`."""

import tomllib
from functools import cache
from pathlib import Path

from training.synth.registry import REGISTRY


def of(name: str) -> tuple[str, ...]:
    """Further phrases of a primitive: those of the first one with the same own phrases."""
    return _table().get(said_first(name), ())


@cache
def said_first(name: str) -> str:
    """The first primitive with the same own phrases; the others are other ways to do the same."""
    says = REGISTRY[name].says
    return next(first for first, primitive in REGISTRY.items() if primitive.says == says)


@cache
def _table() -> dict[str, tuple[str, ...]]:
    files = sorted(Path(__file__).parent.glob("*.toml"))
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return {name: tuple(says) for table in tables for name, says in table.items()}
