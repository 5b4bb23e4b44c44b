"""Manifests of model folders: hashes of files, and `manifest.json` itself."""

import hashlib
from pathlib import Path
from typing import Final

import msgspec

from engines import models, places

UNKNOWN_LICENCE: Final = "not stated: ask whoever made the weights"


def files(folder: Path, **roles: str) -> dict[str, models.File]:
    """Manifest entries of files in a folder, by role."""
    return {role: models.File(name, _sha256(folder / name)) for role, name in roles.items()}


def write(manifest: models.Manifest, folder: Path) -> None:
    """Write `manifest.json`."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    (folder / places.MANIFEST).write_bytes(text + b"\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
