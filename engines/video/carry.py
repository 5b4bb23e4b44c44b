"""Carries heatmaps along with the picture between two key frames, by optical flow. Pure.

Every place of the newest frame is traced back to where it was in the key frame: flows from frame to
frame are composed, and the key frame's map is read once at those places. So nothing is blurred by
being resampled again and again, and a map that arrives late fits the newest frame at once.

Flow is DIS (Kroeger et al., arXiv 1603.03590), as OpenCV has it, on a small grey picture.
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Grey = NDArray[np.uint8]

WIDTH_PX: Final = 128
HEIGHT_PX: Final = 96
"""Of the grey picture, whatever the frame's own shape: 0.7 ms a flow."""
BLOCK_PX: Final = 8
CHANGED_LEVELS: Final = 5.0
"""Grey levels: what the mean of one block must move by. Of 64 pixels of a noisy webcam (6 levels)
it moves by less than one."""


def grey(frame: NDArray[np.uint8]) -> Grey:
    """RGB `(H, W, 3)` to the small grey picture that flow is taken from."""
    small = cv2.resize(frame, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)


def changed(before: Grey, now: Grey) -> bool:
    """Whether anything moved, came or went: the mean of some block of the picture is another."""
    moved = np.abs(_blocks(now) - _blocks(before))
    return bool(moved.max() > CHANGED_LEVELS)


def still() -> Floats:
    """Places `(HEIGHT_PX, WIDTH_PX, 2)` x, y in pixels of a frame that is its own key frame."""
    y, x = np.mgrid[:HEIGHT_PX, :WIDTH_PX]
    return np.stack([x, y], axis=-1).astype(np.float32)


def flow(before: Grey, now: Grey) -> Floats:
    """Where each pixel of `now` was before: places in `before`, as `still`."""
    estimator = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    moved: Any = estimator.calc(now, before, None)  # type: ignore[call-overload]
    return np.asarray(still() + moved, np.float32)


def traced(places: Floats, last: Floats) -> Floats:
    """Places in the key frame of the newest frame: `places` are those of the frame before it,
    `last` is the flow between the two."""
    x, y = cv2.split(last)
    follow = cv2.remap(places, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(follow, np.float32)


def carried(maps: Floats, places: Floats) -> Floats:
    """Key frame's maps `(P, h, w)` as they lie in the frame whose `places` these are: the same
    shape; what comes into the picture takes the value of its border."""
    _, high, wide = maps.shape
    centres = cv2.resize(places, (wide, high), interpolation=cv2.INTER_AREA)
    x = (centres[..., 0] + 0.5) * (wide / WIDTH_PX) - 0.5
    y = (centres[..., 1] + 0.5) * (high / HEIGHT_PX) - 0.5
    left, right, x = _between(x, wide)
    top, bottom, y = _between(y, high)
    upper = maps[:, top, left] * (1 - x) + maps[:, top, right] * x
    lower = maps[:, bottom, left] * (1 - x) + maps[:, bottom, right] * x
    return np.asarray(upper * (1 - y) + lower * y, np.float32)


def _between(places: NDArray[Any], count: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The two cells around each place, and how far it is on the way from one to the other."""
    held = np.clip(places, 0, count - 1)
    first = np.minimum(held.astype(np.intp), max(count - 2, 0))
    return first, np.minimum(first + 1, count - 1), held - first


def _blocks(picture: Grey) -> Floats:
    size = WIDTH_PX // BLOCK_PX, HEIGHT_PX // BLOCK_PX
    return np.asarray(cv2.resize(picture.astype(np.float32), size, interpolation=cv2.INTER_AREA))
