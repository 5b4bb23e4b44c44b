"""A CLIP model to a model folder of kind `clip`: graphs, head, tokenizer, parity, manifest."""

import copy
from pathlib import Path
from typing import Final, Literal

import msgspec
import numpy as np
import onnx
from torch import nn

from engines import models
from engines.errors import ModelError
from onnx_export import (
    clip_graphs,
    clip_quantise,
    clip_tokenizer,
    clip_verify,
    manifests,
    quantise,
)
from onnx_export.clip import Attention, Text, Vision
from onnx_export.clip_sources import Clip

Precision = Literal["fp32", "fp16", "int8", "int8-static"]
TRIALS: Final = 3


def write_clip(
    clip: Clip,
    out: Path,
    *,
    size_px: int | None = None,
    precision: Precision = "fp32",
    images: np.ndarray | None = None,
    notice: str = "",
) -> models.ClipManifest:
    """Export a model, check it against torch and write its manifest.

    `size_px`: what frames are squashed to (default: what the model was trained with); `images
    (n, H, W, 3)` uint8: what int8 is calibrated and checked with. Raises ModelError for a size that
    is no multiple of the patch or a tokenizer that does not fit, ParityError if parity fails.
    """
    vision, text = clip.build()
    size_px = _whole_patches(size_px or clip.config["vision_cfg"]["image_size"], vision.patch)
    if clip.tokenizer is not None:
        clip_tokenizer.check(clip.tokenizer, text.token_embedding.num_embeddings)
    pixels = _trial_pixels(clip, vision, size_px, images)
    out.mkdir(parents=True, exist_ok=True)
    _write_graphs(vision, text, out, precision, pixels)
    clip_graphs.write_head(vision, out / "head.npz")
    roles = {"vision": "vision.onnx", "text": "text.onnx", "head": "head.npz"}
    if clip.tokenizer is not None:
        clip.tokenizer.save(str(out / "tokenizer.json"))
        roles["tokenizer"] = "tokenizer.json"
    manifest = models.ClipManifest(
        format=models.FORMAT,
        name=out.resolve().name,
        version="1",
        files=manifests.files(out, **roles),
        precision=precision,
        vision=_vision(clip, vision, size_px),
        max_tokens=len(text.positional_embedding),
        presence=models.Presence(
            (clip.logit_scale, 0.0, -clip.logit_scale, 0.0), 0.0, 0.5, None, None
        ),
        notice=notice,
        sources=clip.sources,
        parity={},
    )
    manifests.write(manifest, out)
    found = {
        **clip_verify.maps(vision, out, precision, pixels[:TRIALS]),
        "text": clip_verify.texts(text, out / "text.onnx", precision),
        "bound": clip_verify.BOUNDS[precision],
    }
    manifest = msgspec.structs.replace(manifest, parity=found)
    manifests.write(manifest, out)
    return manifest


def calibrated(folder: Path, presence: models.Presence) -> None:
    """Write a presence calibration into the manifest of a folder."""
    manifest = models.find(folder).clip()
    manifests.write(msgspec.structs.replace(manifest, presence=presence), folder)


def _write_graphs(
    vision: Vision, text: Text, out: Path, precision: Precision, pixels: np.ndarray
) -> None:
    if precision == "fp16":
        vision, text = halved(vision), halved(text)
    plain = out / "vision.onnx"
    clip_graphs.write_vision(vision, plain)
    clip_graphs.write_text(text, out / "text.onnx")
    if precision.startswith("int8"):
        onnx.save(quantise.quantise(onnx.load(out / "text.onnx")), out / "text.onnx")
        positions = clip_graphs.positions(vision, pixels.shape[-2:])
        feeds = [{"pixels": each[None], "positions": positions} for each in pixels]
        clip_quantise.quantise(plain, feeds if precision == "int8-static" else None)


def halved(tower: nn.Module) -> nn.Module:
    """A copy whose products run in half precision; norms and positions stay as they are."""
    tower = copy.deepcopy(tower)
    for module in tower.modules():
        if isinstance(module, nn.Linear | nn.Conv2d | nn.Embedding):
            module.half()
        elif isinstance(module, Attention):
            module.in_proj_weight.data = module.in_proj_weight.data.half()
            module.in_proj_bias.data = module.in_proj_bias.data.half()
    for name in ("proj", "text_projection"):
        if hasattr(tower, name):
            getattr(tower, name).data = getattr(tower, name).data.half()
    return tower


def _vision(clip: Clip, vision: Vision, size_px: int) -> models.Vision:
    return models.Vision(
        size_px=size_px,
        patch_px=vision.patch,
        grid=clip.config["vision_cfg"]["image_size"] // vision.patch,
        width=vision.width,
        dim=clip.config["embed_dim"],
        frames=vision.frames,
        mean=clip.mean,
        std=clip.std,
    )


def _trial_pixels(
    clip: Clip, vision: Vision, size_px: int, images: np.ndarray | None
) -> np.ndarray:
    if images is None:
        count = TRIALS * vision.frames
        pixels = clip_verify.pictures(count, size_px, size_px)
    else:
        from engines.video.pixels import prepare

        shape = _vision(clip, vision, size_px)
        pixels = np.stack([prepare(image, shape) for image in images])
    if vision.frames == 1:
        return pixels
    whole = len(pixels) // vision.frames * vision.frames
    if not whole:
        raise ModelError(f"{len(pixels)} images are no clip: expected at least {vision.frames}")
    return pixels[:whole].reshape(-1, vision.frames, *pixels.shape[1:])


def _whole_patches(size_px: int, patch_px: int) -> int:
    if size_px < 2 * patch_px or size_px % patch_px:
        raise ModelError(
            f"size {size_px} is no multiple of the patch of {patch_px} pixels: "
            f"take {max(2, round(size_px / patch_px)) * patch_px}"
        )
    return size_px
