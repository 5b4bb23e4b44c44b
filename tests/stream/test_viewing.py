"""Which frame the model sees next: with real models, from frames to heatmaps."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.video.engine import VideoEngine
from stream.messages import Heatmap, Image
from tests.stream.rig import of
from tests.stream.video_rig import RATE_HZ, VideoRig, image

MOVING = 8
WAIT_S = 3.0
"""Longer than anything that was seen before counts."""


@cache
def scene(seed: int, shift: int = 0) -> bytes:
    """A coarse pattern as JPEG, shifted to the right."""
    levels = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    picture = cv2.resize(levels, (128, 96), interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", np.roll(picture, shift, axis=1))[1].tobytes()


def still(first: int) -> list[Image]:
    """A picture that does not change, until long after."""
    return [image(seq, file=scene(2)) for seq in range(first, first + int(WAIT_S * RATE_HZ))]


@pytest.mark.parametrize("model", ["clip_folder", "clips_folder"])
def test_a_picture_that_stands_still_after_a_cut_is_told_as_if_it_were_alone(
    model: str, request: pytest.FixtureRequest
) -> None:
    """Its own maps, peaks and presence, from one more key frame; and then no more of them."""
    engine = VideoEngine.load(request.getfixturevalue(model))
    alone = VideoRig(engine=engine).start()
    expected = of(Heatmap, alone.say(image(0, file=scene(2))))[-1].heats
    rig = VideoRig(engine=engine).start()
    rig.say(*(image(seq, file=scene(1, 6 * seq)) for seq in range(MOVING)))
    after = still(MOVING)
    cut = of(Heatmap, rig.say(after[0]))[-1]
    assert cut.heats != expected
    told = of(Heatmap, rig.say(*after[1:]))[-1]
    assert told.heats == expected
    assert told.key_time_s > cut.key_time_s
    stats = rig.session.stats()
    assert stats.key_frames == MOVING + 2
    assert stats.unchanged == len(after) - 2


def test_a_picture_that_nothing_preceded_is_seen_once(clip_folder: Path) -> None:
    """There is nothing that it has to be told apart from."""
    rig = VideoRig(engine=VideoEngine.load(clip_folder)).start()
    rig.say(*still(0))
    assert rig.session.stats().key_frames == 1
