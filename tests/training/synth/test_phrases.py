"""Laws of wording: English forms, choices, and left and right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import lexicon
from training.synth import captions, sayings
from training.synth.phrases import (
    conjugate,
    expand,
    gerund,
    mirror_text,
    pool,
    sided,
    third,
)
from training.synth.registry import REGISTRY

PAIRS = [(name, side) for name, p in REGISTRY.items() for side in captions.sides(p)]


@pytest.mark.parametrize(
    ("verb", "she", "doing"),
    [
        ("kick", "kicks", "kicking"),
        ("push", "pushes", "pushing"),
        ("carry", "carries", "carrying"),
        ("lie", "lies", "lying"),
        ("sit", "sits", "sitting"),
        ("wave", "waves", "waving"),
        ("do", "does", "doing"),
        ("play", "plays", "playing"),
        ("see", "sees", "seeing"),
        ("hop", "hops", "hopping"),
        ("tiptoe", "tiptoes", "tiptoeing"),
    ],
)
def test_verbs_are_conjugated(verb: str, she: str, doing: str) -> None:
    """Regular, doubled, silent-e and irregular verbs."""
    assert (third(verb), gerund(verb)) == (she, doing)


def test_choices_are_spelt_out() -> None:
    """Every combination of bracketed words, nested ones too."""
    assert expand("a [b|c [d|]] e") == ["a b e", "a c d e", "a c e"]


def test_all_marked_verbs_change() -> None:
    """Both verbs of a phrase take the form."""
    assert conjugate("bend~ and lift~ {their} leg", "third", "her") == "bends and lifts her leg"


@given(st.sampled_from(["left", "right"]), st.sampled_from(sorted(REGISTRY)))
def test_mirroring_text_twice_gives_it_back(side: str, name: str) -> None:
    """Swapping left and right is its own inverse."""
    for text in pool(sided(REGISTRY[name].says, side), f"{name}:{side}"):
        assert mirror_text(mirror_text(text)) == text


@pytest.mark.parametrize(("name", "side"), PAIRS, ids=str)
def test_captions_are_clean_and_many(name: str, side: str) -> None:
    """No grammar marks are left over, all differ, and there are at least 30."""
    texts = captions.of(name, side)
    assert len(set(texts)) == len(texts) >= 30
    assert not any(mark in text for text in texts for mark in "{}[]|~_#=")
    assert all(text == text.strip() and "  " not in text for text in texts)


def test_every_primitive_is_phrased_in_thirty_ways() -> None:
    """Wordings with their choices made, verb forms and subjects not counted."""
    for name, p in REGISTRY.items():
        says = (*p.says, *sayings.of(name))
        assert len({text for phrase in says for text in expand(phrase)}) >= 30, name


def test_text_is_mirrored_as_the_lexicon_does() -> None:
    """One meaning of left and right in training and at run time."""
    for name, side in PAIRS:
        for text in captions.of(name, side):
            assert mirror_text(text).lower() == lexicon.mirror(text).lower()


def test_one_side_captions_mirror_into_the_other() -> None:
    """What is said of the left is never said of the right: pools name their own side or none."""
    for name, p in REGISTRY.items():
        says = (*p.says, *sayings.of(name))
        marks = ("{O}", "left", "right", "{C}")
        plain = all(mark not in text for text in says for mark in marks)
        if p.sided and plain:
            assert not any("left" in text.split() for text in captions.of(name, "right")), name
            assert not any("right" in text.split() for text in captions.of(name, "left")), name


def test_other_ways_to_do_the_same_are_called_the_same() -> None:
    """A primitive with another's phrases has its further words, and its family;
    where those words have a side, it has one."""
    first = sayings.said_first("hop_quick")
    assert first == "hop_both"
    further = {text for text in captions.of("hop_quick", "") if "hop" not in text}
    assert len(further & set(captions.of(first, ""))) > 5
    for name, p in REGISTRY.items():
        same = REGISTRY[sayings.said_first(name)]
        assert (same.family or same.name) == (p.family or p.name)
        assert p.sided or not same.sided


def test_unsided_captions_never_claim_one_side() -> None:
    """A primitive without a side may say left and right only together."""
    for name, p in REGISTRY.items():
        if not p.sided:
            for text in captions.of(name, ""):
                words = set(text.split())
                assert ("left" in words) == ("right" in words), (name, text)


def test_pools_do_not_depend_on_the_run() -> None:
    """The same phrases and key give the same captions in the same order."""
    assert pool(["kick~ [high|low]"], "key") == pool(["kick~ [high|low]"], "key")


def test_counts_are_said_as_numbers() -> None:
    """A counted caption says its own number."""
    assert all("twice" in t or "two times" in t for t in captions.counted("squat", "", 2))
