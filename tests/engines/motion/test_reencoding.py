"""Windows encoded anew: chunking does not matter, people do not mix, the past does not change.

The encoder is a small graph made here that looks at all frames of a window and at their order.
"""

import hashlib
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import models, places
from engines.errors import ModelError, ShapeError
from engines.motion.reencoding import ReEncoder
from engines.runtime import Graph
from tests.engines.motion.scenes import CALIBRATION

onnx = pytest.importorskip("onnx")

WIDTH, DIM, FRAMES = 6, 5, 61
WINDOW = models.Window(frames=10, stride_frames=3, ahead_frames=2)
BOUND = 1e-5


def write_graph(path: Path) -> None:
    """Latent: the masked sum of tanh(W x_t), each frame by how many unmasked ones stand before."""
    weight = np.random.default_rng(0).standard_normal((WIDTH, DIM)).astype(np.float32)
    make, value = onnx.helper.make_node, onnx.helper.make_tensor_value_info
    nodes = [
        make("MatMul", ["features", "weight"], ["dense"]),
        make("Tanh", ["dense"], ["bent"]),
        make("Exp", ["log_mask"], ["mask"]),
        make("CumSum", ["mask", "one"], ["place"]),
        make("Mul", ["mask", "place"], ["share"]),
        make("Unsqueeze", ["share", "last"], ["shares"]),
        make("Mul", ["bent", "shares"], ["frames"]),
        make("ReduceSum", ["frames", "one_row"], ["latent"], keepdims=0),
    ]
    constants = {
        "weight": weight,
        "one": np.array(1, np.int64),
        "one_row": np.array([1], np.int64),
        "last": np.array([2], np.int64),
    }
    graph = onnx.helper.make_graph(
        nodes,
        "windows",
        [value("features", 1, ["n", "t", WIDTH]), value("log_mask", 1, ["n", "t"])],
        [value("latent", 1, ["n", DIM]), value("frames", 1, ["n", "t", DIM])],
        [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    opset = [onnx.helper.make_opsetid("", 17)]
    onnx.save(onnx.helper.make_model(graph, opset_imports=opset, ir_version=9), path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> models.ModelFolder:
    root = tmp_path_factory.mktemp("window")
    write_graph(root / "encoder.onnx")
    sha256 = hashlib.sha256((root / "encoder.onnx").read_bytes()).hexdigest()
    manifest = models.WindowManifest(
        format=models.FORMAT,
        name="window",
        version="1",
        files={"encoder": models.File("encoder.onnx", sha256)},
        fps=20,
        skeleton="canonical22",
        features=models.Features("humanml3d", WIDTH, 1),
        window=WINDOW,
        dim=DIM,
        max_tokens=8,
        calibration=CALIBRATION,
        sources=(),
        parity={},
    )
    (root / places.MANIFEST).write_bytes(msgspec.json.encode(manifest))
    return models.find(root)


@pytest.fixture(scope="module")
def encoder(folder: models.ModelFolder) -> ReEncoder:
    return ReEncoder(folder)


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    """Features of three people: (3, FRAMES, WIDTH)."""
    return np.random.default_rng(1).standard_normal((3, FRAMES, WIDTH)).astype(np.float32)


def fresh(encoder: ReEncoder, people: int) -> list[np.ndarray]:
    return [encoder.initial_state() for _ in range(people)]


def test_a_value_is_the_latent_of_the_window_around_its_stride(
    folder: models.ModelFolder, encoder: ReEncoder, rows: np.ndarray
) -> None:
    """Output t speaks of frame t - look-ahead: the graph on the newest frames of then, unpadded."""
    graph = Graph(folder.path("encoder"))
    out = encoder.step(rows[:1], fresh(encoder, 1))
    assert not out.values[0, : encoder.lookahead_frames].any()
    for t in range(encoder.lookahead_frames, FRAMES):
        stride = (t - encoder.lookahead_frames) // WINDOW.stride_frames
        end = (stride + 1) * WINDOW.stride_frames + WINDOW.ahead_frames
        window = rows[:1, max(0, end - WINDOW.frames) : end]
        log_mask = np.zeros(window.shape[:2], np.float32)
        latent = graph.run(features=window, log_mask=log_mask)["latent"][0]
        np.testing.assert_allclose(
            out.values[0, t], latent / np.linalg.norm(latent), atol=BOUND, err_msg=f"output {t}"
        )


@settings(deadline=None, max_examples=60)
@given(sizes=st.lists(st.integers(0, 14), max_size=20))
def test_chunking_does_not_matter(encoder: ReEncoder, rows: np.ndarray, sizes: list[int]) -> None:
    """Any chunks, at the ends of strides or not, give what one call gives, state included."""
    whole = encoder.step(rows[:1], fresh(encoder, 1))
    states, values, begin = fresh(encoder, 1), [], 0
    for size in [*sizes, FRAMES]:
        out = encoder.step(rows[:1, begin : begin + size], states)
        states, begin = out.states, min(FRAMES, begin + size)
        values.append(out.values)
    np.testing.assert_allclose(np.concatenate(values, axis=1), whole.values, atol=BOUND)
    np.testing.assert_allclose(states, whole.states, atol=BOUND)


@settings(deadline=None, max_examples=30)
@given(ahead=st.lists(st.integers(0, 20), min_size=3, max_size=3))
def test_people_in_a_batch_do_not_mix(
    encoder: ReEncoder, rows: np.ndarray, ahead: list[int]
) -> None:
    """Each began at another time, so their strides end at other frames: alone or together the
    same."""
    states = [
        encoder.step(rows[p : p + 1, :count], fresh(encoder, 1)).states[0]
        for p, count in enumerate(ahead)
    ]
    later = np.stack([rows[p, count : count + 30] for p, count in enumerate(ahead)])
    together = encoder.step(later, states)
    for person in range(3):
        alone = encoder.step(later[person : person + 1], states[person : person + 1])
        np.testing.assert_allclose(together.values[person], alone.values[0], atol=BOUND)
        np.testing.assert_allclose(together.states[person], alone.states[0], atol=BOUND)


def test_the_future_does_not_change_the_past(encoder: ReEncoder, rows: np.ndarray) -> None:
    """Bidirectional inside the window, causal outside."""
    for count in range(1, FRAMES):
        part = encoder.step(rows[:1, :count], fresh(encoder, 1)).values
        other = np.concatenate([rows[:1, :count], 9 + rows[1:2, count:]], axis=1)
        whole = encoder.step(other, fresh(encoder, 1)).values
        np.testing.assert_allclose(whole[:, :count], part, atol=BOUND)


def test_a_call_can_be_made_again(encoder: ReEncoder, rows: np.ndarray) -> None:
    """The state given is not written to, nor are the features."""
    states, features = fresh(encoder, 3), rows.copy()
    before = np.stack(states)
    first, second = encoder.step(features, states), encoder.step(features, states)
    assert np.array_equal(states, before)
    assert np.array_equal(features, rows)
    assert np.array_equal(first.values, second.values)


def test_long_recordings_go_in_parts(encoder: ReEncoder) -> None:
    """More windows than go into one call of the graph give the same as in pieces."""
    features = np.random.default_rng(2).standard_normal((1, 500, WIDTH)).astype(np.float32)
    whole = encoder.step(features, fresh(encoder, 1))
    first = encoder.step(features[:, :250], fresh(encoder, 1))
    second = encoder.step(features[:, 250:], first.states)
    values = np.concatenate([first.values, second.values], axis=1)
    np.testing.assert_allclose(values, whole.values, atol=BOUND)


def test_unfit_arrays_are_refused(encoder: ReEncoder, rows: np.ndarray) -> None:
    """Another width of features or state does not get in."""
    with pytest.raises(ShapeError, match="features"):
        encoder.step(rows[..., 1:], fresh(encoder, 3))
    with pytest.raises(ShapeError, match="initial_state"):
        encoder.step(rows, fresh(encoder, 2))


def test_a_model_of_another_kind_is_refused() -> None:
    """The bundled model streams; it is not encoded anew."""
    with pytest.raises(ModelError, match="window"):
        ReEncoder(models.find("bundled"))
