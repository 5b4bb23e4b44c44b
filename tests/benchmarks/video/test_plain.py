"""Plain attention from an exported folder against torch."""

from pathlib import Path

import numpy as np
import onnx
import pytest

torch = pytest.importorskip("torch")

from torch.nn import functional as F  # noqa: E402

from benchmarks.video import ablation  # noqa: E402
from benchmarks.video.plain import PlainMaps, rewired  # noqa: E402
from engines import models  # noqa: E402
from engines.errors import ModelError  # noqa: E402
from engines.runtime import Graph  # noqa: E402
from engines.video.engine import VideoEngine  # noqa: E402
from engines.video.heatmaps import Heatmaps  # noqa: E402
from engines.video.weights import CHOICES  # noqa: E402
from onnx_export import clip_graphs, clip_quantise, clip_sources  # noqa: E402
from onnx_export.clip import Vision  # noqa: E402
from tests import clip_models  # noqa: E402
from training.clip.commands import NAME  # noqa: E402
from training.scenes.questions import Picture, Query  # noqa: E402


@pytest.fixture(scope="module")
def vision() -> Vision:
    """The tower of `clip_folder`."""
    configuration = clip_models.config()
    state = clip_models.weights(configuration)
    clip = clip_sources.assemble("tiny", configuration, state, tokenizer=None, sources=())
    return clip.build()[0]


@pytest.fixture(scope="module")
def graphs(
    clip_folder: Path, vision: Vision, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The vision graph as exported, and as int8 with and without known ranges."""
    folder, exported = tmp_path_factory.mktemp("plain"), clip_folder / "vision.onnx"
    pixels = np.random.default_rng(9).standard_normal((4, 3, 32, 32)).astype(np.float32)
    known = [{"pixels": pixels, "positions": clip_graphs.positions(vision, (32, 32))}]
    paths = {"fp32": exported}
    for name, feeds in (("dynamic", None), ("static", known)):
        paths[name] = folder / f"{name}.onnx"
        paths[name].write_bytes(exported.read_bytes())
        clip_quantise.quantise(paths[name], feeds)
    return paths


def plain(vision: Vision, pixels: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Unit rows of CLS and every patch as CLIP itself makes them, written out in torch."""
    with torch.inference_mode():
        x = vision.tokens(torch.from_numpy(pixels), torch.from_numpy(places))
        x = vision.ln_pre(x.transpose(0, 1))
        for block in vision.transformer.resblocks:
            qkv = block.attn.split(block.ln_1(x))
            x = block.finish(x, block.attn.attend(*qkv))
        return F.normalize(vision.ln_post(x) @ vision.proj, dim=-1).numpy()


@pytest.mark.parametrize(
    ("precision", "bound"), [("fp32", 1e-5), ("dynamic", 0.2), ("static", 0.2)]
)
def test_patches_are_those_of_the_plain_model(
    vision: Vision, graphs: dict[str, Path], precision: str, bound: float, tmp_path: Path
) -> None:
    """At any grid: exactly in float32, nearly in int8, and with CLS before them."""
    random = np.random.default_rng(0)
    pixels = random.standard_normal((2, 3, 40, 32)).astype(np.float32)
    onnx.save(rewired(onnx.load(graphs[precision])), tmp_path / "plain.onnx")
    places = clip_graphs.positions(vision, (40, 32))
    graph = Graph(tmp_path / "plain.onnx", integers=True)
    found = graph.run(pixels=pixels, positions=places)["cls"]
    wanted = plain(vision, pixels, places)
    assert found.shape == wanted.shape == (1 + 5 * 4, 2, 24)
    np.testing.assert_allclose(found, wanted, atol=bound)
    assert np.abs(wanted[1:] - wanted[:1]).max() > 0.2


def test_the_bundled_model_has_plain_maps(tmp_path: Path) -> None:
    """Stored as int8; with its products in float, CLS stays what it was."""
    folder = models.find(NAME)
    heatmaps = Heatmaps(folder)
    vision = heatmaps.vision
    shape = 3, vision.size_px, vision.size_px
    pixels = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    places = heatmaps.positions((vision.grid, vision.grid))
    onnx.save(rewired(onnx.load(folder.path("vision"))), tmp_path / "plain.onnx")
    given = {"pixels": pixels[None], "positions": places}
    image = Graph(folder.path("vision")).run(**given)["cls"][:, -1]
    found = Graph(tmp_path / "plain.onnx").run(**given)["cls"]
    np.testing.assert_allclose(found[0], image, atol=1e-5)
    maps = PlainMaps(folder, heatmaps).similarity(pixels, image)
    assert maps.shape == (1, vision.grid, vision.grid)
    wanted = (found[1:, 0] @ image[0]).reshape(maps.shape)
    assert np.ptp(wanted) > 0.5
    np.testing.assert_allclose(maps, wanted, atol=0.1)  # products of integers, as the engine runs


def test_clips_have_plain_maps(clips_folder: Path) -> None:
    """Of the newest of four equal frames, on the grid of one; they differ from GEM's."""
    folder = models.find(clips_folder)
    engine = VideoEngine(folder)
    random = np.random.default_rng(2)
    pixels = random.standard_normal((3, 32, 32)).astype(np.float32)
    text = engine.alone(pixels).cls[0, :2]
    found = PlainMaps(folder, engine.heatmaps).similarity(pixels, text)
    assert found.shape == (2, 4, 4)
    gem = engine.heatmaps.maps(engine.alone(pixels), text, layer_weights="plain_gem")[0][:, -1]
    assert gem.shape == found.shape
    assert np.abs(gem - found).max() > 0.05


def test_every_method_is_measured_of_clips(clips_folder: Path) -> None:
    """A model that sees several frames at once is asked of a clip that stands still."""
    folder = models.find(clips_folder)
    engine = VideoEngine(folder)
    image = np.random.default_rng(3).integers(0, 255, (40, 60, 3)).astype(np.uint8)
    asked = Picture(image, (Query("waves", ((0, 0, 59, 39),)),))
    tally = ablation.measure(engine, [asked], PlainMaps(folder, engine.heatmaps))
    assert {name for name, _ in tally.hits} == {ablation.PLAIN, *CHOICES}
    assert all(hits == [1.0] for hits in tally.hits.values())


def test_another_graph_is_refused() -> None:
    """A text tower is not read as a vision graph."""
    with pytest.raises(ModelError, match="last"):
        rewired(onnx.load(models.find(NAME).path("text")))
