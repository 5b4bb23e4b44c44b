"""A session about video in plain lines: once a second of the camera's time."""

import io

import pytest
from rich.console import Console

from stream.commands.board import Board
from stream.commands.heat_lines import HeatLines
from stream.messages import Configured, Heat, Heatmap, Notice, Peak, Stats

STATS = dict.fromkeys(Stats.__struct_fields__, 0) | {"received": 40, "key_frames": 3}


def heatmap(time_s: float, *, present: bool = True) -> Heatmap:
    peak = Peak(x=0.25, y=0.5, score=1.0, box=[0.0, 0.0, 1.0, 1.0])
    heats = [
        Heat(
            index=index,
            present=present and not index,
            presence=0.9,
            peaks=[peak],
            low=0.0,
            high=1.0,
            grid=b"\x00",
        )
        for index in range(2)
    ]
    fields = {"config": 1, "seq": 0, "key_time_s": 0.0, "age_ms": 1.0, "columns": 1, "rows": 1}
    return Heatmap(time_s=time_s, heats=heats, **fields)  # type: ignore[arg-type]


@pytest.fixture
def board() -> Board:
    board = Board("test")
    labels = ["cuts an onion", "waves"]
    board.receive(
        Configured(config=1, mode="watch", labels=labels, lookahead_s=0.0, horizon_s=0.0), 0.0
    )
    return board


def said(board: Board, *messages: object) -> list[str]:
    file = io.StringIO()
    with HeatLines(board, Console(file=file, width=200)) as screen:
        for message in messages:
            board.receive(message, 0.0)  # type: ignore[arg-type]
            screen.message(message, 0.0)  # type: ignore[arg-type]
        screen.end()
    return file.getvalue().splitlines()


def test_what_is_there_is_told_once_a_second(board: Board) -> None:
    """Thirty heatmaps a second, one line; only what is present, with its place."""
    lines = said(board, *(heatmap(frame / 30) for frame in range(45)))
    assert len(lines) == 1 + 2 + 1
    assert lines[1].split() == [
        "0.00",
        "s",
        "cuts",
        "an",
        "onion",
        "(0.90)",
        "at",
        "x",
        "0.25",
        "y",
        "0.50",
    ]
    assert lines[-1] == "45 heatmaps"


def test_a_clock_that_is_set_back_is_told_at_once(board: Board) -> None:
    """Not after it has come where it was."""
    lines = said(board, heatmap(50.0), heatmap(3.0, present=False))
    assert [line.split()[0] for line in lines[1:-1]] == ["50.00", "3.00"]
    assert "nothing" in lines[2]


def test_notices_and_the_accounting_are_told(board: Board) -> None:
    """As from any replay."""
    stats = Stats(**STATS | {"dropped": {"busy": 2}})  # type: ignore[arg-type]
    lines = said(board, Notice(code="clock_reset", text="set back"), stats, heatmap(0.0))
    assert "set back" in lines[1]
    assert lines[-1] == "1 heatmaps from 3 key frames; 40 frames, 2 dropped"
