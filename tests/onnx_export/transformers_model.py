"""A small random `CLIPModel` of the transformers library, in TinyCLIP's form."""

from pathlib import Path
from typing import Any

import pytest
import torch

from onnx_export import torchvision_operators
from tests import clip_models


def write(folder: Path) -> Any:
    """Save configuration, weights and tokenizer; gives the model."""
    torchvision_operators.declare()
    transformers = pytest.importorskip("transformers")
    last = len(clip_models.tokenizer().get_vocab()) - 1
    shape = {"num_hidden_layers": 7, "hidden_size": 32, "num_attention_heads": 2}
    shape |= {"intermediate_size": 48, "hidden_act": "gelu"}
    words = shape | {"vocab_size": last + 1, "max_position_embeddings": 12}
    words |= {"eos_token_id": last, "bos_token_id": 0, "pad_token_id": 1}
    settings = transformers.CLIPConfig(
        vision_config=shape | {"image_size": 32, "patch_size": 8},
        text_config=words,
        projection_dim=24,
    )
    torch.manual_seed(0)
    model = transformers.CLIPModel(settings).eval()
    model.save_pretrained(folder)
    clip_models.tokenizer().save(str(folder / "tokenizer.json"))
    return model
