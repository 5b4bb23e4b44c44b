"""The newest frames of a camera as one clip."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engines.video.clips import SPAN_S, Clip


def picture(level: float, side: int = 8) -> np.ndarray:
    return np.full((3, side, side), level, np.float32)


@given(st.lists(st.floats(0, 1.5), min_size=1, max_size=20), st.integers(1, 8))
def test_a_clip_is_bounded_and_ends_with_the_newest(gaps: list[float], length: int) -> None:
    """Never more frames than the model takes, in order, none of them from longer ago."""
    clip = Clip(length)
    for level, time_s in enumerate(np.cumsum(gaps)):
        clip = clip.then(picture(level), float(time_s))
        assert 1 <= len(clip.frames) <= length
        assert clip.times_s[-1] == time_s
        assert clip.times_s[-1] - clip.times_s[0] <= SPAN_S
        pixels = clip.pixels()
        assert pixels.shape == (length, 3, 8, 8)
        levels = pixels[:, 0, 0, 0]
        assert levels[-1] == level
        assert (np.diff(levels) >= 0).all()
        assert set(levels) == {frame[0, 0, 0] for frame in clip.frames}


def test_until_there_are_enough_the_first_is_repeated() -> None:
    """Two frames of four: the older one three times."""
    clip = Clip(4).then(picture(1), 0.0).then(picture(2), 0.1)
    assert clip.pixels()[:, 0, 0, 0].tolist() == [1, 1, 1, 2]


def test_what_does_not_belong_together_begins_anew() -> None:
    """A frame after a gap, of a clock that was set back, or of another size."""
    clip = Clip(4).then(picture(1), 5.0).then(picture(2), 5.1)
    assert clip.settles_s is not None
    assert clip.then(picture(3), clip.settles_s).settles_s is None
    for other in (clip.then(picture(3), 1.0), clip.then(picture(3, side=16), 5.2)):
        assert len(other.frames) == 1
        assert other.settles_s is None
