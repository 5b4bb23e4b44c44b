"""Ten actions removed: none of their motion, captions or words is left."""

from dataclasses import replace

import numpy as np
import pytest

from training import removed, synth
from training.data import Description, Sequence, Span
from training.sets.measured import HDM05_PROMPTS
from training.synth import captions
from training.synth.registry import REGISTRY

TEN = removed.SETS["ten"]
CLASSES = {*HDM05_PROMPTS, *("walk", "sitDown", "standUp", "pickUp", "carry", "throw", "push")}
CLASSES |= {"pull", "waveHands", "clapHands"}


def test_there_are_ten_with_all_their_primitives() -> None:
    """Names are right; what is measured is removed; real classes exist."""
    assert len(removed.TEN) == 10
    families = {p.family for p in REGISTRY.values()} | set(REGISTRY)
    for action in removed.TEN:
        assert set(action.families) <= families
        assert {*action.others, *action.shown} <= TEN.primitives
        assert set(action.classes) <= CLASSES
        assert TEN.names(action.text)


def test_every_caption_of_what_is_measured_is_gone() -> None:
    """The kind alone removes a span, whatever is said of it."""
    for name in sorted(TEN.primitives):
        assert TEN.kept(Span(0, 1, ("a person does it",), ("a person does it",), name)) is None
    assert TEN.kept(Span(0, 1, ("walks",), ("walks",), "nod:@sit")) is not None
    assert TEN.kept(Span(0, 1, ("walks",), ("walks",), "clap:+walk")) is None


def test_descriptions_that_name_a_removed_action_are_gone() -> None:
    """What limbs do is still said, without the removed actions' words."""
    said = (
        Description("kick the left leg forward", ("k",)),
        Description("bend both knees", ("b",)),
    )
    left = TEN.kept(Span(0, 1, ("bows",), ("bows",), "bow:", said, ("k", "b")))
    assert left is not None
    assert left.descriptions == said[1:]


def test_others_keep_what_does_not_name_a_removed_action() -> None:
    """Nearly all other primitives stay, most of their captions too, mirrored ones in step."""
    kept = 0
    for name, p in REGISTRY.items():
        if name in TEN.primitives:
            continue
        texts = captions.of(name, captions.spoken(p, "right") if p.sided else "")
        left = TEN.kept(Span(0, 1, texts, texts, name))
        assert left is not None, name
        assert left.captions == left.mirrored
        assert not any(map(TEN.names, left.captions))
        kept += len(left.captions) > 0.8 * len(texts)
    assert kept > 0.85 * (len(REGISTRY) - len(TEN.primitives))


def test_sequences_without_them_hold_none_of_them() -> None:
    """The generator never performs a removed primitive, and ends."""
    for made in synth.sequences(40, seed=3, processes=0, without=TEN.primitives):
        assert not any(TEN.removes(span.kind) for span in made.spans)


def test_a_recorded_clip_is_removed_by_its_own_words() -> None:
    """Phrases of its own name it; a primitive that merely has such a caption stays."""
    span = Span(0, 9, ("a person throws it", "the arm moves"), ("", ""), "said:throw~ it")
    assert TEN.kept(span) is None
    assert TEN.kept(replace(span, kind="hook:right")).captions == ("the arm moves",)


def test_a_corpus_without_them_has_no_such_caption(tmp_path) -> None:
    """The writer leaves spans and captions out."""
    pytest.importorskip("torch")
    from training import corpus

    joints = np.random.default_rng(0).normal(size=(30, 22, 3)).astype(np.float32)
    texts = ("a person claps", "a person brings both palms together")
    spans = (
        Span(0, 15, texts, texts, "said:clap~"),
        Span(15, 30, texts[::-1], texts[::-1], "other"),
    )
    writer = corpus.Writer(tmp_path / "corpus", removed=TEN)
    writer.add([Sequence(joints, spans, "test")], real=False)
    writer.close()
    read = corpus.read(tmp_path / "corpus")
    assert len(read.spans) == 1
    assert not any(map(TEN.names, read.captions))
