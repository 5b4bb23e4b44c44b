"""The command line of the video benchmark, on data sets that lie on disk."""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.video.__main__ import main


def run(*arguments: str | Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["benchmarks.video", *map(str, arguments)])
        main()


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    """Two annotated videos, of which one will be there."""
    rows = {"0": {"box": [0, 0, 240, 320], "step": "kick ball"}}
    path = tmp_path / "box_anno.json"
    path.write_text(json.dumps({"there": rows, "gone": rows}))
    return path


def written(folder: Path) -> Path:
    folder.mkdir()
    writer = cv2.VideoWriter(
        str(folder / "there.avi"), cv2.VideoWriter_fourcc(*"MJPG"), 10, (128, 96)
    )
    for _ in range(3):
        writer.write(np.random.default_rng(0).integers(0, 255, (96, 128, 3), np.uint8))
    writer.release()
    return folder


def test_a_set_prints_contributions_and_what_was_left_out(
    boxes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every ingredient with plain attention, and the frames that could not be read."""
    frames = written(tmp_path / "frames")
    run("--set", "grounding-youtube", "--annotations", boxes, "--frames", frames)
    text = capsys.readouterr().out
    assert "pointing accuracy, %, 1 prompts" in text
    assert "| plain attention (last layer)" in text
    assert "| GEM over plain attention" in text
    assert "1 annotated frames could not be read and are left out, first 'gone at 0.0 s'" in text


def test_a_wrong_frames_folder_is_an_error(boxes: Path, tmp_path: Path) -> None:
    """Nothing measured is no success."""
    with pytest.raises(SystemExit, match=r"none of 2 annotated frames .* --frames"):
        run("--set", "grounding-youtube", "--annotations", boxes, "--frames", tmp_path)


def test_annotations_that_are_none_are_named(tmp_path: Path) -> None:
    """A wrong file, or a folder in place of a file."""
    wrong = tmp_path / "wrong.json"
    wrong.write_text("[]")
    for given in (wrong, tmp_path):
        with pytest.raises(SystemExit, match=given.name):
            run("--set", "grounding-youtube", "--annotations", given, "--frames", tmp_path)


@pytest.mark.parametrize("left_out", ["annotations", "frames"])
def test_both_places_are_wanted(
    left_out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is loaded."""
    given = {"annotations": tmp_path, "frames": tmp_path, left_out: tmp_path / "gone"}
    arguments = [part for name, path in given.items() for part in (f"--{name}", path)]
    with pytest.raises(SystemExit) as stopped:
        run("--set", "daly", *arguments)
    assert stopped.value.code == 2
    assert f"--set needs --{left_out}" in capsys.readouterr().err
