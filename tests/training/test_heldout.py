"""What is held out is held out of everything that training reads, and there is enough of it."""

import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from training import heldout, rewordings, sets, synth
from training.synth import captions, poses, sayings
from training.synth.phrases import forms
from training.synth.registry import REGISTRY

SIDES = [
    (name, captions.spoken(p, side)) for name, p in REGISTRY.items() for side in captions.sides(p)
]


def banks() -> set[str]:
    """Every caption of every primitive, laid over others and counted too, and of all poses."""
    texts = {text for name, side in SIDES for text in captions.of(name, side)}
    for name, side in SIDES[::7]:
        texts |= set(captions.over_base(name, side, "sit"))
        texts |= set(captions.over_gait(name, side, "walk"))
        texts |= set(captions.counted(name, side, 3))
    return texts | {text for n in range(poses.COUNT) for text in poses.composition(n)[1]}


@pytest.fixture(scope="module")
def bank() -> set[str]:
    return {text.lower() for text in banks()}


def test_no_caption_has_a_held_out_word(bank: set[str]) -> None:
    """In any of its forms, in any family."""
    words = [form for group in heldout.VOCABULARY.values() for w in group for form in forms(w)]
    pattern = re.compile(r"\b(" + "|".join(words) + r")\b")
    assert len(bank) > 20_000
    assert not [text for text in bank if pattern.search(text)]


def test_every_held_out_word_would_have_been_said() -> None:
    """Of every family one word or more is held out, and all are in its phrases."""
    said: dict[str, str] = defaultdict(str)
    for name, p in REGISTRY.items():
        said[p.family or name] += " ".join((*p.says, *sayings.of(name))).replace("~", "") + " "
    assert heldout.VOCABULARY.keys() == said.keys()
    for family, words in heldout.VOCABULARY.items():
        assert words, family
        for word in words:
            assert re.search(rf"\b({'|'.join(forms(word))})\b", said[family]), word


def test_every_primitive_has_a_wording_that_is_never_trained_on(bank: set[str]) -> None:
    """And that wording is in nobody's bank, neither of the same primitive nor of another."""
    unseen = {name: captions.unseen(name, side) for name, side in SIDES}
    assert [name for name, texts in unseen.items() if not texts] == []
    assert not {text.lower() for texts in unseen.values() for text in texts} & bank


def test_as_much_is_held_out_as_is_said() -> None:
    """docs/models.md says how many primitives and families have something kept back."""
    assert (len(REGISTRY), len(set(map(heldout.kept_back, REGISTRY)))) == (522, 472)
    assert (len(heldout.VOCABULARY), sum(map(len, heldout.VOCABULARY.values()))) == (360, 370)


def test_captions_with_held_out_words_are_not_trained_on(bank: set[str]) -> None:
    """They can still be made, to be measured."""
    made = {text for name, side in SIDES for text in captions.unseen_words(name, side)}
    assert len(made) > 100
    assert all(heldout.has_word(text) for text in made)
    assert not {text.lower() for text in made} & bank


def test_rewordings_are_in_no_caption_bank(bank: set[str]) -> None:
    """Neither those of the benchmark, by either hand, nor those of `training evaluate`."""
    assert not {text.lower() for text in rewordings.TEXTS} & bank


def test_synthesised_sequences_carry_no_held_out_text() -> None:
    """What the trainer is handed, kinematic captions included."""
    for made in synth.sequences(30, seed=11, processes=0):
        for span in made.spans:
            texts = {*span.captions, *span.mirrored}
            assert not texts & rewordings.TEXTS
            assert not any(map(heldout.has_word, texts))


def test_recorded_clips_carry_no_held_out_text(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their own phrases are filtered like those of primitives; no held-out person is kept."""
    monkeypatch.setenv("LIVEGROUND_SHARED", str(shared))
    for name in sets.SHIP:
        clips = sets.load(name)
        kept, out = sets.kept(clips), sets.held_out(clips)
        assert len(kept) + len(out) == len(clips)
        assert not any(heldout.SUBJECTS & set(clip.tags) for clip in kept)
        for span in (span for clip in kept for span in clip.spans):
            assert not any(map(heldout.has_word, span.captions))
            assert not rewordings.TEXTS & set(span.captions)


def test_parts_and_exports_of_a_trial_stay_together() -> None:
    """The same trial of two sets, or a part of it, is on one side."""
    sides = [
        heldout.is_held_out(source, ("subject 07",))
        for trial in range(60)
        for source in (f"cmu/07_{trial:02d}", f"cmu_bvh/07_{trial:02d}", f"cmu/07_{trial:02d}#2")
    ]
    grouped = np.array(sides).reshape(60, 3)
    assert (grouped == grouped[:, :1]).all()
    assert 0 < grouped[:, 0].sum() < 20
    assert heldout.is_held_out("cmu/03_01", ("subject 03", "optical"))
