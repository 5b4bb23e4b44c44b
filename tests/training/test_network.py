"""The torch encoder: causal, of one member or of several."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from engines.errors import ModelError  # noqa: E402
from training import network  # noqa: E402

SHAPE = network.Shape(features=12, lexicon=5, dim=8, width=16, dilations=(1, 2, 4), sentence=10)


@pytest.fixture(scope="module")
def model() -> network.MotionText:
    torch.manual_seed(0)
    return network.MotionText(SHAPE).eval()


def rows(count: int) -> "torch.Tensor":
    return torch.randn(2, count, SHAPE.features, generator=torch.Generator().manual_seed(1))


def test_the_past_does_not_know_the_future(model: network.MotionText) -> None:
    """A change of frame 15 leaves the rows before it as they are."""
    one, other = rows(20), rows(20)
    other[:, 15:] += 1
    with torch.inference_mode():
        a, b = (model.encoder(x)[0] for x in (one, other))
    assert torch.equal(a[:, :15], b[:, :15])
    assert not torch.allclose(a[:, 15:], b[:, 15:])


def test_texts_are_unit_rows(model: network.MotionText) -> None:
    """Both sides meet on the sphere."""
    with torch.inference_mode():
        text = model.adapter(torch.randn(4, 10), torch.zeros(4, 5))
    torch.testing.assert_close(text.norm(dim=1), torch.ones(4))


def test_a_checkpoint_brings_everything_back(model: network.MotionText, tmp_path: Path) -> None:
    """Shape, weights and notes survive the file."""
    network.save(model, tmp_path / "c.pt", step=7)
    loaded, notes = network.load_member(tmp_path / "c.pt")
    assert loaded.shape == SHAPE
    assert notes == {"step": 7}
    assert all(
        torch.equal(a, b)
        for a, b in zip(loaded.state_dict().values(), model.state_dict().values(), strict=True)
    )


@pytest.fixture(scope="module")
def members() -> list[network.MotionText]:
    made = []
    for seed in range(3):
        torch.manual_seed(seed)
        made.append(network.MotionText(SHAPE).eval())
    return made


def test_a_cosine_of_several_members_is_the_mean_of_theirs(
    members: list[network.MotionText],
) -> None:
    """Rows side by side are unit rows, and their products average the members' products."""
    joined, sentence, words = network.Model(members), torch.randn(4, 10), torch.zeros(4, 5)
    with torch.inference_mode():
        values, attention = joined.encoder(rows(9))
        own = [member.encoder(rows(9)) for member in members]
        cosines = torch.stack(
            [v[0] @ m.adapter(sentence, words).T for v, m in zip(own, members, strict=True)]
        )
        text = joined.adapter(sentence, words)
    torch.testing.assert_close(values @ text.T, cosines.mean(dim=0))
    torch.testing.assert_close(values.norm(dim=-1), torch.ones(2, 9))
    torch.testing.assert_close(attention, torch.stack([each[1] for each in own]).mean(dim=0))
    assert text.shape == (4, joined.shape.row_size)


def test_a_model_is_made_of_the_seeds_that_are_named(
    members: list[network.MotionText], tmp_path: Path
) -> None:
    """What else lies in the folder, of an older training or another seed, is no part of it."""
    for seed, member in enumerate(members):
        network.save(member, network.checkpoint(tmp_path, seed), seed=seed, corpus="one")
    network.save(members[0], tmp_path / "last.pt", seed=9)
    model, notes = network.load(tmp_path, [1, 2])
    wanted = network.Model(members[1:]).state_dict()
    assert model.state_dict().keys() == wanted.keys()
    assert all(torch.equal(model.state_dict()[name], wanted[name]) for name in wanted)
    assert notes == {"seed": 1, "corpus": "one"}


def test_a_missing_member_is_named(members: list[network.MotionText], tmp_path: Path) -> None:
    """Fewer than were asked for is an error that says which, and what to do."""
    network.save(members[0], network.checkpoint(tmp_path, 1))
    with pytest.raises(FileNotFoundError, match=r"seed-2\.pt, .*seed-3\.pt: train these"):
        network.load(tmp_path, [1, 2, 3])


def test_members_of_different_data_are_refused(
    members: list[network.MotionText], tmp_path: Path
) -> None:
    """A member that an older training left behind is not taken for one of these."""
    for seed, prepared in ((1, "new"), (2, "old")):
        network.save(members[0], network.checkpoint(tmp_path, seed), corpus=prepared)
    with pytest.raises(ModelError, match="different data"):
        network.load(tmp_path, [1, 2])
