"""`liveground doctor`: what is there, what is missing, and what to do about it."""

import platform
import shutil
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from typing import Annotated, Final, Literal

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engines import models, places, runtime
from engines.errors import LivegroundError, ModelError
from engines.motion.grounder import MotionGrounder
from engines.motion.skeleton import JOINT_COUNT, MODEL_FPS

Outcome = Literal["ok", "missing", "optional"]
MARK: Final = {"ok": ("✓", "green"), "missing": ("✗", "bold red"), "optional": ("–", "yellow")}
OLDEST_PYTHON: Final = (3, 11)
NEEDED_FOR: Final = {
    "torch": "only to make models: pip install 'liveground[export]'",
    "node": "only to test the browser client: install Node.js 20 or newer",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked thing."""

    name: str
    outcome: Outcome
    text: str


def doctor(
    port: Annotated[int, typer.Option(help="The port that the server would use.")] = 8765,
    model: Annotated[str, typer.Option(help="A motion model's name or folder.")] = "bundled",
) -> None:
    """Check this installation: Python, runtime, models, a real inference, the port.

    The exit code is 1 when something that is needed is missing.
    """
    findings = [
        _python(),
        _checked("runtime", _runtime),
        *(
            _checked(f"model {name}", partial(_hashes, name))
            for name in (*places.bundled(), *places.added())
        ),
        _checked("video", places.default_video),
        _checked("inference", lambda: _inference(model)),
        _port(port),
        *(_optional(name, remedy) for name, remedy in NEEDED_FOR.items()),
    ]
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        table.add_row(Text(*MARK[finding.outcome]), finding.name, Text(finding.text))
    console = Console()
    console.print(table)
    missing = [finding.name for finding in findings if finding.outcome == "missing"]
    if missing:
        console.print(f"\nNot ready: {', '.join(missing)}.", style="bold red")
        raise typer.Exit(1)
    console.print("\nReady. Try: liveground demo", style="green")


def _python() -> Finding:
    text = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST_PYTHON:
        return Finding("python", "missing", f"{text}; install Python 3.11 or newer")
    return Finding("python", "ok", text)


def _checked(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, "ok", check())
    except LivegroundError as error:
        return Finding(name, "missing", str(error))


def _runtime() -> str:
    name = runtime.check_install()
    return f"{name} {metadata.version(name)}"


def _hashes(name: str) -> str:
    folder = models.find(name)
    for role in folder.manifest.files:
        folder.path(role)
    return f"{len(folder.manifest.files)} files as in the manifest, {folder.sha256[:12]}"


def _inference(model: str) -> str:
    """Label two seconds of a body that stands still."""
    grounder = MotionGrounder.load(model)
    grounder.configure(prompts=["stands still"])
    rng = np.random.default_rng(0)
    body = rng.normal(size=(JOINT_COUNT, 3)).astype(np.float32)
    start_s = time.perf_counter()
    frames = 2 * MODEL_FPS
    for frame in range(frames):
        update = grounder.push(body, frame / MODEL_FPS)
    cost_ms = (time.perf_counter() - start_s) / frames * 1e3
    if update.time_s is None:
        raise ModelError(f"model {grounder.model.name}: no label from two seconds of motion")
    return f"{frames} frames labelled, {cost_ms:.1f} ms each (50 ms are there for it)"


def _port(port: int) -> Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            text = (
                f"{port} cannot be used ({error.strerror}): liveground serve --port 0 takes another"
            )
            return Finding("port", "optional", text)
    return Finding("port", "ok", f"{port} is free")


def _optional(name: str, remedy: str) -> Finding:
    if path := shutil.which(name):
        return Finding(name, "ok", path)
    try:
        return Finding(name, "ok", metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, "optional", f"not installed; needed {remedy}")
