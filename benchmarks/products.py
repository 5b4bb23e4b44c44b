"""The matrix products of a vision pass, alone: the floor that the pass is held against."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.runtime import Graph
from engines.video.weights import DEPTH

Numbers = NDArray[Any]


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


class Floor:
    """A call that makes all products, by the runtime and with the settings that models run with.

    They are one graph, as the pass is, whose workers are awake for the next product. Each product
    with weights has its own, as in the model: they come from memory and not from the cache. Results
    have a place, so that nothing is allocated meanwhile.
    """

    def __init__(
        self, products: list[Product], folder: Path, *, threads: int, integers: bool = False
    ) -> None:
        """`integers`: products with weights are of uint8 with int8 to int32, the others float32.

        `numbers`: left, right and result of each product, of one of its times.
        """
        import onnx
        import onnxruntime as ort
        from onnx import helper, numpy_helper

        random = np.random.default_rng(0)
        self.numbers: list[tuple[Numbers, Numbers, Numbers]] = []
        given, made, weights, nodes = {}, {}, [], []
        for i, each in enumerate(products):
            small = integers and each.weights
            kind = "MatMulInteger" if small else "MatMul"
            left = _numbers(random, (each.batch, each.rows, each.inner), np.uint8, small)
            right = _numbers(random, (each.batch, each.inner, each.columns), np.int8, small)
            shape = each.batch, each.rows, each.columns
            result = np.empty(shape, np.int32 if small else np.float32)
            given[f"left {i}"] = left
            for time in range(each.times):
                name, end = f"right {i} {time}", f"result {i} {time}"
                if each.weights:  # of other numbers each, or the runtime would keep them once
                    right = _numbers(random, right.shape, np.int8, small)
                    weights.append(numpy_helper.from_array(right[0], name))
                else:
                    given[name] = right
                nodes.append(helper.make_node(kind, [f"left {i}", name], [end]))
                made[end] = result
            self.numbers.append((left, right, result))
        ends = [[_named(*item) for item in group.items()] for group in (given, made)]
        graph = helper.make_graph(nodes, "products", *ends, weights)
        opset, path = helper.make_opsetid("", 18), folder / "products.onnx"
        onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=10), path)
        self._session = Graph(path, threads=threads, integers=integers)._session
        self._binding = self._session.io_binding()
        for name, array in given.items():
            self._binding.bind_ortvalue_input(name, ort.OrtValue.ortvalue_from_numpy(array))
        for name, array in made.items():
            self._binding.bind_ortvalue_output(name, ort.OrtValue.ortvalue_from_numpy(array))

    def __call__(self) -> None:
        self._session.run_with_iobinding(self._binding)


def _numbers(random: np.random.Generator, shape: tuple[int, ...], dtype: Any, small: bool) -> Any:
    """Random float32 numbers, or such of that integer type as no processor's products saturate."""
    if small:
        limits = np.iinfo(dtype)
        return random.integers(limits.min // 2, limits.max // 2, shape, dtype)
    return random.standard_normal(shape, np.float32)


def _named(name: str, array: Numbers) -> Any:
    from onnx import helper

    return helper.make_tensor_value_info(
        name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape
    )
