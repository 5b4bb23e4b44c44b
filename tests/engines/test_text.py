"""Texts: unit rows, cached, batched, and left is not right."""

import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from engines import models
from engines.errors import ModelError, PromptError
from engines.text import SentenceEncoder, TextEncoder
from onnx_export import manifests

TEXTS = ["waves with the left hand", "waves with the right hand", "sits down", "a person jumps"]


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return TextEncoder(models.find("bundled"))


def test_rows_are_unit(encoder: TextEncoder) -> None:
    """A dot product is a cosine."""
    np.testing.assert_allclose(np.linalg.norm(encoder.encode(TEXTS), axis=1), 1, atol=1e-4)


def test_a_batch_gives_what_single_texts_give(encoder: TextEncoder) -> None:
    """Company does not change a text, nor does its place."""
    fresh = TextEncoder(models.find("bundled"))
    alone = np.concatenate([fresh.encode([text]) for text in reversed(TEXTS)])[::-1]
    np.testing.assert_allclose(encoder.encode(TEXTS), alone, atol=1e-5)


def test_the_same_text_gives_the_same_row(encoder: TextEncoder) -> None:
    """Repeated texts and repeated calls come from the cache, bit for bit."""
    rows = encoder.encode(["sits down", "jumps", "sits down"])
    assert np.array_equal(rows[0], rows[2])
    assert np.array_equal(rows, encoder.encode(["sits down", "jumps", "sits down"]))


def test_left_is_not_right(encoder: TextEncoder) -> None:
    """Texts that differ in the side alone are told apart."""
    left, right = encoder.encode(TEXTS[:2])
    assert left @ right < 0.9


def test_case_and_full_stop_do_not_matter(encoder: TextEncoder) -> None:
    """A sentence and a label with the same words mean the same."""
    plain, sentence = encoder.encode(["a person jumps", "A person  jumps."])
    np.testing.assert_allclose(plain, sentence, atol=1e-6)


def test_no_texts_give_no_rows(encoder: TextEncoder) -> None:
    """An empty list is no special case for the caller."""
    assert encoder.encode([]).shape == (0, encoder.dim)


def test_an_empty_text_is_refused(encoder: TextEncoder) -> None:
    """There is nothing to look for."""
    with pytest.raises(PromptError, match="empty"):
        encoder.encode(["jumps", "  "])


def test_a_very_long_text_is_cut_not_refused() -> None:
    """Only the first tokens count."""
    rows = SentenceEncoder(models.find("minilm-l6-int8")).encode(["jump " * 60, "jump " * 2000])
    np.testing.assert_allclose(rows[0] @ rows[0], 1, atol=1e-4)
    assert np.isfinite(rows).all()


def test_a_motion_model_is_no_sentence_model() -> None:
    """Folders cannot be mixed up."""
    with pytest.raises(ModelError, match="not a sentence model"):
        SentenceEncoder(models.find("bundled"))


def test_the_bundled_model_says_what_it_was_trained_on(encoder: TextEncoder) -> None:
    """Plain names of actions are among it, in the rows' own space; a made-up word is not."""
    assert encoder.known is not None
    np.testing.assert_allclose(np.linalg.norm(encoder.known, axis=1), 1, atol=2e-3)
    named = encoder.encode(["a person walks", "a person sits down", "a person frobnicates"])
    nearest = (named @ encoder.known.T).max(axis=1)
    assert nearest[:2].min() > 0.9 > 0.85 > nearest[2]


@pytest.mark.parametrize(
    ("array", "said"), [(np.zeros((4, 3), np.float16), r"\(4, 3\)"), (None, "no numpy array")]
)
def test_rows_of_another_shape_are_refused(
    array: np.ndarray | None, said: str, tmp_path: Path
) -> None:
    """A folder whose known texts are not rows of its width says so."""
    folder = tmp_path / "m"
    shutil.copytree(models.find("bundled").root, folder)
    if array is None:
        (folder / "known.npy").write_text("walks")
    else:
        np.save(folder / "known.npy", array)
    manifest = models.find("bundled").motion()
    files = manifest.files | manifests.files(folder, known="known.npy")
    manifests.write(msgspec.structs.replace(manifest, files=files), folder)
    with pytest.raises(ModelError, match=said):
        TextEncoder(models.find(folder))
