"""The training loop: a seed is a model, and a model knows what it was trained on."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from tests.training.sequences import sequences  # noqa: E402
from training import corpus, network, train  # noqa: E402

PLAN = train.Plan(steps=4, width=16, size=4, frames=40, bank=4, warm=2, every=4)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> corpus.Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    writer = corpus.Writer(folder)
    writer.add(sequences(3), real=False)
    writer.close()
    return corpus.read(folder)


def weights(prepared: corpus.Corpus, out: Path, seed: int) -> dict[str, "torch.Tensor"]:
    """All numbers of a member, trained anew."""
    member, notes = network.load_member(train.run(prepared, out, seed=seed, plan=PLAN))
    assert notes == {
        "step": PLAN.steps,
        "seed": seed,
        "corpus": prepared.sha256,
        "sentence_model": corpus.SENTENCE_NAME,
    }
    return member.state_dict()


def test_a_seed_is_a_model(prepared: corpus.Corpus, tmp_path: Path) -> None:
    """Two trainings of one seed give the same numbers exactly, all of them; another seed gives
    others wherever anything is drawn or learnt."""
    one, again = (weights(prepared, tmp_path / run, seed=5) for run in "ab")
    other = weights(prepared, tmp_path / "c", seed=6)
    assert one.keys() == again.keys()
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not [name for name in one if torch.equal(one[name], other[name])]


def test_a_seed_has_one_log(prepared: corpus.Corpus, tmp_path: Path) -> None:
    """Losses on the way are the same too: nothing but the clock differs between two runs."""
    plan = train.Plan(steps=50, width=8, size=2, frames=40, bank=2, warm=2, every=50)
    logs = []
    for run in "ab":
        train.run(prepared, tmp_path / run, seed=5, plan=plan)
        line = json.loads((tmp_path / run / "seed-5.jsonl").read_text())
        logs.append({name: value for name, value in line.items() if name != "seconds"})
    assert logs[0]["step"] == 50
    assert logs[0] == logs[1]
