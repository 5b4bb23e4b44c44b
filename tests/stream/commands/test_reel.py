"""Every frame is written once, in order, with its own heatmap or the one before."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.footage import Shot
from engines.errors import ImageError
from stream.commands.reel import KEPT, Pair, Reel, Writer
from stream.messages import Heatmap
from stream.overlay import Caption

PICTURE = np.full((48, 64, 3), 80, np.uint8)


def heatmap(seq: int) -> Heatmap:
    return Heatmap(
        config=1, seq=seq, time_s=seq, key_time_s=0, age_ms=0, columns=1, rows=1, heats=[]
    )


@given(st.lists(st.integers(-1, 40), max_size=80))
def test_frames_keep_their_order_and_get_the_newest_heatmap(steps: list[int]) -> None:
    """A number is a heatmap of that frame (again perhaps), -1 the next frame; never a later one."""
    reel, sent, newest = Reel(), 0, -1
    written: list[Pair] = []
    for step in steps:
        if step < 0:
            written += reel.add(sent, Shot(PICTURE, float(sent)))
            sent += 1
        elif newest <= step < sent:
            newest = step
            written += reel.show(heatmap(step))
    written += reel.rest()
    assert [shot.time_s for shot, _ in written] == list(range(sent))
    for shot, drawn in written:
        assert drawn is None or drawn.seq <= shot.time_s


def test_what_waits_is_bounded() -> None:
    """Without heatmaps the oldest frames go out as they are."""
    reel = Reel()
    gone = [pair for seq in range(KEPT + 5) for pair in reel.add(seq, Shot(PICTURE, seq))]
    assert [shot.time_s for shot, _ in gone] == list(range(5))
    assert all(drawn is None for _, drawn in gone)


async def test_the_video_has_all_frames(tmp_path: Path) -> None:
    """At its rate and size."""
    writer = Writer(tmp_path / "out.mp4", 25.0)
    writer.caption = Caption(("waves",), "")
    for seq in range(6):
        await writer.write([(Shot(PICTURE, seq / 25), heatmap(seq))])
    writer.close()
    capture = cv2.VideoCapture(str(tmp_path / "out.mp4"))
    assert capture.get(cv2.CAP_PROP_FPS) == pytest.approx(25)
    frames = 0
    while capture.read()[0]:
        frames += 1
    assert frames == writer.frames == 6


async def test_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    """The error says which and what to do."""
    writer = Writer(tmp_path / "no" / "out.mp4", 25.0)
    with pytest.raises(ImageError, match="--out"):
        await writer.write([(Shot(PICTURE, 0.0), None)])
