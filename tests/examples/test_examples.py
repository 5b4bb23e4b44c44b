"""Every example runs as its first lines say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.rig import bent, humanoid

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def take(tmp_path: Path) -> Path:
    rig = humanoid()
    path = tmp_path / "take.bvh"
    path.write_text(rig.text(bent(rig, {"LeftArm": (0, 0, 10)}, frames=180)))
    return path


def run(name: str, *arguments: str | Path) -> str:
    command = [sys.executable, EXAMPLES / name, *arguments]
    root = EXAMPLES.parent
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=root)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_embedded_tells_every_change_and_the_segments(take: Path) -> None:
    """Labels while frames come, final segments at the end."""
    out = run("embedded.py", take, "a person stands still", "a person jumps")
    assert re.search(r"^ +\d+\.\d\d s  now: .+$", out, re.MULTILINE)


def test_subtitles_are_subrip(take: Path) -> None:
    """Numbered blocks of two times and a text, or nothing where nothing was recognised."""
    out = run("subtitles.py", take, "a person stands still")
    stamp = r"\d\d:\d\d:\d\d,\d\d\d"
    for number, block in enumerate(filter(None, out.split("\n\n")), 1):
        assert re.fullmatch(rf"{number}\n{stamp} --> {stamp}\n.+", block.strip())


@pytest.mark.parametrize("name", ["embedded.py", "subtitles.py"])
def test_examples_explain_themselves(name: str) -> None:
    """Without arguments they say how they are run."""
    command = [sys.executable, EXAMPLES / name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert f"python examples/{name}" in done.stderr
