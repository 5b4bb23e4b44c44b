"""ONNX Runtime: install check, shape check at the door, clear errors."""

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from engines import models, runtime
from engines.errors import ModelError, ShapeError
from engines.runtime import Graph

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph(models.find("bundled").path("text"))


def inputs(graph: Graph, rows: int) -> dict[str, np.ndarray]:
    return {
        name: np.zeros((rows, node.shape[1]), np.float32) for name, node in graph.inputs.items()
    }


@pytest.mark.parametrize("rows", [1, 5])
def test_free_dimensions_are_free(graph: Graph, rows: int) -> None:
    """Any number of rows runs."""
    assert graph.run(**inputs(graph, rows))["text"].shape[0] == rows


def test_fixed_dimensions_are_checked(graph: Graph) -> None:
    """A wrong width is refused with both shapes in the text."""
    given = inputs(graph, 2)
    given["lexicon"] = given["lexicon"][:, :-1]
    with pytest.raises(ShapeError, match="wants lexicon"):
        graph.run(**given)


def test_dtypes_are_checked(graph: Graph) -> None:
    """float64 is not taken silently."""
    given = inputs(graph, 2)
    given["sentence"] = given["sentence"].astype(np.float64)
    with pytest.raises(ShapeError, match="float64"):
        graph.run(**given)


def test_names_are_checked(graph: Graph) -> None:
    """A missing or a foreign input is named."""
    given = inputs(graph, 2)
    with pytest.raises(ShapeError, match="lexicon"):
        graph.run(sentence=given["sentence"])


def test_a_file_that_is_no_graph(tmp_path: Path) -> None:
    """The error names the file."""
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"not a graph")
    with pytest.raises(ModelError, match=r"broken\.onnx"):
        Graph(path)


def test_a_gpu_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build without CUDA is named with the remedy; nothing falls back to the CPU."""
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ModelError, match=r"has no CUDA: .*liveground\[gpu\]"):
        Graph(models.find("bundled").path("text"), gpu=True)


def test_a_gpu_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build with CUDA whose session has fallen back, as it does without a driver."""
    plain = onnxruntime.InferenceSession

    def fallen(path: str, options: onnxruntime.SessionOptions, providers: list[str]) -> object:
        assert providers == [runtime.CUDA, "CPUExecutionProvider"]
        return plain(path, options, providers=providers[1:])

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [runtime.CUDA])
    monkeypatch.setattr(onnxruntime, "InferenceSession", fallen)
    with pytest.raises(ModelError, match="nvidia-smi"):
        Graph(models.find("bundled").path("text"), gpu=True)


def only(monkeypatch: pytest.MonkeyPatch, *installed: str) -> None:
    def version(name: str) -> str:
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(runtime.metadata, "version", version)


def test_a_missing_runtime_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ONNX Runtime the remedy is one command."""
    only(monkeypatch)
    with pytest.raises(ModelError, match=r"pip install 'liveground\[cpu\]'"):
        runtime.check_install()


def test_two_runtimes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """They overwrite each other's files, so neither can be trusted."""
    only(monkeypatch, *runtime.DISTRIBUTIONS)
    with pytest.raises(ModelError, match="pip uninstall"):
        runtime.check_install()


@pytest.mark.parametrize("name", runtime.DISTRIBUTIONS)
def test_either_runtime_will_do(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """One of the two is enough, and is named."""
    only(monkeypatch, name)
    assert runtime.check_install() == name


def test_loading_a_model_writes_nothing_to_the_users_cache(tmp_path: Path) -> None:
    """ONNX Runtime's telemetry, which keeps a device id there, stays off."""
    load = "from engines.motion import MotionGrounder; MotionGrounder.load()"
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", load], env=env, cwd=ROOT, check=True)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
