"""Frames of a video file as JPEG."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from clients.footage import Footage, packed
from engines.errors import ImageError
from engines.video import jpeg


def write(path: Path, *, frames: int, rate_hz: float, size: tuple[int, int] = (64, 48)) -> Path:
    """A short film: level rises frame by frame."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), rate_hz, size)
    for frame in range(frames):
        writer.write(np.full((*size[::-1], 3), 20 * frame, np.uint8))
    writer.release()
    return path


def test_all_frames_come_with_their_times(tmp_path: Path) -> None:
    """In order, at the file's own rate."""
    footage = Footage(str(write(tmp_path / "film.mp4", frames=10, rate_hz=25)))
    shots = list(footage)
    footage.close()
    assert not footage.live
    np.testing.assert_allclose([shot.time_s for shot in shots], np.arange(10) / 25)
    levels = [shot.picture.mean() for shot in shots]
    assert levels == sorted(levels)


@pytest.mark.parametrize("longest_px", [50, 200, 1000])
def test_pictures_are_packed_small_enough(longest_px: int) -> None:
    """Shape kept, no side longer than allowed, nothing made larger."""
    file = packed(np.full((300, 200, 3), 90, np.uint8), longest_px)
    width, height = jpeg.size(file)
    assert height == min(300, longest_px)
    assert width == pytest.approx(height / 1.5, abs=1)


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    """In words, for a path that is not there and for a file of something else."""
    with pytest.raises(ImageError, match="no such file"):
        Footage(str(tmp_path / "nothing.mp4"))
    (tmp_path / "text.mp4").write_text("not a film")
    with pytest.raises(ImageError, match="cannot be opened"):
        Footage(str(tmp_path / "text.mp4"))
