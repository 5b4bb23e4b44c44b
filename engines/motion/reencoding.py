"""A motion encoder that sees windows both ways (TMR), run live: the window is encoded anew.

Same interface as `encoder.MotionEncoder`. Once a stride the newest frames go through the graph and
give one embedding, which is the value of all frames of the stride before the last `ahead_frames`;
until the next stride it is held. What a bidirectional encoder would say of old frames later is not
asked, so past outputs never change, and chunking does not matter. All there is to a person is in
the state: the window's features, the last embedding, and how many frames are seen and awaited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engines.errors import ShapeError
from engines.models import ModelFolder
from engines.motion.encoder import Encoded
from engines.runtime import Graph

Floats = npt.NDArray[np.float32]

BATCH: Final = 64
"""Windows in one call of the graph: more would only cost memory."""


@dataclass(frozen=True, slots=True)
class _Memory:
    """A batch's states `(B, S)` taken apart."""

    window: Floats  # (B, W, F), newest last
    latent: Floats  # (B, D)
    seen: npt.NDArray[np.int64]  # (B,), at most W
    awaited: npt.NDArray[np.int64]  # (B,), frames until the next encoding


class ReEncoder:
    """The encoder graph of a model folder of kind `window`."""

    def __init__(self, folder: ModelFolder, *, threads: int = 1) -> None:
        """Load and warm up. Raises ModelError if the folder is of another kind or is damaged."""
        manifest = folder.window()
        self.fps = manifest.fps
        self.feature_count = manifest.features.count
        self.lookahead_frames = manifest.window.lookahead_frames
        self.dim = manifest.dim
        self._frames = manifest.window.frames
        self._stride = manifest.window.stride_frames
        self._first = manifest.window.stride_frames + manifest.window.ahead_frames
        self.state_size = self._frames * self.feature_count + self.dim + 2
        self._graph = Graph(folder.path("encoder"), threads=threads)
        warm = np.zeros((1, self._first, self.feature_count), np.float32)
        self.step(warm, [self.initial_state()])

    def initial_state(self) -> Floats:
        """State `(S,)` before a person's first frame."""
        state = np.zeros(self.state_size, np.float32)
        state[-1] = self._first
        return state

    def step(self, features: Floats, states: Sequence[Floats]) -> Encoded[Floats]:
        """Encode raw features `(B, T, F)` from people's states `(S,)`.

        Values are unit rows, but zeros for the first `lookahead_frames` outputs of a stretch, which
        speak of nothing; attention is zero, as every window counts the same. Raises ShapeError for
        other shapes.
        """
        if features.ndim != 3 or features.shape[2] != self.feature_count:
            raise ShapeError(f"features must be (B, T, {self.feature_count}), not {features.shape}")
        sizes = [state.shape for state in states]
        if sizes != [(self.state_size,)] * len(features):
            raise ShapeError(
                f"{len(features)} states {(self.state_size,)} are wanted, one a person, "
                f"not {sizes}: begin with initial_state()"
            )
        memory = self._apart(np.stack(states))
        count = features.shape[1]
        known = np.concatenate([memory.window, features], axis=1)  # (B, W+T, F)
        due = [
            (person, end)
            for person, first in enumerate(memory.awaited)
            for end in range(int(first), count + 1, self._stride)
        ]  # encodings after so many of the new frames
        latents = self._encode(known, memory.seen, due)
        values = np.repeat(memory.latent[:, None], count + 1, axis=1)
        for (person, end), latent in zip(due, latents, strict=True):
            values[person, end:] = latent
        encoded = np.bincount([person for person, _ in due], minlength=len(features))
        after = _Memory(
            known[:, count:],
            values[:, -1],
            np.minimum(memory.seen + count, self._frames),
            memory.awaited - count + encoded * self._stride,
        )
        # A value is there with the frame that completes its window: output t is what is known
        # after t + 1 frames.
        attention = np.zeros(features.shape[:2], np.float32)
        return Encoded(values[:, 1:], attention, list(self._together(after)))

    def _encode(
        self, known: Floats, seen: npt.NDArray[np.int64], due: list[tuple[int, int]]
    ) -> Floats:
        """Unit embeddings `(n, D)` of the windows that end where `due` says."""
        windows = np.zeros((len(due), self._frames, self.feature_count), np.float32)
        log_mask = np.full((len(due), self._frames), -np.inf, np.float32)
        for row, (person, end) in enumerate(due):
            filled = min(self._frames, int(seen[person]) + end)
            windows[row, :filled] = known[person, self._frames + end - filled : self._frames + end]
            log_mask[row, :filled] = 0
        latents = np.empty((len(due), self.dim), np.float32)
        for begin in range(0, len(due), BATCH):
            part = slice(begin, begin + BATCH)
            out = self._graph.run(features=windows[part], log_mask=log_mask[part])
            latents[part] = out["latent"]
        norm = np.linalg.norm(latents, axis=-1, keepdims=True)
        result: Floats = latents / np.maximum(norm, 1e-12)
        return result

    def _apart(self, state: Floats) -> _Memory:
        held = self._frames * self.feature_count
        return _Memory(
            state[:, :held].reshape(-1, self._frames, self.feature_count),
            state[:, held:-2],
            state[:, -2].astype(np.int64),
            state[:, -1].astype(np.int64),
        )

    def _together(self, memory: _Memory) -> Floats:
        people = len(memory.window)
        counts = np.stack([memory.seen, memory.awaited], axis=1).astype(np.float32)
        parts = [memory.window.reshape(people, -1), memory.latent, counts]
        return np.concatenate(parts, axis=1)
