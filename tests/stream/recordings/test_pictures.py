"""A camera's picture over WebRTC, as it is kept: decoded by others at the same time, and small."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

pytest.importorskip("av", reason="the extra webrtc is not installed")

from av import VideoFrame

from stream.transports.picture import KEPT_PX, Picture


def picture(width: int, height: int) -> Picture:
    """Red on the left, blue on the right."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[:, : width // 2, 0] = 220
    rgb[:, width // 2 :, 2] = 220
    return Picture(VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p"))


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (320, 240), (480, 1280)])
def test_it_is_a_jpeg_of_what_was_seen(width: int, height: int) -> None:
    """No side longer than needed, same shape, colours in their places."""
    bgr = cv2.imdecode(np.frombuffer(picture(width, height).jpeg(), np.uint8), cv2.IMREAD_COLOR)
    high, wide = bgr.shape[:2]
    assert max(high, wide) == min(KEPT_PX, max(width, height))
    assert wide / high == pytest.approx(width / height, rel=0.02)
    left, right = bgr[:, : wide // 3].mean((0, 1)), bgr[:, -wide // 3 :].mean((0, 1))
    assert left.argmax() == 2
    assert right.argmax() == 0


def test_two_threads_may_ask_at_a_time() -> None:
    """The one that follows frames and the one that records them get what each gets alone."""
    shown = picture(640, 480)
    rgb, jpeg = shown.rgb(96), shown.jpeg()
    with ThreadPoolExecutor(2) as threads:
        seen = [threads.submit(shown.rgb, 96) for _ in range(40)]
        kept = [threads.submit(shown.jpeg) for _ in range(40)]
    assert all(np.array_equal(each.result(), rgb) for each in seen)
    assert all(each.result() == jpeg for each in kept)
