"""The part of VideoGEM that knows the prompt: factorised maps and texts to cosines. Pure.

Exact (derivation: docs/methods.md): layer norm is centring, one scalar and an affine map, the
projection is linear; so the cosine of a weighted sum of layers follows from each layer's projected
map and their Gram sums.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.video.weights import ALPHA, DYNAMIC_LAYERS, LayerWeights, layers_in, maps_of

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Constants:
    """What belongs to the model alone: projected bias of the last norm `(E,)`, the norm's eps."""

    bias: Floats
    eps: float


@dataclass(frozen=True, slots=True)
class Encoded:
    """Frames or clips as the vision graph leaves them; no prompt has been seen yet.

    `projected (B, 5, N, E)`, `gram (B, N, 5, 5)`, `images (B, N, 5, 5)`, `biased (B, N, 5)`,
    `cls (B, 4, E)` (without each of the last three blocks, then with all); `grid` h, w; `frames` of
    a clip, `N = h * w * frames`.
    """

    projected: Floats
    gram: Floats
    images: Floats
    biased: Floats
    cls: Floats
    grid: tuple[int, int]
    frames: int
    constants: Constants

    def __len__(self) -> int:
        return len(self.projected)

    def __getitem__(self, index: int) -> "Encoded":
        """One frame, as a batch of one; views, no copies."""
        one = slice(index, index + 1)
        return replace(
            self,
            projected=self.projected[one],
            gram=self.gram[one],
            images=self.images[one],
            biased=self.biased[one],
            cls=self.cls[one],
        )


def image_similarity(encoded: Encoded, text: Floats) -> Floats:
    """Cosines of whole images with texts `(P, E)`: `(B, P)`."""
    cosines: Floats = encoded.cls[:, -1] @ text.T
    return cosines


def dynamic_weights(encoded: Encoded, text: Floats) -> Floats:
    """Importance of the last three blocks for each text: `(B, P, 3)`, sums to one."""
    kept = encoded.cls[:, :DYNAMIC_LAYERS] @ text.T  # (B, 3, P)
    odds = np.exp(-ALPHA * (kept - kept.min(axis=1, keepdims=True)))
    shares: Floats = (odds / odds.sum(axis=1, keepdims=True)).transpose(0, 2, 1)
    return shares


def similarity(encoded: Encoded, text: Floats, layer_weights: LayerWeights) -> Floats:
    """Cosines of every patch with every text `(P, E)`: `(B, P, N)`."""
    used, shares, moves = maps_of(layer_weights)
    weights = np.broadcast_to(
        np.array(shares, np.float32), (len(encoded), len(text) if moves else 1, 4)
    )
    maps = encoded.projected[:, used]
    if moves:
        weights = weights.copy()
        weights[..., layers_in(used)] += dynamic_weights(encoded, text) - 1 / DYNAMIC_LAYERS
        along = np.einsum("bpk,bkpn->bpn", weights, text @ maps.transpose(0, 1, 3, 2))
    else:
        mixed = np.einsum("k,bkne->bne", weights[0, 0], maps)
        along = (mixed @ text.T).transpose(0, 2, 1)
    bias, eps = encoded.constants.bias, encoded.constants.eps
    inverse = 1 / np.sqrt(_quadratic(weights, encoded.gram[..., used, used]) + eps)
    cross = weights @ encoded.biased[..., used].transpose(0, 2, 1)
    square = _quadratic(weights, encoded.images[..., used, used]) * inverse**2
    length = np.sqrt(np.maximum(square + 2 * inverse * cross + bias @ bias, 1e-24))
    cosines: Floats = (inverse * along + (text @ bias)[:, None]) / length
    return cosines


def _quadratic(weights: Floats, sums: NDArray[Any]) -> Floats:
    """`w^T G w`, weights `(B, P, 4)` of prompts and sums `(B, N, 4, 4)` of patches: `(B, P, N)`."""
    batch, prompts, count = weights.shape
    pairs = (weights[..., :, None] * weights[..., None, :]).reshape(batch, prompts, count * count)
    flat = sums.reshape(batch, sums.shape[1], count * count)
    values: Floats = pairs @ flat.transpose(0, 2, 1)
    return values
