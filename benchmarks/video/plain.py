"""CLIP's own attention, without GEM: what the ablation starts from.

The exported graph takes only CLS through the last block, but has all that the patches need. Here
they go through it too, and the last norm and projection are given them instead of CLS. Nothing but
the model's folder is needed.
"""

import tempfile
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

from engines import models
from engines.errors import ModelError
from engines.runtime import Graph
from engines.video.heatmaps import Heatmaps

OUTPUT: Final = "cls"
NAMES: Final = ("CLS's rows of the last block", "the last norm", "the last block's output")


class PlainMaps:
    """Last-layer patch embeddings of any folder of `onnx_export clip` or of training."""

    def __init__(self, folder: models.ModelFolder, heatmaps: Heatmaps) -> None:
        """Rewire and load. Raises ModelError if the graph is not built as we build them."""
        self._heatmaps = heatmaps
        model = rewired(onnx.load(folder.path("vision")))
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "plain.onnx"
            onnx.save(model, path, save_as_external_data=True, location="plain.data")
            self._graph = Graph(path, integers=True)

    def similarity(self, pixels: np.ndarray, text: np.ndarray) -> np.ndarray:
        """Cosine maps `(P, h, w)` of one frame `(3, H, W)` with unit rows `(P, E)`.

        Of a clip model, the newest frame of a clip that stands still.
        """
        vision = self._heatmaps.vision
        grid = pixels.shape[-2] // vision.patch_px, pixels.shape[-1] // vision.patch_px
        lead = (1, vision.frames) if vision.frames > 1 else (1,)
        given = np.broadcast_to(pixels, (*lead, *pixels.shape)).copy()
        out = self._graph.run(pixels=given, positions=self._heatmaps.positions(grid))
        cosines: np.ndarray = text @ out[OUTPUT][1:, 0].T
        return cosines.reshape(len(text), *grid, vision.frames)[..., -1]


def rewired(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph with one output, unit rows of CLS and all patches `(1 + N, B, E)`.

    Raises ModelError if the places to change are not found.
    """
    graph = model.graph
    made = {name: node for node in graph.node for name in node.output}
    norm = _before(made, OUTPUT, "LayerNormalization")
    rows = norm and made.get(norm.input[0])  # of CLS, without some blocks and with all
    last = rows and _before(made, rows.input[-1], "Gather")
    slices = [node for node in graph.node if _takes_first(node, graph, made)]
    for name, found in zip(NAMES, (len(slices) == 2, norm, last), strict=True):
        if not found:
            raise ModelError(f"the vision graph is built otherwise: {name} cannot be found")
    for node in _after(graph.node, slices):
        if node.op_type == "Reshape":
            node.input[1] = "every_token"  # heads are joined again, now of all tokens
            del node.attribute[:]  # 0 means "as it was"
    around = {node.output[0]: node.input[0] for node in slices}
    for node in graph.node:
        node.input[:] = [around.get(name, name) for name in node.input]
    norm.input[0] = last.input[0]
    width = next(tensor.dims[0] for tensor in graph.initializer if tensor.name == norm.input[1])
    graph.initializer.append(numpy_helper.from_array(np.array([0, -1, width]), "every_token"))
    del graph.output[:], graph.value_info[:]
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, "NBE"))
    _prune(graph)
    return model


def _before(made: dict[str, NodeProto], name: str, kind: str) -> NodeProto | None:
    """The nearest node of a kind on the way back by first inputs."""
    node = made.get(name)
    while node is not None and node.op_type != kind:
        node = made.get(node.input[0]) if node.input else None
    return node


def _takes_first(node: NodeProto, graph: onnx.GraphProto, made: dict[str, NodeProto]) -> bool:
    """Whether a node keeps the first entry of an axis only."""
    if node.op_type != "Slice":
        return False
    return [_constant(name, graph, made) for name in node.input[1:3]] == [[0], [1]]


def _constant(name: str, graph: onnx.GraphProto, made: dict[str, NodeProto]) -> list[int] | None:
    for tensor in graph.initializer:
        if tensor.name == name:
            return numpy_helper.to_array(tensor).tolist()
    node = made.get(name)
    if node is not None and node.op_type == "Constant":
        return numpy_helper.to_array(node.attribute[0].t).tolist()
    return None


def _after(nodes: Iterable[NodeProto], first: list[NodeProto]) -> list[NodeProto]:
    """Nodes that depend on any of the first, in the graph's order."""
    names = {name for node in first for name in node.output}
    found = []
    for node in nodes:
        if names.intersection(node.input):
            names.update(node.output)
            found.append(node)
    return found


def _prune(graph: onnx.GraphProto) -> None:
    """Leave out what the output does not need."""
    made = {name: node for node in graph.node for name in node.output}
    needed, waiting = set[str](), deque([OUTPUT])
    while waiting:
        name = waiting.popleft()
        if name and name not in needed:
            needed.add(name)
            waiting.extend(made[name].input if name in made else ())
    nodes = [node for node in graph.node if needed.intersection(node.output)]
    tensors = [tensor for tensor in graph.initializer if tensor.name in needed]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(tensors)
