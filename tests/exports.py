"""Graphs exported once: towers with the same numbers share a graph, in all tests and both workers.

Exporting a small CLIP takes seconds to a minute of torch's own Python code, and tests of commands,
engine and server start from the same few models.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.tracing import untraced


def folder(factory: pytest.TempPathFactory) -> Path:
    """What all workers of this run share."""
    own = factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "exports"
    shared.mkdir(exist_ok=True)
    return shared


@contextmanager
def shared(kept: Path) -> Iterator[None]:
    """Every export of a CLIP's towers looks into that folder first."""
    from onnx_export import clip_graphs, exporting

    def write(module: Any, *told: Any) -> None:
        *inputs, path = told
        graph = kept / f"{_named(module, *inputs)}.onnx"
        with FileLock(f"{graph}.lock"), untraced():
            if not graph.exists():
                exporting.write_graph(module, *inputs, graph)
        shutil.copy(graph, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clip_graphs, "write_graph", write)
        yield


def _named(module: Any, inputs: dict[str, Any], shapes: dict[str, Any], outputs: list[str]) -> str:
    """A name that only a tower of the same parts, settings and numbers has."""
    settings = [
        (name, key, value)
        for name, part in module.named_modules()
        for key, value in vars(part).items()
        if isinstance(value, int | float | str)
    ]
    shown = {name: (value.dtype, value.shape) for name, value in inputs.items()}
    told = hashlib.sha256(repr((str(module), settings, shown, shapes, outputs)).encode())
    for name, value in module.state_dict().items():
        told.update(f"{name} {value.dtype}".encode() + value.numpy().tobytes())
    return told.hexdigest()
