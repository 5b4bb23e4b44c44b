"""Prepared data: what goes in comes out, and batches are drawn from it fairly."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from engines import models
from engines.errors import ModelError
from engines.motion import features, layout
from tests.training.sequences import LENGTH, sequences
from training import corpus
from training.batches import DESCRIBED, Batch, Sampler, fits
from training.synth.phrases import mirror_text

FRAMES = 50


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> corpus.Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    writer = corpus.Writer(folder)
    assert writer.add(sequences(4), real=False) == 4
    assert writer.add(sequences(2, seed=1), real=True) == 2
    writer.close()
    return corpus.read(folder)


def sampler(prepared: corpus.Corpus, *, real_share: float = 0.0, seed: int = 0) -> Sampler:
    return Sampler(prepared, seed=seed, frames=FRAMES, ahead=6, real_share=real_share)


def test_features_are_those_of_the_live_service(prepared: corpus.Corpus) -> None:
    """The prepared rows are `features.offline` in half precision."""
    first = next(sequences(1)).joints
    expected = features.offline(first[None])[0].astype(np.float16)
    assert np.array_equal(prepared.features[: len(first)], expected)


def test_spans_and_captions_come_back(prepared: corpus.Corpus) -> None:
    """Every span still has its frames, its captions and its kind."""
    originals = [span for sequence in sequences(4) for span in sequence.spans]
    for row, span in zip(prepared.spans, originals, strict=False):
        captions, mirrored, *_ = prepared.meanings[row[3]]
        assert (row[1], row[2]) == (span.start, span.end)
        assert tuple(prepared.captions[i] for i in captions) == span.captions
        assert tuple(prepared.captions[i] for i in mirrored) == span.mirrored


def test_descriptions_and_facts_come_back_mirrored_too(prepared: corpus.Corpus) -> None:
    """A description is a caption that knows its facts; all facts of its span hold them."""
    originals = [span for sequence in sequences(4) for span in sequence.spans]
    for limbs, span in zip(prepared.limbs, originals, strict=False):
        for side, swap in zip(limbs, (str, mirror_text), strict=True):
            [caption] = side.descriptions
            assert prepared.captions[caption] == swap(span.descriptions[0].text)
            assert prepared.caption_facts[caption].tolist() == [side.facts[0], -1]
            assert len(side.facts) == len(span.facts)
    named = {caption for meaning in prepared.meanings for caption in meaning[0]}
    assert (prepared.caption_facts[sorted(named)] == -1).all()


def test_a_share_of_second_captions_describes(prepared: corpus.Corpus) -> None:
    """First captions are names always; of the second ones `DESCRIBED` say what the limbs do."""
    batch = sampler(prepared).draw(200, 400)
    describes = (prepared.caption_facts >= 0).any(axis=1)
    assert not describes[batch.positive[:, 0]].any()
    assert abs(describes[batch.positive[:, 1]].mean() - DESCRIBED) < 0.1
    assert abs(describes[batch.bank].mean() - DESCRIBED) < 0.1


def test_a_description_fits_whatever_has_all_of_its_facts(prepared: corpus.Corpus) -> None:
    """Another span's description is no negative where it is true; a name fits its own span only."""
    batch = sampler(prepared).draw(16, 32)
    captions = np.unique(np.concatenate([*batch.positive.T, batch.bank]))
    found = fits(captions, batch.said, prepared)
    for row, said in zip(found, batch.said, strict=True):
        for caption, does in zip(captions.tolist(), row.tolist(), strict=True):
            facts = set(prepared.caption_facts[caption].tolist()) - {-1}
            true = facts <= set(said.facts) if facts else caption in said.captions
            assert does == true
    assert found.any(axis=1).all()
    assert not found.all()


def test_the_mirror_of_a_kind_is_the_kind_of_the_other_side(prepared: corpus.Corpus) -> None:
    """A mirrored left wave has the kind of a right wave, where both occur."""
    kinds = {prepared.captions[m[0][0]]: (m[2], m[3]) for m in prepared.meanings}
    for text, (own, other) in kinds.items():
        opposite = text.replace("left", "?").replace("right", "left").replace("?", "right")
        assert own != other
        if opposite in kinds:
            assert kinds[opposite] == (other, own)


def test_the_same_seed_draws_the_same_batches(prepared: corpus.Corpus) -> None:
    """Training can be repeated."""
    one, other = (sampler(prepared, seed=3).draw(5, 4) for _ in range(2))
    arrays = [name for name in Batch.__slots__ if name != "said"]
    assert one.said == other.said
    assert all(np.array_equal(getattr(one, n), getattr(other, n)) for n in arrays)


def test_half_of_the_crops_are_mirrored_with_their_captions(prepared: corpus.Corpus) -> None:
    """A crop is a piece of a sequence or of its mirror; the side in the caption agrees."""
    batch = sampler(prepared).draw(64, 4)
    originals = [
        np.asarray(prepared.features[a:b], np.float32)
        for a, b in zip(prepared.bounds[:4], prepared.bounds[1:5], strict=True)
    ]
    mirrors = [rows[:, layout.MIRROR] * layout.MIRROR_SIGNS for rows in originals]
    mirrored = 0
    for rows in batch.features[:, :FRAMES]:
        gaps = [
            min(np.abs(rows - whole[s : s + FRAMES]).mean() for s in range(2 * LENGTH - FRAMES + 1))
            for whole in (*originals, *mirrors)
        ]
        assert min(gaps) < 0.02
        mirrored += int(np.argmin(gaps)) >= 4
    assert 16 < mirrored < 48
    texts = np.array(prepared.captions)
    for own, opposite in zip(batch.positive[:, 0], batch.opposite, strict=True):
        assert ("left" in texts[own]) == ("right" in texts[opposite])


def test_spans_stay_inside_the_crop(prepared: corpus.Corpus) -> None:
    """Starts and ends are frames of the crop."""
    batch = sampler(prepared).draw(32, 4)
    assert (batch.start >= 0).all()
    assert (batch.end <= FRAMES).all()
    assert (batch.end > batch.start).all()


@pytest.mark.parametrize(("share", "allowed"), [(0.0, {0, 1, 2, 3}), (1.0, {4, 5})])
def test_real_motion_has_its_share(
    prepared: corpus.Corpus, share: float, allowed: set[int]
) -> None:
    """Nothing real at a share of 0, nothing else at 1."""
    drawn = sampler(prepared, real_share=share)
    pool = drawn._real if share else drawn._synthetic
    assert set(pool.tolist()) == allowed
    assert drawn._real_share == share


def test_sentences_of_another_model_are_embedded_anew(tmp_path: Path) -> None:
    """Rows that were kept are used for the model that made them, and for no other."""
    known, text = tmp_path / "sentences.npz", "waves"
    bundled = models.find(corpus.SENTENCE_NAME)
    right = corpus._embed([text], bundled, known)
    with np.load(known) as stored:
        kept = dict(stored)
    kept["rows"] = kept["rows"] * 0 + 7
    np.savez(known, **kept)
    assert (corpus._embed([text], bundled, known) == 7).all()
    np.savez(known, **{**kept, "sha256": np.array("of another model")})
    assert np.array_equal(corpus._embed([text], bundled, known), right)
    assert np.array_equal(corpus._embed([text], bundled, known), right)
    del kept["sha256"]
    np.savez(known, **kept)
    assert np.array_equal(corpus._embed([text], bundled, known), right)


def test_a_corpus_knows_its_sentence_model_and_itself(
    prepared: corpus.Corpus, tmp_path: Path
) -> None:
    """The same sequences are the same corpus, others are another one."""
    assert prepared.sentence_model == corpus.SENTENCE_NAME
    made = []
    for seed in (0, 0, 1):
        writer = corpus.Writer(tmp_path / str(len(made)))
        writer.add(sequences(2, seed=seed), real=False)
        writer.close()
        made.append(corpus.read(tmp_path / str(len(made))).sha256)
    assert made[0] == made[1] != made[2]


def test_a_sentence_model_that_is_none_is_refused_at_once(tmp_path: Path) -> None:
    """Before anything is synthesised or written."""
    for wrong in ("nosuch", "motion-1"):
        with pytest.raises(ModelError):
            corpus.Writer(tmp_path / "corpus", sentence=wrong)
    assert not (tmp_path / "corpus").exists()
