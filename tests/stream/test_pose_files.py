"""MediaPipe for the page: only what was packed there once is taken, all of it or nothing."""

from pathlib import Path

import pytest

from stream import pose_files
from stream.errors import ConfigError


def test_anything_else_is_refused_and_nothing_kept(tmp_path: Path) -> None:
    """By its hash, before it is opened."""
    with pytest.raises(ConfigError, match="another hash"):
        pose_files.place(b"not what was packed", b"", tmp_path / "pose")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_the_users_cache() -> None:
    """Where XDG says, else below the home; its name says the version."""
    folder = pose_files.pose_folder({"XDG_CACHE_HOME": "/cache"})
    assert folder == Path(f"/cache/liveground/mediapipe-pose-{pose_files.RUNTIME.version}")
    assert pose_files.pose_folder({}).is_relative_to(Path.home())


def test_addresses_are_those_of_the_registry() -> None:
    """A scoped package's archive is named without its scope."""
    assert pose_files.MODELS.address == (
        f"https://registry.npmjs.org/@mediapipe/pose/-/pose-{pose_files.MODELS.version}.tgz"
    )
