"""Parity of an exported CLIP: what its folder gives against torch, by the formulas as published.

The torch side stacks the layers, weighs them for each prompt and normalises every patch, without
any factorisation: what is compared is the whole chain of graph and head.
"""

from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engines.runtime import Graph
from engines.video import head
from engines.video.heatmaps import Heatmaps
from engines.video.resample import resize
from engines.video.weights import ALPHA, CHOICES, DEPTH, DYNAMIC_LAYERS, STATIC, LayerWeights
from onnx_export.clip import Text, Vision
from onnx_export.parity import ParityError

BOUNDS: Final = {"fp32": 2e-4, "fp16": 0.1, "int8": 0.5, "int8-static": 0.5}
"""Largest deviation of a cosine that is let through."""
TEXTS: Final = 4


def pictures(count: int, high: int, wide: int, *, seed: int = 0) -> np.ndarray:
    """Smooth coloured patterns with edges in them, `(count, 3, high, wide)` normalised float32."""
    random = np.random.default_rng(seed)
    coarse = random.standard_normal((count, 5, 5, 3))
    smooth = np.stack([resize(each, high, wide) for each in coarse])
    y, x = np.mgrid[0:high, 0:wide] / max(high, wide)
    for picture in smooth:
        for _ in range(4):
            left, top, size = random.random(3) * 0.6
            box = (x > left) & (x < left + size) & (y > top) & (y < top + size)
            picture[box] = 0.3 * picture[box] + random.standard_normal(3)
    return np.ascontiguousarray(smooth.transpose(0, 3, 1, 2), np.float32)


def maps(vision: Vision, folder: Path, precision: str, pixels: np.ndarray) -> dict[str, float]:
    """Largest deviations of maps, image embeddings and dynamic weights from torch.

    Raises ParityError above the bound of the precision. For int8 also how often the best patch is
    the same, or a neighbour of it.
    """
    engine = Heatmaps.load(folder)
    texts = _unit_rows(TEXTS, engine.vision.dim)
    encoded = engine.encode(pixels)
    grid = torch.from_numpy(engine.positions(encoded.grid))
    with torch.inference_mode():
        stack, path = vision.layers(torch.from_numpy(pixels), grid)
        left_out = vision.left_out(path)
    moved = dynamic(left_out, torch.from_numpy(texts))
    found = {
        "image": _deviation(left_out[:, -1], encoded.cls[:, -1]),
        "dynamic_weights": _deviation(moved, head.dynamic_weights(encoded, texts)),
    }
    same = []
    for choice in CHOICES:
        with torch.inference_mode():
            wanted = stacked(vision, stack, left_out, torch.from_numpy(texts), choice).numpy()
        given = head.similarity(encoded, texts, choice)
        found[choice] = _deviation(wanted, given)
        same.append(_same_place(wanted, given, encoded.grid[1] * encoded.frames))
    if precision.startswith("int8"):
        found["same_peak"] = float(np.mean(same))
    bound = BOUNDS[precision]
    worst = max(found[key] for key in ("image", *CHOICES))
    if not worst <= bound:
        raise ParityError(f"{precision}: a cosine is off by {worst:.2e}, the bound is {bound:.0e}")
    return found


def stacked(
    vision: Vision, stack: list[Tensor], left_out: Tensor, texts: Tensor, choice: LayerWeights
) -> Tensor:
    """Patch cosines `(B, P, N)` by the published formulas: weigh, normalise, project."""
    base = torch.tensor(STATIC if choice.startswith("static") else [1.0] * (DEPTH + 1))
    weights = base.expand(len(left_out), len(texts), -1).clone()
    if choice.endswith("dynamic"):
        weights[..., -DYNAMIC_LAYERS:] += dynamic(left_out, texts) - 1 / DYNAMIC_LAYERS
    layers = torch.stack(stack, dim=1)[:, :, 1:]  # (B, 8, N, C)
    mixed = torch.einsum("bpk,bknc->bpnc", weights, layers)
    patches = F.normalize(vision.ln_post(mixed) @ vision.proj.float(), dim=-1)
    return torch.einsum("bpne,pe->bpn", patches, texts)


def dynamic(left_out: Tensor, texts: Tensor) -> Tensor:
    """Dynamic weights `(B, P, 3)`: softmax of what each block's absence costs."""
    return (-ALPHA * left_out[:, :DYNAMIC_LAYERS] @ texts.T).softmax(dim=1).transpose(1, 2)


def texts(tower: Text, path: Path, precision: str, *, seed: int = 0) -> float:
    """Largest deviation of text embeddings from torch. Raises ParityError above the bound."""
    random = np.random.default_rng(seed)
    vocabulary, longest = tower.token_embedding.num_embeddings, len(tower.positional_embedding)
    tokens = random.integers(0, vocabulary, (3, longest), np.int64)
    ends = np.array([longest - 1, longest // 2, 1], np.int64)
    with torch.inference_mode():
        wanted = tower(torch.from_numpy(tokens), torch.from_numpy(ends))
    given = Graph(path).run(tokens=tokens, ends=ends)["text"]
    worst = _deviation(wanted, given)
    if not worst <= BOUNDS[precision]:
        raise ParityError(f"{precision} text: off by {worst:.2e} > {BOUNDS[precision]:.0e}")
    return worst


def _same_place(wanted: np.ndarray, given: np.ndarray, row: int) -> float:
    """Share of maps whose best patch is the same one or a neighbour."""
    a, b = wanted.argmax(-1), given.argmax(-1)
    near = (abs(a // row - b // row) <= 1) & (abs(a % row - b % row) <= 1)
    return float(near.mean())


def _deviation(wanted: Tensor | np.ndarray, given: np.ndarray) -> float:
    return float(np.abs(np.asarray(wanted) - given).max())


def _unit_rows(count: int, dim: int) -> np.ndarray:
    rows = np.random.default_rng(1).standard_normal((count, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
