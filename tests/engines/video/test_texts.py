"""Texts to rows without torch: batches, padding and the cache change nothing."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from engines import models
from engines.errors import ModelError, PromptError
from engines.video.texts import ClipTexts

TEXTS = ["a", "a photo of a person", "cuts the red onion", "waves ."]


@pytest.fixture(scope="module")
def texts(clip_folder: Path) -> ClipTexts:
    return ClipTexts(models.find(clip_folder))


def test_rows_have_length_one_and_do_not_depend_on_company(
    texts: ClipTexts, clip_folder: Path
) -> None:
    """Alone, together, again, and in another order."""
    together = texts.encode(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    fresh = ClipTexts(models.find(clip_folder))
    alone = np.concatenate([fresh.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_array_equal(texts.encode(TEXTS[::-1]), together[::-1])
    assert np.abs(together[0] - together[1]).max() > 0.01


def test_long_texts_are_cut_and_end_with_the_end(texts: ClipTexts) -> None:
    """As many tokens as the model knows places for."""
    tokens, ends = texts.tokens(["cuts " * 40, "a"])
    assert tokens.shape == (2, 12)
    assert tokens[0, ends[0]] == tokens[1, ends[1]] == tokens.max()
    assert not tokens[1, ends[1] + 1 :].any()


def test_empty_texts_are_refused(texts: ClipTexts) -> None:
    """And none at all gives none."""
    with pytest.raises(PromptError):
        texts.encode(["a", " "])
    assert texts.encode([]).shape == (0, 24)


def test_a_model_without_tokenizer_says_so(clip_folder: Path, tmp_path: Path) -> None:
    """The remedy is in the message."""
    shutil.copytree(clip_folder, tmp_path / "bare")
    path = tmp_path / "bare" / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["files"]["tokenizer"]
    path.write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="--tokenizer"):
        ClipTexts(models.find(tmp_path / "bare")).encode(["a"])
