"""Fixtures of all rooms."""

import asyncio
import inspect
import os
import threading
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from engines.motion.engine import MotionEngine
from tests.tracing import untraced

os.environ.setdefault("PYTHONASYNCIODEBUG", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["LIVEGROUND_MODELS"] = str(Path(__file__).parent / "none")  # not what this machine has

settings.register_profile("seeded", derandomize=True, deadline=None)
settings.load_profile("seeded")

UNMEASURED = {"onnx_export", "training", "benchmarks"}
"""Rooms whose code coverage does not ask for: their tests run without its tracer."""
BESIDE = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Set-up and tear-down included."""
    if item.path.relative_to(Path(__file__).parent).parts[0] not in UNMEASURED:
        return (yield)
    with untraced():
        return (yield)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("LIVEGROUND_SHARED", BESIDE))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder} (name it with LIVEGROUND_SHARED)")
    return folder


@pytest.fixture(scope="session")
def engine() -> MotionEngine:
    """The bundled model, loaded once; it holds nobody's state."""
    return MotionEngine.load("bundled")


@pytest.fixture(autouse=True)
def leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves a task or a thread of ours behind fails."""
    if inspect.iscoroutinefunction(getattr(request.node, "function", None)):
        request.getfixturevalue("leaked_tasks")
    yield
    left = [each for each in threading.enumerate() if each.name.startswith("liveground")]
    assert not left, f"left running: {left}"


@pytest.fixture
async def leaked_tasks() -> AsyncIterator[None]:
    """Runs on the test's own loop, after all other fixtures have been torn down."""
    yield
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"left running: {left}"


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """From here on a tower of CLIP is exported once, whoever asks for it."""
    pytest.importorskip("torch")
    from tests import exports

    with exports.shared(exports.folder(tmp_path_factory)):
        yield


@pytest.fixture(scope="session")
def clip_folder(exports: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small random CLIP model, exported with its tokenizer: no sense in it, but every part."""
    return _exported(tmp_path_factory.mktemp("clip"), frames=1)


@pytest.fixture(scope="session")
def clips_folder(exports: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of a model that sees four frames at once, as ViCLIP sees eight."""
    return _exported(tmp_path_factory.mktemp("clips"), frames=4)


def _exported(folder: Path, frames: int) -> Path:
    from onnx_export import clip_folder, clip_sources
    from tests import clip_models

    config = clip_models.config(vision_cfg={"frames": frames} if frames > 1 else {})
    clip = clip_sources.from_files(*clip_models.write(folder / "source", config))
    clip_folder.write_clip(clip, folder / "tiny")
    return folder / "tiny"
