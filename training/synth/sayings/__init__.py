"""More ways to say what primitives are called: other verbs, idioms, purposes, annotators' terms,
what the body does. Data in TOML by primitive, in the grammar of `training.synth.phrases`."""

import tomllib
from functools import cache
from pathlib import Path


def of(name: str) -> tuple[str, ...]:
    """Further phrases of a primitive, () if it has none."""
    return _table().get(name, ())


@cache
def _table() -> dict[str, tuple[str, ...]]:
    files = sorted(Path(__file__).parent.glob("*.toml"))
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return {name: tuple(says) for table in tables for name, says in table.items()}
