"""Actions that were shown instead of said: pooled vectors by name, and the file that keeps them.

An immutable value. Vectors are of one motion model's space and mean nothing in another's, so a set
names its model. Reading and writing files is all that it does besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from engines import lexicon
from engines.errors import EngineError, ModelError, PromptError

if TYPE_CHECKING:
    from engines.motion.engine import ModelInfo

Floats = NDArray[np.float32]

FORMAT: Final = 1
MAX_NAMES: Final = 256
MAX_PER_NAME: Final = 64
"""Further examples of a name are refused: the mean of so many hardly moves."""


class Shown(msgspec.Struct, frozen=True):
    """What was shown of one action: unit rows, how long each lasted, and whether words count."""

    name: str
    vectors: tuple[tuple[float, ...], ...]
    seconds: tuple[float, ...]
    words: bool = True

    @property
    def mean(self) -> Floats:
        """Unit vector `(D,)` of all examples; each counts the same."""
        total: Floats = np.asarray(self.vectors, np.float32).mean(axis=0)
        return total / np.float32(max(float(np.linalg.norm(total)), 1e-12))


class _Model(msgspec.Struct, frozen=True):
    name: str
    version: str
    sha256: str


class _File(msgspec.Struct, frozen=True, tag_field="kind", tag="liveground examples"):
    format: int
    model: _Model
    examples: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class ExampleSet:
    """Examples of named actions, all in the space of one model. Names differ by more than case."""

    model: ModelInfo
    by_key: Mapping[str, Shown] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.by_key)

    def __iter__(self) -> Iterator[Shown]:
        return iter(self.by_key.values())

    def get(self, name: str) -> Shown | None:
        """What was shown under a name, whatever its case and white space."""
        return self.by_key.get(lexicon.plain(name))

    def with_example(
        self, name: str, vector: ArrayLike, seconds: float, *, words: bool = True
    ) -> ExampleSet:
        """The set with one more unit vector `(D,)`, which lasted so long.

        `words` holds for the name from now on. The same example is not counted twice. Raises
        PromptError where there are too many already.
        """
        row = tuple(round(value, 6) for value in np.asarray(vector, np.float32).tolist())
        old = self.get(name) or Shown(name.strip(), (), (), words)
        if row in old.vectors:
            return self._with([msgspec.structs.replace(old, words=words)])
        shown = Shown(old.name, (*old.vectors, row), (*old.seconds, round(seconds, 3)), words)
        return self._with([shown])

    def merge(self, other: ExampleSet) -> ExampleSet:
        """Both sets' examples; where both know a name, `other` says whether words count.

        The same example is not counted twice. Raises ModelError for a set of another model,
        PromptError where there are too many.
        """
        _check_model(other.model, self.model, "these examples are")
        merged = []
        for shown in other:
            old = self.get(shown.name) or Shown(shown.name, (), ())
            pairs = dict(zip(old.vectors, old.seconds, strict=True))
            pairs |= dict(zip(shown.vectors, shown.seconds, strict=True))
            merged.append(Shown(old.name, tuple(pairs), tuple(pairs.values()), shown.words))
        return self._with(merged)

    def _with(self, changed: list[Shown]) -> ExampleSet:
        by_key = {**self.by_key, **{lexicon.plain(shown.name): shown for shown in changed}}
        if len(by_key) > MAX_NAMES:
            raise PromptError(
                f"examples of {len(by_key)} names, expected at most {MAX_NAMES}: begin a new set"
            )
        for shown in changed:
            if len(shown.vectors) > MAX_PER_NAME:
                raise PromptError(
                    f"{len(shown.vectors)} examples of {shown.name!r}, expected at most "
                    f"{MAX_PER_NAME}: more would change nothing"
                )
        return replace(self, by_key=by_key)

    def encoded(self) -> bytes:
        """The content of a file of examples, JSON."""
        model = _Model(self.model.name, self.model.version, self.model.sha256)
        content = msgspec.json.encode(_File(FORMAT, model, tuple(self)))
        return msgspec.json.format(content, indent=0) + b"\n"

    @classmethod
    def decoded(cls, content: bytes, *, model: ModelInfo, source: str = "the text") -> ExampleSet:
        """Read what `encoded` wrote; `source` names it in errors.

        Raises ModelError if it holds no examples, or examples of another model.
        """
        try:
            file = msgspec.json.decode(content, type=_File)
        except msgspec.DecodeError as error:
            raise ModelError(f"{source} holds no examples of liveground: {error}") from error
        if file.format != FORMAT:
            raise ModelError(
                f"{source} has format {file.format}, this version reads {FORMAT}: update liveground"
            )
        _check_model(file.model, model, f"the examples in {source} are")
        for shown in file.examples:
            _check_rows(shown, source)
        return cls(model)._with(list(file.examples))

    def save(self, path: str | Path) -> None:
        """Write a file of examples: JSON that names its model, to be kept and shared.

        Raises EngineError if it cannot be written.
        """
        try:
            Path(path).write_bytes(self.encoded())
        except OSError as error:
            raise EngineError(
                f"{path}: the examples cannot be written ({error.strerror}): name a file in a "
                "folder that is there and may be written to"
            ) from error

    @classmethod
    def load(cls, path: str | Path, *, model: ModelInfo) -> ExampleSet:
        """Read a file of examples. Raises ModelError if it cannot be used with `model`."""
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise ModelError(f"no examples in {path}: it cannot be read ({error})") from error
        return cls.decoded(content, model=model, source=str(path))


def _check_model(found: _Model | ModelInfo, wanted: ModelInfo, what: str) -> None:
    if found.sha256 != wanted.sha256:
        raise ModelError(
            f"{what} of model {found.name!r} {found.version} (sha256 {found.sha256[:12]}), the "
            f"model in use is {wanted.name!r} {wanted.version} ({wanted.sha256[:12]}): vectors of "
            "one model mean nothing to another; show the actions again"
        )


def _check_rows(shown: Shown, source: str) -> None:
    rows = shown.vectors
    good = (
        0 < len(rows) == len(shown.seconds)
        and bool(shown.name.strip())
        and len({len(row) for row in rows}) == 1
        and np.allclose(np.linalg.norm(np.asarray(rows), axis=1), 1, atol=1e-3)
    )
    if not good:
        raise ModelError(
            f"{source}: the examples of {shown.name!r} are damaged: expected unit vectors of one "
            "length, as many as seconds; save them again"
        )
