"""Parity: what the exported graphs give against torch, and streamed against in one go.

Each check gives the largest deviation seen and raises ParityError above its bound; the deviations
go into the manifest.
"""

from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import nn

from engines import models
from engines.motion.encoder import MotionEncoder
from engines.runtime import Graph
from onnx_export.parity import ParityError
from training.network import Model

TORCH_BOUND: Final = 2e-5
STREAM_BOUND: Final = 2e-5
COSINE_BOUND: Final = 0.998
WINDOW_BOUND: Final = 5e-5
FRAMES: Final = 200
WINDOW_FRAMES: Final = 60


def motion(model: Model, folder: Path, *, seed: int = 0) -> dict[str, float]:
    """Check the graphs in the folder against their modules, and one frame at a time and a few
    against all at once."""
    random = np.random.default_rng(seed)
    encoder = MotionEncoder(folder / "step.onnx", folder / "encoder.onnx", shape_of(model))
    normal = model.encoder.members[0]
    mean, scale = normal.mean.numpy(), normal.scale.numpy()
    noise = random.standard_normal((3, FRAMES, model.shape.features)).astype(np.float32)
    features = (mean + noise / scale).astype(np.float32)
    with torch.inference_mode():
        wanted = [part.numpy() for part in model.encoder(torch.from_numpy(features))]
    whole = encoder.step(features, [encoder.initial_state()] * 3)
    given = [whole.values, whole.attention]
    found = {
        "torch_onnx_encoder": _within(wanted, given, TORCH_BOUND),
        "streaming_offline": _within(given, _streamed(encoder, features), STREAM_BOUND),
    }
    sentence = random.standard_normal((16, model.shape.sentence)).astype(np.float32)
    sentence /= np.linalg.norm(sentence, axis=1, keepdims=True)
    lexicon = (random.random((16, model.shape.lexicon)) < 0.2).astype(np.float32)
    with torch.inference_mode():
        text = model.adapter(torch.from_numpy(sentence), torch.from_numpy(lexicon)).numpy()
    adapted = Graph(folder / "text.onnx").run(sentence=sentence, lexicon=lexicon)["text"]
    found["torch_onnx_text"] = _within([text], [adapted], TORCH_BOUND)
    return found


def sentences(plain: np.ndarray, quantised: np.ndarray) -> dict[str, float]:
    """Check embeddings `(n, 384)` of the int8 model against those of the float one."""
    cosine = (plain * quantised).sum(axis=1)
    if cosine.min() < COSINE_BOUND:
        raise ParityError(f"int8 sentence model: cosine {cosine.min():.4f} < {COSINE_BOUND}")
    return {
        "cosine_to_float_min": float(cosine.min()),
        "cosine_to_float_mean": float(cosine.mean()),
    }


def shape_of(model: Model) -> models.Encoder:
    """What a manifest says of the encoder."""
    shape = model.shape
    return models.Encoder(
        shape.lookahead_frames, shape.block_width, shape.kernel, shape.dilations, shape.row_size
    )


def _streamed(encoder: MotionEncoder, features: np.ndarray) -> list[np.ndarray]:
    """Run in chunks of 1, 2, 3, 1, 2, 3... frames, handing on the states."""
    values, attention = [], []
    states = [encoder.initial_state() for _ in features]
    begin, size = 0, 1
    while begin < features.shape[1]:
        out = encoder.step(features[:, begin : begin + size], states)
        states = out.states
        values.append(out.values)
        attention.append(out.attention)
        begin, size = begin + size, size % 3 + 1
    return [np.concatenate(values, axis=1), np.concatenate(attention, axis=1)]


def _within(wanted: list[np.ndarray], given: list[np.ndarray], bound: float) -> float:
    worst = max(float(np.abs(a - b).max()) for a, b in zip(wanted, given, strict=True))
    if not worst <= bound:
        raise ParityError(f"largest deviation {worst:.2e} is above the bound {bound:.0e}")
    return worst


def windows(tower: nn.Module, path: Path, *, seed: int = 0) -> dict[str, float]:
    """Check the graph of a window encoder against its module, and masked against cut windows."""
    random = np.random.default_rng(seed)
    mean, std = tower.mean.numpy(), tower.std.numpy()
    features = mean + std * random.standard_normal((4, WINDOW_FRAMES, len(mean)))
    features = features.astype(np.float32)
    log_mask = np.log(random.random((4, WINDOW_FRAMES), np.float32))
    log_mask[0] = 0
    log_mask[1, WINDOW_FRAMES // 2 :] = -np.inf
    graph = Graph(path)
    given = graph.run(features=features, log_mask=log_mask)
    with torch.inference_mode():
        wanted = tower(torch.from_numpy(features), torch.from_numpy(log_mask))
    half = slice(WINDOW_FRAMES // 2)
    cut = graph.run(features=features[1:2, half], log_mask=log_mask[1:2, half])
    outputs = [given["latent"], given["frames"]]
    masked = [given["latent"][1:2], given["frames"][1:2, half]]
    return {
        "torch_onnx_encoder": _within([w.numpy() for w in wanted], outputs, WINDOW_BOUND),
        "masked_truncated": _within(masked, [cut["latent"], cut["frames"]], WINDOW_BOUND),
    }


def token_texts(tower: nn.Module, path: Path, vocabulary: int, *, seed: int = 0) -> float:
    """Check the graph of a text tower that eats token ids against its module, padding included."""
    random = np.random.default_rng(seed)
    ids = random.integers(0, vocabulary, (3, 24), np.int64)
    mask = (np.arange(24) < np.array([[24], [9], [2]])).astype(np.int64)
    with torch.inference_mode():
        wanted = tower(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
    given = Graph(path).run(input_ids=ids, attention_mask=mask)["sentence"]
    return _within([wanted], [given], WINDOW_BOUND)
