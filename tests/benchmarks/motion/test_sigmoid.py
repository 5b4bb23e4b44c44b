"""Sigmoid masks: the gradient, the background, what a step does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.motion.sigmoid import SharedSigmoidMasks, SigmoidMasks, logs, odds_of
from tests.engines.motion.scenes import descent, scene, slope
from tests.engines.motion.test_masks import BASE, fill


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 5),
    frames=st.integers(1, 15),
    committed=st.integers(0, 12),
    seed=st.integers(0, 10_000),
)
@pytest.mark.parametrize("kind", [SigmoidMasks, SharedSigmoidMasks])
def test_gradient_is_the_derivative_of_the_loss(kind, count, frames, committed, seed):
    """Finite differences of all terms agree with it, with and without a past."""
    rng = np.random.default_rng(seed)
    plan = rng.integers(-1, count, frames + committed).tolist()
    texts, values, attention = scene(count, plan, seed)
    masks = kind(texts, BASE, frames + committed + 1, 20)
    for value, weight in zip(values, attention, strict=True):
        masks.append(value, float(weight), 0.1)
    masks.refine(1)
    for _ in range(committed):
        masks.commit()
    odds = rng.standard_normal((count, frames))
    direction = rng.standard_normal(odds.shape)

    def loss_at(place):
        masks.restart(logs(place))
        return masks.loss()

    numeric = slope(loss_at, odds, direction)
    assert loss_at(odds) >= 0
    assert numeric == pytest.approx(float(np.vdot(masks.gradient(), direction)), rel=1e-5, abs=1e-8)


def test_odds_and_logs_are_each_others_inverse():
    """Within the bounds; the background is what no prompt takes."""
    odds = np.linspace(-11.9, 11.9, 60).reshape(3, 20)
    found = logs(odds)
    np.testing.assert_allclose(odds_of(found), odds, atol=1e-8)
    np.testing.assert_allclose(np.exp(found[-1]), np.prod(1 - np.exp(found[:-1]), axis=0))
    assert np.exp(odds_of(logs(odds + 100))).max() < 2e5


def test_steps_go_downhill():
    """From similarity and from nonsense."""
    texts, values, attention = scene(4, [0] * 15 + [1] * 15 + [2] * 15, 3)
    masks = SigmoidMasks(texts, BASE, 50, 20)
    for value, weight in zip(values, attention, strict=True):
        masks.append(value, float(weight))
    for start in (masks.start.copy(), logs(np.zeros((4, 45)))):
        losses = descent(masks, start)
        assert losses[-1] < losses[0]
        assert np.all(np.diff(losses) < 1e-3)


def test_without_other_terms_the_masks_stay_at_similarity():
    """One frame of one prompt: the sigmoid of its calibrated cosine."""
    texts, values, attention = scene(1, [0] * 3, 5)
    alone = replace(BASE, contrast=0, pull=0, exclusivity=0, smoothness=0, coverage=0, order=0)
    masks = SigmoidMasks(texts, alone, 5, 20)
    for value, weight in zip(values, attention, strict=True):
        masks.append(value, float(weight))
    masks.refine(4)
    expected = 1 / (1 + np.exp((alone.unknown_frame - values @ texts[0]) / alone.temperature))
    np.testing.assert_allclose(np.exp(masks.log_masks[0]), expected, rtol=1e-6)


@pytest.mark.parametrize("kind", [SigmoidMasks, SharedSigmoidMasks])
def test_masks_follow_the_plan(kind):
    """Noisy frames of three prompts, streamed: the right mask wins in nearly all frames."""
    plan = [0] * 40 + [2] * 40 + [1] * 40
    texts, values, attention = scene(3, plan, 1)
    masks = kind(texts, replace(BASE, order=0.0, coverage=0.0), 21, 20)
    result = fill(masks, values, attention, 20)
    assert np.mean(result.argmax(axis=0) == plan) > 0.95


def test_shared_masks_are_shares():
    """Of what is read out every frame's sum is one; what is optimised is the same."""
    texts, values, attention = scene(3, [0] * 10 + [1] * 10, 2)
    one, other = (kind(texts, BASE, 30, 20) for kind in (SigmoidMasks, SharedSigmoidMasks))
    for masks in (one, other):
        for value, weight in zip(values, attention, strict=True):
            masks.append(value, float(weight))
            masks.refine()
    np.testing.assert_allclose(np.exp(other.log_masks).sum(axis=0), 1)
    assert one.loss() == pytest.approx(other.loss())
