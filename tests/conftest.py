"""Fixtures of all rooms."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("LIVEGROUND_SHARED", BESIDE))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder} (name it with LIVEGROUND_SHARED)")
    return folder
