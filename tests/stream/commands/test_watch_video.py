"""`liveground watch-video`: a film in, a film with heatmaps out, through a real server."""

from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest

from stream.__main__ import app
from tests.clients.test_footage import write


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as end:
        app([str(argument) for argument in arguments], prog_name="liveground")
    return int(end.value.code or 0)


@pytest.mark.parametrize("model", ["clip_folder", "clips_folder"])
def test_the_film_comes_back_with_every_frame(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    """As long as it was, with the model's name in the picture; the sums are told."""
    folder = request.getfixturevalue(model)
    film = write(tmp_path / "film.mp4", frames=12, rate_hz=30, size=(320, 240))
    out = tmp_path / "out.mp4"
    prompts = ("--prompts", "waves", "--prompts", "cuts an onion")
    assert run("watch-video", film, *prompts, "--model", folder, "--out", out) == 0
    told = capsys.readouterr().out
    assert "12 frames. " in told
    assert " 0 heatmaps" not in told
    pictures = []
    capture = cv2.VideoCapture(str(out))
    while (read := capture.read())[0]:
        pictures.append(read[1])
    assert len(pictures) == 12
    assert np.ptp(pictures[6][215:].astype(int)) > 50


def test_a_gpu_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line that says what to install; the CPU is not taken instead."""
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    film = write(tmp_path / "film.mp4", frames=2, rate_hz=30)
    out = tmp_path / "out.mp4"
    assert run("watch-video", film, "--prompts", "waves", "--gpu", "--out", out) == 2
    assert "liveground[gpu]" in capsys.readouterr().err


def test_a_server_without_video_and_a_film_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line that says what to do, exit code 2."""
    assert run("watch-video", tmp_path / "no.mp4", "--prompts", "waves") == 2
    assert "no such file" in capsys.readouterr().err
    film = write(tmp_path / "film.mp4", frames=2, rate_hz=30)
    assert run("watch-video", film, "--prompts", "waves", "--model", tmp_path) == 2
    assert "manifest.json" in capsys.readouterr().err
