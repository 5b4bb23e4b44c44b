"""Rewordings are fit to measure wording: complete, and in no caption bank."""

import pytest

from benchmarks.motion.wordings import REWORDED, reworded
from training.sets.measured import HDM05_PROMPTS
from training.synth import captions
from training.synth.registry import REGISTRY


def test_every_class_has_two_rewordings_of_its_own():
    """No text stands for two classes."""
    texts = [*REWORDED, *(text for pair in REWORDED.values() for text in pair)]
    assert len(texts) == len(set(texts)) == 3 * len(REWORDED)
    assert set(HDM05_PROMPTS.values()) <= set(REWORDED)
    assert reworded("a person walks", 0) == reworded("a person walks", 0)
    assert reworded("something else", 2) == "something else"


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
