"""Calibrating presence on labelled pictures: what is learnt, and what is refused."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines import models
from engines.errors import ImageError, ModelError
from engines.video.engine import VideoEngine
from stream.commands.calibrating import FEWEST, calibrate, labelled

ACTIONS = ("cuts an onion", "waves")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Dark pictures of one action, bright ones of the other."""
    random = np.random.default_rng(0)
    for place, action in enumerate(ACTIONS):
        folder = tmp_path / "pictures" / action.replace(" ", "_" if place else " ")
        folder.mkdir(parents=True)
        for number in range(FEWEST // 2):
            picture = random.integers(0, 60, (40, 40, 3)) + 190 * place
            cv2.imwrite(str(folder / f"{number}.png"), picture.astype(np.uint8))
    return tmp_path / "pictures"


@pytest.mark.parametrize("model", ["clip_folder", "clips_folder"])
def test_a_model_learns_what_is_absent(
    model: str, tmp_path: Path, pictures: Path, request: pytest.FixtureRequest
) -> None:
    """Its manifest says how well, and the engine then tells the one kind of picture from the other
    better than chance, though its weights are random."""
    copied = tmp_path / "model"
    shutil.copytree(request.getfixturevalue(model), copied)
    fitted = calibrate(models.find(copied), labelled(pictures))
    assert models.find(copied).clip().presence == fitted
    assert fitted.calibrated
    assert fitted.recall is not None
    assert fitted.recall >= 0.9
    engine = VideoEngine.load(copied)
    right = []
    for action, path in labelled(pictures):
        track = engine.new_track()
        engine.configure(track, ACTIONS)
        picture = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
        [grounding] = engine.step([(track, engine.prepare(picture), 0.0)])
        right += [found.present == (found.label == action) for found in grounding.found]
    truth = (fitted.recall + (fitted.rejection or 0)) / 2
    assert np.mean(right) == pytest.approx(truth, abs=1e-6)


def test_what_cannot_be_calibrated(clip_folder: Path, tmp_path: Path, pictures: Path) -> None:
    """Too few pictures or actions, pictures that are none, the bundled model."""
    with pytest.raises(ImageError, match="a folder for each action"):
        labelled(tmp_path / "none")
    with pytest.raises(ModelError, match="bundled"):
        calibrate(models.find("scenes-clip"), labelled(pictures))
    (pictures / ACTIONS[0] / "0.png").write_bytes(b"none")
    with pytest.raises(ImageError, match=r"0\.png"):
        calibrate(models.find(clip_folder), labelled(pictures))
