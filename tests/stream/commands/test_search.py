"""`liveground search`: what is asked for, what is shown, and refusals of one line."""

import json
from pathlib import Path

import numpy as np
import pytest

from engines.motion.search import Moment
from stream.__main__ import app
from stream.commands.search import STRIP, strip
from tests.engines.motion.test_engine import mover


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wide and colourless, so that texts can be compared."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.fixture
def takes(tmp_path: Path) -> list[Path]:
    """Two recordings of six seconds; the second one's clock begins at 10 s."""
    paths = [tmp_path / "one.npz", tmp_path / "two [b].npz"]
    for seed, path in enumerate(paths):
        joints, times_s = mover(120, seed)
        np.savez(path, joints=joints, time_s=times_s + 10 * seed)
    return paths


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        app(["search", *map(str, arguments)], prog_name="liveground")
    return int(end.value.code or 0)


def test_moments_as_json(capsys: pytest.CaptureFixture[str], takes: list[Path]) -> None:
    """One object a line, best first, each on its recording's clock, as many as asked for."""
    assert run(*takes, "waves the left hand", "--top", 4, "--json") == 0
    moments = [Moment(**json.loads(line)) for line in capsys.readouterr().out.splitlines()]
    assert len(moments) == 4
    assert [m.score for m in moments] == sorted((m.score for m in moments), reverse=True)
    for moment in moments:
        begin_s = 10.0 * takes.index(Path(moment.recording))
        assert begin_s <= moment.start_s < moment.end_s <= begin_s + 6 + 1e-6


def test_moments_as_a_table(capsys: pytest.CaptureFixture[str], takes: list[Path]) -> None:
    """Five rows with a line that shows where; brackets in a name are no markup."""
    assert run(*takes, "waves") == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["from", "s", "to", "s", "score", "where", "recording"]
    assert [row.split()[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert all("█" in row for row in rows)
    assert all(row.rstrip().endswith(("one.npz", "two [b].npz")) for row in rows)


def test_texts_are_ranked_for_a_span(
    capsys: pytest.CaptureFixture[str], takes: list[Path], tmp_path: Path
) -> None:
    """Texts of the command line and of a file together, for the motion between two times."""
    (tmp_path / "texts.json").write_text('["sits down", "stands"]')
    given = ("--describe", "walk", "--texts", tmp_path / "texts.json")
    assert run(takes[1], *given, "--from", 12, "--to", 13, "--json") == 0
    part = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert run(takes[1], *given, "--json") == 0
    whole = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["text"] for row in part} == {"walk", "sits down", "stands"}
    assert [row["score"] for row in part] == sorted((r["score"] for r in part), reverse=True)
    assert {row["text"]: row["score"] for row in part} != {
        row["text"]: row["score"] for row in whole
    }


def test_texts_are_ranked_for_every_file(
    capsys: pytest.CaptureFixture[str], takes: list[Path]
) -> None:
    """A table for each, headed by its name."""
    assert run(*takes, "--describe", "walk", "--describe", "[bold]jump", "--top", 1) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert "one.npz" in lines[0]
    assert "two [b].npz" in lines[2]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("{one}",), "no text to look for"),
        (("{one}", "{two}"), "no text to look for"),
        (("{one}", " "), "expected a text"),
        (("gone.npz", "waves"), "no such file"),
        (("{one}", "waves", "--from", "1"), "--from and --to go with --describe"),
        (("{one}", "--describe", "walk", "--from", "90"), "lasts from"),
        (("{one}", "--describe", " "), "expected a text"),
        (("{one}", "--texts", "gone.json"), "cannot be read"),
        (("{one}", "waves", "--model", "gone"), "no model 'gone'"),
        (("{one}", "waves", "--examples", "gone.json"), "no examples in gone.json"),
    ],
)
def test_refusals_are_one_line(
    capsys: pytest.CaptureFixture[str], takes: list[Path], arguments: tuple[str, ...], why: str
) -> None:
    """Exit code 2, the reason on stderr, nothing on stdout."""
    places = {"{one}": str(takes[0]), "{two}": str(takes[1])}
    assert run(*(places.get(each, each) for each in arguments), "--json") == 2
    captured = capsys.readouterr()
    assert why in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_what_was_taught_is_found(
    capsys: pytest.CaptureFixture[str], takes: list[Path], tmp_path: Path
) -> None:
    """With the file that `teach` made, in the recording and at the time that it was shown."""
    shown = tmp_path / "shown.json"
    span = ("--start", "12", "--end", "14", "--no-words", "--out", str(shown))
    with pytest.raises(SystemExit) as end:
        app(["teach", str(takes[1]), "--name", "flails", *span], prog_name="liveground")
    assert not end.value.code
    capsys.readouterr()
    assert run(*takes, "flails", "--examples", shown, "--top", 1, "--json") == 0
    moment = Moment(**json.loads(capsys.readouterr().out))
    assert moment.recording == str(takes[1])
    assert min(moment.end_s, 14.0) - max(moment.start_s, 12.0) > 1.0


def test_a_list_without_texts_is_refused(
    capsys: pytest.CaptureFixture[str], takes: list[Path], tmp_path: Path
) -> None:
    """An empty file of texts is no question."""
    (tmp_path / "texts.json").write_text("[]")
    assert run(takes[0], "--texts", tmp_path / "texts.json") == 2
    assert "name at least one action" in capsys.readouterr().err


@pytest.mark.parametrize("start_s", [5.0, 5.01, 9.9, 14.99])
@pytest.mark.parametrize("length_s", [0.05, 2.0, 10.05])
def test_the_strip_is_as_wide_as_the_recording(start_s: float, length_s: float) -> None:
    """Always the same width with something thick in it, also for the last frame's duration."""
    end_s = min(start_s + length_s, 15.05)
    drawn = strip(Moment("", start_s, end_s, 0.0), 5.0, 15.0)
    assert len(drawn) == STRIP
    assert "█" in drawn
