"""What is said in rendered scenes."""

import pytest

from training.scenes import objects, vocabulary


@pytest.mark.parametrize("pair", vocabulary.UNSEEN)
def test_parts_of_a_held_out_pair_are_seen_with_others(pair: vocabulary.Pair) -> None:
    """A held-out pair is new as a pair only."""
    verb, thing = pair
    assert pair not in vocabulary.TRAINED
    assert any(seen[0] == verb for seen in vocabulary.SEEN)
    assert any(seen[1] == thing for seen in vocabulary.SEEN)


def test_no_pair_is_trained_twice() -> None:
    """Pairs are told apart by their place in the list; what tests ask comes first."""
    assert len(set(vocabulary.TRAINED)) == len(vocabulary.TRAINED)
    assert vocabulary.TRAINED[: len(vocabulary.SEEN)] == vocabulary.SEEN


def test_every_object_can_be_drawn() -> None:
    """Words and pictures have the same objects."""
    assert set(vocabulary.OBJECTS) == set(objects.THINGS)


@pytest.mark.parametrize("pair", vocabulary.TRAINED)
def test_wordings_differ_and_name_the_object(pair: vocabulary.Pair) -> None:
    """Each wording is another one, free of marks of the grammar, and says what is used."""
    texts = vocabulary.action_texts(pair)
    assert len(set(texts)) == len(texts) >= 6
    assert all(pair[1] in text for text in texts)
    assert not any(mark in text for text in texts for mark in "~{}[]|")


def test_verb_texts_name_no_object() -> None:
    """What is said of a verb alone tells nothing of what it is done with."""
    for verb, entry in vocabulary.VERBS.items():
        for text in vocabulary.verb_texts(verb):
            assert not any(f" {thing}" in text for thing in entry.objects)


def test_texts_are_the_same_every_time() -> None:
    """Wordings depend on the pair alone."""
    vocabulary.action_texts.cache_clear()
    first = vocabulary.action_texts(("throw", "ball"))
    vocabulary.action_texts.cache_clear()
    assert vocabulary.action_texts(("throw", "ball")) == first
