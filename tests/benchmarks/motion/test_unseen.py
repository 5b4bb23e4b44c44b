"""Words kept from training: what is asked for is what the tables say."""

from benchmarks.motion import unseen
from benchmarks.motion.recordings import Model, problem
from benchmarks.motion.sets import SETS
from training import heldout
from training.rewordings import REWORDED
from training.synth import captions


def test_classes_are_those_of_the_sets_and_have_words_kept_back():
    """Every prompt of HDM05 and UTKinect has a primitive with another phrase, most another word."""
    assert set(unseen.CLASSES) == set(REWORDED)
    assert all(captions.unseen(*pair) for pair in unseen.CLASSES.values())
    words = [captions.unseen_words(*pair)[:1] for pair in unseen.CLASSES.values()]
    assert sum(map(bool, words)) >= 19
    assert all(map(heldout.has_word, (text for texts in words for text in texts)))


def test_known_words_are_named_far_above_chance(monkeypatch):
    """On a few primitives: plainest captions right, shares between 0 and 1, real rows beside."""
    pairs = [("walk", ""), ("throw", "right"), ("clap", ""), ("squat", ""), ("sit_down", "")]
    monkeypatch.setattr(unseen, "_pairs", lambda every=unseen._pairs: pairs + every()[::9])
    model = Model("bundled")
    right = unseen._named(model, [(*pair, captions.unseen(*pair)) for pair in pairs])
    assert right[0] >= 0.6
    assert ((right >= 0) & (right <= 1)).all()
    found = SETS["synth"](2).recordings
    tasks = [problem(model, one, model.encode(one), "watch") for one in found]
    row = unseen._real_row(model, "synth", tasks[:1])
    assert row[0] == "synth"
    assert len(row) == 6
