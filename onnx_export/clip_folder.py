"""A CLIP model to a model folder of kind `clip`: graphs, head, tokenizer, parity, manifest."""

import copy
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec
import numpy as np
import onnx
from torch import nn

from engines import models, places
from engines.errors import ModelError
from engines.video.pixels import prepare
from onnx_export import (
    clip_graphs,
    clip_quantise,
    clip_tokenizer,
    clip_verify,
    exporting,
    manifests,
    quantise,
)
from onnx_export.clip import Attention, Text, Vision
from onnx_export.clip_sources import Clip

Precision = Literal["fp32", "fp16", "int8", "int8-static"]
VISION, TEXT, HEAD, TOKENIZER = "vision.onnx", "text.onnx", "head.npz", "tokenizer.json"
FILES: Final = {
    "vision": VISION,
    "vision_data": f"{VISION}.data",
    "text": TEXT,
    "text_data": f"{TEXT}.data",
    "head": HEAD,
    "tokenizer": TOKENIZER,
}
"""Roles and names of what a model can consist of; the data are weights of graphs above 1.5 GB."""
PATTERNS: Final = 3
MOST_CHECKED: Final = 12


def write_clip(
    clip: Clip,
    out: Path,
    *,
    size_px: int | None = None,
    precision: Precision = "fp32",
    images: Sequence[np.ndarray] | None = None,
    notice: str = "",
) -> models.ClipManifest:
    """Export a model, check it against torch and write its folder, in place of an older model.

    `size_px`: what frames are squashed to (default: what the model was trained with); `images`: RGB
    `(H, W, 3)` uint8, each of any size, that int8 is calibrated and checked with. Raises ModelError
    for a size that is no multiple of the patch or a tokenizer that does not fit, ParityError if
    parity fails; the folder is as before then.
    """
    vision, text = clip.build()
    size_px = _whole_patches(size_px or clip.config["vision_cfg"]["image_size"], vision.patch)
    if clip.tokenizer is not None:
        clip_tokenizer.check(clip.tokenizer, text.token_embedding.num_embeddings, clip.end)
    pixels = _trial_pixels(clip, size_px, images)
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        made = Path(scratch)
        _write_files(clip, vision, text, made, precision, pixels)
        manifest = _manifest(clip, made, size_px, name=out.name, precision=precision, notice=notice)
        manifests.write(manifest, made)
        parity = {
            **clip_verify.maps(vision, made, precision, pixels[:MOST_CHECKED]),
            "text": clip_verify.texts(text, made / TEXT, precision),
            "bound": clip_verify.BOUNDS[precision],
        }
        manifest = msgspec.structs.replace(manifest, parity=parity)
        manifests.write(manifest, made)
        _install(made, out)
    return manifest


def calibrated(folder: Path, presence: models.Presence) -> None:
    """Write a presence calibration into the manifest of a folder."""
    manifest = models.find(folder).clip()
    manifests.write(msgspec.structs.replace(manifest, presence=presence), folder)


def _write_files(
    clip: Clip, vision: Vision, text: Text, out: Path, precision: Precision, pixels: np.ndarray
) -> None:
    """All but the manifest."""
    clip_graphs.write_head(vision, out / HEAD)
    if clip.tokenizer is not None:
        clip.tokenizer.save(str(out / TOKENIZER))
    if precision == "fp16":
        vision, text = halved(vision), halved(text)
    clip_graphs.write_vision(vision, out / VISION)
    clip_graphs.write_text(text, out / TEXT)
    if precision.startswith("int8"):
        exporting.replace(out / TEXT, quantise.quantise(onnx.load(out / TEXT)))
        positions = clip_graphs.positions(vision, pixels.shape[-2:])
        feeds = [{"pixels": each[None], "positions": positions} for each in pixels]
        clip_quantise.quantise(out / VISION, feeds if precision == "int8-static" else None)


def _install(made: Path, out: Path) -> None:
    """Move a finished model into a folder; other files in it stay."""
    out.mkdir(exist_ok=True)
    (out / places.MANIFEST).unlink(missing_ok=True)
    for name in [*FILES.values(), places.MANIFEST]:
        if (made / name).is_file():
            shutil.move(made / name, out / name)
        else:
            (out / name).unlink(missing_ok=True)


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


def _manifest(clip: Clip, folder: Path, size_px: int, **said: str) -> models.ClipManifest:
    present = {role: name for role, name in FILES.items() if (folder / name).is_file()}
    return models.ClipManifest(
        format=models.FORMAT,
        version="1",
        files=manifests.files(folder, **present),
        vision=_vision(clip, size_px),
        max_tokens=clip.config["text_cfg"]["context_length"],
        presence=models.Presence(
            (clip.logit_scale, 0.0, -clip.logit_scale, 0.0), 0.0, 0.5, None, None
        ),
        sources=clip.sources,
        parity={},
        **said,
    )


def _vision(clip: Clip, size_px: int) -> models.Vision:
    tower = clip.config["vision_cfg"]
    return models.Vision(
        size_px=size_px,
        patch_px=tower["patch_size"],
        grid=tower["image_size"] // tower["patch_size"],
        width=tower["width"],
        dim=clip.config["embed_dim"],
        frames=tower.get("frames", 1),
        mean=clip.mean,
        std=clip.std,
    )


def _trial_pixels(clip: Clip, size_px: int, images: Sequence[np.ndarray] | None) -> np.ndarray:
    shape = _vision(clip, size_px)
    if images is None:
        pixels = clip_verify.pictures(PATTERNS * shape.frames, size_px, size_px)
    else:
        pixels = np.stack([prepare(image, shape) for image in images])
    if shape.frames == 1:
        return pixels
    whole = len(pixels) // shape.frames * shape.frames
    if not whole:
        raise ModelError(f"{len(pixels)} images are no clip: expected at least {shape.frames}")
    return pixels[:whole].reshape(-1, shape.frames, *pixels.shape[1:])


def _whole_patches(size_px: int, patch_px: int) -> int:
    if size_px < 2 * patch_px or size_px % patch_px:
        raise ModelError(
            f"size {size_px} is no multiple of the patch of {patch_px} pixels: "
            f"take {max(2, round(size_px / patch_px)) * patch_px}"
        )
    return size_px
