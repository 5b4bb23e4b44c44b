"""A cook's sentences as candidates for verb and object."""

import pytest

from benchmarks.video.sets.sentences import ways
from engines.errors import PromptError
from engines.video.prompts import Parts

TABLE = {
    "stir the soup": (["stir"], ["soup"]),
    "add chopped onions and black pepper to the pan": (["add"], ["onions", "black pepper", "pan"]),
    "cut the tomatoes and mix them with 2 cups of hot water": (
        ["cut", "mix"],
        ["tomatoes", "cups", "hot water"],
    ),
    "flip": (["flip"], [None]),
}


@pytest.mark.parametrize("sentence", TABLE)
def test_every_verb_with_every_thing(sentence: str) -> None:
    """All verbs, and of every noun phrase the last word with the nearest quality before it."""
    verbs, things = TABLE[sentence]
    assert ways(sentence) == tuple(Parts(sentence, v, t) for v in verbs for t in things)


def test_words_are_wanted() -> None:
    """A sentence without any is refused."""
    with pytest.raises(PromptError):
        ways(" . ")
