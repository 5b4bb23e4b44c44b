"""The part of VideoGEM that knows the prompt: factorised maps and texts to cosines. Pure.

Exact (derivation: docs/methods.md): layer norm is centring, one scalar and an affine map, the
projection is linear; so the cosine of a weighted sum of layers follows from each layer's projected
map and their Gram sums.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.video.weights import ALPHA, DYNAMIC_LAYERS, LayerWeights, shares

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
    importance: Floats = (odds / odds.sum(axis=1, keepdims=True)).transpose(0, 2, 1)
    return importance


def similarity(encoded: Encoded, text: Floats, layer_weights: LayerWeights) -> Floats:
    """Cosines of every patch with every text `(P, E)`: `(B, P, N)`."""
    sums = np.array(shares(layer_weights), np.float32)  # (K, 5)
    weights = np.ones((len(encoded), len(text) if len(sums) > 1 else 1, len(sums)), np.float32)
    if len(sums) > 1:
        weights[..., 1:] = dynamic_weights(encoded, text)[..., :-1]
    cosines = _along(encoded.projected, sums, weights, text)
    bias, eps = encoded.constants.bias, encoded.constants.eps
    variance, square = _quadratic(weights, sums, np.stack([encoded.gram, encoded.images]))
    variance += eps
    square += (bias @ bias) * variance
    deviation = np.sqrt(variance, out=variance)
    cross = weights @ (2 * encoded.biased @ sums.T).transpose(0, 2, 1)
    square += np.multiply(deviation, cross, out=cross)
    cosines += deviation * (text @ bias)[:, None]
    cosines /= np.sqrt(np.maximum(square, 1e-24, out=square), out=square)
    return cosines


def _along(projected: Floats, sums: Floats, weights: Floats, text: Floats) -> Floats:
    """Products of texts with the weighted sums of maps, of which the first has weight one."""
    batch, _, patches, dim = projected.shape
    flat = sums @ projected.reshape(batch, -1, patches * dim)
    maps = flat.reshape(batch, len(sums), patches, dim).transpose(0, 1, 3, 2)
    first, *others = (text @ maps[:, place] for place in range(len(sums)))
    for place, other in enumerate(others, 1):
        other *= weights[..., place, None]
        first += other
    along: Floats = first
    return along


def _quadratic(weights: Floats, sums: Floats, products: NDArray[Any]) -> Floats:
    """`w^T S G S^T w`: weights `(B, P, K)` of prompts, sums S `(K, 5)`, products G
    `(2, B, N, 5, 5)` of a patch's maps with each other: `(2, B, P, N)`."""
    pairs = weights[..., :, None] * weights[..., None, :]
    flat = products.reshape(*products.shape[:3], -1) @ np.kron(sums, sums).T
    values: Floats = pairs.reshape(*pairs.shape[:2], -1) @ flat.swapaxes(-1, -2)
    return values
