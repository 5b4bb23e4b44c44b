"""Exported graphs: what a runtime or a quantiser is left with."""

from pathlib import Path

import onnx
import pytest

torch = pytest.importorskip("torch")

from onnx_export import clip_quantise  # noqa: E402


def test_weights_are_stored_as_they_are_used(clip_folder: Path) -> None:
    """Nothing is computed from weights alone when a graph is loaded, also where two share them."""
    for path in clip_folder.glob("*.onnx"):
        graph = onnx.load(path).graph
        weights = {tensor.name for tensor in graph.initializer}
        alone = [node.name for node in graph.node if node.input and weights.issuperset(node.input)]
        assert not alone, path.name


def test_nothing_of_this_machine_is_in_a_graph(clip_folder: Path) -> None:
    """No stack traces: neither paths nor code."""
    for path in clip_folder.glob("*.onnx"):
        assert str(Path(__file__).parents[2]).encode() not in path.read_bytes()
        assert not any(node.metadata_props for node in onnx.load(path).graph.node)


def test_weights_become_int8_but_for_the_projection(clip_folder: Path, tmp_path: Path) -> None:
    """The patches', and of seven blocks q, k, v, two of the MLP and each attention's output, plain
    and to itself."""
    path = tmp_path / "vision.onnx"
    path.write_bytes((clip_folder / "vision.onnx").read_bytes())
    clip_quantise.quantise(path, None)
    graph = onnx.load(path).graph
    made = sum(node.op_type == "MatMulInteger" for node in graph.node)
    assert made == 1 + 7 * (3 + 2 + 2)
    floats = {t.name: t.dims for t in graph.initializer if t.data_type == onnx.TensorProto.FLOAT}
    products = [node for node in graph.node if node.op_type == "MatMul"]
    kept = [tuple(floats[node.input[1]]) for node in products if node.input[1] in floats]
    project, bias = (32, 24), (24, 1)
    assert sorted(kept) == sorted([project, bias, project])
