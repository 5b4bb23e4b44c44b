"""Scores are made by the live way, and counted right."""

import numpy as np
import pytest

from engines.motion import features
from tests.engines.motion.poses import moving
from training import measure
from training.data import Sequence, Span


@pytest.fixture(scope="module")
def runner() -> measure.Runner:
    return measure.Runner("bundled")


def test_rows_are_aligned_with_frames(runner: measure.Runner) -> None:
    """Row t is what the encoder says of frame t, its look-ahead taken off."""
    joints = moving(40)
    ahead = runner.encoder.lookahead_frames
    values, attention = runner.encode(joints)
    held = np.concatenate([joints, joints[-1:].repeat(ahead, axis=0)])
    whole = runner.encoder.step(features.offline(held[None]), [runner.encoder.initial_state()])
    assert values.shape == (40, runner.encoder.dim)
    np.testing.assert_allclose(values, whole.values[0, ahead:], atol=2e-5)
    np.testing.assert_allclose(attention, whole.attention[0, ahead:], atol=2e-5)


def test_a_score_counts_every_span_and_frame(runner: measure.Runner) -> None:
    """Rows of the confusion are the true classes; nothing is counted twice or left out."""
    spans = (
        Span(0, 10, ("a person waves",), ("a person waves",), "wave"),
        Span(10, 40, ("a person sits",), ("a person sits",), "sit"),
    )
    clips = [Sequence(moving(40, seed=seed), spans, "test") for seed in range(3)]
    score = measure.score(runner, clips, measure.prompts(clips))
    assert score.classes == ("sit", "wave")
    assert score.confusion.sum(axis=1).tolist() == [3, 3]
    assert score.frames == 120
    assert 0 <= score.frame_top1 <= 1


def test_figures_of_a_known_confusion() -> None:
    """Top-1 counts segments, the mean over classes gives each class one vote."""
    score = measure.Score(("a", "b"), np.array([[9, 0], [1, 0]]), 30, 60)
    assert score.segment_top1 == 0.9
    assert score.class_mean == 0.5
    assert score.frame_top1 == 0.5
    assert "chance 0.500" in str(score)
