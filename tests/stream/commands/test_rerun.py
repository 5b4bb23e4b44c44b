"""`liveground replay session.mcap`: its pace, its words, and sessions about video."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.python import Client, Configure
from stream.__main__ import app
from stream.app import running
from stream.commands.playback import MAX_SPEED
from stream.commands.rerun import Metronome
from stream.config import Config
from stream.messages import Bye
from stream.recordings.recorder import Recorder
from tests.stream.rig import HELLO, PROMPTS, poses
from tests.stream.video_rig import jpeg

Line = dict[str, object]


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wide and colourless, so that texts can be compared."""
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        app([str(argument) for argument in arguments], prog_name="liveground")
    return int(end.value.code or 0)


def events(text: str) -> list[Line]:
    return [json.loads(line) for line in text.splitlines()]


@given(
    times_s=st.lists(st.floats(0, 1e4, width=32), min_size=1, max_size=30).map(sorted),
    speed=st.sampled_from([0.5, 1.0, 4.0]),
)
def test_messages_are_as_far_apart_as_then(times_s: list[float], speed: float) -> None:
    """Over the speed, whatever the work between them; never early."""
    now_s = [100.0]
    metronome = Metronome(speed, now=lambda: now_s[0])
    for time_s in times_s:
        now_s[0] += metronome.wait_s(time_s)
        expected = 100.0 + (time_s - times_s[0]) / speed
        assert now_s[0] == pytest.approx(max(expected, 100.0))


def test_full_speed_waits_only_for_the_servers_limit() -> None:
    """Each message a least step after the one before."""
    metronome = Metronome(MAX_SPEED, 0.01, now=lambda: 5.0)
    assert [metronome.wait_s(time_s) for time_s in (0.0, 7.0, 7.0)] == pytest.approx(
        [0.0, 0.01, 0.02]
    )


@pytest.fixture(scope="module")
def motion(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client's words without a server's answers: three seconds of somebody who waves."""
    path = tmp_path_factory.mktemp("recorded") / "a.mcap"
    recorder = Recorder()
    tape = recorder.begin(path, {"kind": "motion", "frames": "false"}, frames=False)
    for message in (HELLO, PROMPTS, *poses(180), Bye()):
        tape.heard(message)
    tape.close()
    assert recorder.stop(20)
    return path


def test_people_are_told_whether_it_is_the_same(
    motion: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table of what came now, and on stderr how it compares."""
    assert run("replay", motion, "--embedded", "--speed", "max") == 0
    said = capsys.readouterr()
    assert "Final segments" in said.out
    assert "180 received" in said.out
    assert "0 final segments were recorded" in said.err or "The same 0" in said.err


def test_programs_get_lines_of_json(motion: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As from any replay: welcome, configured, labels 20 a second, stats, bye."""
    assert run("replay", motion, "--embedded", "--speed", "max", "--json") == 0
    lines = events(capsys.readouterr().out)
    kinds = [line.get("type") for line in lines]
    assert kinds[:2] == ["welcome", "configured"]
    assert kinds.count("label") >= 50
    assert [line["labels"] for line in lines if line.get("type") == "configured"] == [
        ["walks", "waves"]
    ]


def test_other_words_take_it_as_motion(motion: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same file as any recording of motion, asked something else."""
    words = ("--instruction", "stands still, then waves")
    assert run("replay", motion, "--embedded", "--speed", "max", "--json", *words) == 0
    first = events(capsys.readouterr().out)[0]
    assert first["labels"] == ["stands still", "waves"]


def test_other_files_are_one_red_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not a traceback: what was wrong, and what was expected."""
    (tmp_path / "a.mcap").write_bytes(b"something else")
    assert run("replay", tmp_path / "a.mcap", "--embedded") == 2
    assert "no MCAP file" in capsys.readouterr().err
    assert run("replay", tmp_path / "b.mcap") == 2
    assert "cannot be read" in capsys.readouterr().err


async def _film(clip_folder: Path, path: Path) -> None:
    async with (
        running(Config(port=0, video_model=str(clip_folder))) as server,
        Client.connect(server.url, kind="video", record=path) as client,
    ):
        await client.configure(Configure(prompts=["a person waves", "cuts an onion"]))
        for number in range(20):
            await client.send_image(jpeg(2 * number), number / 30)
        await client.finish()


@pytest.fixture
async def film(clip_folder: Path, tmp_path: Path) -> Path:
    """A session about video, recorded by its client."""
    await _film(clip_folder, tmp_path / "film.mcap")
    return tmp_path / "film.mcap"


def test_video_is_seen_again(
    film: Path, clip_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every frame that the server had room for gets its heatmap, in one thread and in order."""
    replay = ("replay", film, "--embedded", "--model", clip_folder, "--speed", "max")
    assert run(*replay, "--json") == 0
    lines = events(capsys.readouterr().out)
    (stats,) = [line for line in lines if line.get("type") == "stats"][-1:]
    assert stats["received"] == stats["processed"]
    heatmaps = [line for line in lines if line.get("type") == "heatmap"]
    assert {line["seq"] for line in heatmaps}
    assert [line["seq"] for line in heatmaps] == sorted(line["seq"] for line in heatmaps)
    assert run(*replay) == 0
    assert "key frames" in capsys.readouterr().out
