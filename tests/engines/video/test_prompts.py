"""Prompts in any words become action, verb and object; words stay as said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import PromptError
from engines.video.prompts import Parts, decompose, label_parts, parts

TABLE = {
    "a man picks up a red cup": ("picks up a red cup", "picks up", "a red cup"),
    "cutting an onion with a knife": ("cutting an onion with a knife", "cutting", "an onion"),
    "crack eggs": ("crack eggs", "crack", "eggs"),
    "A person is throwing the ball up": ("throwing the ball up", "throwing", "the ball"),
    "pours a glass of water into the sink": (
        "pours a glass of water into the sink",
        "pours",
        "a glass of water",
    ),
    "waves with the right hand": ("waves with the right hand", "waves with", "the right hand"),
    "sits down on a chair": ("sits down on a chair", "sits down on", "a chair"),
    "puts on a jacket": ("puts on a jacket", "puts on", "a jacket"),
    "raises both arms": ("raises both arms", "raises", "both arms"),
    "open the door": ("open the door", "open", "the door"),
    "flambé the pan": ("flambé the pan", "flambé", "the pan"),
    "horse riding": ("horse riding", "riding", "horse"),
    "PlayingHarmonica": ("playing Harmonica", "playing", "Harmonica"),
    "squat": ("squat", "squat", None),
    "he runs fast": ("runs fast", "runs", None),
    "claps twice": ("claps twice", "claps", None),
    "turns around to the left": ("turns around to the left", "turns around", None),
    "kick it": ("kick it", "kick", None),
    "the red ball": ("the red ball", None, "the red ball"),
    "guitar": ("guitar", None, "guitar"),
    "open door": ("open door", None, "open door"),
}


@pytest.mark.parametrize("prompt", TABLE)
def test_the_grammar_finds_verb_and_object(prompt: str) -> None:
    """Subjects, particles, manner and places are told apart from verb and object."""
    found = decompose(prompt)
    assert (found.action, found.verb, found.object) == TABLE[prompt]


def test_the_texts_are_the_published_templates() -> None:
    """Action, verb and object each in their own sentence."""
    assert Parts("crack eggs", "crack", "eggs").texts() == (
        "A photo of a person crack eggs.",
        "A photo of a person crack something.",
        "A photo of a person using eggs.",
    )


def test_a_verb_or_an_object_alone_is_handled() -> None:
    """What is missing has no text; a thing alone is asked for as something used."""
    assert decompose("squat").texts() == (
        "A photo of a person squat.",
        "A photo of a person squat something.",
        None,
    )
    thing = "A photo of a person using the red ball."
    assert decompose("the red ball").texts() == (thing, None, thing)


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("crack eggs", Parts("crack eggs", "crack", "eggs")),
        ("PlayingHarmonica", Parts("Playing Harmonica", "Playing", "Harmonica")),
        ("brush_teeth_slowly", Parts("brush teeth slowly", "brush", "teeth slowly")),
        ("Ironing", Parts("Ironing", "Ironing", None)),
    ],
)
def test_labels_of_data_sets_are_read_as_published(label: str, wanted: Parts) -> None:
    """First word verb, the rest object."""
    assert label_parts(label) == wanted


def test_parts_from_elsewhere_keep_to_the_words() -> None:
    """A language model may choose among the words, not add any."""
    found = parts("she grates the old cheese", "grates", "old cheese")
    assert found == Parts("grates the old cheese", "grates", "old cheese")
    assert parts("squats", "squats", "").object is None
    with pytest.raises(PromptError, match="'knife'"):
        parts("cuts bread", "cuts", "knife")


@pytest.mark.parametrize("prompt", ["", "  ", "...", "x" * 501])
def test_prompts_without_words_are_refused(prompt: str) -> None:
    """And very long ones."""
    with pytest.raises(PromptError):
        decompose(prompt)


@given(st.text(min_size=1, max_size=60))
def test_any_text_with_words_gives_words_of_its_own(prompt: str) -> None:
    """Nothing breaks and nothing is invented."""
    try:
        found = decompose(prompt)
    except PromptError:
        return
    _, verb, thing = found.texts()
    assert (verb is None, thing is None) == (found.verb is None, found.object is None)
    for part in (found.action, found.verb, found.object):
        for word in (part or "").split():
            assert word.lower().strip(".,;:!?\"'") in prompt.lower().replace("\u2019", "'")
