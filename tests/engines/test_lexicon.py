"""Word features: sides, limbs, directions; the mirror of a text always differs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import lexicon


def named(text: str) -> set[str]:
    """Names of the features that are on."""
    return {lexicon.NAMES[column] for column in np.flatnonzero(lexicon.features([text])[0])}


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("raises the left arm", {"left", "arm", "left_arm", "up"}),
        ("kicks with the right leg", {"right", "leg", "right_leg"}),
        ("turns to the left", {"left", "left_way", "around"}),
        ("left foot kick", {"left_leg", "foot"}),
        ("waving with his right hand", {"right_arm", "hand"}),
        ("walking backwards slowly", {"backward", "slow", "travel"}),
        ("sat down", {"sit", "down"}),
        ("stands up from the chair", {"get_up", "up"}),
        ("rises to her feet", {"get_up"}),
        ("jumped twice", {"jump", "two", "again"}),
        ("touches the left elbow with the right knee", {"left_arm", "right_leg", "elbow", "knee"}),
        ("turning counter-clockwise", {"left", "around"}),
        ("stirring", set()),
    ],
)
def test_words_and_their_inflections(text: str, on: set[str]) -> None:
    """The features that a text must have."""
    assert on <= named(text)


@pytest.mark.parametrize("text", ["waves", "claps both hands", "walks forward", ""])
def test_no_side_where_none_is_named(text: str) -> None:
    """A side comes from a side word only."""
    assert not {name for name in named(text) if name.startswith(("left", "right"))}


def test_standing_up_is_not_standing() -> None:
    """Getting up and being up share no feature."""
    assert "stand" not in named("a person stands up")
    assert "get_up" not in named("a person stands still")
    assert "stand" in named("a person stands still")


@given(
    st.sampled_from(["raises the {} hand", "steps {}ward", "kicks {}", "{}-handed punch"]),
    st.sampled_from(["left", "right"]),
)
def test_the_mirror_of_a_text_differs_in_its_features(phrase: str, side: str) -> None:
    """Left and right change places, and the features show it."""
    text = phrase.format(side)
    assert lexicon.mirror(text) != text
    assert named(text) != named(lexicon.mirror(text))
    assert lexicon.mirror(lexicon.mirror(text)) == text


def test_a_mirrored_text_swaps_the_features() -> None:
    """Feature by feature: left for right, all others kept."""
    text = "turns left and raises the right arm"
    swapped = {
        name.replace("left", "?").replace("right", "left").replace("?", "right")
        for name in named(text)
    }
    assert named(lexicon.mirror(text)) == swapped


@given(st.text(max_size=60))
def test_any_text_has_features(text: str) -> None:
    """No text is refused; a row is zeros and ones."""
    rows = lexicon.features([text])
    assert rows.shape == (1, lexicon.LEXICON_COUNT)
    assert set(np.unique(rows)) <= {0.0, 1.0}


def test_plain_texts() -> None:
    """Case, spaces and a final full stop are no part of the meaning."""
    assert lexicon.plain(" A person  WAVES. ") == "a person waves"
