"""RTP timestamps to capture times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import ImageError
from stream.frames import RTP_RANGE, JpegFrame, RtpTime
from tests.stream.video_rig import jpeg

STEPS = st.lists(st.integers(-(1 << 20), 1 << 20), max_size=30)


@given(st.integers(0, RTP_RANGE - 1), STEPS)
def test_any_start_gives_the_same_times(start: int, steps: list[int]) -> None:
    """Wherever the count begins, also across its wrap, and when frames are out of order."""
    clock, ticks = RtpTime(), 0
    assert clock.seconds(start, 90_000) == 0
    for step in steps:
        ticks += step
        assert clock.seconds((start + ticks) % RTP_RANGE, 90_000) == pytest.approx(ticks / 90_000)


@given(st.integers(0, RTP_RANGE - 1), STEPS)
def test_what_aiortc_makes_of_them_is_the_same(start: int, steps: list[int]) -> None:
    """It counts each step back as a wrap; that changes nothing."""
    plain, mapped, ticks, wraps = RtpTime(), RtpTime(), start, 0
    for step in [0, *steps]:
        before, ticks = ticks, ticks + step
        wraps += ticks % RTP_RANGE < before % RTP_RANGE
        stamp = ticks % RTP_RANGE
        assert plain.seconds(stamp, 90_000) == mapped.seconds(stamp + wraps * RTP_RANGE, 90_000)


def test_a_jpeg_is_a_frame() -> None:
    """Its size from the header; its pixels no smaller than asked for."""
    frame = JpegFrame(jpeg())
    assert frame.size_px() == (128, 96)
    assert frame.rgb(96).shape == (96, 128, 3)
    assert frame.rgb(32).shape == (48, 64, 3)
    with pytest.raises(ImageError):
        JpegFrame(b"no picture").size_px()
