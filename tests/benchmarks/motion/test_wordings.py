"""Rewordings are fit to measure wording: complete, and in no caption bank."""

import pytest

from benchmarks.motion.wordings import NAMES, WORDINGS, reworded, wordings_of
from training.rewordings import BY_ANOTHER_HAND, REWORDED
from training.sets.measured import HDM05_PROMPTS
from training.synth import captions
from training.synth.registry import REGISTRY


def test_every_class_has_rewordings_of_its_own():
    """No text stands for two classes, and all have as many."""
    texts = {reworded(text, wording): text for text in REWORDED for wording in range(WORDINGS)}
    for text in REWORDED:
        assert [texts[reworded(text, wording)] for wording in range(WORDINGS)] == [text] * WORDINGS
    assert BY_ANOTHER_HAND.keys() == REWORDED.keys()
    assert set(HDM05_PROMPTS.values()) <= set(REWORDED)
    assert reworded("a person walks", 0) == "a person walks"
    assert reworded("something else", 2) == "something else"


def test_a_set_is_reworded_whole_or_not_at_all():
    """One text without rewordings leaves the set its own words."""
    assert [*wordings_of(REWORDED)] == [0, 1, 2, 3, 4]
    assert [*wordings_of([*REWORDED, "something else"])] == [0]
    assert len(set(NAMES)) == WORDINGS == 5


@pytest.mark.parametrize("side", ["left", "right"])
def test_no_rewording_is_in_a_caption_bank(side):
    """Nor the same words with other capitals."""
    banks = {
        text.lower()
        for name, primitive in REGISTRY.items()
        for text in captions.of(name, side if primitive.sided else "")
    }
    assert len(banks) > 1000
    assert not banks & {text.lower() for pair in REWORDED.values() for text in pair}
