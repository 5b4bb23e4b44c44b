"""The torch encoder: causal, streaming, with its state in the open."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from training import network  # noqa: E402

SHAPE = network.Shape(features=12, lexicon=5, dim=8, width=16, dilations=(1, 2, 4), sentence=10)


@pytest.fixture(scope="module")
def model() -> network.MotionText:
    torch.manual_seed(0)
    return network.MotionText(SHAPE).eval()


def rows(count: int) -> "torch.Tensor":
    return torch.randn(2, count, SHAPE.features, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("size", [1, 3, 7])
def test_streaming_equals_offline(model: network.MotionText, size: int) -> None:
    """Chunks with the state handed on give what one call gives."""
    given = rows(28)
    with torch.inference_mode():
        whole, attention, _ = model.encoder(given, model.encoder.initial_state(2))
        state, pieces = model.encoder.initial_state(2), []
        for begin in range(0, 28, size):
            values, _, state = model.encoder(given[:, begin : begin + size], state)
            pieces.append(values)
    torch.testing.assert_close(torch.cat(pieces, dim=1), whole, atol=1e-5, rtol=0)
    assert attention.shape == (2, 28)


def test_the_past_does_not_know_the_future(model: network.MotionText) -> None:
    """A change of frame 15 leaves the rows before it as they are."""
    one, other = rows(20), rows(20)
    other[:, 15:] += 1
    with torch.inference_mode():
        a, b = (model.encoder(x, model.encoder.initial_state(2))[0] for x in (one, other))
    assert torch.equal(a[:, :15], b[:, :15])
    assert not torch.allclose(a[:, 15:], b[:, 15:])


def test_the_state_is_as_wide_as_the_shape_says(model: network.MotionText) -> None:
    """The next state has the size of the initial one."""
    with torch.inference_mode():
        state = model.encoder(rows(3), model.encoder.initial_state(2))[2]
    assert state.shape == (2, SHAPE.state_size)


def test_texts_are_unit_rows(model: network.MotionText) -> None:
    """Both sides meet on the sphere."""
    with torch.inference_mode():
        text = model.adapter(torch.randn(4, 10), torch.zeros(4, 5))
    torch.testing.assert_close(text.norm(dim=1), torch.ones(4))


def test_a_checkpoint_brings_everything_back(model: network.MotionText, tmp_path: Path) -> None:
    """Shape, weights and notes survive the file."""
    network.save(model, tmp_path / "c.pt", step=7)
    loaded, notes = network.load(tmp_path / "c.pt")
    assert loaded.shape == SHAPE
    assert notes == {"step": 7}
    assert all(
        torch.equal(a, b)
        for a, b in zip(loaded.state_dict().values(), model.state_dict().values(), strict=True)
    )
