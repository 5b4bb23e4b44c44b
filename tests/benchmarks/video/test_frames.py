"""Frames of data sets on disk."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.video.sets import Annotation, frames


def test_pictures_below_the_folder(tmp_path: Path) -> None:
    """A picture is read as RGB, boxes are scaled to it, and one that is missing is skipped."""
    (tmp_path / "clip").mkdir()
    red = np.zeros((20, 40, 3), np.uint8)
    red[..., 2] = 255
    cv2.imwrite(str(tmp_path / "clip" / "1.png"), red)
    wanted = [
        Annotation("clip", "waving flag", (0.5, 0.5, 1, 1), frame="clip/1.png"),
        Annotation("clip", "reading book", (0, 0, 10, 10), frame="clip/1.png", size=(0, 0)),
        Annotation("clip", "gone", (0, 0, 1, 1), frame="clip/2.png"),
    ]
    (found,) = frames.pictures(wanted, tmp_path)
    assert found.image[0, 0].tolist() == [255, 0, 0]
    assert [query.label for query in found.queries] == ["waving flag", "reading book"]
    assert found.queries[0].boxes == ((20, 10, 40, 20),)
    assert found.queries[1].boxes == ((0, 0, 10, 10),)


def test_seconds_of_a_video(tmp_path: Path) -> None:
    """The frame at a time is that of the video, whose suffix need not be named."""
    path = tmp_path / "cook.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 10, (64, 48))
    for shade in range(0, 250, 10):
        writer.write(np.full((48, 64, 3), shade, np.uint8))
    writer.release()
    early, late = frames.pictures(
        [Annotation("cook", "stir", (0, 0, 1, 1), second=s) for s in (0.5, 1.5)], tmp_path
    )
    assert early.image.mean() == pytest.approx(50, abs=6)
    assert late.image.mean() == pytest.approx(150, abs=6)
    assert late.queries[0].boxes == ((0, 0, 64, 48),)
