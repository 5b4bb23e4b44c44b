"""A checkout of TMR as it lies on a disk, with random weights of the true architecture.

The language model has DistilBERT's own form and width, but one small layer and few words.
"""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from onnx_export import tmr, torchvision_operators

torchvision_operators.declare()
from transformers import DistilBertConfig, DistilBertModel  # noqa: E402

TEXT = "[PAD] [UNK] [CLS] [SEP] a person walks waves sits down the left right hand and then"
WORDS = TEXT.split()


def make(root: Path, seed: int = 0) -> Path:
    """Write checkpoint, statistics and language model; gives the run's folder."""
    torch.manual_seed(seed)
    run = root / "models" / "tmr_humanml3d_guoh3dfeats"
    (run / "last_weights").mkdir(parents=True)
    for name, width in (("motion_encoder", tmr.FEATURE_COUNT), ("text_encoder", tmr.TOKEN_WIDTH)):
        torch.save(tmr.Actor(width).state_dict(), run / "last_weights" / f"{name}.pt")
    statistics = root / tmr.STATISTICS
    statistics.mkdir(parents=True)
    torch.save(torch.randn(tmr.FEATURE_COUNT), statistics / "mean.pt")
    torch.save(0.1 + torch.rand(tmr.FEATURE_COUNT), statistics / "std.pt")
    language_model(root / "distilbert")
    return run


def language_model(folder: Path) -> None:
    """A small random DistilBERT and its tokenizer."""
    config = DistilBertConfig(
        vocab_size=len(WORDS), n_layers=1, hidden_dim=64, max_position_embeddings=128
    )
    DistilBertModel(config).save_pretrained(folder)
    words = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    words.save(str(folder / "tokenizer.json"))
