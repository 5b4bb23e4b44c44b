"""VideoGEM through the exported graph: the public code's own numbers, and any other model."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from engines.video import head  # noqa: E402
from engines.video.heatmaps import Heatmaps  # noqa: E402
from onnx_export import clip_folder as export  # noqa: E402
from onnx_export import clip_sources, clip_verify  # noqa: E402
from onnx_export.__main__ import main  # noqa: E402
from onnx_export.parity import ParityError  # noqa: E402
from tests import clip_models  # noqa: E402

BOUND = 2e-4


def run(*arguments: str | Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["onnx_export", "clip", *map(str, arguments)])
        main()


@pytest.fixture(scope="module")
def published(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Heatmaps, dict]:
    """The reference's tiny model, exported by the command line, and what the public code gives."""
    vectors = shared / "vectors" / "videogem"
    out = tmp_path_factory.mktemp("published") / "tiny"
    run(
        "--config", vectors / "tiny_clip.json", "--weights", vectors / "tiny_clip.pt", "--out", out
    )  # fmt: skip
    with np.load(vectors / "tiny_vectors.npz") as arrays:
        return Heatmaps.load(out), dict(arrays)


@pytest.mark.parametrize("grid", [8, 11])
@pytest.mark.parametrize("layer_weights", ["plain_gem", "static", "static_dynamic"])
def test_maps_are_those_of_the_public_code(
    published: tuple[Heatmaps, dict], grid: int, layer_weights: str
) -> None:
    """All weightings, at the trained grid and with resampled positions."""
    engine, truth = published
    found = engine.similarity(truth[f"g{grid}_pixels"], truth["text"], layer_weights=layer_weights)
    assert found.shape == (1, 3, grid, grid)
    wanted = truth[f"g{grid}_{layer_weights}"].reshape(3, grid, grid)
    np.testing.assert_allclose(found[0], wanted, atol=BOUND, rtol=0)


@pytest.mark.parametrize("grid", [8, 11])
def test_image_and_dynamic_weights_are_those_of_the_public_code(
    published: tuple[Heatmaps, dict], grid: int
) -> None:
    """The image's own embedding, and what leaving out a block says of it."""
    engine, truth = published
    encoded = engine.encode(truth[f"g{grid}_pixels"])
    np.testing.assert_allclose(encoded.cls[0, -1], truth[f"g{grid}_cls"], atol=BOUND, rtol=0)
    shares = head.dynamic_weights(encoded, truth["text"])[0]
    np.testing.assert_allclose(shares, truth[f"g{grid}_dynamic_weights"], atol=BOUND, rtol=0)


SCALED = {"layers": 8, "ls_init_value": 0.1, "mlp_ratio": 2.0, "patch_size": 4}
UNLIKE = {"no_ln_pre": True, "head_width": 8, "norm_kwargs": {"eps": 1e-3}}


@pytest.mark.parametrize(
    ("changes", "shape"),
    [
        ({}, (2, 32, 32)),
        ({"quick_gelu": True, "vision_cfg": SCALED}, (1, 24, 40)),
        ({"vision_cfg": UNLIKE}, (3, 48, 32)),
    ],
)
def test_factorised_heads_equal_the_stacked_layers(
    changes: dict, shape: tuple[int, int, int]
) -> None:
    """Without ONNX: what the vision tower gives, through the head, is the published formula."""
    configuration = clip_models.config(**changes)
    vision, _ = clip_sources.assemble(
        "any", configuration, clip_models.weights(configuration), tokenizer=None, sources=()
    ).build()
    count, high, wide = shape
    patch = vision.patch
    grid = high // patch, wide // patch
    pixels = torch.from_numpy(clip_verify.pictures(count, high, wide))
    positions = torch.randn(*grid, vision.width, generator=torch.Generator().manual_seed(0))
    texts = torch.nn.functional.normalize(torch.randn(5, 24), dim=-1)
    with torch.inference_mode():
        out = vision(pixels, positions)
        stack, path = vision.layers(pixels, positions)
        bias = (vision.ln_post.bias @ vision.proj).numpy()
        constants = head.Constants(bias, vision.ln_post.eps)
        encoded = head.Encoded(*(each.numpy() for each in out), grid, 1, constants)
        for choice in clip_verify.CHOICES:
            wanted = clip_verify.stacked(vision, stack, vision.left_out(path), texts, choice)
            found = head.similarity(encoded, texts.numpy(), choice)
            np.testing.assert_allclose(found, wanted.numpy(), atol=2e-5, rtol=0)


def test_patches_lie_row_by_row_also_in_oblong_pictures() -> None:
    """Torch's own convolution, flattened, with the position of its place."""
    configuration = clip_models.config()
    vision, _ = clip_sources.assemble(
        "any", configuration, clip_models.weights(configuration), tokenizer=None, sources=()
    ).build()
    pixels, positions = torch.randn(2, 3, 16, 40), torch.randn(2, 5, 32)
    with torch.inference_mode():
        wanted = vision.conv1(pixels).flatten(2).transpose(1, 2) + positions.reshape(10, 32)
        found = vision.tokens(pixels, positions)
    torch.testing.assert_close(found[:, 1:], wanted, atol=1e-5, rtol=0)
    cls = vision.class_embedding + vision.positional_embedding[0]
    torch.testing.assert_close(found[:, 0], cls.expand(2, -1))


def test_a_folder_says_what_it_is(clip_folder: Path) -> None:
    """Bound and deviations, size, sources and the uncalibrated presence are in the manifest."""
    manifest = json.loads((clip_folder / "manifest.json").read_text())
    assert manifest["kind"] == "clip"
    assert manifest["parity"]["bound"] == BOUND
    assert all(manifest["parity"][key] <= BOUND for key in ("image", "static_dynamic", "text"))
    assert manifest["vision"]["size_px"] == 32
    assert manifest["presence"]["recall"] is None
    assert manifest["sources"][0]["name"] == "model.pt"


@pytest.mark.parametrize("precision", ["fp16", "int8", "int8-static"])
def test_smaller_numbers_give_nearly_the_same_maps(
    clip_folder: Path, tmp_path: Path, precision: str
) -> None:
    """Half precision and int8 are smaller, run here, and say what they cost."""
    configuration = clip_models.config()
    clip = clip_sources.assemble(
        "small", configuration, clip_models.weights(configuration), tokenizer=None, sources=()
    )
    manifest = export.write_clip(clip, tmp_path / "small", precision=precision)
    assert manifest.precision == precision
    assert 0 < manifest.parity["static_dynamic"] < 0.3
    assert 0 < manifest.parity["same_peak"] <= 1
    sizes = [
        (folder / "vision.onnx").stat().st_size for folder in (clip_folder, tmp_path / "small")
    ]
    assert sizes[1] < 0.9 * sizes[0]
    pixels = clip_verify.pictures(2, 32, 32)
    texts = np.eye(24, dtype=np.float32)[:3]
    plain, small = (Heatmaps.load(each) for each in (clip_folder, tmp_path / "small"))
    pairs = [engine.similarity(pixels, texts).ravel() for engine in (plain, small)]
    assert np.corrcoef(*pairs)[0, 1] > 0.97


def test_the_graph_of_another_model_is_refused(clip_folder: Path) -> None:
    """Parity is really compared."""
    configuration = clip_models.config()
    other = clip_sources.assemble(
        "x", configuration, clip_models.weights(configuration, seed=1), tokenizer=None, sources=()
    )
    vision, text = other.build()
    with pytest.raises(ParityError, match="off by"):
        clip_verify.maps(vision, clip_folder, "fp32", clip_verify.pictures(1, 32, 32))
    with pytest.raises(ParityError, match="off by"):
        clip_verify.texts(text, clip_folder / "text.onnx", "fp32")
