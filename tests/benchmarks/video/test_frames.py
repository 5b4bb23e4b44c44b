"""Frames of data sets on disk."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.video.sets import Annotation, Box, Within, frames, own_pixels, shares
from engines.video.prompts import label_parts


def asked(label: str, *boxes: Box, within: Within = shares, **where: object) -> Annotation:
    return Annotation("clip", label, (label_parts(label),), boxes, within, **where)  # type: ignore[arg-type]


def test_pictures_below_the_folder(tmp_path: Path) -> None:
    """A picture is read as RGB, boxes are scaled to it; what is missing is named."""
    (tmp_path / "clip").mkdir()
    red = np.zeros((20, 40, 3), np.uint8)
    red[..., 2] = 255
    cv2.imwrite(str(tmp_path / "clip" / "1.png"), red)
    wanted = [
        asked("waving flag", (0.5, 0.5, 1, 1), (0, 0, 0.5, 0.5), frame="clip/1.png"),
        asked("reading book", (0, 0, 10, 10), within=own_pixels, frame="clip/1.png"),
        asked("gone", (0, 0, 1, 1), frame="clip/2.png"),
        asked("gone too", (0, 0, 1, 1), second=3.0),
    ]
    made = frames.Frames(wanted, tmp_path)
    (found,) = made
    assert found.image[0, 0].tolist() == [255, 0, 0]
    assert [query.label for query in found.queries] == ["waving flag", "reading book"]
    assert found.queries[0].boxes == ((20, 10, 40, 20), (0, 0, 20, 10))
    assert found.queries[0].parts == (label_parts("waving flag"),)
    assert found.queries[1].boxes == ((0, 0, 10, 10),)
    assert made.missing == ["clip/2.png", "clip at 3.0 s"]


def test_seconds_of_a_video(tmp_path: Path) -> None:
    """The frame at a time is that of the video, whose suffix need not be named."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 10, (64, 48))
    for shade in range(0, 250, 10):
        writer.write(np.full((48, 64, 3), shade, np.uint8))
    writer.release()
    wanted = [asked("stir", (0, 0, 1, 1), second=second) for second in (0.5, 1.5)]
    early, late = frames.Frames(wanted, tmp_path)
    assert early.image.mean() == pytest.approx(50, abs=6)
    assert late.image.mean() == pytest.approx(150, abs=6)
    assert late.queries[0].boxes == ((0, 0, 64, 48),)
