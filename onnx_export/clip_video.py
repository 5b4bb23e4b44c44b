"""ViCLIP checkpoints (arXiv 2307.06942): clips of frames attended to jointly, one CLS a clip.

The architecture is CLIP's with a temporal position added to each patch; tokens lie patch by patch,
frame by frame within. Everything is read off the shapes of the weights.
"""

import math
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from engines import models
from engines.errors import ModelError
from onnx_export import clip_tokenizer, manifests
from onnx_export.clip import HEAD_WIDTH
from onnx_export.clip_sources import Clip, assemble, read_weights

IMAGENET: Final = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
"""ViCLIP's colours are ImageNet's, not CLIP's."""
TEMPORAL: Final = "visual.temporal_positional_embedding"


def from_viclip(path: Path, *, tokenizer: Path | None = None, licence: str | None = None) -> Clip:
    """A model from ViCLIP's `.pth`. Raises ModelError if it cannot be read or is none."""
    weights = open_clip_names(read_weights(path))
    sources = (models.Source(path.name, licence or manifests.UNKNOWN_LICENCE),)
    config = {"model_cfg": configuration(weights, path), "preprocess_cfg": IMAGENET}
    words = tokenizer and clip_tokenizer.read(tokenizer)
    return assemble(path.stem, config, weights, tokenizer=words, sources=sources)


def open_clip_names(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights by open_clip's names; a temporal kernel of one frame is a plain kernel."""
    named = {}
    for key, value in weights.items():
        if key == "temp":
            named["logit_scale"] = -torch.log(value.float())
        elif key.startswith(("vision_encoder.", "text_encoder.")):
            name = key.replace("vision_encoder.", "visual.", 1).removeprefix("text_encoder.")
            named[name] = value
    if TEMPORAL in named:
        named[TEMPORAL] = named[TEMPORAL][0]
    stem = named.get("visual.conv1.weight")
    if stem is not None and stem.ndim == 5 and stem.shape[2] == 1:
        named["visual.conv1.weight"] = stem[:, :, 0]
    return named


def configuration(weights: dict[str, Tensor], path: Path) -> dict[str, object]:
    """An open_clip configuration that fits the weights. Raises ModelError if no ViCLIP does."""
    try:
        stem, frames = weights["visual.conv1.weight"], len(weights[TEMPORAL])
        width, embed = weights["visual.proj"].shape
        vocabulary, words = weights["token_embedding.weight"].shape
        grid = math.isqrt(len(weights["visual.positional_embedding"]) - 1)
        context = len(weights["positional_embedding"])
    except (KeyError, ValueError) as error:
        raise ModelError(f"{path} is no ViCLIP checkpoint: {error} is not in it") from error
    if stem.ndim != 4:
        raise ModelError(
            f"{path}: the first layer sees {tuple(stem.shape)}, several frames at once: only "
            "kernels of one frame can be exported"
        )
    return {
        "embed_dim": embed,
        "quick_gelu": True,
        "vision_cfg": {
            "image_size": grid * stem.shape[-1],
            "patch_size": stem.shape[-1],
            "width": width,
            "layers": _blocks(weights, "visual.transformer.resblocks."),
            "frames": frames,
        },
        "text_cfg": {
            "context_length": context,
            "vocab_size": vocabulary,
            "width": words,
            "heads": max(1, words // HEAD_WIDTH),
            "layers": _blocks(weights, "transformer.resblocks."),
        },
    }


def _blocks(weights: dict[str, Tensor], stem: str) -> int:
    return len({key[len(stem) :].split(".")[0] for key in weights if key.startswith(stem)})
