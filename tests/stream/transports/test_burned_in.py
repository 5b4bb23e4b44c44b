"""The picture that is sent back."""

import asyncio
from fractions import Fraction

import numpy as np
import pytest
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame
from numpy.typing import NDArray

from stream.messages import Configured, Heat, Heatmap, Peak
from stream.protocol import JSON, MSGPACK, Codec
from stream.transports.burned_in import BurnedIn

CONFIGURED = Configured(config=1, mode="watch", labels=["waves"], lookahead_s=0.0, horizon_s=0.0)


def heatmap() -> Heatmap:
    """Of a prompt that is in the upper left."""
    grid = np.zeros((4, 4), np.uint8)
    grid[0, 0] = 255
    peak = Peak(x=0.125, y=0.125, score=1.0, box=[0.0, 0.0, 0.25, 0.25])
    heat = Heat(
        index=0, present=True, presence=0.9, peaks=[peak], low=0.1, high=0.3, grid=grid.tobytes()
    )
    return Heatmap(
        config=1, seq=0, time_s=0, key_time_s=0, age_ms=1, columns=4, rows=4, heats=[heat]
    )


def frame(pts: int) -> VideoFrame:
    made = VideoFrame.from_ndarray(np.full((480, 640, 3), 120, np.uint8), format="rgb24")
    made.pts, made.time_base = pts, Fraction(1, 90_000)
    return made


def colour(shown: VideoFrame) -> NDArray[np.int64]:
    """How far each pixel is from grey."""
    rgb = shown.to_ndarray(format="rgb24").astype(int)
    return rgb.max(axis=2) - rgb.min(axis=2)


@pytest.mark.parametrize("codec", [JSON, MSGPACK])
async def test_the_newest_heatmap_is_in_the_newest_frame(codec: Codec) -> None:
    """Coloured where it is hot; at the frame's own time; other prompts take the heat away."""
    track = BurnedIn()
    for message in (CONFIGURED, heatmap()):
        track.note(codec.encode(message), text=codec.text)
    track.show(frame(3000))
    track.show(frame(6000))
    shown = await track.recv()
    assert (shown.pts, shown.time_base) == (6000, Fraction(1, 90_000))
    assert (shown.width, shown.height) == (640, 480)
    assert colour(shown)[40:80, 40:80].mean() > 40
    assert colour(shown)[300:400, 400:600].max() == 0
    track.note(codec.encode(CONFIGURED), text=codec.text)
    track.show(frame(9000))
    assert colour(await track.recv())[40:80, 40:80].mean() < 20
    track.stop()


async def test_it_ends_for_who_waits() -> None:
    """No frame comes any more."""
    track = BurnedIn()
    waiting = asyncio.ensure_future(track.recv())
    await asyncio.sleep(0)
    track.stop()
    with pytest.raises(MediaStreamError):
        await waiting
