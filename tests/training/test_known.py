"""What a model is said to know: texts that it was trained on, none twice."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from engines.errors import ModelError
from tests.training.sequences import sequences
from training import corpus, export, known, network, train
from training.data import Sequence, Span
from training.synth import captions


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus of one primitive, and a member that was trained on it."""
    root = tmp_path_factory.mktemp("known")
    writer = corpus.Writer(root / "corpus")
    [made] = sequences(1)
    texts = captions.of("bow", "")
    spans = (Span(0, 30, texts, texts, "bow"),)
    writer.add([Sequence(made.joints, spans, "bow")], real=False)
    writer.close()
    plan = train.Plan(steps=1, width=16, size=2, frames=40, bank=2, warm=1, every=1)
    train.run(corpus.read(root / "corpus"), root / "run", seed=1, plan=plan)
    return root


def test_only_what_was_trained_on_is_known(trained: Path) -> None:
    """Of all primitives' names those in the corpus; every one of them is a row or like one."""
    made = corpus.read(trained / "corpus")
    model, _ = network.load(trained / "run", [1])
    rows = known.rows(model, made).astype(np.float32)
    own = [made.captions.index(text) for text in captions.of("bow", "")[: known.EACH]]
    sentence = torch.from_numpy(made.sentence[own].astype(np.float32))
    with torch.inference_mode():
        encoded = model.adapter(sentence, torch.from_numpy(made.words[own])).numpy()
    cosines = encoded @ rows.T
    assert 1 <= len(rows) <= known.EACH
    assert cosines.max(axis=1).min() > known.ALIKE - 1e-3
    assert cosines.max(axis=0).min() > 1 - 1e-2


def test_members_of_another_corpus_are_refused(trained: Path, tmp_path: Path) -> None:
    """What a model knows cannot be read off data that it never saw."""
    writer = corpus.Writer(tmp_path / "corpus")
    writer.add(sequences(1), real=False)
    writer.close()
    other = corpus.read(tmp_path / "corpus")
    with pytest.raises(ModelError, match="another corpus"):
        export.run(trained / "run", other, tmp_path / "out", seeds=[1], version="t")


def test_no_two_that_are_kept_are_alike() -> None:
    """The first of each group stays, in their order, and everything is like something kept."""
    rng = np.random.default_rng(0)
    rows = np.repeat(np.eye(4), 5, axis=0) + 0.05 * rng.standard_normal((20, 4))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    kept = known.sparse(rows)
    np.testing.assert_array_equal(kept, rows[::5])
