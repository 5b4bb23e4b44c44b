"""Weights stored small and read back as float."""

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

from onnx import helper, numpy_helper  # noqa: E402

from engines.runtime import Graph  # noqa: E402
from onnx_export import quantise  # noqa: E402


def product(weight: np.ndarray, path: Path) -> Path:
    """A graph that multiplies its input with a weight, halved."""
    kind = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", kind, ["n", weight.shape[0]])],
        [helper.make_tensor_value_info("y", kind, ["n", weight.shape[1]])],
        [numpy_helper.from_array(weight, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.save(quantise.halve(model), path)
    return path


def test_what_float16_can_hold_is_kept_exactly(tmp_path: Path) -> None:
    """Half the bytes, and the products of float32."""
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(256, 256)).astype(np.float16).astype(np.float32)
    path = product(weight, tmp_path / "g.onnx")
    x = rng.normal(size=(5, 256)).astype(np.float32)
    np.testing.assert_allclose(Graph(path).run(x=x)["y"], x @ weight, rtol=1e-4, atol=1e-4)
    assert path.stat().st_size < 0.6 * weight.nbytes


def test_small_weights_stay_as_they_are(tmp_path: Path) -> None:
    """A weight that saves nothing keeps its float32 numbers."""
    weight = np.random.default_rng(0).normal(size=(8, 8)).astype(np.float32)
    path = product(weight, tmp_path / "g.onnx")
    stored = onnx.load(path).graph.initializer
    np.testing.assert_array_equal(numpy_helper.to_array(stored[0]), weight)
