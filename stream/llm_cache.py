"""Answers of the language model on disk: the same question is not asked twice.

One small file an answer, written whole or not at all; several servers may share the folder. A
cache that cannot be read or written is only slow: nothing is raised. Blocks; call it in a thread.
"""

import hashlib
import logging
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

MAX_ENTRIES: Final = 1000
"""Beyond it the oldest go: some 300 kB."""
MAX_ENTRY_BYTES: Final = 16 * 1024

log = logging.getLogger(__name__)


def default_folder(environ: Mapping[str, str]) -> Path:
    """The user's cache folder (XDG Base Directory Specification)."""
    base = Path(environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "liveground" / "partition"


class AnswerCache:
    """Bytes by a key of texts and numbers."""

    def __init__(self, folder: Path, *, max_entries: int = MAX_ENTRIES) -> None:
        self._folder = folder
        self._max_entries = max_entries

    def get(self, *key: str | int) -> bytes | None:
        """What was put under this key; it may have been damaged since."""
        try:
            with self._path(key).open("rb") as file:
                return file.read(MAX_ENTRY_BYTES)
        except OSError:
            return None

    def put(self, answer: bytes, *key: str | int) -> None:
        """Keep an answer."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room()
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(answer)
            os.replace(file.name, self._path(key))
        except OSError as fault:
            log.warning("An answer could not be kept in %s: %s", self._folder, fault.strerror)

    def _path(self, key: tuple[str | int, ...]) -> Path:
        return self._folder / f"{hashlib.sha256(msgspec.json.encode(key)).hexdigest()}.json"

    def _make_room(self) -> None:
        found: list[tuple[float, Path]] = []
        for path in self._folder.iterdir():
            with suppress(OSError):
                found.append((path.stat().st_mtime, path))
        for _, path in sorted(found)[: max(0, len(found) - self._max_entries + 1)]:
            with suppress(OSError):
                path.unlink()
