"""Float weights of an ONNX graph to smaller numbers that become float again when it is loaded."""

from typing import Final

import numpy as np
import onnx
from onnx import helper, numpy_helper

SMALLEST: Final = 32_768  # matrices with fewer numbers are not made int8
SMALLEST_HALVED: Final = 16_384


def halve(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store every big float weight as float16; exact for weights that float16 can hold."""
    graph = model.graph
    for name, tensor in _big(graph, SMALLEST_HALVED).items():
        weight = numpy_helper.to_array(tensor).astype(np.float16)
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(weight, f"{name}.float16"))
        cast = helper.make_node("Cast", [f"{name}.float16"], [name], to=onnx.TensorProto.FLOAT)
        graph.node.insert(0, cast)
    return model


def _big(graph: onnx.GraphProto, smallest: int) -> dict[str, onnx.TensorProto]:
    return {
        tensor.name: tensor
        for tensor in graph.initializer
        if tensor.data_type == onnx.TensorProto.FLOAT
        and len(tensor.dims) == 2
        and np.prod(tensor.dims) >= smallest
    }


def quantise(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replace every big float weight by int8 numbers and the nodes that scale them back."""
    graph = model.graph
    big = _big(graph, SMALLEST)
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
