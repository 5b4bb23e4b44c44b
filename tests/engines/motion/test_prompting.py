"""From words, descriptions and examples to one vector a prompt."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import PromptError
from engines.models import Calibration
from engines.motion import expansion, prompting
from engines.motion.engine import ModelInfo
from engines.motion.examples import ExampleSet
from engines.motion.labelling import settings_for
from tests.engines.motion.scenes import DIM, unit

MODEL = ModelInfo("m", "1", "0" * 64, 0.4, 20)
SETTINGS = settings_for(
    Calibration(0.1, 0.1, 0.5, 0.35, 0.9, 0.9), "watch", horizon_frames=40, extra_frames=0
)
LABELS = st.lists(
    st.sampled_from(["walks", "juggles", "blorps", "salutes left", "Sits down."]),
    min_size=1,
    max_size=5,
    unique=True,
)


def encode(texts):
    """Unit rows that depend on each text alone."""
    seeds = [np.random.default_rng(zlib.crc32(text.encode())) for text in texts]
    return unit(np.stack([rng.standard_normal(DIM) for rng in seeds]))


class Texts:
    """The texts of a model, and those `known` to it; counts what it is asked."""

    def __init__(self, known=None):
        self.known = None if known is None else encode(known)
        self.calls = []

    def encode(self, texts):
        self.calls.append(list(texts))
        return encode(texts)


TEXTS = Texts()
HALF = prompting.DESCRIPTION_WEIGHT / 2


def request(labels, descriptions=None):
    """A request of a watching person."""
    checked = prompting.check_labels(labels)
    described = prompting.check_descriptions(descriptions, checked)
    return prompting.Request(checked, "watch", SETTINGS, described)


def shown(name, count, *, words=True, seed=0):
    """A set with examples of one name, all near one direction."""
    rng = np.random.default_rng(seed)
    centre, examples = rng.standard_normal(DIM), ExampleSet(MODEL)
    for _ in range(count):
        vector = unit(centre + 0.3 * rng.standard_normal(DIM))
        examples = examples.with_example(name, vector, 1.0, words=words)
    return examples


@given(LABELS, st.integers(0, 3), st.booleans())
def test_prompts_are_unit_rows(labels, count, words):
    """One unit row a label, whatever is known of it."""
    rows = prompting.vectors(TEXTS, request(labels), shown("juggles", count, words=words))
    assert rows.shape == (len(labels), DIM)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


@given(LABELS)
def test_a_label_does_not_hang_on_the_others(labels):
    """Each prompt is what it would be alone."""
    together = prompting.vectors(TEXTS, request(labels), shown("walks", 2))
    alone = [prompting.vectors(TEXTS, request([each]), shown("walks", 2))[0] for each in labels]
    assert np.allclose(together, alone, atol=1e-6)


def test_plain_words_alone_are_the_text():
    """Without description and example a prompt is the text's own vector."""
    assert np.allclose(
        prompting.vectors(TEXTS, request(["blorps"]), ExampleSet(MODEL)), encode(["blorps"])
    )


def test_descriptions_draw_the_prompt_to_them():
    """A described prompt lies between its words and its descriptions, nearer to its words."""
    row = prompting.vectors(TEXTS, request(["juggles"]), ExampleSet(MODEL))[0]
    words, said = encode(["juggles"])[0], encode(expansion.describe("juggles")).sum(axis=0)
    said = unit(said)
    assert said @ words < said @ row < words @ row < 1


def test_descriptions_of_a_part_weigh_less():
    """What the dictionary found in one of two words counts half."""
    label = "juggles blorps"
    row = prompting.vectors(TEXTS, request([label]), ExampleSet(MODEL))[0]
    said = unit(encode(expansion.describe(label)).sum(axis=0))
    expected = unit(encode([label])[0] + HALF / 2 * said)
    assert np.allclose(row, expected, atol=1e-6)


def test_what_the_model_knows_needs_no_description():
    """The dictionary counts for nothing where the words were trained, in full where they are new;
    what somebody gave counts half in the first case."""
    words, said = encode(["juggles"])[0], unit(encode(expansion.describe("juggles")).sum(axis=0))
    known, new = Texts(["juggles", "walks"]), Texts(["walks"])
    [row] = prompting.vectors(known, request(["juggles"]), ExampleSet(MODEL))
    assert np.allclose(row, words, atol=1e-6)
    [row] = prompting.vectors(new, request(["juggles"]), ExampleSet(MODEL))
    assert np.allclose(row, unit(words + prompting.DESCRIPTION_WEIGHT * said), atol=1e-6)
    given = request(["juggles"], {"juggles": ["spins a plate"]})
    said = encode(["spins a plate"])[0]
    for texts, weight in ((known, HALF), (new, prompting.DESCRIPTION_WEIGHT)):
        [row] = prompting.vectors(texts, given, ExampleSet(MODEL))
        assert np.allclose(row, unit(words + weight * said), atol=1e-6)


def test_given_descriptions_take_the_place_of_the_dictionary():
    """What a language model says of a label counts, not what the dictionary says; no list, or an
    empty one, leaves the dictionary."""
    own = prompting.vectors(
        TEXTS, request(["juggles"], {"Juggles ": ["spins a plate"]}), ExampleSet(MODEL)
    )
    words, said = encode(["juggles", "spins a plate"])
    expected = unit(words + HALF * said)
    assert np.allclose(own[0], expected, atol=1e-6)
    none = prompting.vectors(TEXTS, request(["juggles"], {"juggles": []}), ExampleSet(MODEL))
    plain = prompting.vectors(TEXTS, request(["juggles"]), ExampleSet(MODEL))
    assert np.array_equal(none, plain)


def test_examples_alone_leave_the_words_out():
    """Without words a prompt is the mean of its examples."""
    examples = shown("juggles", 3, words=False)
    row = prompting.vectors(TEXTS, request(["juggles"]), examples)[0]
    assert np.allclose(row, examples.get("juggles").mean, atol=1e-6)


def test_more_examples_weigh_more():
    """The more has been shown, the nearer the prompt is to it."""
    near = []
    for count in (1, 3, 9):
        examples = shown("juggles", count)
        row = prompting.vectors(TEXTS, request(["juggles"]), examples)[0]
        near.append(float(row @ examples.get("juggles").mean))
    assert near == sorted(near)
    assert near[0] > 0.5


def test_texts_are_encoded_in_one_call():
    """All words and descriptions of all labels go to the text tower together, each once."""
    texts = Texts()
    prompting.vectors(texts, request(["juggles", "walks", "Walks", "salutes"]), ExampleSet(MODEL))
    assert len(texts.calls) == 1
    assert len(texts.calls[0]) == len(set(texts.calls[0]))


def test_an_example_is_what_differs():
    """Less of what the whole stretch has in common is left in an example than in its pooling."""
    rng = np.random.default_rng(1)
    common = rng.standard_normal(DIM)
    around = unit(common + rng.standard_normal((100, DIM)))
    values = unit(common + 2 * rng.standard_normal(DIM) + rng.standard_normal((20, DIM)) / 2)
    found = prompting.example(values, np.zeros(20, np.float32), around)
    pooled, mean = unit(values.sum(axis=0)), unit(around.mean(axis=0))
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)
    assert found @ mean < pooled @ mean
    assert found @ pooled > 0.8


def test_a_motion_that_never_changes_is_its_own_example():
    """Where the example is all that there is, nothing is lost."""
    values = np.repeat(unit(np.ones(DIM))[None], 30, axis=0)
    found = prompting.example(values[:10], np.zeros(10, np.float32), values)
    assert np.allclose(found, values[0], atol=1e-6)


@pytest.mark.parametrize(
    "descriptions",
    [
        {"dances": ["moves"]},
        {"walks": "moves forward"},
        {"walks": [""]},
        {"walks": [3]},
        {"walks": ["x" * 5000]},
        {"walks": ["steps forward"] * 50},
    ],
)
def test_unfit_descriptions_are_refused(descriptions):
    """Descriptions that cannot be used are refused by a text that says what is expected."""
    with pytest.raises(PromptError, match=r"expected|list|label"):
        request(["walks"], descriptions)


def test_a_new_label_comes_last_and_only_once():
    """A taught name is appended, unless it is there in another case."""
    before = request(["walks", "Sits"])
    assert before.with_label("jumps").labels == ("walks", "Sits", "jumps")
    assert before.with_label("sits ") is before
    with pytest.raises(PromptError, match="257"):
        request([f"label {n}" for n in range(256)]).with_label("one more")
