"""Law: what a session keeps does not grow with the frames that it has seen."""

import gc
from collections import deque
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest

from engines.motion.engine import MotionEngine
from engines.motion.skeleton import MODEL_FPS
from stream import pace, timeline
from stream.messages import SegmentMessage
from tests.stream.rig import SessionRig, of, pose, standing
from tests.stream.video_rig import VideoRig, image

SHARED = (type, ModuleType, FunctionType, MotionEngine)
"""What all sessions have in common is nobody's own."""
SLACK = 1.01
"""Numbers take more bytes as they count up."""


def kept_bytes(*roots: Any) -> int:
    """Bytes of all that can be reached from here; arrays count with what they are views of."""
    seen: dict[int, Any] = {}
    left = list(roots)
    total = 0
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, SHARED):
            continue
        seen[id(each)] = each
        if isinstance(each, np.ndarray) and each.base is None:
            total += each.nbytes
        elif isinstance(each, np.ndarray):
            left.append(each.base)
        else:
            total += each.__sizeof__()
            left += gc.get_referents(each)
    return total


def most_kept(step: Callable[[], None], steps: int, *roots: Any) -> int:
    """The most that was kept after any of so many steps."""
    most = 0
    for _ in range(steps):
        step()
        most = max(most, kept_bytes(*roots))
    return most


def test_what_is_kept_is_counted() -> None:
    """The measure below sees numbers, arrays and views, each once."""
    row = np.zeros(1000)
    assert kept_bytes([row[:2], row[5:], row]) == pytest.approx(row.nbytes, abs=200)
    assert kept_bytes(deque(bytes(n) for n in range(100))) > 100 * 50


def test_sessions_about_motion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames, stretches and finals come and go; what is told again is bounded."""
    monkeypatch.setattr(timeline, "KEPT_SEGMENTS", 20)
    monkeypatch.setattr(pace, "AGE_SAMPLES", 100)
    rig = SessionRig().start()
    seq, time_s = 0, 0.0

    def stretches() -> None:
        nonlocal seq, time_s
        for _ in range(10):
            rig.now_s = time_s
            rig.say(*(pose(seq + n, time_s + n / 60) for n in range(30)))
            seq, time_s = seq + 30, time_s + 2.0

    stretches()
    most_before = most_kept(stretches, 3, rig.session, rig.track)
    most_later = most_kept(stretches, 6, rig.session, rig.track)
    told = {each.id for each in of(SegmentMessage, rig.sent)}
    assert len(told) > 3 * timeline.KEPT_SEGMENTS
    assert most_later <= SLACK * most_before


def test_sessions_about_video(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures, scenes and flows come and go; none holds on to the one before it."""
    monkeypatch.setattr(pace, "AGE_SAMPLES", 50)
    monkeypatch.setattr(pace, "RATE_SAMPLES", 50)
    rig = VideoRig().start()
    seq = 0

    def second() -> None:
        nonlocal seq
        rig.now_s = seq / 30
        rig.say(*map(image, range(seq, seq + 30)))
        seq += 30

    most_before = most_kept(second, 3, rig.session, rig.track)
    most_later = most_kept(second, 3, rig.session, rig.track)
    assert rig.ledger.processed == seq
    assert most_later <= SLACK * most_before


@pytest.mark.parametrize("mode", ["watch", "script"])
def test_tracks_of_the_motion_engine(engine: MotionEngine, mode: Any) -> None:
    """Whether anything ends or one step goes on for ever: a window is kept, and no more."""
    labels = ["a person stands still", "a person waves", "a person jumps"]
    track = engine.new_track()
    engine.configure(track, labels, mode)
    noise = np.random.default_rng(0)
    count = 0

    def seconds() -> None:
        nonlocal count
        times_s = np.arange(count, count + 2 * MODEL_FPS) / MODEL_FPS
        joints = np.repeat(standing()[None], len(times_s), axis=0)
        joints[:, 21, 1] += 0.4 + 0.2 * np.sin(9 * times_s) * (times_s % 16 < 8)
        joints += noise.normal(0, 0.002, joints.shape)
        engine.step([(track, joints.astype(np.float32), times_s)])
        count += len(times_s)

    most_kept(seconds, 11, track)
    most_before = most_kept(seconds, 4, track)
    most_later = most_kept(seconds, 6, track)
    assert most_later <= SLACK * most_before
