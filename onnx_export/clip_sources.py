"""Where CLIP models come from: files on disk, open_clip by name, transformers, ViCLIP.

All end as the same: open_clip's form of configuration and open_clip's parameter names.
"""

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer
from torch import Tensor

from engines import models
from engines.errors import ModelError
from engines.video.weights import DEPTH
from onnx_export import clip_tokenizer, manifests
from onnx_export.clip import Text, Vision

Triple = tuple[float, float, float]
MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
STD: Final = (0.26862954, 0.26130258, 0.27577711)
EOS_ID: Final = 2
"""Of texts pooled at `eos`, where open_clip's configuration does not say."""
NO_WEIGHTS: Final = frozenset(
    ("logit_scale", "logit_bias", "attn_mask", "input_resolution", "context_length", "vocab_size")
)
"""What state dicts hold beside the towers; the last three are in OpenAI's own archives."""

_ALLOWED: Final = {
    "vision_cfg": {
        "image_size": None, "layers": None, "width": None, "head_width": None, "patch_size": None,
        "mlp_ratio": None, "ls_init_value": None, "patch_dropout": None, "no_ln_pre": None,
        "final_ln_after_pool": None, "act_kwargs": None, "norm_kwargs": None, "output_tokens": None,
        "frames": None, "pool_type": ("tok",), "pos_embed_type": ("learnable", "sin_cos_2d"),
    },
    "text_cfg": {
        "context_length": None, "vocab_size": None, "width": None, "heads": None, "layers": None,
        "mlp_ratio": None, "ls_init_value": None, "act_kwargs": None, "norm_kwargs": None,
        "output_tokens": None, "pad_id": None, "eos_id": None, "hf_tokenizer_name": None,
        "tokenizer_kwargs": None, "tokenizer_mode": None, "pool_type": ("argmax", "eos"),
        "proj_type": ("linear",), "block_type": ("default",),
    },
}  # fmt: skip
"""Settings that the towers of `onnx_export.clip` know, with the values that they can have."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A CLIP model that can be exported: open_clip configuration and weights by open_clip's names.

    `mean`, `std`: of the colours it was trained with.
    """

    name: str
    config: dict[str, Any]
    weights: dict[str, Tensor]
    tokenizer: Tokenizer | None
    sources: tuple[models.Source, ...]
    mean: Triple = MEAN
    std: Triple = STD

    @property
    def end(self) -> int | None:
        """Id of the token whose embedding is a text's; None where it is the highest id."""
        words = self.config["text_cfg"]
        return words.get("eos_id", EOS_ID) if words.get("pool_type") == "eos" else None

    @property
    def logit_scale(self) -> float:
        """What the model multiplies its cosines by."""
        return float(self.weights.get("logit_scale", torch.tensor(4.6052)).float().exp())

    def build(self) -> tuple[Vision, Text]:
        """Both towers with their weights. Raises ModelError if these do not fit."""
        vision = {
            key.removeprefix("visual."): value
            for key, value in self.weights.items()
            if key.startswith("visual.")
        }
        text = {
            key: value
            for key, value in self.weights.items()
            if not key.startswith("visual.") and key not in NO_WEIGHTS
        }
        return _filled(Vision(self.config), vision), _filled(Text(self.config), text)


def from_files(
    config: Path, weights: Path, *, tokenizer: Path | None = None, licence: str | None = None
) -> Clip:
    """A model from its open_clip configuration (`model.json`) and a `.pt` or `.safetensors` file.

    Without `tokenizer`, a `tokenizer.json` beside the configuration is taken; with CLIP's own
    vocabulary none is needed. Raises ModelError if a file is missing or cannot be exported.
    """
    beside = config.parent / "tokenizer.json"
    if tokenizer is None and beside.is_file():
        tokenizer = beside
    return assemble(
        config.stem,
        read_config(config),
        read_weights(weights),
        tokenizer=tokenizer and clip_tokenizer.read(tokenizer),
        sources=(models.Source(weights.name, licence or manifests.UNKNOWN_LICENCE),),
    )


def assemble(
    name: str,
    config: dict[str, Any],
    weights: Mapping[str, Tensor],
    *,
    tokenizer: Tokenizer | None,
    sources: tuple[models.Source, ...],
) -> Clip:
    """Check a configuration in open_clip's form and put a model together."""
    preprocess = config.get("preprocess_cfg", {})
    config = check(config.get("model_cfg", config))
    named = {_plain_name(key): value.float() for key, value in weights.items()}
    _trained_size(config, named)
    if tokenizer is None and config["text_cfg"]["vocab_size"] == clip_tokenizer.VOCABULARY:
        tokenizer = clip_tokenizer.published()
    clip = Clip(name, config, named, tokenizer, sources)
    return replace(
        clip,
        mean=tuple(preprocess.get("mean") or MEAN),
        std=tuple(preprocess.get("std") or STD),
    )


def check(config: dict[str, Any]) -> dict[str, Any]:
    """A copy of the configuration; raises ModelError naming what cannot be exported."""
    try:
        checked = {
            "embed_dim": int(config["embed_dim"]),
            "quick_gelu": bool(config.get("quick_gelu", False)),
            "vision_cfg": dict(config["vision_cfg"]),
            "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 512, "heads": 8}
            | {"layers": 12}
            | dict(config["text_cfg"]),
        }
        tower = checked["vision_cfg"] = {"layers": 12, "width": 768, "patch_size": 16} | {
            "image_size": 224,
            **checked["vision_cfg"],
        }
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"not an open_clip configuration ({error!r}): expected embed_dim, vision_cfg, text_cfg"
        ) from error
    for part, allowed in _ALLOWED.items():
        for key, value in checked[part].items():
            values = allowed.get(key, ())
            if value and values is not None and value not in values:
                raise ModelError(
                    f"{part}.{key} = {value!r} cannot be exported: GEM needs a plain ViT with a "
                    "CLS token and CLIP's own text tower"
                )
    for key in ("image_size", "patch_size"):
        tower[key] = _one_side(key, tower[key])
    if not isinstance(tower["layers"], int) or tower["layers"] < DEPTH:
        raise ModelError(
            f"the vision tower has layers {tower['layers']!r}: expected a ViT with at least "
            f"{DEPTH} blocks"
        )
    return checked


def read_config(path: Path) -> dict[str, Any]:
    """Read a JSON object. Raises ModelError if there is none."""
    try:
        config = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} is no configuration: {error}") from error
    if not isinstance(config, dict):
        raise ModelError(f"{path} is no configuration: expected a JSON object")
    return config


def read_weights(path: Path) -> dict[str, Tensor]:
    """Read a state dict. Raises ModelError if the file holds none.

    Nothing in it is executed, but what a TorchScript archive does when it is loaded.
    """
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        loaded = _unpickled(path)
    except Exception as error:  # the readers share no error class
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(
            f"weights {path} cannot be read ({reason}): give a state dict, .pt or .safetensors"
        ) from error
    for wrapper in ("state_dict", "model"):
        if isinstance(loaded, dict) and isinstance(loaded.get(wrapper), dict):
            loaded = loaded[wrapper]
    tensors = {k: v for k, v in dict(loaded).items() if isinstance(v, Tensor)}
    if not tensors:
        raise ModelError(f"weights {path} hold no tensors: expected a state dict")
    return tensors


def _unpickled(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of archives, and of the reader's age
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        except RuntimeError:  # OpenAI published TorchScript archives
            return torch.jit.load(path, map_location="cpu").state_dict()


def _trained_size(config: dict[str, Any], weights: Mapping[str, Tensor]) -> None:
    """The grid that the positions were trained for decides, not the configuration."""
    positions = weights.get("visual.positional_embedding")
    if positions is None:
        raise ModelError("the weights have no visual.positional_embedding: not an open_clip ViT")
    grid = round((len(positions) - 1) ** 0.5)
    if grid * grid + 1 != len(positions):
        raise ModelError(f"{len(positions)} positions are no square grid with a CLS token")
    tower = config["vision_cfg"]
    tower["image_size"] = grid * tower["patch_size"]


def _plain_name(key: str) -> str:
    for prefix in ("module.", "_orig_mod.", "text."):
        key = key.removeprefix(prefix)
    return key


def _one_side(key: str, value: Any) -> int:
    sides = set(value) if isinstance(value, list | tuple) else {value}
    if len(sides) != 1 or not all(isinstance(side, int) and side > 0 for side in sides):
        raise ModelError(f"vision_cfg.{key} = {value!r}: expected one number of pixels")
    return int(sides.pop())


def _filled(tower: Any, weights: dict[str, Tensor]) -> Any:
    try:
        tower.load_state_dict(weights)
    except RuntimeError as error:
        detail = "; ".join(line.strip() for line in str(error).splitlines()[1:4])
        raise ModelError(
            f"the weights do not fit the configuration: {detail[:600]}: give the configuration "
            "that they were trained with"
        ) from error
    return tower.eval().requires_grad_(False)
