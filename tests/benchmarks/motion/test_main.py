"""The command line refuses in one line what it cannot do."""

import argparse
import sys

import numpy as np
import pytest

from benchmarks.arguments import positive
from benchmarks.motion import __main__ as command
from benchmarks.motion import removed, sets
from training import synth


def refused(monkeypatch, *arguments: str) -> str:
    """What is said when the command ends without measuring."""
    monkeypatch.setattr(sys, "argv", ["benchmarks.motion", *arguments])
    with pytest.raises(SystemExit) as caught:
        command.main()
    return str(caught.value)


def test_a_mode_that_no_method_runs_in_is_refused(monkeypatch):
    """And without a mode the table is that of the modes in which one runs."""
    said = refused(monkeypatch, "--mode", "watch", "--method", "uniform")
    assert said.startswith("--mode watch")
    assert command.modes(None, ["uniform"]) == ["script"]
    assert command.modes(None, None) == ["script", "watch"]
    assert command.modes(["watch"], ["uniform", "live"]) == ["watch"]


@pytest.mark.parametrize("text", ["0", "-3"])
def test_a_limit_is_one_or_more(text):
    """Nothing can be said of no recordings."""
    assert positive("1") == 1
    with pytest.raises(argparse.ArgumentTypeError):
        positive(text)


@pytest.mark.parametrize(
    "arguments", [("--limit", "0"), ("--limit", "x"), ("--set", "nowhere"), ("--method", "no")]
)
def test_what_argparse_refuses_ends_with_2(monkeypatch, capsys, arguments):
    """The last line names the argument."""
    assert refused(monkeypatch, *arguments) == "2"
    assert f"argument {arguments[0]}" in capsys.readouterr().err


def test_an_unknown_model_is_one_line(monkeypatch):
    """As every error that is raised on purpose."""
    said = refused(monkeypatch, "--model", "nope", "--set", "synth")
    assert "nope" in said
    assert "\n" not in said


def test_a_page_is_not_written_with_figures_missing(monkeypatch, tmp_path):
    """Neither without a set nor without the model of ten removed actions."""
    monkeypatch.setattr(command, "PAGE", tmp_path / "none.md")
    monkeypatch.setattr(sets, "absent", lambda: [])
    monkeypatch.setattr(removed, "absent", lambda: ["motion-ten: there is none"])
    assert "motion-ten" in refused(monkeypatch, "--write")
    monkeypatch.setattr(removed, "absent", lambda: [])
    monkeypatch.setattr(sets, "absent", lambda: ["hdm05: there is none"])
    assert "hdm05" in refused(monkeypatch, "--write")
    assert "leave the other options out" in refused(monkeypatch, "--write", "--limit", "3")


def test_sets_that_are_absent_are_told(monkeypatch, tmp_path):
    """Those of the reference data are; what is synthesised never is."""
    monkeypatch.setenv("LIVEGROUND_SHARED", str(tmp_path))
    told = sets.absent(("utkinect", "hdm05"))
    assert [text.split(":")[0] for text in told] == ["utkinect", "hdm05"]
    assert sets.absent(("synth",)) == []


def test_any_folder_can_be_measured(monkeypatch, capsys, tmp_path):
    """Six seconds of two texts under names of its own."""
    folder = tmp_path / "mine"
    folder.mkdir()
    joints = synth.sequence(3, 0).joints[:120]
    spans = {"text": ["a person walks", "a person waves"], "start_s": [0, 3], "end_s": [3, 6]}
    np.savez(folder / "one.npz", joints=joints, fps=20, **spans)
    arguments = ["--set", str(folder), "--mode", "watch", "--method", "argmax"]
    monkeypatch.setattr(sys, "argv", ["benchmarks.motion", *arguments])
    command.main()
    said = capsys.readouterr().out
    assert "### mine, watch" in said
    assert "1 recordings, 0.1 minutes, 2 segments, 2 texts" in said
    assert "arg-max, median" in said
