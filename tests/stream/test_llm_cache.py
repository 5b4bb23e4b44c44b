"""Kept answers: found again, bounded, never in the way."""

import os
from pathlib import Path

import pytest

from stream.llm_cache import AnswerCache, default_folder


def test_what_was_put_is_found_under_its_whole_key(tmp_path: Path) -> None:
    """By any cache of the folder; another url, model, version or instruction is another answer."""
    AnswerCache(tmp_path / "new" / "folder").put(b"steps", "url", "model", 1, "walk")
    cache = AnswerCache(tmp_path / "new" / "folder")
    assert cache.get("url", "model", 1, "walk") == b"steps"
    for key in (
        ("u", "model", 1, "walk"),
        ("url", "model", 2, "walk"),
        ("urlmodel", "", 1, "walk"),
    ):
        assert cache.get(*key) is None


def test_the_oldest_make_room(tmp_path: Path) -> None:
    """Never more than the limit, and the newest stay."""
    cache = AnswerCache(tmp_path, max_entries=3)
    for age, name in enumerate("edcba"):
        cache.put(name.encode(), name)
        [newest] = [path for path in tmp_path.iterdir() if path.read_bytes() == name.encode()]
        os.utime(newest, (age, age))
    assert [cache.get(name) is not None for name in "edcba"] == [False, False, True, True, True]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_that_cannot_be_used_is_only_slow(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is raised; the log says where."""
    blocked = tmp_path / "a file"
    blocked.write_text("")
    cache = AnswerCache(blocked)
    cache.put(b"steps", "walk")
    assert cache.get("walk") is None
    assert str(blocked) in caplog.text


def test_the_folder_is_the_users_own(tmp_path: Path) -> None:
    """XDG_CACHE_HOME where it is absolute, else ~/.cache; others cannot read it."""
    assert default_folder({"XDG_CACHE_HOME": "/c"}) == Path("/c/liveground/partition")
    home = Path.home() / ".cache" / "liveground" / "partition"
    assert default_folder({}) == default_folder({"XDG_CACHE_HOME": "relative"}) == home
    folder = tmp_path / "own"
    AnswerCache(folder).put(b"steps", "walk")
    assert folder.stat().st_mode & 0o077 == 0
