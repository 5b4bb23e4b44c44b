"""Small random CLIP models in open_clip's form, for tests of export and engine."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from onnx_export.clip import Text, Vision
from onnx_export.clip_tokenizer import BEGIN, END, made

SENTENCE = "a photo of person using something doing . waves cuts an onion red cup throws the ball"
WORDS = SENTENCE.split()


def config(**changes: Any) -> dict[str, Any]:
    """Seven blocks, the fewest that GEM can use; 4 x 4 patches of 8 pixels."""
    base: dict[str, Any] = {
        "embed_dim": 24,
        "vision_cfg": {
            "image_size": 32,
            "layers": 7,
            "width": 32,
            "head_width": 16,
            "patch_size": 8,
        },
        "text_cfg": {
            "context_length": 12,
            "vocab_size": len(tokenizer().get_vocab()),
            "width": 16,
            "heads": 2,
            "layers": 2,
        },
    }
    for part in ("vision_cfg", "text_cfg"):
        base[part] |= changes.pop(part, {})
    return base | changes


def weights(configuration: dict[str, Any], *, seed: int = 0) -> dict[str, Tensor]:
    """A random state dict by open_clip's names, all values of a trained model's size."""
    torch.manual_seed(seed)
    vision, text = Vision(configuration), Text(configuration)
    state = {f"visual.{name}": value for name, value in vision.state_dict().items()}
    state |= text.state_dict() | {"logit_scale": torch.tensor(4.0)}
    for name, value in state.items():
        scale = value.shape[-1] ** -0.5 if value.ndim > 1 else 0.1
        value.normal_(0.0, 1.0).mul_(scale)
        if ".ln_" in f".{name}" and name.endswith("weight"):
            value.add_(1.0)
    return state


def tokenizer() -> Any:
    """Whole words of a small vocabulary; everything else falls apart into letters."""
    letters = [chr(code) for code in range(97, 123)]
    pieces = [*letters, *(f"{each}</w>" for each in letters), ".", ".</w>"]
    merges: list[tuple[str, ...]] = []
    for word in WORDS:
        built = word[0] if len(word) > 1 else f"{word}</w>"
        for place, letter in enumerate(word[1:], 2):
            after = f"{letter}</w>" if place == len(word) else letter
            if (built, after) not in merges:
                merges.append((built, after))
            built += after
            if built not in pieces:
                pieces.append(built)
    return made({piece: place for place, piece in enumerate([*pieces, BEGIN, END])}, merges)


def write(folder: Path, configuration: dict[str, Any], *, seed: int = 0) -> tuple[Path, Path]:
    """`model.json` with its `tokenizer.json`, and `model.pt`."""
    import json

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_text(json.dumps(configuration))
    torch.save(weights(configuration, seed=seed), folder / "model.pt")
    tokenizer().save(str(folder / "tokenizer.json"))
    return folder / "model.json", folder / "model.pt"
