"""The command line: help, tables, checks, and errors that are one line and never a traceback."""

import json
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest

from engines import models, places
from stream.__main__ import app


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wide and colourless, so that texts can be compared."""
    monkeypatch.setenv("COLUMNS", "500")
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("FORCE_COLOR", "LIVEGROUND_TOKEN", "LIVEGROUND_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as end:
        app([str(argument) for argument in arguments], prog_name="liveground")
    return int(end.value.code or 0)


@pytest.fixture
def take(tmp_path: Path) -> Path:
    path = tmp_path / "take.npz"
    body = np.random.default_rng(0).normal(size=(22, 3)).astype(np.float32)
    np.savez(path, joints=np.tile(body, (80, 1, 1)), fps=20)
    return path


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command has a sentence."""
    assert run("--help") == 0
    text = capsys.readouterr().out
    for command in (
        "serve",
        "demo",
        "replay",
        "teach",
        "watch-video",
        "search",
        "models",
        "doctor",
    ):
        assert f" {command} " in text


def test_help_is_shown_when_nothing_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """`liveground` alone explains itself."""
    run()
    captured = capsys.readouterr()
    assert "Commands" in captured.out + captured.err


def test_models_names_sources_and_licences(capsys: pytest.CaptureFixture[str]) -> None:
    """Every bundled model has a row with what it was made from."""
    assert run("models") == 0
    text = capsys.readouterr().out
    for name in places.bundled():
        manifest = models.find(name).manifest
        assert manifest.name in text
        for source in manifest.sources:
            assert source.name in text
            assert source.licence in text


def test_doctor_finds_this_installation_ready(capsys: pytest.CaptureFixture[str]) -> None:
    """Runtime, hashes and a real inference are in order."""
    assert run("doctor", "--port", "0") == 0
    text = capsys.readouterr().out
    assert "frames labelled" in text
    assert "Ready." in text


def test_doctor_finds_a_damaged_model(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One flipped byte in a weight file: said, with the remedy, and the exit code is not 0."""
    folder = tmp_path / "model"
    shutil.copytree(models.find("bundled").root, folder)
    entry = models.find("bundled").manifest.files["encoder"].file
    content = bytearray((folder / entry).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / entry).write_bytes(content)
    assert run("doctor", "--port", "0", "--model", folder) == 1
    text = capsys.readouterr().out
    assert "damaged" in text
    assert "install or copy the model again" in text
    assert "Not ready: inference" in text


def test_doctor_says_when_the_port_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """A taken port is no fault of the installation, but worth a line and a way out."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert run("doctor", "--port", str(other.getsockname()[1])) == 0
    assert "--port 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--instruction", "walks", "--prompts", "p.json"), "Give exactly one of"),
        ((), "Give exactly one of"),
        (("--steps", "gone.json"), "gone.json: cannot be read"),
        (("--instruction", "walks", "--model", "gone"), "no model 'gone'"),
        (("--instruction", " "), "instruction is empty"),
    ],
)
def test_refusals_are_one_line(
    capsys: pytest.CaptureFixture[str], take: Path, arguments: tuple[str, ...], why: str
) -> None:
    """Exit code 2 and one line on stderr; stdout stays empty."""
    assert run("replay", take, "--embedded", "--json", *arguments) == 2
    captured = capsys.readouterr()
    assert why in captured.err
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("content", ['{"walks": 1}', "walks", "[1, 2]", ""])
def test_texts_that_are_no_list_are_refused(
    capsys: pytest.CaptureFixture[str], take: Path, content: str
) -> None:
    """The error shows what a steps file looks like."""
    steps = take.with_name("steps.json")
    steps.write_text(content)
    assert run("replay", take, "--embedded", "--steps", steps) == 2
    assert 'a JSON list of texts such as ["walks forward", "sits down"]' in capsys.readouterr().err


@pytest.mark.parametrize("speed", ["0", "fast", "-1", "inf", "nan"])
def test_speeds_that_are_none_are_refused(take: Path, speed: str) -> None:
    """`--speed` takes a number or max."""
    assert run("replay", take, "--embedded", "--instruction", "walks", "--speed", speed) == 2


def test_no_server_says_how_to_start_one(capsys: pytest.CaptureFixture[str], take: Path) -> None:
    """A refused connection is an ordinary error with a remedy."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"ws://127.0.0.1:{nobody.getsockname()[1]}/v1/stream"
        assert run("replay", take, "--instruction", "walks", "--url", url) == 2
    assert "liveground serve" in capsys.readouterr().err


def test_serving_the_world_without_a_token_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Safe by default: the command line says so before anything listens."""
    assert run("serve", "--host", "0.0.0.0") == 2
    assert "token" in capsys.readouterr().err


def test_json_goes_to_stdout_and_warnings_do_not(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, take: Path
) -> None:
    """A damaged frame is left out and said on stderr; stdout holds JSON only."""
    with np.load(take) as archive:
        joints = archive["joints"]
    joints[3] = np.nan
    np.savez(take, joints=joints, fps=20)
    options = ("--embedded", "--instruction", "stands", "--speed", "max", "--json")
    assert run("replay", take, *options) == 0
    captured = capsys.readouterr()
    assert "not finite" in captured.err
    assert all(json.loads(line) for line in captured.out.splitlines())
