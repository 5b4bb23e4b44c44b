"""Evidence to probability: calibrated where the truth is known."""

import numpy as np
import pytest

from engines.errors import ShapeError
from engines.models import Presence
from engines.video import presence


def drawn(count: int, apart: float, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = random.random(count) < 0.3
    evidence = random.standard_normal((count, 4)) * [0.01, 0.05, 0.02, 0.02]
    evidence[:, 1] += truth * apart * 0.05
    return evidence, truth


def test_the_threshold_keeps_the_wanted_share_also_of_new_scenes() -> None:
    """Ninety percent recall, and most absent prompts refused where the evidence is good."""
    found = presence.calibrate(*drawn(4000, 4.0, seed=0))
    assert found.recall == pytest.approx(0.9, abs=0.001)
    assert found.rejection > 0.95
    evidence, truth = drawn(4000, 4.0, seed=1)
    kept = presence.probability(evidence, found) >= found.threshold
    assert kept[truth].mean() == pytest.approx(0.9, abs=0.03)
    assert (~kept[~truth]).mean() > 0.95


def test_probabilities_are_honest() -> None:
    """Where both kinds are as many, half of those given one half are present."""
    evidence, truth = drawn(20000, 2.0, seed=2)
    rows = np.r_[np.flatnonzero(truth), np.flatnonzero(~truth)[: truth.sum()]]
    evidence, truth = evidence[rows], truth[rows]
    chance = presence.probability(evidence, presence.calibrate(evidence, truth))
    for low in (0.1, 0.3, 0.5, 0.7):
        inside = (chance >= low) & (chance < low + 0.2)
        assert truth[inside].mean() == pytest.approx(chance[inside].mean(), abs=0.05)


def test_useless_evidence_refuses_little() -> None:
    """Nothing is promised that is not there."""
    found = presence.calibrate(*drawn(4000, 0.0, seed=3))
    assert found.rejection == pytest.approx(0.1, abs=0.05)


def test_more_evidence_is_more_probable_and_extremes_are_finite() -> None:
    """The uncalibrated default compares with the neutral text by the model's own scale."""
    plain = Presence((100.0, 0.0, -100.0, 0.0), 0.0, 0.5, None, None)
    chance = presence.probability(
        0.2 + np.array([[-9.0], [-0.01], [0], [0.01]]) * [1, 0, 0, 0], plain
    )
    assert (np.diff(chance) > 0).all()
    assert chance[2] == 0.5
    assert np.isfinite(chance).all()


def test_calibration_needs_both_kinds() -> None:
    """All present, or a wrong shape."""
    with pytest.raises(ShapeError, match="absent"):
        presence.calibrate(np.zeros((4, 4)), np.ones(4, bool))
    with pytest.raises(ShapeError, match="n, 4"):
        presence.calibrate(np.zeros((4, 2)), np.ones(4, bool))
