"""Export and parity: a good graph passes with its deviations, a wrong one is refused."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

from engines.motion.encoder import MotionEncoder  # noqa: E402
from engines.runtime import Graph  # noqa: E402
from onnx_export import motion, quantise, verify  # noqa: E402
from training import network  # noqa: E402

SHAPE = network.Shape(features=12, lexicon=5, dim=8, width=16, dilations=(1, 2))


def random_model(seed: int) -> network.Model:
    torch.manual_seed(seed)
    return motion.rounded(network.Model([network.MotionText(SHAPE)]).eval())


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    motion.export(random_model(0), folder)
    return folder


def test_torch_equals_onnx_and_streaming_equals_offline(exported: Path) -> None:
    """All deviations are within their bounds and are reported."""
    found = verify.motion(random_model(0), exported)
    assert set(found) == {"torch_onnx_encoder", "streaming_offline", "torch_onnx_text"}
    assert all(deviation <= verify.TORCH_BOUND for deviation in found.values())


def test_the_graph_of_another_model_is_refused(exported: Path) -> None:
    """Parity is really compared."""
    with pytest.raises(verify.ParityError, match="above the bound"):
        verify.motion(random_model(1), exported)


@pytest.mark.parametrize(("people", "frames"), [(1, 1), (4, 1), (4, 2), (2, 33)])
def test_batch_and_time_are_free(exported: Path, people: int, frames: int) -> None:
    """The graphs serve any number of people and frames."""
    graphs = exported / "step.onnx", exported / "encoder.onnx"
    encoder = MotionEncoder(*graphs, verify.shape_of(random_model(0)))
    features = np.zeros((people, frames, SHAPE.features), np.float32)
    out = encoder.step(features, [encoder.initial_state()] * people)
    assert out.values.shape == (people, frames, SHAPE.dim * SHAPE.members)
    assert out.attention.shape == (people, frames)


def test_the_encoder_graphs_share_their_weights(tmp_path: Path) -> None:
    """Every dense layer of the blocks lies once beside them, as float16."""
    shape = network.Shape(features=12, lexicon=5, dim=8, width=128, dilations=(1, 2))
    model = network.Model([network.MotionText(shape).eval() for _ in range(2)])
    motion.export(motion.rounded(model), tmp_path)
    dense = shape.width * shape.width * shape.expansion
    bytes_each = 2 * dense * len(shape.dilations) * len(model.encoder.members)
    assert (tmp_path / "encoder.onnx.data").stat().st_size == 2 * bytes_each
    assert all(
        (tmp_path / name).stat().st_size < bytes_each for name in ("encoder.onnx", "step.onnx")
    )


class Table(torch.nn.Module):
    """A word table and a dense layer, both big enough to be quantised."""

    def __init__(self) -> None:
        super().__init__()
        self.table = torch.nn.Embedding(600, 128)
        self.dense = torch.nn.Linear(128, 300, bias=False)

    def forward(self, ids: "torch.Tensor") -> "torch.Tensor":
        return self.dense(self.table(ids))


def test_int8_weights_are_small_and_near(tmp_path: Path) -> None:
    """A quarter of the size, nearly the same numbers."""
    torch.manual_seed(0)
    ids = torch.arange(600).reshape(2, 300)
    path, small = tmp_path / "plain.onnx", tmp_path / "small.onnx"
    motion.write(Table(), {"ids": ids}, {"ids": {0: "n"}}, ["out"], path)
    onnx.save(quantise.quantise(onnx.load(path)), small)
    assert small.stat().st_size < 0.3 * path.stat().st_size
    plain, near = (Graph(p).run(ids=ids.numpy())["out"] for p in (path, small))
    assert np.abs(plain - near).max() < 0.02 * np.abs(plain).max()


def test_a_bad_sentence_model_is_refused() -> None:
    """Embeddings that point elsewhere do not pass."""
    rows = np.eye(3, dtype=np.float32)
    assert verify.sentences(rows, rows)["cosine_to_float_min"] == 1
    with pytest.raises(verify.ParityError, match="cosine"):
        verify.sentences(rows, rows[::-1])
