"""The objective: right pairs cost less, equal meanings are no negatives, learning works."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from engines import lexicon, models  # noqa: E402
from engines.motion import features  # noqa: E402
from tests.training.sequences import sequences  # noqa: E402
from training import corpus, losses, measure, network, train  # noqa: E402

COUNT = 3


def targets(kinds: list[int]) -> losses.Targets:
    """Three spans of ten frames in one sequence; each caption has a dimension of its own."""
    sentence = torch.eye(2 * COUNT)
    return losses.Targets(
        sentence=sentence,
        words=torch.zeros(2 * COUNT, 1),
        text_kind=torch.tensor(kinds * 2),
        sequence=torch.zeros(COUNT, dtype=torch.long),
        start=torch.arange(COUNT) * 10,
        end=torch.arange(COUNT) * 10 + 10,
        kind=torch.tensor(kinds),
        fits=torch.eye(COUNT, dtype=torch.bool).repeat(1, 2),
    )


class Identity(torch.nn.Module):
    """Stands where the adapter stands: the sentence is the embedding."""

    def adapter(self, sentence: "torch.Tensor", words: "torch.Tensor") -> "torch.Tensor":
        return sentence


def loss(values: "torch.Tensor", kinds: list[int]) -> dict[str, float]:
    torch.manual_seed(0)
    objective = losses.Objective().eval()
    parts = objective(Identity(), values, torch.zeros(1, 10 * COUNT), targets(kinds))
    return {name: part.item() for name, part in parts.items()}


def aligned(order: list[int]) -> "torch.Tensor":
    """Frames of span k point to both captions of meaning `order[k]`."""
    both = (torch.eye(2 * COUNT)[:COUNT] + torch.eye(2 * COUNT)[COUNT:]) / 2**0.5
    return both[order].repeat_interleave(10, dim=0)[None]


def test_right_pairs_cost_less_than_wrong_pairs() -> None:
    """Every part of the loss falls when motion and caption agree."""
    right, wrong = loss(aligned([0, 1, 2]), [0, 1, 2]), loss(aligned([1, 2, 0]), [0, 1, 2])
    assert all(right[name] < wrong[name] for name in right)


def test_captions_of_the_same_kind_are_no_negatives() -> None:
    """Two spans that mean the same may be taken for each other at no cost."""
    same, different = loss(aligned([1, 0, 2]), [0, 0, 2]), loss(aligned([1, 0, 2]), [0, 1, 2])
    assert same["segment"] < different["segment"]


def test_pooling_is_the_runtime_pooling() -> None:
    """Torch and numpy pool alike."""
    from engines.motion.encoder import pool

    values = torch.nn.functional.normalize(torch.randn(2, 9, 4), dim=2)
    attention = torch.randn(2, 9)
    inside = torch.zeros(2, 9, dtype=torch.bool)
    inside[:, 2:7] = True
    numpy = pool(values[:, 2:7].numpy(), attention[:, 2:7].numpy())
    np.testing.assert_allclose(losses.pool(values, attention, inside), numpy, atol=1e-5)


def test_a_few_steps_learn_a_tiny_corpus(tmp_path: Path) -> None:
    """The loss falls, the checkpoint is exported, and the exported model scores above chance."""
    from onnx_export import folders

    writer = corpus.Writer(tmp_path / "corpus")
    writer.add(sequences(8), real=False)
    writer.close()
    plan = train.Plan(steps=60, width=32, size=8, frames=60, bank=4, warm=5, every=30)
    checkpoint = train.run(corpus.read(tmp_path / "corpus"), tmp_path / "run", seed=0, plan=plan)
    assert checkpoint == network.checkpoint(tmp_path / "run", 0)
    model, trained = network.load(tmp_path / "run", [0])
    assert model.shape.features == features.FEATURE_COUNT
    assert model.shape.lexicon == lexicon.LEXICON_COUNT
    notes = {"version": "t", "sources": (), "sentence_model": trained["sentence_model"]}
    calibration = models.Calibration(*[0.1] * len(models.Calibration.__struct_fields__))
    folders.write_motion(model, {**notes, "calibration": calibration}, tmp_path / "m")
    clips = list(sequences(8))
    prompts = {span.kind: span.captions[0] for clip in clips for span in clip.spans}
    score = measure.score(measure.Runner(tmp_path / "m"), clips, prompts)
    assert score.segment_top1 > 0.6
