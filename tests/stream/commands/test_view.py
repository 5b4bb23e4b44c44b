"""The drawn view: fits any width, tells final from provisional, and shows names as they are."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from stream.commands.board import Action, Board
from stream.commands.lanes import FINAL, PROVISIONAL, shortened
from stream.commands.view import closing, plain, render, summary
from stream.messages import Configured, Label, Notice, SegmentMessage

LABELS = ["walks [bold]fast[/bold]", "a person waves both hands above the head for a while", "坐る"]


def drawn(board: Board, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, record=True)
    console.print(render(board, 10.0, width))
    return console.export_text().splitlines()


def busy(labels: list[str], spans: list[tuple[float, float, int]]) -> Board:
    board = Board("synthetic performer")
    board.receive(
        Configured(config=1, mode="watch", labels=labels, lookahead_s=0.4, horizon_s=2.0), 0.0
    )
    for frame in range(600):
        board.frame_sent(100 + frame / 60, frame / 60)
    for id_, (start_s, end_s, index) in enumerate(spans):
        board.receive(
            SegmentMessage(
                config=1,
                id=id_,
                index=index,
                label=labels[index],
                start_s=100 + start_s,
                end_s=100 + end_s,
                score=0.9,
                state="final" if end_s < 7 else "provisional",
            ),
            0.0,
        )
    board.receive(
        Label(
            config=1,
            seq=1,
            time_s=109.5,
            age_ms=410.0,
            index=0,
            label=labels[0],
            score=1.0,
            scores=[1.0],
        ),
        9.9,
    )
    board.age(410.0)
    return board


@settings(deadline=None, max_examples=30)
@given(
    width=st.integers(40, 220),
    count=st.integers(1, 40),
    spans=st.lists(
        st.tuples(st.floats(0, 9), st.floats(0, 9), st.integers(0, 39)), min_size=0, max_size=8
    ),
)
def test_it_fits_every_width(width: int, count: int, spans: list[tuple[float, float, int]]) -> None:
    """No line is wider than the terminal, and no line wraps into more than the lanes need."""
    labels = [f"does the thing number {number} with the left hand" for number in range(count)]
    fitted = [(min(a, b), max(a, b), index % count) for a, b, index in spans]
    lines = drawn(busy(labels, fitted), width)
    assert max(map(len, lines)) <= width
    assert len(lines) <= 14 + 12 + 3


def test_final_is_solid_and_provisional_is_hatched() -> None:
    """One lane for each label; the state of a segment can be seen without colour."""
    lines = drawn(busy(["walks", "waves"], [(1, 6, 0), (6, 9, 1)]), 100)
    [walks] = [line for line in lines if line.strip().startswith("walks") and "since" not in line]
    [waves] = [line for line in lines if line.strip().startswith("waves")]
    assert FINAL in walks
    assert PROVISIONAL not in walks
    assert PROVISIONAL in waves
    assert FINAL not in waves
    assert walks.rindex(FINAL) < waves.index(PROVISIONAL)


def test_labels_are_shown_as_they_are() -> None:
    """Brackets in a prompt are text, not markup."""
    text = "\n".join(drawn(busy(LABELS, [(1, 6, 0)]), 160))
    assert "walks [bold]fast[/bold]" in text
    assert "坐る" in text


@pytest.mark.parametrize(
    ("labels", "short"),
    [
        (["a person walks", "a person sits down"], ["walks", "sits down"]),
        (["a person walks", "a man sits"], ["person walks", "man sits"]),
        (["walks", "walks fast"], ["walks", "walks fast"]),
        (["a person walks"], ["a person walks"]),
        (["jump", "jump"], ["jump", "jump"]),
        ([], []),
    ],
)
def test_words_that_all_labels_share_are_left_out(labels: list[str], short: list[str]) -> None:
    """Lanes are narrow; a single label and the last word always stay."""
    assert shortened(labels) == short


def test_the_truth_has_its_own_lane() -> None:
    """What the performer does is written above the labels' lanes."""
    board = busy(["walks"], [(1, 6, 0)])
    board.truth = [Action("walks", 100, 106), Action("sits", 106, 120)]
    [truth] = [line for line in drawn(board, 100) if line.strip().startswith("truth")]
    assert truth.index("walks") < truth.index("sits")


@pytest.mark.parametrize("width", [40, 80, 140])
def test_an_empty_board_can_be_drawn(width: int) -> None:
    """Before the first message there is something to see as well."""
    assert any("waiting for the first label" in line for line in drawn(Board("x"), width))
    assert "waiting" in plain(Board("x"), 0.0)


def test_the_plain_line_has_the_figures() -> None:
    """Label, since when, ages, rates and drops on one line."""
    board = busy(["walks"], [(8, 9.5, 0)])
    line = plain(board, 9.99)
    assert "walks, since 8.0 s (score 1.00)" in line
    assert "age p50 410 p95 410 ms" in line
    assert "in 60.0" in line
    assert "\n" not in line


def test_notices_are_shown() -> None:
    """The newest notice of the server stands below the figures."""
    board = busy(["walks"], [])
    board.receive(Notice(code="gap", text="2.0 s without frames"), 0.0)
    assert any("2.0 s without frames" in line for line in drawn(board, 80))


def test_the_closing_lines_say_what_was_never_sent() -> None:
    """Frames lost with a connection are told apart from the server's drops."""
    board = busy(["walks"], [])
    assert not any("never sent" in line.plain for line in closing(board))
    board.dropped["unsent"] = 7
    assert any("7 frames were never sent" in line.plain for line in closing(board))


def test_the_summary_holds_final_segments_only_and_their_truth() -> None:
    """A right label is marked as such, a wrong one shows what was true."""
    board = busy(["walks", "waves"], [(1, 3, 0), (3, 6, 1), (6, 9, 0)])
    board.truth = [Action("walks", 100, 106)]
    console = Console(file=io.StringIO(), width=100, record=True)
    console.print(summary(board))
    rows = console.export_text().splitlines()[2:]
    assert len(rows) == 2
    assert "✓ walks" in rows[0]
    assert "✗ walks" in rows[1]
