"""The browser client's types."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TSC = ROOT / ".venv" / "node" / "node_modules" / ".bin" / "tsc"


def test_types_hold() -> None:
    """`tsc --checkJs`, strict, over SDK, sources, views and page."""
    if not TSC.exists():
        pytest.skip("typescript is not installed: .ci/browser")
    command = [str(TSC), "-p", str(ROOT / "clients" / "browser" / "jsconfig.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
