"""Ten removed actions: classes, segments, and what examples do, on a model that knows them."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.motion import removed as part
from benchmarks.motion.recordings import Model
from training import removed


@pytest.fixture(scope="module")
def model():
    """The bundled model."""
    return Model("bundled")


@pytest.fixture(scope="module")
def found(model):
    """Segments of ten synthesised recordings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(part, "RECORDINGS", 10)
        made, classes = part.recordings()
    asked = tuple(action.text for action in removed.TEN)
    return part.segments(model, made, classes, asked)


def test_there_are_sixty_classes_and_none_is_said_twice():
    """Ten removed ones and others of fifty families, none of them a removed primitive."""
    texts = part.others()
    classes = {*texts.values(), *(action.text for action in removed.TEN)}
    assert len(classes) == part.CLASSES
    assert not set(texts) & part.TEN.primitives
    assert not any(map(part.TEN.names, texts.values()))


def test_each_action_has_its_segments(found):
    """Two a recording, all ten in turn, so that three can be shown and others asked for."""
    counts = np.bincount(found.true, minlength=10)
    assert counts[:10].tolist() == [2] * 10
    assert found.asked == tuple(range(10))
    np.testing.assert_allclose(np.linalg.norm(found.examples, axis=1), 1, atol=1e-3)


def test_shown_segments_are_not_asked_for(model, found, monkeypatch):
    """Of two segments of each action one is shown: ten are left in every draw."""
    monkeypatch.setattr(part, "EXAMPLES", 1)
    got = part.guesses(model, found)
    assert got["named"].shape == got["expanded"].shape == (2, 20)
    assert got["shown"].shape == (2, 10 * part.DRAWS)
    assert set(got["shown"][1].tolist()) == set(range(10))


def test_a_model_that_was_trained_on_them_names_most(model, found):
    """Far above chance, so that the measure measures."""
    assert part._right(part.guesses(model, found)["named"]) > 0.6


def test_without_a_second_model_it_says_so(model, tmp_path):
    """No figures are made up."""
    assert part.report(model, tmp_path).startswith("Not measured")
    assert "make train-ten" in part.absent(tmp_path)[0]


def test_a_model_of_another_making_is_pointed_out(model):
    """Its version is that of the model beside it, behind `ten-`."""
    seen = replace(model.info, version="2.4")
    same = part._said(replace(seen, name="motion-ten", version="ten-2.4"), seen)
    assert same == "The model that was not: motion-ten ten-2.4."
    other = part._said(replace(seen, name="motion-ten", version="ten-2.3"), seen)
    assert "of another making" in other
