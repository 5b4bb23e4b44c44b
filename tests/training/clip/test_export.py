"""A checkpoint of the bundled CLIP becomes a folder that the engine grounds prompts with."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.video.engine import VideoEngine
from training.clip import export, network, train


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model with random weights, exported."""
    root = tmp_path_factory.mktemp("clip")
    config = copy.deepcopy(network.CONFIG)
    config["embed_dim"] = 16
    config["vision_cfg"] |= {"patch_size": 24, "width": 32, "head_width": 8, "mlp_ratio": 1.0}
    torch.manual_seed(0)
    train.save(network.Clip(config), root / "last.pt", step=0, views=0, seed=0)
    export.run(root / "last.pt", root / "model", scenes=3)
    return root / "model"


def test_the_folder_says_what_it_is(folder: Path) -> None:
    """Notice, sentence model, parity and calibration are in the manifest."""
    manifest = VideoEngine.load(folder).manifest
    assert manifest.notice == export.NOTICE
    assert manifest.sentence_model == export.SENTENCE_NAME
    assert manifest.parity["static_dynamic"] <= manifest.parity["bound"]
    assert manifest.parity["text"] < 1e-5
    assert manifest.presence.recall is not None


def test_texts_are_adapted_sentence_vectors(folder: Path) -> None:
    """Rows of the engine are those of the torch adapter."""
    engine = VideoEngine.load(folder)
    looked = engine.look_for(["throw ball"])
    assert looked.text.shape[1] == 16
    np.testing.assert_allclose(np.linalg.norm(looked.text, axis=1), 1, atol=1e-5)


def test_evidence_is_one_row_a_label(folder: Path) -> None:
    """How well image and best patch fit, the label and anybody; finite, for every label."""
    image = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    rows = VideoEngine.load(folder).weigh(image, ["squat", "throw ball"])
    assert rows.shape == (2, 4)
    assert np.isfinite(rows).all()
