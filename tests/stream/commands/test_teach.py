"""`liveground teach` and `replay --examples`: from seconds of a recording to labels elsewhere."""

import json
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from clients.performer import Performer
from stream.__main__ import app

DRINKS_S = (("19.8", "22.4"), ("43.0", "45.6"))
"""The performer's clock: twice the same action."""


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wide and colourless, so that texts can be compared."""
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two recordings of ten seconds: the action before and behind others."""
    frames = list(takewhile(lambda f: f.time_s < 48, Performer(seed=1, rate_hz=60.0)))[::3]
    folder = tmp_path_factory.mktemp("takes")
    paths = []
    for number, (first_s, last_s) in enumerate(((17, 27), (38, 48))):
        taken = [frame for frame in frames if first_s <= frame.time_s < last_s]
        paths.append(folder / f"take {number} [x].npz")
        times_s = np.array([frame.time_s for frame in taken])
        np.savez(paths[-1], joints=np.stack([f.joints for f in taken]), time_s=times_s)
    return paths


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        app([str(argument) for argument in arguments], prog_name="liveground")
    return int(end.value.code or 0)


def teach(take: Path, out: Path, span: tuple[str, str], *more: str) -> int:
    start, end = span
    given = ("--name", "the sign", "--start", start, "--end", end, "--out", out)
    return run("teach", take, *given, *more)


def finals(out: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in out.splitlines()]
    return [line for line in lines if "type" not in line]


def test_what_was_shown_in_one_recording_is_found_in_another(
    takes: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file's names are the prompts, unless others are given; what is shown has its own time."""
    out = tmp_path / "moves.json"
    assert teach(takes[0], out, DRINKS_S[0], "--no-words") == 0
    said = capsys.readouterr().out
    assert said == f"{out}: 2.60 s of {takes[0].name} added. It holds the sign (1).\n"
    options = ("--examples", out, "--embedded", "--speed", "max", "--json")
    assert run("replay", takes[1], *options) == 0
    found = [line for line in finals(capsys.readouterr().out) if line["label"] == "the sign"]
    overlaps = [min(float(s["end_s"]), 46.1) - max(float(s["start_s"]), 42.6) for s in found]
    assert sum(max(0.0, overlap) for overlap in overlaps) > 2.0
    prompts = tmp_path / "prompts.json"
    prompts.write_text(json.dumps(["a person jumps", "The sign"]))
    assert run("replay", takes[1], *options, "--prompts", prompts) == 0
    assert "The sign" in {line["label"] for line in finals(capsys.readouterr().out)}


def test_a_file_is_added_to(
    takes: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Further examples and names; the same seconds count once."""
    out = tmp_path / "moves.json"
    for take, span in zip([takes[0], takes[1], takes[1]], [*DRINKS_S, DRINKS_S[1]], strict=True):
        assert teach(take, out, span) == 0
    assert "the sign (2)" in capsys.readouterr().out.splitlines()[-1]
    assert run("teach", takes[0], "--name", "all of it", "--out", out) == 0
    assert "the sign (2), all of it (1)" in capsys.readouterr().out
    assert len(json.loads(out.read_text())["examples"]) == 2


@pytest.mark.parametrize(
    ("span", "says"),
    [
        (("5", "9"), "goes from 17.0"),
        (("20", "99"), "to 26.96"),
        (("25", "20"), "0.3 s or more"),
        (("20", "20.1"), "0.3 s or more"),
    ],
)
def test_what_is_not_there_cannot_be_taught(
    takes: list[Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    span: tuple[str, str],
    says: str,
) -> None:
    """One red line, and no file."""
    assert teach(takes[0], tmp_path / "moves.json", span) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "moves.json").exists()


@pytest.mark.parametrize("take", ["gone.npz", ""])
def test_a_folder_that_is_not_there_is_told_first(
    takes: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], take: str
) -> None:
    """One line that names it, before the recording is read."""
    out = tmp_path / "none" / "moves.json"
    assert teach(Path(take) if take else takes[0], out, DRINKS_S[0]) == 2
    said = capsys.readouterr().err
    assert f"there is no folder {out.parent}" in said
    assert said.count("\n") == 1


def test_a_file_that_is_none_is_refused(
    takes: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """To add to it, and to look for what it shows; the file stays as it is."""
    out = tmp_path / "prompts.json"
    out.write_text('["waves"]')
    assert teach(takes[0], out, DRINKS_S[0]) == 2
    assert run("replay", takes[0], "--examples", out, "--embedded", "--speed", "max") == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
    assert all("no examples of liveground" in error for error in errors)
    assert out.read_text() == '["waves"]'
