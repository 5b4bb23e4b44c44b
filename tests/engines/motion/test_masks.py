"""The mask optimiser: its gradient, its terms, its memory and what a warm start saves."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.motion.masks import MaskSettings, SoftMasks
from tests.engines.motion.scenes import descent, scene, slope, unit

BASE = MaskSettings(
    temperature=0.1,
    pooled_temperature=0.1,
    unknown_frame=0.35,
    unknown_pooled=0.5,
    coverage=0.3,
    order=0.7,
)


def fill(masks: SoftMasks, values: np.ndarray, attention: np.ndarray, horizon: int) -> np.ndarray:
    """Stream all frames; return the masks as they were committed, then those still open."""
    done = []
    for value, weight in zip(values, attention, strict=True):
        masks.append(value, float(weight))
        masks.refine()
        if len(masks) > horizon:
            done.append(masks.commit())
    return np.concatenate(
        [np.array(done).reshape(-1, len(masks.texts) + 1).T, np.exp(masks.log_masks)], 1
    )


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 6),
    frames=st.integers(1, 20),
    committed=st.integers(0, 15),
    seed=st.integers(0, 10_000),
)
def test_gradient_is_the_derivative_of_the_loss(count, frames, committed, seed):
    """Finite differences agree with the analytic gradient, with and without a past."""
    rng = np.random.default_rng(seed)
    plan = rng.integers(-1, count, frames + committed).tolist()
    texts, values, attention = scene(count, plan, seed)
    masks = SoftMasks(texts, BASE, frames + committed + 1, 20)
    for value, weight in zip(values, attention, strict=True):
        masks.append(value, float(weight))
    masks.refine(1)
    for _ in range(committed):
        masks.commit()
    start = rng.standard_normal((count + 1, frames))
    direction = rng.standard_normal(start.shape)

    def loss_at(place):
        masks.restart(place)
        return masks.loss()

    numeric = slope(loss_at, start, direction)
    masks.restart(start)
    analytic = masks.gradient()
    assert numeric == pytest.approx(float(np.vdot(analytic, direction)), rel=1e-5, abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6), st.integers(1, 60), st.integers(0, 10_000))
def test_masks_share_each_frame(count, frames, seed):
    """Masks and background sum to one in every frame and the loss is finite and not negative."""
    rng = np.random.default_rng(seed)
    texts, values, attention = scene(count, rng.integers(-1, count, frames).tolist(), seed)
    masks = SoftMasks(texts, BASE, 21, 20)
    result = fill(masks, values, attention, 20)
    assert result.shape == (count + 1, frames)
    assert np.allclose(result.sum(axis=0), 1)
    assert np.isfinite(masks.loss())
    assert masks.loss() >= 0


def test_refining_lowers_the_loss():
    """Steps go downhill, from similarity and from nonsense."""
    texts, values, attention = scene(4, [0] * 15 + [1] * 15 + [2] * 15, 3)
    masks = SoftMasks(texts, BASE, 50, 20)
    for value, weight in zip(values, attention, strict=True):
        masks.append(value, float(weight))
    for start in (masks.start, np.zeros((5, 45)), np.eye(5)[:, np.arange(45) % 5] * 5):
        losses = descent(masks, start)
        assert losses[-1] < losses[0]
        assert np.all(np.diff(losses) < 1e-3)


@pytest.mark.parametrize("horizon", [20, 40])
def test_masks_follow_the_plan(horizon):
    """Noisy frames of three prompts, streamed: the right mask wins in nearly all frames."""
    plan = [0] * 40 + [2] * 40 + [1] * 40
    texts, values, attention = scene(3, plan, 1)
    masks = SoftMasks(texts, replace(BASE, order=0.0, coverage=0.0), horizon + 1, 20)
    result = fill(masks, values, attention, horizon)
    assert np.mean(result.argmax(axis=0) == plan) > 0.95


def test_absent_prompts_stay_empty():
    """Prompts that nobody performs take no frames, and strange frames go to nobody."""
    plan = [0] * 50 + [-1] * 50
    texts, values, attention = scene(6, plan, 5)
    masks = SoftMasks(texts, replace(BASE, order=0.0, coverage=0.0), 41, 20)
    result = fill(masks, values, attention, 40)
    assert result[1:-1].mean(axis=1).max() < 0.1
    assert result[-1, 55:].mean() > 0.8


def test_one_prompt_has_something_to_optimise():
    """With K = 1 the contrastive term is constant; the mask still tells present from absent."""
    plan = [0] * 40 + [-1] * 40
    texts, values, attention = scene(1, plan, 6)
    masks = SoftMasks(texts, replace(BASE, order=0.0, coverage=0.0), 81, 20)
    result = fill(masks, values, attention, 80)
    assert result[0, :38].mean() > 0.8
    assert result[0, 42:].mean() < 0.2


def test_near_duplicate_texts_do_no_harm():
    """Two prompts that mean the same share their frames; the others are untouched."""
    texts, values, attention = scene(3, [0] * 40 + [2] * 40, 7)
    texts[1] = unit(texts[0] + 0.001)
    masks = SoftMasks(texts, BASE, 41, 20)
    result = fill(masks, values, attention, 40)
    assert (result[0] + result[1])[:35].mean() > 0.8
    assert result[2, 45:].mean() > 0.8


def test_commit_keeps_the_problem():
    """Committing makes constants: the gradient of the others is that of the joint problem."""
    plain = replace(BASE, order=0.0, memory_s=1e9)
    texts, values, attention = scene(3, [0] * 10 + [1] * 20, 8)
    joint, split = (SoftMasks(texts, plain, 40, 20) for _ in range(2))
    for masks in (joint, split):
        for value, weight in zip(values, attention, strict=True):
            masks.append(value, float(weight))
        masks.refine(3)
    whole = joint.gradient()
    for _ in range(12):
        split.commit()
    assert np.allclose(split.gradient() * 18, whole[:, 12:] * 30, atol=1e-9)


def test_cost_is_bounded():
    """No buffer grows with the stream, and the window moves through them without a trace."""
    texts, values, attention = scene(3, [k // 50 % 3 for k in range(500)], 9)
    small = SoftMasks(texts, BASE, 31, 20)
    sizes = {name: np.size(value) for name, value in vars(small).items()}
    large = SoftMasks(texts, BASE, 600, 20)
    assert np.allclose(fill(small, values, attention, 30), fill(large, values, attention, 30))
    grown = {name: np.size(value) for name, value in vars(small).items()}
    del sizes["_edge"], grown["_edge"]
    assert sizes == grown


def test_one_warm_step_is_as_good_as_many():
    """After one step an update the loss is within 1 % of what hundreds of steps reach (median)."""
    plan = [k for k in range(6) for _ in range(40)]
    texts, values, attention = scene(6, plan, 10, noise=2.0)
    masks = SoftMasks(texts, replace(BASE, order=0.5), 43, 20)
    excess = []
    for value, weight in zip(values, attention, strict=True):
        masks.append(value, float(weight))
        masks.refine(1)
        if len(masks) > 42:
            kept, loss = masks.log_masks.copy(), masks.loss()
            masks.refine(200)
            excess.append(loss / min(loss, masks.loss()))
            masks.restart(kept)
            masks.commit()
    assert np.median(excess) < 1.01
