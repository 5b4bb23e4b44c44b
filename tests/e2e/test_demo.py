"""`liveground demo` as a newcomer runs it: server, performer and client over a real socket."""

import os
import re
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def demo() -> subprocess.CompletedProcess[str]:
    """Six seconds of the demo, told by the environment as `make demo` does, without a terminal."""
    environ = {**os.environ, "DEMO_SECONDS": "6", "NO_COLOR": "1", "COLUMNS": "100"}
    environ.pop("PYTHONASYNCIODEBUG", None)  # tells on stderr how slow this machine is
    command = [sys.executable, "-W", "error", "-m", "stream", "demo"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environ)


def test_it_ends_well(demo: subprocess.CompletedProcess[str]) -> None:
    """Exit code 0, nothing on stderr, no escape codes in a pipe."""
    assert demo.returncode == 0, demo.stderr
    assert demo.stderr == ""
    assert "\x1b" not in demo.stdout


def test_it_says_what_moves(demo: subprocess.CompletedProcess[str]) -> None:
    """Nobody takes the performer for a person."""
    assert "synthetic performer" in demo.stdout.splitlines()[0]


def test_it_says_where_the_page_is(demo: subprocess.CompletedProcess[str]) -> None:
    """Its address comes first; without a screen nothing is opened or waited for."""
    assert re.search(r"http://127\.0\.0\.1:\d+$", demo.stdout.splitlines()[1])


def test_lines_come_while_it_runs(demo: subprocess.CompletedProcess[str]) -> None:
    """Rates and ages every two seconds: about 60 poses in and 20 labels out a second."""
    lines = [line for line in demo.stdout.splitlines() if "age p50" in line]
    assert len(lines) >= 2
    assert re.search(r"in [56]\d\.\d out [12]\d\.\d Hz", demo.stdout)


def test_the_summary_accounts_for_every_frame(demo: subprocess.CompletedProcess[str]) -> None:
    """received = labelled + dropped + refused + pending, and nothing is pending."""
    found = re.search(
        r"(\d+) received = (\d+) labelled \+ (\d+) dropped \+ (\d+) refused \+ 0 pending",
        demo.stdout,
    )
    assert found is not None, demo.stdout
    received, labelled, dropped, refused = map(int, found.groups())
    assert received == labelled + dropped + refused
    assert received >= 6 * 60 - 10


def test_the_summary_compares_with_what_was_performed(
    demo: subprocess.CompletedProcess[str],
) -> None:
    """Final segments stand beside the true actions, with the label ages."""
    assert "Final segments" in demo.stdout
    assert "true action" in demo.stdout
    assert re.search(r"label age, capture to screen: p50 \d+ ms, p95 \d+ ms", demo.stdout)


def test_rendered_video_is_shown_and_judged(demo: subprocess.CompletedProcess[str]) -> None:
    """With the model's own word about itself, and peaks against the boxes of who does it."""
    assert "trained on rendered scenes" in demo.stdout.replace("\n", " ")
    found = re.search(r"(\d+) of (\d+) peaks lie in the box", demo.stdout)
    assert found is not None, demo.stdout
    right, asked = map(int, found.groups())
    assert asked >= 200
    assert right > 0.5 * asked
