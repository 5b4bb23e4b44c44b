"""The streaming motion encoder: features and people's histories in, one embedding a frame out.

Causal: output row t speaks of feature row t - `lookahead_frames` and never changes afterwards.
Holds no person's state; one call serves many people. Used by one thread at a time.

Two graphs of the same weights: `step` for one new frame of each person, as it is live, and
`encoder` for several, as in recordings and when a person's frames have queued up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import numpy as np
import numpy.typing as npt

from engines import models
from engines.errors import ShapeError
from engines.motion.history import History, Layout, nothing_yet
from engines.runtime import Graph

Floats = npt.NDArray[np.float32]
StateT = TypeVar("StateT")


@dataclass(frozen=True, slots=True)
class Encoded(Generic[StateT]):
    """`values (B, T, D)` unit rows, `attention (B, T)` logits, people's states for the next
    call."""

    values: Floats
    attention: Floats
    states: list[StateT]


class MotionEncoder:
    """The encoder graphs of a motion model."""

    def __init__(
        self, step: Path, chunks: Path, shape: models.Encoder, *, threads: int = 1
    ) -> None:
        """Load and warm up. Raises ModelError if a graph cannot be used."""
        self.lookahead_frames = shape.lookahead_frames
        self.dim = shape.dim
        self._step = Graph(step, threads=threads)
        self._chunks = Graph(chunks, threads=threads)
        self.feature_count = int(self._step.inputs["features"].shape[1])
        self._layout = Layout(shape.dilations, shape.kernel - 1, shape.width)
        self.step(np.zeros((1, 1, self.feature_count), np.float32), [self.initial_state()])

    @classmethod
    def load(cls, folder: models.ModelFolder, *, threads: int = 1) -> Self:
        """Load a folder's. Raises ModelError if the folder is no motion model or is damaged."""
        shape = folder.motion().encoder
        return cls(folder.path("step"), folder.path("encoder"), shape, threads=threads)

    def initial_state(self) -> History:
        """A person's history before the first frame."""
        return nothing_yet(self._layout)

    def step(self, features: Floats, states: Sequence[History]) -> Encoded[History]:
        """Encode features `(B, T, F)` of people with these histories, which stay as they are.

        Raises ShapeError for other shapes.
        """
        self._check(features, states)
        run = self._one if features.shape[1] == 1 else self._several
        out = run(features, states)
        blocks, width = len(self._layout.reaches), self._layout.width
        rows = out["rows"].reshape(-1, len(states), blocks, width)
        grown = [state.grown(rows[:, person]) for person, state in enumerate(states)]
        return Encoded(out["values"], out["attention"], grown)

    def _one(self, features: Floats, states: Sequence[History]) -> dict[str, Any]:
        met = self._layout.met.shape[1]
        past = np.empty((met, len(states), self._layout.width), np.float32)
        for person, state in enumerate(states):
            past[:, person] = state.met()
        out = self._step.run(features=features[:, 0], past=past)
        return out | {name: out[name][:, None] for name in ("values", "attention")}

    def _several(self, features: Floats, states: Sequence[History]) -> dict[str, Any]:
        out = self._chunks.run(
            features=np.ascontiguousarray(features.swapaxes(0, 1)),
            **{
                f"past_{block}": np.stack([state.past(block) for state in states], axis=1)
                for block in range(len(self._layout.reaches))
            },
        )
        return out | {name: out[name].swapaxes(0, 1) for name in ("values", "attention")}

    def _check(self, features: Floats, states: Sequence[History]) -> None:
        if features.ndim != 3 or features.shape[2] != self.feature_count:
            raise ShapeError(f"features must be (B, T, {self.feature_count}), not {features.shape}")
        own = [state for state in states if state.layout is self._layout]
        if len(own) != len(features) or len(own) != len(states):
            raise ShapeError(
                f"{len(features)} states of this encoder are wanted, one a person: "
                "begin with initial_state()"
            )


def pool(values: Floats, attention: Floats) -> Floats:
    """Attention pooling, P in ZOMG: `(..., T, D)` and logits `(..., T)` to unit `(..., D)`.

    Leave frames out by an attention of minus infinity.
    """
    weights = np.exp(attention - attention.max(axis=-1, keepdims=True))
    pooled = (weights[..., None] * values).sum(axis=-2)
    return unit(pooled)


def unit(rows: Floats) -> Floats:
    """Rows `(..., D)` at length one; nothing stays nothing."""
    result: Floats = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
    return result
