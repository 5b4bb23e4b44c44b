"""The read-out against a plain search over all paths, and its rules."""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.motion.segments import NEVER, Belief, Grammar, Lattice, ReadoutSettings


@dataclass(frozen=True)
class Place:
    """Where the past ended: a state, and for how many frames it has held."""

    state: int
    age: int


def belief(grammar, place):
    """The belief that knows the place."""
    count, ages = grammar.count, grammar.minima[-1] - 1
    settled, young = np.full(count, NEVER), np.full((count, ages), NEVER)
    if place.age >= grammar.minimum[place.state]:
        settled[place.state] = 0
    else:
        young[place.state, place.age - 1] = 0
    return Belief(settled, young)


def decode(grammar, log_masks, place, *, closing=False):
    """The best path from a place."""
    past = None if place is None else belief(grammar, place)
    return Lattice(grammar, log_masks, past).path(closing=closing)


def runs(path):
    """(state, length) of each run."""
    return [(state, len(list(group))) for state, group in itertools.groupby(path)]


def score(grammar, log_masks, path, place):
    """Score of one path by the definition, or None where the rules forbid it."""
    total = grammar.emissions(log_masks)[path, np.arange(len(path))].sum()
    parts = runs(path)
    state, age = (place.state, place.age) if place else (None, 0)
    for position, (now, length) in enumerate(parts):
        if now == state:
            length += age
        else:
            if state is not None and age < grammar.minimum[state]:
                return None
            total -= transition(grammar, state)
        state, age = now, length
        if position < len(parts) - 1 and length < grammar.minimum[now]:
            return None
    return total


def transition(grammar, before):
    """Price of a change by the definition; beginning costs nothing."""
    return 0.0 if before is None else grammar.settings.switch


@settings(max_examples=60, deadline=None)
@given(
    labels=st.integers(1, 3),
    frames=st.integers(1, 5),
    minimum=st.integers(1, 3),
    where=st.none() | st.tuples(st.integers(0, 4), st.integers(1, 4)),
    seed=st.integers(0, 99_999),
)
def test_decode_finds_the_best_path(labels, frames, minimum, where, seed):
    """The sweeps find what trying every path finds."""
    rng = np.random.default_rng(seed)
    grammar = Grammar(labels, ReadoutSettings(1.0, -3.0, minimum))
    states = grammar.count
    place = Place(where[0] % states, where[1]) if where else None
    log_masks = np.log(rng.dirichlet(np.ones(labels + 1), frames).T)
    best = max(
        value
        for path in itertools.product(range(states), repeat=frames)
        if (value := score(grammar, log_masks, path, place)) is not None
    )
    found = decode(grammar, log_masks, place)
    assert score(grammar, log_masks, found.tolist(), place) == pytest.approx(best, abs=1e-9)


def log_plan(plan, count, sure=0.9):
    """Log masks that are fairly sure of `plan` (-1: background)."""
    masks = np.full((count + 1, len(plan)), (1 - sure) / count)
    masks[plan, np.arange(len(plan))] = sure
    return np.log(masks)


def test_minimum_duration_holds_inside():
    """No segment between two others is shorter than the minimum, and none at all when closing."""
    rng = np.random.default_rng(1)
    grammar = Grammar(4, ReadoutSettings(0.1, -6.0, 6))
    for _ in range(50):
        masks = np.log(rng.dirichlet(np.ones(5) * 0.3, 60).T)
        for closing, parts in ((False, slice(0, -1)), (True, slice(None))):
            path = decode(grammar, masks, None, closing=closing)
            inside = [n for state, n in runs(path)[parts] if state < 4]
            assert min(inside, default=6) >= 6


def test_one_wrong_frame_changes_nothing():
    """A single frame of another prompt is not a segment."""
    plan = [0] * 20 + [1] + [0] * 20
    grammar = Grammar(2, ReadoutSettings(4.0, -6.0, 6))
    assert set(decode(grammar, log_plan(plan, 2), None)) == {0}


def test_a_short_window_goes_on_from_its_place():
    """A committed young state is kept until it is old enough, even against the masks."""
    grammar = Grammar(2, ReadoutSettings(1.0, -6.0, 6))
    path = decode(grammar, log_plan([1] * 10, 2, sure=0.99), Place(0, 2))
    assert path.tolist() == [0] * 4 + [1] * 6


@settings(max_examples=40, deadline=None)
@given(
    labels=st.integers(1, 4),
    frames=st.integers(2, 20),
    minimum=st.integers(1, 4),
    seed=st.integers(0, 99_999),
)
def test_a_belief_sums_up_the_past(labels, frames, minimum, seed):
    """Moving frames out of the window, into the belief, does not change what the best path says."""
    rng = np.random.default_rng(seed)
    grammar = Grammar(labels, ReadoutSettings(1.0, -4.0, minimum))
    log_masks = np.log(rng.dirichlet(np.ones(labels + 1) * 0.5, frames).T)
    whole = Lattice(grammar, log_masks, None).path()
    past = None
    for gone in range(1, frames):
        past = Lattice(grammar, log_masks[:, gone - 1 :], past).belief(1)
        rest = Lattice(grammar, log_masks[:, gone:], past).path()
        assert rest.tolist() == whole[gone:].tolist()
    several = Lattice(grammar, log_masks, None).belief(frames - 1)
    assert np.allclose(several.settled, past.settled)
    assert np.allclose(several.young, past.young)
