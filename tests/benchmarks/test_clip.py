"""What a key frame costs: the floor is made of the graph's own products."""

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest

from benchmarks import clip, products
from benchmarks.calibration import Calibration
from benchmarks.products import Product
from engines import models
from engines.runtime import Graph
from engines.video.engine import MAX_PROMPTS, VideoEngine
from engines.video.heatmaps import Heatmaps
from engines.video.prompts import Parts
from training.clip.commands import NAME
from training.clip.network import CONFIG


def shapes_of(folder: models.ModelFolder, place: Path) -> Counter[tuple[int, ...]]:
    """Multiplications by (batch, rows, inner, columns) of all products of a graph, as run."""
    model = onnx.load(folder.path("vision"))
    found = [node for node in model.graph.node if node.op_type == "MatMul"]
    sides = dict.fromkeys(name for node in found for name in node.input)
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in sides)
    onnx.save(model, place / "opened.onnx")
    heatmaps = Heatmaps(folder)
    side, grid = heatmaps.vision.size_px, heatmaps.vision.grid
    given = np.zeros((1, 3, side, side), np.float32)
    made = Graph(place / "opened.onnx").run(
        pixels=given, positions=heatmaps.positions((grid, grid))
    )
    tally: Counter[tuple[int, ...]] = Counter()
    for node in found:
        left, right = (made[name].shape for name in node.input)
        columns = right[-1] if len(right) > 1 else 1
        weights = len(right) <= 2
        batch = 1 if weights else int(np.prod(left[:-2]))
        rows = int(np.prod(left[:-1])) // batch
        tally[batch, rows, left[-1], columns] += batch * rows * left[-1] * columns
    return tally


def test_the_floor_has_the_products_of_the_graph(tmp_path: Path) -> None:
    """Of the bundled graph every product but CLS's own and single columns, and nothing more."""
    folder = models.find(NAME)
    size_px = folder.clip().vision.size_px
    wanted = shapes_of(folder, tmp_path)
    found: Counter[tuple[int, ...]] = Counter()
    for each in products.of_pass(CONFIG, size_px):
        shape = each.batch, each.rows, each.inner, each.columns
        found[shape] += each.multiplications
    left_out = wanted - found
    assert not found - wanted
    assert all(min(rows, columns) <= 4 for _, rows, _, columns in left_out)
    assert left_out.total() < 0.01 * wanted.total()


def test_floor_products_are_run(tmp_path: Path) -> None:
    """With weights and without, batches too; the call makes the product that it is named after."""
    given = [Product(1, 5, 4, 3, 1, True), Product(2, 3, 4, 6, 2, False)]
    floor = products.Floor(given, tmp_path, threads=1)
    floor()
    for left, right, result in floor.numbers:
        np.testing.assert_allclose(result, left @ right, atol=1e-5)


def test_floor_products_of_integers_are_run(tmp_path: Path) -> None:
    """Those with weights are integers and exact, the others float as before."""
    given = [Product(1, 5, 4, 3, 1, True), Product(2, 3, 4, 6, 2, False)]
    floor = products.Floor(given, tmp_path, threads=1, integers=True)
    floor()
    (left, right, result), others = floor.numbers
    assert (left.dtype, right.dtype) == (np.uint8, np.int8)
    np.testing.assert_array_equal(result, left.astype(np.int32) @ right)
    np.testing.assert_allclose(others[2], others[0] @ others[1], atol=1e-5)


@pytest.mark.parametrize("count", [1, MAX_PROMPTS])
def test_texts_are_as_many_as_the_engine_looks_for(count: int) -> None:
    """Prompts that share nothing: three texts each, and the neutral ones."""
    prompts = [Parts(f"cuts bread {i}", f"cuts {i}", f"bread {i}") for i in range(count)]
    assert len(VideoEngine.load(NAME).look_for(prompts).text) == clip.texts_of(count)


def test_ratios_are_of_the_same_rounds() -> None:
    """A round in which the machine was slow is slow for the floor too."""
    one = {"fp32 floor": [0.1, 0.4], "fp32": [0.11, 0.44]}
    one |= {"int8 floor": [0.04, 0.16], "int8": [0.05, 0.2]}
    rounds = {f"{name} {count}": times for name, times in one.items() for count in clip.THREADS}
    for count in clip.PROMPTS:
        rounds |= {f"head {count}": [0.001, 0.004], f"both {count}": [0.12, 0.48]}
    lines = clip.tables(rounds, Calibration(2, "x86_64", 200.0)).splitlines()
    for name, wanted in (("fp32 ", "| 1.10x"), ("int8 ", "| 2.20x"), ("int8 floor ", "| 2.50x")):
        found = [line for line in lines if f"| {name:<11} |" in line]
        assert len(found) == len(clip.THREADS)
        assert all(wanted in line for line in found)
    assert any(line.startswith("| 100 ") and "| 302 " in line for line in lines)
