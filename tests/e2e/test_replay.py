"""`replay` as a user runs it: files in, final segments out, embedded and over a socket."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.clients.rig import humanoid, still

RUN = (sys.executable, "-m", "stream")
ENVIRON = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
Line = dict[str, object]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [*RUN, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=ENVIRON)


def events(done: subprocess.CompletedProcess[str]) -> list[Line]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def finals(lines: list[Line]) -> list[Line]:
    """The last lines, which tell the same as the events before them."""
    last = [line for line in lines if "type" not in line]
    assert lines[len(lines) - len(last) :] == last
    fields = ("start_s", "end_s", "label", "index", "score")
    told = [{name: line[name] for name in fields} for line in lines if line.get("state") == "final"]
    assert sorted(last, key=str) == sorted(told, key=str)
    return last


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of a rig that stands, then swings its legs and an arm, in centimetres."""
    rig = humanoid()
    rows = still(rig, 240)
    rows[:, :3] *= 100
    swing = 50 * np.sin(np.arange(180) / 6)
    for name, sign in (("LeftUpLeg", 1), ("RightUpLeg", -1), ("LeftArm", 1.5)):
        rows[60:, 4 + 3 * rig.in_file_order().index(name)] = sign * swing
    path = tmp_path_factory.mktemp("takes") / "take.bvh"
    path.write_text(rig.turned(np.diag([100.0] * 3)).text(rows))
    return path


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A real server process on a free port; its address."""
    command = [*RUN, "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=ENVIRON) as process:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "ws://" in line)
        yield line[line.index("ws://") :].split()[0]
        process.terminate()
        assert process.wait(timeout=30) == 0


def test_embedded_and_server_say_the_same(take: Path, server: str, tmp_path: Path) -> None:
    """Same recording, same words: the same final segments in the process and over a socket."""
    steps = tmp_path / "steps.json"
    steps.write_text(json.dumps(["a person stands still", "a person walks"]))
    options = (take, "--steps", steps, "--speed", "max", "--json")
    here = finals(events(run("replay", *options, "--embedded")))
    there = finals(events(run("replay", *options, "--url", server)))
    assert here == there


def test_every_event_is_one_line_of_json(take: Path) -> None:
    """Labels come 20 a second under their own type; the configuration comes first."""
    options = ("--prompts", str(prompts(take)), "--embedded", "--speed", "max", "--json")
    lines = events(run("replay", take, *options))
    assert lines[0]["type"] == "configured"
    assert lines[0]["mode"] == "watch"
    labels = [line for line in lines if line.get("type") == "label"]
    assert len(labels) > 60


def prompts(take: Path) -> Path:
    path = take.with_name("prompts.json")
    path.write_text(json.dumps(["a person walks", "a person waves the left hand"]))
    return path


def test_people_get_a_table(take: Path) -> None:
    """Without --json and without a terminal: plain lines and a table."""
    done = run("replay", take, "--embedded", "--instruction", "stands, then walks", "--speed", "9")
    assert done.returncode == 0, done.stderr
    assert "Final segments" in done.stdout
    assert "age p50" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_utkinect_sequence_takes_its_texts_as_steps(shared: Path, tmp_path: Path) -> None:
    """A noisy skeleton on an irregular clock: at most one final segment for each step, in order."""
    sequence = min((shared / "data/motion/utkinect").glob("*.npz"))
    steps = tmp_path / "steps.json"
    with np.load(sequence) as archive:
        steps.write_text(json.dumps(archive["text"].tolist()))
    options = ("--steps", steps, "--embedded", "--speed", "max", "--json")
    segments = finals(events(run("replay", sequence, *options)))
    order = [int(str(segment["index"])) for segment in segments]
    assert order == sorted(set(order))


@pytest.mark.parametrize("number", ["02_03", "02_05", "01_01"])
def test_real_motion_gives_final_segments(shared: Path, number: str) -> None:
    """CMU trials, BVH and canonical, come out as final segments inside the recording."""
    motion = shared / "data/motion"
    for file in (motion / f"cmu/{number}.npz", motion / f"cmu_bvh/0{number}.bvh"):
        options = ("--embedded", "--instruction", "a person moves", "--speed", "max", "--json")
        lines = events(run("replay", file, *options))
        seconds = max(float(str(line["time_s"])) for line in lines if line.get("type") == "label")
        for segment in finals(lines):
            assert 0 <= float(str(segment["start_s"])) < float(str(segment["end_s"]))
            assert float(str(segment["end_s"])) < seconds + 1
