"""Folders of CLIP models: what fails leaves nothing behind, and every file is accounted for."""

import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import onnx  # noqa: E402
from onnx import helper, numpy_helper  # noqa: E402
from torch.onnx._internal.exporter import _onnx_program  # noqa: E402

from engines import models  # noqa: E402
from engines.errors import ModelError  # noqa: E402
from engines.runtime import Graph  # noqa: E402
from engines.video.heatmaps import Heatmaps  # noqa: E402
from engines.video.texts import ClipTexts  # noqa: E402
from onnx_export import clip_folder as export  # noqa: E402
from onnx_export import (  # noqa: E402
    clip_graphs,
    clip_quantise,
    clip_sources,
    clip_verify,
    exporting,
    manifests,
)
from onnx_export.parity import ParityError  # noqa: E402
from tests import clip_models  # noqa: E402


@pytest.fixture(scope="module")
def clip() -> clip_sources.Clip:
    """The one that `clip_folder` was exported from."""
    configuration = clip_models.config()
    return clip_sources.assemble(
        "model",
        configuration,
        clip_models.weights(configuration),
        tokenizer=clip_models.tokenizer(),
        sources=(),
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}


def test_a_failed_parity_check_changes_nothing(
    clip: clip_sources.Clip, clip_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no model of it, an older one in its place stays, and nothing lies beside it."""
    shutil.copytree(clip_folder, tmp_path / "older")
    before = contents(tmp_path)
    monkeypatch.setitem(clip_verify.BOUNDS, "fp32", 0.0)
    with pytest.raises(ParityError):
        export.write_clip(clip, tmp_path / "older")
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["older"]


def test_large_graphs_keep_their_weights_beside_them(
    clip: clip_sources.Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the manifest with their hash, which is checked; int8 graphs in their place have none.

    Of an older model in the folder nothing is left, whatever else lies there stays.
    """
    monkeypatch.setattr(_onnx_program, "_LARGE_MODEL_THRESHOLD", 1000)
    monkeypatch.setattr(clip_graphs, "write_graph", exporting.write_graph)  # no shared graph
    out = tmp_path / "large"
    out.mkdir()
    for name in ("mine.txt", "tokenizer.json", "vision.onnx"):
        (out / name).write_text("old")
    manifest = export.write_clip(replace(clip, tokenizer=None), out)
    named = {entry.file for entry in manifest.files.values()}
    assert {"vision.onnx.data", "text.onnx.data"} < named
    assert {path.name for path in out.iterdir()} == named | {"manifest.json", "mine.txt"}
    assert manifest.parity["static_dynamic"] <= clip_verify.BOUNDS["fp32"]
    shutil.copytree(out, tmp_path / "small")
    clip_quantise.quantise(tmp_path / "small" / "vision.onnx", None)
    assert not (tmp_path / "small" / "vision.onnx.data").exists()
    assert "pixels" in Graph(tmp_path / "small" / "vision.onnx").inputs
    weights = out / "vision.onnx.data"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\1\2\3\4")
    with pytest.raises(ModelError, match=r"vision\.onnx\.data is damaged"):
        Heatmaps.load(out)


def rewritten(folder: Path, change: Callable[[onnx.ModelProto], None]) -> None:
    """Change the vision graph of a model folder, with its hash."""
    model = onnx.load(folder / "vision.onnx")
    change(model)
    onnx.save(model, folder / "vision.onnx")
    manifest = json.loads((folder / "manifest.json").read_text())
    [entry] = manifests.files(folder, vision="vision.onnx").values()
    manifest["files"]["vision"]["sha256"] = entry.sha256
    (folder / "manifest.json").write_text(json.dumps(manifest))


def stretched(model: onnx.ModelProto) -> None:
    """Leave-one-block-out embeddings a little too long, the image's own as it is."""
    [last] = [node for node in model.graph.node if "cls" in node.output]
    last.output[list(last.output).index("cls")] = "cls.right"
    factor = np.array([1.05, 1, 1, 1], np.float32)[:, None]
    model.graph.initializer.append(numpy_helper.from_array(factor, "cls.factor"))
    model.graph.node.append(helper.make_node("Mul", ["cls.right", "cls.factor"], ["cls"]))


def test_dynamic_weights_are_held_to_the_bound(
    clip: clip_sources.Clip, clip_folder: Path, tmp_path: Path
) -> None:
    """They may be off while every map is still within it."""
    shutil.copytree(clip_folder, tmp_path / "off")
    rewritten(tmp_path / "off", stretched)
    pixels = clip_verify.pictures(2, 32, 32)
    with pytest.raises(ParityError, match="dynamic_weights is off by"):
        clip_verify.maps(clip.build()[0], tmp_path / "off", "fp32", pixels)


def test_what_int8_costs_is_told_of_prompts(clip: clip_sources.Clip, tmp_path: Path) -> None:
    """Deviation and best patch for real prompts through the text tower, on all the pictures."""
    random = np.random.default_rng(0)
    images = [
        random.integers(0, 255, (high, wide, 3), np.uint8)
        for high, wide in [(32, 40), (50, 32), (64, 64), (33, 35)]
    ]
    out = tmp_path / "small"
    parity = export.write_clip(clip, out, precision="int8", images=images).parity
    engine, vision = Heatmaps.load(out), clip.build()[0]
    rows = ClipTexts(models.find(out)).encode(clip_verify.PROMPTS)
    text, grid = torch.from_numpy(rows), torch.from_numpy(engine.positions((4, 4)))
    pixels = np.stack([export.prepare(image, engine.vision) for image in images])
    worst = []
    for batch in (pixels[: clip_verify.BATCH], pixels[clip_verify.BATCH :]):
        given = engine.similarity(batch, rows, layer_weights="static")
        with torch.inference_mode():
            stack, path = vision.layers(torch.from_numpy(batch), grid)
            wanted = clip_verify.stacked(vision, stack, vision.left_out(path), text, "static")
        worst.append(np.abs(wanted.numpy() - given.reshape(wanted.shape)).max())
    assert parity["static"] == pytest.approx(max(worst), rel=1e-3)
    assert 0 < parity["same_peak"] <= 1


def test_a_failed_quantisation_leaves_the_log_as_it_was(clip_folder: Path, tmp_path: Path) -> None:
    """The filter on the root logger is taken away again."""
    path = shutil.copy(clip_folder / "vision.onnx", tmp_path / "vision.onnx")
    before = list(logging.getLogger().filters)
    with pytest.raises(Exception, match="wrong"):
        clip_quantise.quantise(path, [{"wrong": np.zeros(3, np.float32)}])
    assert logging.getLogger().filters == before
