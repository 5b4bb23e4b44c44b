"""The script filter against sums over all paths, and its rules."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.motion.following import FRESH, STRIDE, Follower, ScriptSettings

FPS = 20
PLAIN = ScriptSettings(temperature=0.1, unknown=0.3)
FIXED = replace(PLAIN, prior_s=1e12, background=-1.0)
"""Levels of texts are not learnt."""


def follow(rules, rows, *, lag=None):
    """The path of all frames `(T, K)`; with a lag, as each was when it left the window."""
    follower = Follower(rows.shape[1], rules, FPS)
    told = []
    for number, row in enumerate(rows):
        follower.push(row)
        if lag is not None and number >= lag:
            told.append(int(follower.path()[0]))
            follower.commit()
    return np.array([*told, *follower.path().tolist()])


def planned(plan, count, *, seed=0, noise=0.1):
    """Cosines `(T, K)` of frames that do what `plan` says (-1: nothing)."""
    rows = np.random.default_rng(seed).normal(0.1, noise, (len(plan), count))
    for row, step in zip(rows, plan, strict=True):
        if step >= 0:
            row[step] += 0.5
    return rows


def steps(states):
    """Step of each state, -1 for background."""
    return np.where(states % 2, states // 2, -1)


def chances(rules, rows, tempo_s):
    """By trying every path: the likelihood of the frames, and the chance of every state `(step,
    phase)` in every stride, phase 0 being background before the step."""
    count, phases = rows.shape[1], rules.phases
    states = [(k, p) for k in range(count) for p in range(phases + 1)] + [(count, 0)]
    dt = STRIDE / FPS / tempo_s

    def entering(step):
        pause = 1.0 if step == count else rules.pause
        return {(step, 0): pause, (step, 1): 1 - pause}

    def following(state):
        step, phase = state
        if step == count:
            return {state: 1.0}
        rate = min(dt * (phases if phase else 1), 1.0)
        result = {state: 1 - rate}
        if phase < phases:
            result[step, phase + 1] = rate
            return result
        for onto in range(step + 1, count + 1):
            share = rules.skip ** (onto - step - 1) * (1 if onto == count else 1 - rules.skip)
            for state, part in entering(onto).items():
                result[state] = result.get(state, 0.0) + rate * share * part
        return result

    evidence = ((rows - rules.unknown) / rules.temperature).reshape(-1, STRIDE, count).sum(axis=1)
    temper = min(rules.evidence / (tempo_s * FPS), 1.0)
    total = {}
    for path in itertools.product(states, repeat=len(evidence)):
        weight = entering(0).get(path[0], 0.0)
        for before, now in itertools.pairwise(path):
            weight *= following(before).get(now, 0.0)
        for (step, phase), log in zip(path, evidence, strict=True):
            weight *= np.exp(temper * (log[step] if phase else rules.background * STRIDE))
        if weight:
            for place, state in enumerate(path):
                total[place, state] = total.get((place, state), 0.0) + weight
    return total


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 2), st.integers(1, 3), st.floats(0.2, 2.0), st.integers(0, 99_999))
def test_a_step_is_told_when_it_has_likely_begun(count, strides, tempo_s, seed):
    """The path is what summing over every path says, for one tempo."""
    rules = replace(FIXED, tempos_s=(tempo_s,), believed=(1.0,), phases=2, skip=0.1, sure=0.5)
    rows = np.random.default_rng(seed).normal(0.3, 0.4, (strides * STRIDE, count))
    total = chances(rules, rows, tempo_s)
    expected, latest = [], 0
    for place in range(strides):
        chance = {state: w for (at, state), w in total.items() if at == place}
        whole = sum(chance.values())

        def from_state(least, chance=chance, whole=whole):
            return sum(w for state, w in chance.items() if state >= least) / whole

        begun = sum(from_state((k, 1)) > 0.5 for k in range(count))
        state = max(2 * begun - 1, 0)
        if begun and chance.get((begun, 0), 0.0) / whole > 1 - from_state((begun, 0)):
            state += 1
        latest = max(latest, state)
        expected += [latest] * STRIDE
    assert follow(rules, rows).tolist() == expected


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(1, 60), st.integers(0, 59), st.integers(0, 99_999))
def test_the_past_needs_no_window(count, frames, gone, seed):
    """Frames that have left the window say as much as those inside."""
    rows = np.random.default_rng(seed).normal(0.3, 0.3, (frames, count))
    rules = replace(FIXED, sure=0.5)
    whole = follow(rules, rows)
    gone = min(gone, frames - 1)
    follower = Follower(count, rules, FPS)
    for number, row in enumerate(rows):
        follower.push(row)
        if number >= frames - gone:
            follower.commit()
    rest = np.maximum(follower.path(), whole[gone - 1] if gone else 0)
    assert rest.tolist() == whole[gone:].tolist()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(1, 80), st.integers(0, 99_999))
def test_a_script_only_goes_forward(count, frames, seed):
    """However wild the frames, states never descend and lie in 0 to 2K."""
    rows = np.random.default_rng(seed).normal(0.3, 0.5, (frames, count))
    path = follow(PLAIN, rows)
    assert len(path) == frames
    assert np.all(np.diff(path) >= 0)
    assert 0 <= path[0] <= path[-1] <= 2 * count


@pytest.mark.parametrize("seed", range(4))
def test_what_is_old_is_smoothed_now_and_then(seed):
    """A path asked for with every frame is, but for what is old, that of one pass over all."""
    plan = np.repeat(np.arange(6), 80)
    rows = planned(plan, 6, seed=seed, noise=0.3)
    follower = Follower(6, PLAIN, FPS)
    for row in rows:
        follower.push(row)
        path = follower.path()
    once = follow(PLAIN, rows)
    fresh = FRESH * STRIDE
    assert path[-fresh:].tolist() == once[-fresh:].tolist()
    assert (path == once).mean() > 0.98


@pytest.mark.parametrize("seconds", [0.7, 2.0, 10.0, 60.0])
def test_steps_of_any_length_are_followed(seconds):
    """The same settings follow steps of less than a second and of a minute."""
    plan = np.repeat(np.arange(5), round(seconds * FPS))
    told = steps(follow(PLAIN, planned(plan, 5), lag=150))
    assert (told == plan).mean() > 0.85


def test_background_is_told_where_nothing_is_done():
    """Frames far from every text, for long, are no step."""
    plan = np.repeat([0, -1, 1], 120)
    rows = planned(plan, 2, noise=0.05)
    rows[plan < 0] -= 0.4
    told = steps(follow(PLAIN, rows, lag=40))
    assert (told == plan).mean() > 0.85
    assert (told[plan < 0] == -1).mean() > 0.6


def test_a_step_may_be_left_out():
    """Clear evidence of a later step is believed."""
    plan = np.repeat([0, 2, 3], 60)
    told = steps(follow(PLAIN, planned(plan, 4), lag=40))
    assert (told == plan).mean() > 0.85


def test_a_text_that_always_matches_is_no_step_done():
    """A text's own level does not push the script forward."""
    plan = np.repeat(np.arange(4), 80)
    rows = planned(plan, 4)
    rows[:, 3] += 0.6
    learnt, not_learnt = (
        (steps(follow(rules, rows, lag=40)) == plan).mean()
        for rules in (PLAIN, replace(PLAIN, prior_s=1e12))
    )
    assert learnt > not_learnt + 0.1


def test_what_is_told_for_good_is_sure():
    """A short look-alike of the next step is not told for good, though it may be at first."""
    plan = np.repeat([0, 1, 0, 1], [80, 10, 80, 60])
    rows = planned(plan, 2, seed=3, noise=0.05)
    eager, careful = (follow(replace(FIXED, sure=s), rows, lag=16) for s in (0.5, 0.95))
    assert (steps(careful) == 1).sum() <= (steps(eager) == 1).sum()
    assert (steps(careful)[:80] == 0).all()
    assert steps(careful)[-1] == 1


def test_a_rest_keeps_the_place():
    """After an interruption the script goes on where it stood, with an empty window."""
    follower = Follower(3, PLAIN, FPS)
    for row in planned(np.repeat([0, 1], 60), 3):
        follower.push(row)
    follower.rest()
    assert len(follower.path()) == 0
    for row in planned(np.full(20, 1), 3, seed=1):
        follower.push(row)
    assert (steps(follower.path()) == 1).all()


def test_many_steps_and_long_streams_stay_finite():
    """An hour without end, certain frames and the longest script leave no number broken."""
    follower = Follower(256, replace(PLAIN, temperature=0.01), FPS)
    rng = np.random.default_rng(0)
    for number in range(600):
        follower.push(rng.choice([-1.0, 1.0], 256))
        if number >= 40:
            follower.commit()
    path = follower.path()
    assert len(path) == 40
    assert 0 <= path[0] <= path[-1] <= 512
