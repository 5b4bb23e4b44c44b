"""One vision pass, any prompts: batching, prompts and grids do not change what is found."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from engines.errors import ModelError, ShapeError
from engines.video import head
from engines.video.heatmaps import Heatmaps
from engines.video.weights import CHOICES


@pytest.fixture(scope="module")
def engine(clip_folder: Path) -> Heatmaps:
    return Heatmaps.load(clip_folder)


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((3, 3, 32, 32), np.float32)


def unit(count: int, *, seed: int = 1) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((count, 24)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def blas_threads() -> set[int]:
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


@pytest.mark.parametrize("choice", CHOICES)
def test_a_batch_of_sessions_is_each_session_alone(
    engine: Heatmaps, pixels: np.ndarray, choice: str
) -> None:
    """Frames of different sessions share a pass; each has its own prompts afterwards."""
    together = engine.encode(pixels)
    assert len(together) == 3
    for place in range(3):
        text = unit(place + 1, seed=place)
        alone = engine.similarity(pixels[place : place + 1], text, layer_weights=choice)
        found = engine.maps(together[place], text, layer_weights=choice)
        assert found.shape == (1, place + 1, 4, 4)
        np.testing.assert_allclose(found, alone, atol=1e-5)


@pytest.mark.parametrize("choice", CHOICES)
def test_prompts_do_not_see_each_other(engine: Heatmaps, pixels: np.ndarray, choice: str) -> None:
    """A prompt's map is the same whatever else is asked for."""
    text = unit(7)
    encoded = engine.encode(pixels)
    whole = engine.maps(encoded, text, layer_weights=choice)
    parts = [engine.maps(encoded, text[i : i + 1], layer_weights=choice) for i in range(7)]
    np.testing.assert_allclose(whole, np.concatenate(parts, axis=1), atol=1e-6)
    assert np.abs(whole).max() <= 1 + 1e-5


@pytest.mark.parametrize("threads", [1, 2])
def test_a_head_has_one_thread(
    clip_folder: Path, pixels: np.ndarray, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """numpy's products take one however many the pass has, and as many as before afterwards."""
    engine, had = Heatmaps.load(clip_folder, threads=threads), blas_threads()
    encoded, seen = engine.encode(pixels[:1]), []
    similarity = head.similarity

    def watched(*given: Any) -> Any:
        seen.append(blas_threads())
        return similarity(*given)

    monkeypatch.setattr(head, "similarity", watched)
    engine.maps(encoded, unit(2))
    assert seen == [{1}]
    assert blas_threads() == had


def test_dynamic_weights_share_one(engine: Heatmaps, pixels: np.ndarray) -> None:
    """They sum to one and favour the block whose absence hurts most."""
    encoded = engine.encode(pixels)
    text = unit(4)
    shares = head.dynamic_weights(encoded, text)
    np.testing.assert_allclose(shares.sum(axis=-1), 1, atol=1e-6)
    without = encoded.cls[:, :3] @ text.T
    assert (shares.argmax(axis=-1) == without.argmin(axis=1)).all()


@pytest.mark.parametrize("side", [(16, 16), (32, 48), (64, 40)])
def test_any_multiple_of_the_patch_is_taken(engine: Heatmaps, side: tuple[int, int]) -> None:
    """Other sizes and shapes, positions resampled."""
    pixels = np.zeros((1, 3, *side), np.float32)
    found = engine.similarity(pixels, unit(2))
    assert found.shape == (1, 2, side[0] // 8, side[1] // 8)


@pytest.mark.parametrize(
    ("pixels", "told"),
    [
        (np.zeros((1, 3, 32, 32)), "float32"),
        (np.zeros((3, 32, 32), np.float32), "pixels must be"),
        (np.zeros((1, 4, 32, 32), np.float32), "pixels must be"),
        (np.zeros((1, 3, 30, 32), np.float32), "whole patches of 8"),
        (np.zeros((0, 3, 32, 32), np.float32), "whole patches"),
        (np.full((1, 3, 32, 32), np.nan, np.float32), "NaN"),
    ],
)
def test_pixels_of_another_form_are_refused(
    engine: Heatmaps, pixels: np.ndarray, told: str
) -> None:
    """The message says what was expected."""
    with pytest.raises(ShapeError, match=told):
        engine.encode(pixels)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (np.eye(24)[:1], "float32"),
        (np.eye(8, dtype=np.float32), "24"),
        (2 * np.eye(24, dtype=np.float32), "length one"),
    ],
)
def test_texts_of_another_form_are_refused(
    engine: Heatmaps, pixels: np.ndarray, text: np.ndarray, told: str
) -> None:
    """Rows of other models and rows that are not of length one."""
    with pytest.raises(ShapeError, match=told):
        engine.similarity(pixels, text)


def test_unknown_weights_and_other_models_are_refused(engine: Heatmaps, pixels: np.ndarray) -> None:
    """A misspelt weighting; a model of motion."""
    with pytest.raises(ShapeError, match="static_dynamic"):
        engine.similarity(pixels, unit(1), layer_weights="statik")
    with pytest.raises(ModelError, match="clip"):
        Heatmaps.load("bundled")
