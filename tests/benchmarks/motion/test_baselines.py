"""Every method on cosines that leave no doubt, and against plain search where one is possible."""

from itertools import combinations

import numpy as np
import pytest

from benchmarks.motion import baselines
from benchmarks.motion.methods import METHODS
from benchmarks.motion.recordings import Encoded, Problem
from engines.models import Calibration

CALIBRATION = Calibration(0.1, 0.1, 0.3, 0.3, 0.9, 0.5)
PARTS = (60, 40, 80)


def task(mode, *, noise=0.0, seed=0, order=(0, 1, 2)):
    """Three texts done one after the other, frame values near the right text's row."""
    rng = np.random.default_rng(seed)
    texts = np.eye(3, 8, dtype=np.float32)
    frames = np.repeat(order, PARTS)
    values = texts[frames] + noise * rng.standard_normal((len(frames), 8))
    values = (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)
    times_s = 100 + np.arange(len(frames)) / 20
    begins = np.arange(len(frames)) == 0
    encoded = Encoded(values, np.zeros(len(frames), np.float32), times_s, begins)
    edges = [100.0, *(100 + np.cumsum(PARTS) / 20)]
    spans = tuple((order[k], edges[k], edges[k + 1]) for k in range(3))
    return Problem(
        "made up", mode, ("walk", "sit", "wave"), texts, texts[:0], encoded, spans, frames
    )


@pytest.mark.parametrize(
    ("name", "mode"), [(name, mode) for name, method in METHODS.items() for mode in method.modes]
)
def test_every_method_gives_a_label_for_every_frame_and_segments_in_time(name, mode):
    """Labels are positions or unknown; segments lie in the recording and have finite scores."""
    made = task(mode, noise=0.4)
    answer = METHODS[name].run(made, CALIBRATION, 8)
    assert answer.frames.shape == made.frames.shape
    assert set(answer.frames) <= {-1, 0, 1, 2}
    for segment in answer.segments:
        assert 100 <= segment.start_s < segment.end_s <= 109.001
        assert np.isfinite(segment.score)
        assert segment.label in (0, 1, 2)


@pytest.mark.parametrize(
    ("name", "mode"),
    [(n, m) for n, method in METHODS.items() for m in method.modes if n != "uniform"],
)
def test_every_method_that_looks_is_right_when_there_is_no_doubt(name, mode):
    """Clean frames: nine of ten right, and more than the uniform split can have."""
    answer = METHODS[name].run(task(mode), CALIBRATION, 8)
    assert (answer.frames == task(mode).frames).mean() > 0.9


@pytest.mark.parametrize("name", ["argmax", "switching", "transport", "windows", "cold", "live"])
def test_watch_needs_no_order(name):
    """The same actions in another order are found as well."""
    made = task("watch", noise=0.2, order=(2, 0, 1))
    answer = METHODS[name].run(made, CALIBRATION, 8)
    assert (answer.frames == made.frames).mean() > 0.85


def test_uniform_sees_no_motion():
    """A third each."""
    answer = baselines.uniform(task("script"), CALIBRATION)
    assert np.bincount(answer.frames).tolist() == [60, 60, 60]


@pytest.mark.parametrize("seed", range(3))
def test_monotone_path_is_the_best_of_all(seed):
    """Against every pair of boundaries of a short recording."""
    scores = np.random.default_rng(seed).standard_normal((3, 14))
    price = np.random.default_rng(seed + 9).random(15)

    def value(path):
        counts = np.bincount(path, minlength=3)
        return scores[path, np.arange(14)].sum() - price[counts].sum()

    best = max(
        value(np.repeat([0, 1, 2], [a, b - a, 14 - b])) for a, b in combinations(range(1, 14), 2)
    )
    assert value(baselines._durations_path(scores, price)) == pytest.approx(best)


def test_suppressed_windows_do_not_overlap():
    """The best stays, what overlaps it goes, what lies apart stays."""
    spans_s = np.array([[0.0, 2.0], [0.2, 2.2], [5.0, 7.0]])
    assert baselines.suppressed(spans_s, np.array([0.5, 0.9, 0.7])) == [1, 2]
