"""The partition grammar: a table of instructions, and what must hold for any text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.motion.partition import MAX_STEPS, split
from tests.engines.motion.partition_table import CASES


@pytest.mark.parametrize(("instruction", "steps"), CASES)
def test_table(instruction, steps):
    """Each instruction of the table becomes the steps that a reader would make of it."""
    assert split(instruction) == steps


def test_words_are_kept():
    """Nothing is invented and, without words of order, nothing is lost."""
    for instruction, _ in CASES:
        known = set(re.findall(r"[\w']+", instruction.lower()))
        for step in split(instruction):
            assert set(re.findall(r"[\w']+", step.lower())) <= known


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_survived(text):
    """Any text gives 1 to 12 steps with words in them, or none if there is nothing to say."""
    steps = split(text)
    assert len(steps) <= MAX_STEPS
    assert bool(steps) == bool(re.search(r"\w", text))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["walks forward", "sits down", "waves both hands", "kicks a ball"]),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([", then ", "; ", ". ", " and then ", ", "]),
)
def test_joined_steps_come_apart(steps, joint):
    """Steps joined by any connective are found again, in order."""
    assert split(joint.join(steps)) == steps


def test_a_step_is_not_split_again():
    """Steps of the table stay whole when they are split once more."""
    whole = [step for _, steps in CASES for step in steps]
    kept = [split(step) == [step] for step in whole]
    assert sum(kept) >= 0.95 * len(whole)


def test_thirteen_become_twelve():
    """More than twelve steps: the last ones share a place, none is dropped."""
    text = (
        "walks, runs, jumps, sits, kneels, bows, claps, waves, kicks, turns, hops, spins, stretches"
    )
    steps = split(text)
    assert len(steps) == MAX_STEPS
    assert ", ".join(steps) == text
