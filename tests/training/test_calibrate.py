"""Calibration: thresholds keep the recall they promise, and temperatures fit."""

import numpy as np
import pytest

from tests.engines.motion.poses import moving
from training import calibrate, measure
from training.data import Sequence, Span

ACTIONS = ["walk", "jump", "sit", "wave", "kick", "punch", "clap", "squat", "bow", "turn"]


@pytest.fixture(scope="module")
def runner() -> measure.Runner:
    return measure.Runner("bundled")


def clips(count: int) -> list[Sequence]:
    """Short clips with one span each; the words say nothing about the motion."""
    made = []
    for index in range(count):
        word = ACTIONS[index % len(ACTIONS)]
        span = Span(2, 28, (f"a person {word}s",), (f"a person {word}s",), word)
        made.append(Sequence(moving(30, seed=index), (span,), "test"))
    return made


def test_the_threshold_keeps_the_recall_it_promises(runner: measure.Runner) -> None:
    """Nine of ten true segments are above it; the manifest says what was measured."""
    groups = [clips(20), clips(10)]
    found = calibrate.run(runner, groups, seed=1)
    assert found.recall == pytest.approx(calibrate.RECALL, abs=0.05)
    assert 0 <= found.rejection <= 1
    assert found.temperature in calibrate.TEMPERATURES


def test_calibration_is_the_same_every_time(runner: measure.Runner) -> None:
    """The seed decides all that is drawn."""
    one, other = (calibrate.run(runner, [clips(10)], seed=2) for _ in range(2))
    assert one == other


def test_too_few_kinds_are_refused(runner: measure.Runner) -> None:
    """Seven foreign captions cannot be drawn from three actions."""
    with pytest.raises(ValueError, match="more than 7 kinds"):
        calibrate.run(runner, [clips(3)], seed=1)


def test_clear_answers_get_a_low_temperature() -> None:
    """The surer the cosines, the lower the temperature that fits them."""
    clear = np.tile([0.9, 0.0, 0.0], (50, 1))
    vague = np.random.default_rng(0).normal(0.3, 0.2, (50, 3))
    assert calibrate._temperature(clear) < calibrate._temperature(vague)
