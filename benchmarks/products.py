"""The matrix products of a vision pass, alone: the floor that the pass is held against."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engines.runtime import Graph
from engines.video.weights import DEPTH


@dataclass(frozen=True, slots=True)
class Product:
    """`times` products of `(batch, rows, inner)` with `(batch, inner, columns)`.

    `weights`: the second is a constant of the model, which the runtime may lay out beforehand.
    """

    batch: int
    rows: int
    inner: int
    columns: int
    times: int
    weights: bool

    @property
    def multiplications(self) -> int:
        """Of all its times."""
        return self.batch * self.rows * self.inner * self.columns * self.times


def of_pass(config: dict[str, Any], size_px: int) -> list[Product]:
    """What one key frame cannot do without; what is CLS's alone is left out."""
    tower, embed = config["vision_cfg"], config["embed_dim"]
    width, layers, patch = tower["width"], tower["layers"], tower["patch_size"]
    across = tower.get("head_width", 64)
    heads, patches = width // across, (size_px // patch) ** 2
    tokens, hidden = patches + 1, int(width * tower.get("mlp_ratio", 4.0))
    whole = layers - 1  # of the last block plain attention is of CLS alone
    return [
        Product(1, patches, 3 * patch**2, width, 1, True),
        Product(1, tokens, width, width, 3 * layers + whole + DEPTH, True),
        Product(heads, tokens, across, tokens, whole + 6 * DEPTH, False),
        Product(heads, tokens, tokens, across, whole + 4 * DEPTH, False),
        Product(1, tokens, width, hidden, whole, True),
        Product(1, tokens, hidden, width, whole, True),
        Product(1, 5 * patches, width, embed, 1, True),
        Product(patches, 5, width, 5, 1, False),
        Product(patches, 5, embed, 5, 1, False),
    ]


def floor(products: list[Product], folder: Path, *, threads: int) -> Callable[[], None]:
    """A call that makes all of them, by the runtime and with the settings that models run with.

    Each is a graph of its own with constant or given numbers and a place for its result, so nothing
    is copied or allocated meanwhile. Weights are each product's own, as in the model: they come
    from memory, not from the cache where those of the product before would still lie.
    """
    runs = []
    for i, each in enumerate(products):
        own = each.times if each.weights else 1
        sessions = [_run(each, folder / f"{i}.onnx", threads) for _ in range(own)]
        runs += sessions * (each.times // own)

    def run_all() -> None:
        for session, binding, _ in runs:
            session.run_with_iobinding(binding)

    return run_all


def _run(product: Product, path: Path, threads: int) -> tuple[Any, Any, list[Any]]:
    """A session, its binding, and the numbers that the binding only points to."""
    import onnx
    import onnxruntime as ort
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(0)
    left = random.standard_normal((product.batch, product.rows, product.inner)).astype(np.float32)
    right = random.standard_normal((product.batch, product.inner, product.columns))
    feeds = {"left": left, "right": right.astype(np.float32)}
    if product.weights:
        feeds["right"] = feeds["right"][0]
    constants = ["right"] if product.weights else []
    result = np.empty((product.batch, product.rows, product.columns), np.float32)
    ends = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, array.shape)
        for name, array in {**feeds, "result": result}.items()
    }
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["left", "right"], ["result"])],
        "product",
        [ends[name] for name in feeds if name not in constants],
        [ends["result"]],
        [numpy_helper.from_array(feeds[name], name) for name in constants],
    )
    opset = helper.make_opsetid("", 18)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=10), path)
    session = Graph(path, threads=threads)._session
    binding = session.io_binding()
    bound = [ort.OrtValue.ortvalue_from_numpy(result)]
    binding.bind_ortvalue_output("result", bound[0])
    for name in feeds.keys() - constants:
        bound.append(ort.OrtValue.ortvalue_from_numpy(feeds[name]))
        binding.bind_ortvalue_input(name, bound[-1])
    return session, binding, [bound, feeds, result]
