"""Makes a CLIP model ready on this machine: exported by a process of its own, which needs torch,
and run once from words to a heatmap before it takes its place."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import typer

from engines import places
from engines.errors import ModelError
from engines.models import ClipManifest
from engines.video.engine import VideoEngine

NAME: Final = "ViT-B-16"
PRETRAINED: Final = "datacomp_xl_s13b_b90k"
NEEDED: Final = ("torch", "onnx", "onnxscript", "open_clip")
EXTRA: Final = "pip install 'liveground[export]'"
TRIAL: Final = "a person waves"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which CLIP: open_clip's by name and tag, or by name or configuration with weights on disk, or
    a folder of transformers; and the side of its frames in pixels, where not as trained.

    Without any it is NAME; where nothing says which weights, PRETRAINED.
    """

    name: str | None = None
    pretrained: str | None = None
    config: Path | None = None
    weights: Path | None = None
    transformers: str | None = None
    size_px: int | None = None

    @property
    def folder_name(self) -> str:
        """What the added model is called."""
        if self.transformers is not None:
            parts = [Path(self.transformers).resolve().name]
        else:
            parts = [self.config.stem if self.config else self.name or NAME]
            parts.append(self.weights.stem if self.weights else self.pretrained or PRETRAINED)
        if self.size_px is not None:
            parts.append(str(self.size_px))
        return re.sub(r"[^\w.-]+", "-", "-".join(parts)).lstrip(".-")

    def arguments(self) -> list[str]:
        """Of `python -m onnx_export clip`, which refuses what does not go together."""
        named = self.config is None and self.transformers is None
        options = {
            "--config": self.config,
            "--transformers": self.transformers,
            "--name": self.name or (NAME if named else None),
            "--pretrained": self.pretrained
            or (PRETRAINED if named and self.weights is None else None),
            "--size": self.size_px,
            "--weights": self.weights,
        }
        return [str(each) for pair in options.items() if pair[1] is not None for each in pair]


def add(wanted: Wanted) -> ClipManifest:
    """Export, verify and install it; one of the same name gives way.

    Raises ModelError if that cannot be done; what the exporter refuses it says itself, and the
    command ends with its exit code.
    """
    if wanted.config is not None and wanted.weights is None:
        raise ModelError("--config needs the weights that it belongs to: give --weights FILE")
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise ModelError(f"adding a model needs {', '.join(missing)}: {EXTRA}")
    name = wanted.folder_name
    if name in places.bundled():
        raise ModelError(f"{name!r} is a bundled model's name: rename what it is made of")
    home = places.folder()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".adding-") as scratch:
            made = Path(scratch) / name
            _export(wanted, made)
            manifest = _tried(made)
            if (home / name).exists():
                shutil.move(home / name, Path(scratch) / "before")
            made.rename(home / name)
    except OSError as error:
        raise ModelError(
            f"{home} cannot be written ({error}): name another folder with {places.VARIABLE}"
        ) from error
    return manifest


def _export(wanted: Wanted, out: Path) -> None:
    command = [sys.executable, "-m", "onnx_export", "clip", *wanted.arguments()]
    done = subprocess.run([*command, "--out", str(out), "--precision", "int8"], check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)


def _tried(folder: Path) -> ClipManifest:
    """Load it as a server does, and go from words and a picture to a heatmap."""
    engine = VideoEngine.load(folder)
    track = engine.new_track()
    engine.configure(track, [TRIAL])
    size_px = engine.manifest.vision.size_px
    noise = np.random.default_rng(0).integers(0, 255, (size_px, size_px, 3), np.uint8)
    [grounding] = engine.step([(track, engine.prepare(noise), 0.0)])
    if not np.isfinite(grounding.found[0].heat).all():
        raise ModelError(f"{folder.name} gives heatmaps that are not finite: it is not used")
    return engine.manifest
