"""Faithful steps pass, unfaithful ones do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.motion.partition import split
from stream.partition_check import flaw
from tests.engines.motion.partition_table import CASES

FAITHFUL = [
    ("raises the left arm, then the right", ["raises the left arm", "raises the right arm"]),
    ("picks up a ball, throws it", ["the person picks up a ball", "the person throws the ball"]),
    ("he waves after he has turned around", ["turns around", "waves"]),
    ("before sitting, walk around the chair", ["walks around the chair", "sits"]),
    ("squats, but first he stretches", ["stretches", "squats"]),
    ("sits down, stands up, sits down", ["sits down", "stands up", "sits down"]),
    ("a man who has fallen gets up", ["the man falls", "the man gets up"]),
    ("show the left and right hands", ["show the left hand", "show the right hand"]),
    ("stamp both feet, then the left one", ["stamp both feet", "stamp the left foot"]),
    ("walks while waving", ["walks while waving"]),
    ("when the music starts, clap your hands", ["clap your hands"]),
    ("He lies down, carries on and stops", ["lying down", "carrying on", "stopping"]),
    ("turn left, then wave with the right hand", ["turn left", "wave with the right hand"]),
]

UNFAITHFUL = [
    ("raise the left arm", ["raise the right arm"], "not in the instruction."),
    ("walk, then sit", ["walk", "jump", "sit"], "not in the instruction."),
    ("jump three times", ["jump two times"], "not in the instruction."),
    ("walk, then sit", ["sit", "walk"], "order"),
    ("walk, then sit", ["walk", "sit", "sit"], "order"),
    ("turn left, then turn right", ["turn right", "turn left"], "order"),
    ("he waves after sitting down", ["he waves", "he sits down"], "order"),
    (
        "raise the left arm and the right leg",
        ["raise the right arm and left leg"],
        "left and right",
    ),
    ("walk; sit; wave; run; jump", ["walk", "sit"], "leaves out"),
    ("walk, then sit", ["walk", "and then", "sit"], "says nothing"),
    ("walk", [" "], "says nothing"),
]


@pytest.mark.parametrize(("instruction", "steps"), FAITHFUL)
def test_faithful_steps_pass(instruction: str, steps: list[str]) -> None:
    """Completion, inflection, order in time and cues left out are what a model is asked for."""
    assert flaw(steps, instruction) is None


@pytest.mark.parametrize(("instruction", "steps", "said"), UNFAITHFUL)
def test_unfaithful_steps_are_named(instruction: str, steps: list[str], said: str) -> None:
    """Invented, reordered, repeated, swapped, left out, empty."""
    assert said in (flaw(steps, instruction) or "")


@pytest.mark.parametrize(("instruction", "steps"), CASES)
def test_what_a_reader_would_say_passes(instruction: str, steps: list[str]) -> None:
    """The steps of the grammar's table are faithful."""
    assert flaw(steps, instruction) is None


@pytest.mark.parametrize(
    ("instruction", "steps"), [case for case in CASES if len(case[1]) > 1 and len(set(case[1])) > 1]
)
def test_one_step_too_many_never_passes(instruction: str, steps: list[str]) -> None:
    """An action that the instruction has not, in any place."""
    for place in range(len(steps) + 1):
        assert flaw([*steps[:place], "somersaults", *steps[place:]], instruction)


@given(
    st.permutations(["walks forward", "sits down", "waves both hands", "kicks a ball", "bows"]),
    st.permutations(range(5)),
)
def test_any_other_order_is_found(steps: list[str], order: list[int]) -> None:
    """Of steps that share no words, only the instruction's order passes."""
    found = flaw([steps[place] for place in order], ", then ".join(steps))
    assert (found is None) == (order == sorted(order))


@given(st.text(max_size=120), st.lists(st.text(max_size=40), min_size=1, max_size=12))
def test_any_texts_are_survived(instruction: str, steps: list[str]) -> None:
    """The verdict is a sentence or nothing, and quotes nobody."""
    found = flaw(steps, instruction)
    assert found is None or found.endswith(".")


@given(st.text(max_size=200))
def test_the_grammar_is_never_unfaithful_by_invention(instruction: str) -> None:
    """Its words are the instruction's."""
    assert "not in the instruction." not in (flaw(split(instruction), instruction) or "")


def test_no_verdict_quotes_the_instruction() -> None:
    """Verdicts are logged, texts are not."""
    assert "zebra" not in (flaw(["zebra"], "walk like a lion") or "zebra")
