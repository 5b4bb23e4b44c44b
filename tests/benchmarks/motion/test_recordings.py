"""The harness runs any kind of motion model, as the engine does."""

import numpy as np
import pytest

from benchmarks.motion.methods import METHODS
from benchmarks.motion.recordings import Model, Recording, Span, problem
from engines import models
from engines.errors import ModelError
from tests.engines.motion.poses import moving

TEXTS = ("a person walks", "a person waves", "a person squats")


@pytest.fixture(scope="module")
def recording():
    """Six seconds of motion and three texts."""
    spans = tuple(Span(text, 2.0 * k, 2.0 * k + 2) for k, text in enumerate(TEXTS))
    return Recording("r", moving(120), np.arange(120) / 20, spans, TEXTS)


def test_a_recording_is_encoded_once():
    """The same recording gives the same arrays; another one its own."""
    model = Model("bundled")
    one, other = (
        Recording("r", moving(40, seed=seed), np.arange(40) / 20, (), TEXTS) for seed in (1, 2)
    )
    assert model.encode(one) is model.encode(one)
    assert not np.allclose(model.encode(one).values, model.encode(other).values)


def test_models_that_encode_windows_anew_are_measured_too(recording, tmp_path, monkeypatch):
    """A TMR of random weights, exported: every frame has a row, every method an answer."""
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    import sys

    from onnx_export import __main__ as command
    from tests.onnx_export import tmr_checkout

    run = tmr_checkout.make(tmp_path)
    words = ["--tmr", str(run), "--out", str(tmp_path / "tmr")]
    words += ["--distilbert", str(run.parents[1] / "distilbert")]
    monkeypatch.setattr(sys, "argv", ["onnx_export", "motion", *words])
    command.main()
    model = Model(str(tmp_path / "tmr"))
    assert isinstance(model.manifest, models.WindowManifest)
    task = problem(model, recording, model.encode(recording), "script")
    assert task.encoded.values.shape == (120, model.manifest.dim)
    for name in ("argmax", "monotone", "live"):
        answer = METHODS[name].run(task, model.calibration, model.lookahead_frames)
        assert answer.frames.shape == (120,)


def test_a_model_of_another_kind_is_refused():
    """A sentence encoder sees no motion; the error says what it is."""
    with pytest.raises(ModelError, match="motion"):
        Model("minilm-l6-int8")
