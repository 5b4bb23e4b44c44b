"""The streaming motion encoder: features and a state in, one embedding a frame and a new state out.

Causal: output row t speaks of feature row t - `lookahead_frames` and never changes afterwards.
Holds no person's state; one call serves many people. Used by one thread at a time.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engines.models import ModelFolder
from engines.runtime import Graph

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """`values (B, T, D)` unit rows, `attention (B, T)` logits, `state (B, S)` for the next call."""

    values: Floats
    attention: Floats
    state: Floats


class MotionEncoder:
    """The encoder graph of a motion model folder."""

    def __init__(self, folder: ModelFolder, *, threads: int = 1, gpu: bool = False) -> None:
        """Load and warm up. Raises ModelError if the folder is no motion model or is damaged."""
        manifest = folder.motion()
        self.fps = manifest.fps
        self.feature_count = manifest.features.count
        self.lookahead_frames = manifest.encoder.lookahead_frames
        self.state_size = manifest.encoder.state_size
        self.dim = manifest.encoder.dim
        self._graph = Graph(folder.path("encoder"), threads=threads, gpu=gpu)
        self.step(np.zeros((1, 1, self.feature_count), np.float32), self.initial_state()[None])

    def initial_state(self) -> Floats:
        """State `(S,)` before a person's first frame."""
        return np.zeros(self.state_size, np.float32)

    def step(self, features: Floats, state: Floats) -> Encoded:
        """Encode features `(B, T, F)` from state `(B, S)`. Raises ShapeError for other shapes."""
        out: dict[str, Any] = self._graph.run(features=features, state=state)
        return Encoded(out["values"], out["attention"], out["next_state"])


def pool(values: Floats, attention: Floats) -> Floats:
    """Attention pooling, P in ZOMG: `(..., T, D)` and logits `(..., T)` to unit `(..., D)`.

    Leave frames out by an attention of minus infinity.
    """
    weights = np.exp(attention - attention.max(axis=-1, keepdims=True))
    pooled = (weights[..., None] * values).sum(axis=-2)
    norm = np.linalg.norm(pooled, axis=-1, keepdims=True)
    result: Floats = pooled / np.maximum(norm, 1e-12)
    return result
