"""The command line of `python -m onnx_export clip`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from engines import models
from engines.errors import ModelError

if TYPE_CHECKING:
    from onnx_export.clip_sources import Clip

PRECISIONS: Final = ("fp32", "fp16", "int8", "int8-static")
PICTURES: Final = (".jpg", ".jpeg", ".png")
MOST_IMAGES: Final = 64
GO_WITH: Final[dict[str, tuple[str, ...]]] = {
    "config": ("weights",),
    "name": ("pretrained", "weights"),
    "transformers": (),
    "viclip": (),
}
"""Where a model comes from, and which options of that it can have beside it."""
NO_TOKENIZER: Final = (
    "no tokenizer: the model gives maps for text rows, not for words; for these export it again "
    "with --tokenizer tokenizer.json"
)


def add(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the sub-command."""
    clip = kinds.add_parser("clip", help="an image-text model for heatmaps (VideoGEM)")
    clip.add_argument("--config", type=Path, help="open_clip model.json, with --weights")
    clip.add_argument("--weights", type=Path, help="state dict, .pt or .safetensors")
    clip.add_argument("--name", help="architecture of open_clip, such as ViT-B-16")
    clip.add_argument("--pretrained", help="open_clip's tag of its weights, from a network or FILE")
    clip.add_argument("--transformers", help="folder or hub name of a transformers CLIPModel")
    clip.add_argument("--viclip", type=Path, help="a ViCLIP checkpoint (.pth)")
    clip.add_argument("--out", type=Path, required=True, help="folder to write")
    clip.add_argument(
        "--size", "--image-size", type=int, help="side of the frames in pixels, such as 224 or 336"
    )
    clip.add_argument(
        "--precision", choices=PRECISIONS, default="fp32", help="fp16 for GPUs, int8 for CPUs"
    )
    clip.add_argument("--tokenizer", type=Path, help="tokenizer.json, where it is not CLIP's own")
    clip.add_argument(
        "--images", type=Path, help="folder of pictures to calibrate and check int8 with"
    )
    clip.add_argument("--licence", help="of the weights, as the manifest shall tell it")
    clip.add_argument("--notice", default="", help="what whoever sees the results must know")


def export(given: argparse.Namespace) -> models.ClipManifest:
    """Do what the command line asks. Raises ModelError with the remedy if it cannot be done."""
    check(given)
    from onnx_export import clip_folder

    manifest = clip_folder.write_clip(
        source(given),
        given.out,
        size_px=given.size,
        precision=given.precision,
        images=given.images and read_images(given.images),
        notice=given.notice,
    )
    if "tokenizer" not in manifest.files:
        print(NO_TOKENIZER, file=sys.stderr)
    return manifest


def check(given: argparse.Namespace) -> None:
    """Raise ModelError unless there is one source and nothing that does not go with it."""
    chosen = [origin for origin in GO_WITH if getattr(given, origin) is not None]
    if len(chosen) != 1:
        raise ModelError(
            "give one of --config, --name, --transformers and --viclip"
            + (f", not --{' and --'.join(chosen)}" if chosen else "")
        )
    [origin] = chosen
    for other in ("pretrained", "weights"):
        if getattr(given, other) is not None and other not in GO_WITH[origin]:
            raise ModelError(f"--{other} does not go with --{origin}: leave one of them out")
    if origin == "config" and given.weights is None:
        raise ModelError("--config needs the weights it belongs to: give --weights FILE")


def source(given: argparse.Namespace) -> "Clip":
    """The model that the command line names. Raises ModelError if it cannot be read."""
    from onnx_export import clip_named, clip_sources, clip_video

    more = {"tokenizer": given.tokenizer, "licence": given.licence}
    if given.viclip is not None:
        return clip_video.from_viclip(given.viclip, **more)
    if given.transformers is not None:
        return clip_named.from_transformers(given.transformers, **more)
    if given.name is not None:
        return clip_named.from_open_clip(given.name, given.pretrained, given.weights, **more)
    return clip_sources.from_files(given.config, given.weights, **more)


def read_images(folder: Path) -> list[np.ndarray]:
    """RGB pictures `(H, W, 3)` uint8 of a folder, by name, each of its own size.

    Raises ModelError if there are none, or one cannot be read.
    """
    from PIL import Image

    paths = sorted(p for p in folder.glob("*") if p.suffix.lower() in PICTURES)[:MOST_IMAGES]
    if not paths:
        raise ModelError(f"no pictures in {folder}: expected files ending in {PICTURES}")
    images = []
    for path in paths:
        try:
            with Image.open(path) as image:
                images.append(np.asarray(image.convert("RGB")))
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise ModelError(
                f"{path} cannot be read as a picture ({error}): take it out, or write it anew"
            ) from error
    return images
