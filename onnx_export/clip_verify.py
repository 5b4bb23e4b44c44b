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

from engines import models
from engines.runtime import Graph
from engines.video import head
from engines.video.heatmaps import Heatmaps
from engines.video.resample import resize
from engines.video.texts import ClipTexts
from engines.video.weights import ALPHA, CHOICES, DEPTH, DYNAMIC_LAYERS, STATIC, LayerWeights
from onnx_export.clip import Text, Vision
from onnx_export.parity import ParityError

BOUNDS: Final = {"fp32": 2e-4, "fp16": 0.1, "int8": 0.5, "int8-static": 0.5}
"""Largest deviation of a cosine or a dynamic weight that is let through."""
BATCH: Final = 3
PROMPTS: Final = (
    "a photo of a person cutting an onion",
    "a photo of a person pouring water into a glass",
    "a photo of a person opening a door",
    "a photo of a person washing the dishes",
    "a photo of a person typing on a laptop",
    "a photo of a person riding a bicycle",
    "a photo of a person drinking coffee",
    "a photo of a person sweeping the floor",
)


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

    For prompts where the folder can read words, else for random unit rows. Raises ParityError above
    the bound of the precision. Below fp32 also how often the best patch is the same, or a neighbour
    of it.
    """
    engine = Heatmaps.load(folder)
    rows = _rows(folder, engine.manifest)
    deviations, near = [], []
    for start in range(0, len(pixels), BATCH):
        found, same = _compared(vision, engine, pixels[start : start + BATCH], rows)
        deviations.append(found)
        near.append(same.ravel())
    found = {key: float(np.max([each[key] for each in deviations])) for key in deviations[0]}
    bound = BOUNDS[precision]
    if off := [f"{key} is off by {most:.2e}" for key, most in found.items() if not most <= bound]:
        raise ParityError(f"{precision}: {', '.join(off)}; the bound is {bound:.0e}")
    if precision != "fp32":
        found["same_peak"] = float(np.concatenate(near).mean())
    return found


def _rows(folder: Path, manifest: models.ClipManifest) -> np.ndarray:
    """Prompts as the exported text tower reads them `(P, E)`."""
    if "tokenizer" in manifest.files or manifest.sentence_model:
        return ClipTexts(models.find(folder)).encode(PROMPTS)
    return _unit_rows(len(PROMPTS), manifest.vision.dim)


def _compared(
    vision: Vision, engine: Heatmaps, pixels: np.ndarray, rows: np.ndarray
) -> tuple[dict[str, float], np.ndarray]:
    """Largest deviations, and whether each map's best patch is near torch's `(choices, B, P)`."""
    encoded, text = engine.encode(pixels), torch.from_numpy(rows)
    grid = torch.from_numpy(engine.positions(encoded.grid))
    with torch.inference_mode():
        stack, path = vision.layers(torch.from_numpy(pixels), grid)
        left_out = vision.left_out(path)
        maps = {each: stacked(vision, stack, left_out, text, each).numpy() for each in CHOICES}
    found = {
        "image": _deviation(left_out[:, -1], encoded.cls[:, -1]),
        "dynamic_weights": _deviation(dynamic(left_out, text), head.dynamic_weights(encoded, rows)),
    }
    near = []
    for choice, wanted in maps.items():
        given = head.similarity(encoded, rows, choice)
        found[choice] = _deviation(wanted, given)
        near.append(_near(wanted, given, encoded.grid[1] * encoded.frames))
    return found, np.stack(near)


def stacked(
    vision: Vision, stack: list[Tensor], left_out: Tensor, texts: Tensor, choice: LayerWeights
) -> Tensor:
    """Patch cosines `(B, P, N)` by the published formulas: weigh, normalise, project."""
    base = torch.tensor(STATIC if choice.startswith("static") else [1.0] * (DEPTH + 1))
    weights = base.expand(len(left_out), len(texts), -1).clone()
    if choice.endswith("dynamic"):
        weights[..., -DYNAMIC_LAYERS:] += dynamic(left_out, texts) - 1 / DYNAMIC_LAYERS
    layers = torch.stack(stack)[:, 1:]  # (8, N, B, C)
    mixed = torch.einsum("bpk,knbc->bpnc", weights, layers)
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


def _near(wanted: np.ndarray, given: np.ndarray, row: int) -> np.ndarray:
    """Whether the best patch of each map is the same one or a neighbour, `(B, P)` bool."""
    a, b = wanted.argmax(-1), given.argmax(-1)
    return (abs(a // row - b // row) <= 1) & (abs(a % row - b % row) <= 1)


def _deviation(wanted: Tensor | np.ndarray, given: np.ndarray) -> float:
    return float(np.abs(np.asarray(wanted) - given).max())


def _unit_rows(count: int, dim: int) -> np.ndarray:
    rows = np.random.default_rng(1).standard_normal((count, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
