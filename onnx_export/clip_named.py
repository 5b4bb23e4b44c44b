"""CLIP models by name: open_clip's own and the transformers library's; fetched if need be."""

import importlib.util
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies

import torch
from torch import Tensor

from engines import models
from engines.errors import ModelError
from onnx_export import clip_tokenizer, manifests, torchvision_operators
from onnx_export.clip_sources import (
    Clip,
    assemble,
    read_config,
    read_weights,
)

CONNECT_S: Final = 5.0
EXTRA: Final = "pip install 'liveground[export]'"
LICENCES: Final = {
    "laion": "MIT",
    "datacomp": "MIT",
    "commonpool": "MIT",
    "openai": "MIT (code; the weights' card states none)",
    "metaclip": "CC-BY-NC-4.0",
    "dfn": "Apple sample code licence",
}
"""By the beginning of open_clip's tag; as their cards said when this was written."""


def from_open_clip(
    name: str,
    pretrained: str | None,
    weights: Path | None,
    *,
    tokenizer: Path | None = None,
    licence: str | None = None,
) -> Clip:
    """An architecture of open_clip by name, with the weights of a tag or of a file.

    A tag's weights come from `weights` if given, else from open_clip's cache or the network; its
    activation, colours and licence hold for both. Raises ModelError if the name or tag is unknown
    or the weights cannot be had.
    """
    config = _architecture(name)
    words = tokenizer and clip_tokenizer.read(tokenizer)
    if weights is not None and pretrained is None:
        sources = (models.Source(weights.name, licence or manifests.UNKNOWN_LICENCE),)
        return assemble(name, config, read_weights(weights), tokenizer=words, sources=sources)
    tag = _tag(name, pretrained)
    path = weights or _fetched(
        lambda: open_clip_library().download_pretrained(tag),
        f"{name} {pretrained}",
        f"--name {name} --pretrained {pretrained} --weights FILE",
    )
    trained = {
        **config,
        "quick_gelu": bool(tag.get("quick_gelu", config.get("quick_gelu", False))),
    }
    known = next(
        (text for start, text in LICENCES.items() if str(pretrained).startswith(start)), None
    )
    said = f"open_clip {name} {pretrained}" + (f", from {weights.name}" if weights else "")
    return assemble(
        f"{name}-{pretrained}",
        {"model_cfg": trained, "preprocess_cfg": tag},
        read_weights(Path(path)),
        tokenizer=words,
        sources=(models.Source(said, licence or known or manifests.UNKNOWN_LICENCE),),
    )


def _architecture(name: str) -> dict[str, Any]:
    config: dict[str, Any] | None = open_clip_library().get_model_config(name)
    if config is None:
        raise ModelError(
            f"open_clip knows no model {name!r}: expected one such as ViT-B-16, ViT-B-32, ViT-L-14 "
            "or ViT-B-16-quickgelu; for another one give --config and --weights"
        )
    return config


def _tag(name: str, pretrained: str | None) -> dict[str, Any]:
    open_clip = open_clip_library()
    tags = open_clip.list_pretrained_tags_by_model(name)
    if pretrained not in tags:
        raise ModelError(
            f"open_clip has no weights {pretrained!r} for {name}: give --pretrained with one of "
            f"{tags}, or weights of your own with --weights FILE alone"
        )
    tag: dict[str, Any] = open_clip.get_pretrained_cfg(name, pretrained)
    return tag


def from_transformers(
    place: str, *, tokenizer: Path | None = None, licence: str | None = None
) -> Clip:
    """A transformers `CLIPModel`, such as TinyCLIP: a folder, or a name on the hub.

    Without `tokenizer` the model's own `tokenizer.json` is taken. Raises ModelError if it is none
    or cannot be had.
    """
    from huggingface_hub import snapshot_download

    folder = Path(place)
    if not folder.is_dir():
        wanted = ["config.json", "model.safetensors", "pytorch_model.bin", "tokenizer.json"]
        wanted.append("preprocessor_config.json")
        folder = Path(
            _fetched(
                lambda: snapshot_download(place, allow_patterns=wanted),
                place,
                "its folder as --transformers FOLDER",
            )
        )
    config = read_config(folder / "config.json")
    if "vision_config" not in config or "text_config" not in config:
        raise ModelError(f"{folder} holds no CLIPModel: its config.json has no vision_config")
    files = [folder / "model.safetensors", folder / "pytorch_model.bin"]
    weights = next((path for path in files if path.is_file()), files[0])
    words = tokenizer or folder / "tokenizer.json"
    preprocess = folder / "preprocessor_config.json"
    colours = read_config(preprocess) if preprocess.is_file() else {}
    return assemble(
        folder.name,
        {
            "model_cfg": open_clip_config(config),
            "preprocess_cfg": {"mean": colours.get("image_mean"), "std": colours.get("image_std")},
        },
        open_clip_weights(read_weights(weights)),
        tokenizer=clip_tokenizer.read(words) if tokenizer or words.is_file() else None,
        sources=(models.Source(f"transformers {place}", licence or manifests.UNKNOWN_LICENCE),),
    )


def open_clip_config(config: dict[str, Any]) -> dict[str, Any]:
    """A transformers CLIPModel's `config.json` in open_clip's form; missing values are its own."""
    vision = _VISION_DEFAULTS | config["vision_config"]
    text = _TEXT_DEFAULTS | config["text_config"]
    acts = {vision["hidden_act"], text["hidden_act"]}
    if len(acts) != 1 or not acts <= {"quick_gelu", "gelu"}:
        raise ModelError(f"activations {sorted(acts)} cannot be exported: expected gelu alone")
    norms = [{"eps": part["layer_norm_eps"]} for part in (vision, text)]
    return {
        "embed_dim": config.get("projection_dim", 512),
        "quick_gelu": acts == {"quick_gelu"},
        "vision_cfg": {
            "image_size": vision["image_size"],
            "patch_size": vision["patch_size"],
            "layers": vision["num_hidden_layers"],
            "width": vision["hidden_size"],
            "head_width": vision["hidden_size"] // vision["num_attention_heads"],
            "mlp_ratio": vision["intermediate_size"] / vision["hidden_size"],
            "norm_kwargs": norms[0],
        },
        "text_cfg": {
            "context_length": text["max_position_embeddings"],
            "vocab_size": text["vocab_size"],
            "width": text["hidden_size"],
            "heads": text["num_attention_heads"],
            "layers": text["num_hidden_layers"],
            "mlp_ratio": text["intermediate_size"] / text["hidden_size"],
            "norm_kwargs": norms[1],
        },
    }


def open_clip_weights(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """A transformers CLIPModel's state dict by open_clip's names."""
    named: dict[str, Tensor] = {}
    for key, value in weights.items():
        tower = "visual." if key.startswith(("vision_model.", "visual_projection")) else ""
        rest = key.removeprefix("vision_model.").removeprefix("text_model.")
        if rest.startswith("encoder.layers."):
            place, _, inner = rest.removeprefix("encoder.layers.").partition(".")
            if inner.startswith("self_attn.") and "out_proj" not in inner:
                continue
            for theirs, ours in _LAYER_NAMES.items():
                inner = inner.replace(theirs, ours)
            named[f"{tower}transformer.resblocks.{place}.{inner}"] = value
        elif (name := _NAMES.get(rest)) is not None:
            named[tower + name] = value.T if rest.endswith("projection.weight") else value
    for key in [key for key in weights if key.endswith("self_attn.q_proj.weight")]:
        stem = key.removesuffix("q_proj.weight")
        tower = "visual." if key.startswith("vision_model.") else ""
        place = stem.split("encoder.layers.")[1].split(".")[0]
        for kind in ("weight", "bias"):
            parts = [weights[f"{stem}{part}_proj.{kind}"] for part in "qkv"]
            joined = f"{tower}transformer.resblocks.{place}.attn.in_proj_{kind}"
            named[joined] = torch.cat(parts)
    return named


_LAYER_NAMES: Final = {
    "self_attn.": "attn.",
    "layer_norm": "ln_",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}
_NAMES: Final = {
    "embeddings.class_embedding": "class_embedding",
    "embeddings.patch_embedding.weight": "conv1.weight",
    "embeddings.position_embedding.weight": "positional_embedding",
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "pre_layrnorm.weight": "ln_pre.weight",
    "pre_layrnorm.bias": "ln_pre.bias",
    "post_layernorm.weight": "ln_post.weight",
    "post_layernorm.bias": "ln_post.bias",
    "final_layer_norm.weight": "ln_final.weight",
    "final_layer_norm.bias": "ln_final.bias",
    "visual_projection.weight": "proj",
    "text_projection.weight": "text_projection",
    "logit_scale": "logit_scale",
}
_VISION_DEFAULTS: Final = {
    "image_size": 224, "patch_size": 32, "num_hidden_layers": 12, "hidden_size": 768,
    "num_attention_heads": 12, "intermediate_size": 3072, "hidden_act": "quick_gelu",
    "layer_norm_eps": 1e-5,
}  # fmt: skip
_TEXT_DEFAULTS: Final = {
    "max_position_embeddings": 77, "vocab_size": 49408, "num_hidden_layers": 12,
    "hidden_size": 512, "num_attention_heads": 8, "intermediate_size": 2048,
    "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5,
}  # fmt: skip


def open_clip_library() -> Any:
    """Import open_clip. Raises ModelError if it is not installed."""
    if importlib.util.find_spec("open_clip") is None:
        raise ModelError(f"open_clip is not installed: {EXTRA}")
    torchvision_operators.declare()
    import open_clip

    return open_clip


def _fetched(fetch: Callable[[], Any], what: str, remedy: str) -> str:
    """Path of something on the hub; without a network only the cache is asked, at once."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = before or not _reachable(constants.ENDPOINT)
    try:
        return str(fetch())
    except Exception as error:  # the hub's and the network's errors share no class
        reason = str(error).strip().partition("\n")[0][:200]
        if constants.HF_HUB_OFFLINE:
            reason = f"{constants.ENDPOINT} cannot be reached and they are not in its cache"
        raise ModelError(
            f"the weights of {what} cannot be downloaded: {reason}; bring them from a machine "
            f"with a network and give {remedy}"
        ) from error
    finally:
        constants.HF_HUB_OFFLINE = before


def _reachable(endpoint: str) -> bool:
    if getproxies():
        return True  # asked by the library, which knows how
    try:
        host = urlsplit(endpoint).hostname or ""
        socket.create_connection((host, 443), timeout=CONNECT_S).close()
    except OSError:
        return False
    return True
