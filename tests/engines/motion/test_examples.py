"""Sets of examples are values; their files come back as they went and belong to one model."""

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import EngineError, ModelError, PromptError
from engines.motion.engine import ModelInfo
from engines.motion.examples import MAX_NAMES, MAX_PER_NAME, ExampleSet
from tests.engines.motion.scenes import unit

MODEL = ModelInfo("motion-1", "1.0", "a" * 64, 0.4, 20)
OTHER = ModelInfo("motion-1", "2.0", "b" * 64, 0.4, 20)


def vector(seed):
    """A unit vector (8,)."""
    return unit(np.random.default_rng(seed).standard_normal(8))


@st.composite
def sets(draw):
    """Sets with examples of a few names."""
    made = ExampleSet(MODEL)
    for name in draw(st.lists(st.sampled_from(["juggle", "Salute", "wave é"]), max_size=6)):
        seed, words = draw(st.integers(0, 99)), draw(st.booleans())
        made = made.with_example(name, vector(seed), draw(st.floats(0.3, 20)), words=words)
    return made


@given(sets())
def test_what_is_written_is_read(examples):
    """decode(encode(set)) == set."""
    assert ExampleSet.decoded(examples.encoded(), model=MODEL) == examples


def test_a_file_is_read_back(tmp_path):
    """What was saved is loaded, and the file says of which model it is."""
    examples = ExampleSet(MODEL).with_example("juggle", vector(1), 2.5)
    examples.save(tmp_path / "mine.json")
    assert ExampleSet.load(tmp_path / "mine.json", model=MODEL) == examples
    said = json.loads((tmp_path / "mine.json").read_text())
    assert said["model"] == {"name": "motion-1", "version": "1.0", "sha256": "a" * 64}


@given(sets(), sets())
def test_merging_counts_nothing_twice(one, two):
    """A set merged twice is merged once; nothing of either is lost."""
    merged = one.merge(two)
    assert merged.merge(two) == merged
    for shown in (*one, *two):
        assert set(shown.vectors) <= set(merged.get(shown.name).vectors)
    assert ExampleSet(MODEL).merge(merged).by_key.keys() == merged.by_key.keys()


def test_a_set_never_changes():
    """A further example makes a new set."""
    none = ExampleSet(MODEL)
    one = none.with_example("wave", vector(1), 1.0)
    two = one.with_example("Wave.", vector(2), 1.0, words=False)
    assert [len(each) for each in (none, one, two)] == [0, 1, 1]
    assert [len(each.get(" WAVE").vectors) for each in (one, two)] == [1, 2]
    assert (one.get("wave").words, two.get("wave").words) == (True, False)


def test_the_mean_lies_between_the_examples():
    """Examples of one name are averaged to a unit vector that is near to each."""
    a, b = vector(1), vector(2)
    mean = ExampleSet(MODEL).with_example("x", a, 1).with_example("x", b, 9).get("x").mean
    assert np.linalg.norm(mean) == pytest.approx(1, abs=1e-6)
    assert mean @ a == pytest.approx(mean @ b, abs=1e-5)


def test_examples_of_another_model_are_refused(tmp_path):
    """Vectors of one model mean nothing to another: file and merge say so."""
    other = ExampleSet(OTHER).with_example("juggle", vector(1), 1.0)
    other.save(tmp_path / "theirs.json")
    with pytest.raises(ModelError, match=r"theirs.json.*2\.0.*1\.0.*show the actions again"):
        ExampleSet.load(tmp_path / "theirs.json", model=MODEL)
    with pytest.raises(ModelError, match="show the actions again"):
        ExampleSet(MODEL).merge(other)


def _changed(**parts):
    good = json.loads(ExampleSet(MODEL).with_example("juggle", vector(1), 1.0).encoded())
    good["examples"][0] |= {
        key: value for key, value in parts.items() if key in good["examples"][0]
    }
    good |= {key: value for key, value in parts.items() if key in good}
    return json.dumps(good).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no json",
        b"{}",
        b"[]",
        _changed(format=9),
        _changed(kind="something else"),
        _changed(vectors=[]),
        _changed(vectors=[[1.0, 1.0]]),
        _changed(vectors=[[1.0, 0.0], [1.0]], seconds=[1.0, 1.0]),
        _changed(vectors=[["a"]]),
        _changed(vectors=[[0.0] * 8]),
        _changed(seconds=[1.0, 2.0]),
        _changed(name="  "),
        _changed(examples=None),
    ],
)
def test_damaged_files_are_refused(content):
    """A file that is no file of examples, or is damaged, is refused by name."""
    with pytest.raises(ModelError, match=r"mine.json"):
        ExampleSet.decoded(content, model=MODEL, source="mine.json")


def test_a_missing_file_is_refused(tmp_path):
    """The path is in the error."""
    with pytest.raises(ModelError, match=r"none.json"):
        ExampleSet.load(tmp_path / "none.json", model=MODEL)


def test_a_file_that_cannot_be_written_is_refused(tmp_path):
    """No folder, or a folder in its place: an error of ours with the path in it."""
    examples = ExampleSet(MODEL).with_example("juggle", vector(1), 2.5)
    for path in (tmp_path / "none" / "mine.json", tmp_path):
        with pytest.raises(EngineError, match=f"{re.escape(str(path))}.*cannot be written"):
            examples.save(path)


def test_sets_are_bounded():
    """No more names and examples than are allowed, and the old set is as it was."""
    many = ExampleSet(MODEL)
    for number in range(MAX_PER_NAME):
        many = many.with_example("wave", vector(number), 1.0)
    with pytest.raises(PromptError, match="wave"):
        many.with_example("wave", vector(MAX_PER_NAME), 1.0)
    names = ExampleSet(MODEL)
    for number in range(MAX_NAMES):
        names = names.with_example(f"action {number}", vector(1), 1.0)
    with pytest.raises(PromptError, match="256"):
        names.with_example("one more", vector(1), 1.0)


def test_the_same_example_counts_once():
    """Shown again after a broken connection, an example is not counted twice; the last word on
    words holds."""
    once = ExampleSet(MODEL).with_example("wave", vector(1), 1.0)
    again = once.with_example("wave", vector(1), 1.0, words=False)
    assert again.get("wave").vectors == once.get("wave").vectors
    assert not again.get("wave").words
