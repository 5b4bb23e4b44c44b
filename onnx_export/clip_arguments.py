"""The command line of `python -m onnx_export clip`."""

import argparse
from pathlib import Path
from typing import Final

import numpy as np

from engines import models
from engines.errors import ModelError

PRECISIONS: Final = ("fp32", "fp16", "int8", "int8-static")
PICTURES: Final = (".jpg", ".jpeg", ".png")
MOST_IMAGES: Final = 64


def add(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the sub-command."""
    clip = kinds.add_parser("clip", help="an image-text model for heatmaps (VideoGEM)")
    clip.add_argument("--config", type=Path, help="open_clip model.json, with --weights")
    clip.add_argument("--weights", type=Path, help="its .pt or .safetensors state dict")
    clip.add_argument("--name", help="architecture of open_clip, such as ViT-B-16")
    clip.add_argument("--pretrained", help="open_clip's tag of its weights; needs a network")
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
    from onnx_export import clip_folder

    return clip_folder.write_clip(
        _source(given),
        given.out,
        size_px=given.size,
        precision=given.precision,
        images=given.images and read_images(given.images),
        notice=given.notice,
    )


def _source(given: argparse.Namespace):  # type: ignore[no-untyped-def]
    from onnx_export import clip_named, clip_sources

    chosen = [given.config, given.name, given.transformers, given.viclip]
    if sum(each is not None for each in chosen) != 1:
        raise ModelError("give one of --config, --name, --transformers and --viclip")
    if given.viclip is not None:
        from onnx_export import clip_video

        return clip_video.from_viclip(given.viclip, licence=given.licence)
    if given.transformers is not None:
        return clip_named.from_transformers(given.transformers, licence=given.licence)
    if given.name is not None:
        return clip_named.from_open_clip(
            given.name, given.pretrained, given.weights, licence=given.licence
        )
    if given.weights is None:
        raise ModelError("--config needs the weights it belongs to: give --weights FILE")
    return clip_sources.from_files(
        given.config, given.weights, tokenizer=given.tokenizer, licence=given.licence
    )


def read_images(folder: Path) -> list[np.ndarray]:
    """RGB pictures of a folder, by name. Raises ModelError if there are none."""
    from PIL import Image

    paths = sorted(p for p in folder.glob("*") if p.suffix.lower() in PICTURES)[:MOST_IMAGES]
    if not paths:
        raise ModelError(f"no pictures in {folder}: expected files ending in {PICTURES}")
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths]
