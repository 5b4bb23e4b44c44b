"""JSON lines, plain lines and the live view, each of which a session can be shown in."""

import io
import json

from rich.console import Console

from stream.commands.board import Board
from stream.commands.show import JsonLines, LiveView, PlainLines, choose
from stream.messages import Message, SegmentMessage

FINAL = SegmentMessage(
    config=1, id=3, index=0, label="walks", start_s=1.0, end_s=2.5, score=0.5, state="final"
)
OPEN = SegmentMessage(
    config=1, id=4, index=0, label="walks", start_s=3.0, end_s=3.5, score=0.5, state="provisional"
)


def shown(messages: list[Message], console: Console, *, as_json: bool) -> str:
    board = Board("test")
    with choose(board, console, as_json=as_json) as screen:
        for number, message in enumerate(messages):
            board.receive(message, float(number))
            screen.message(message, float(number))
        screen.end()
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_json_ends_with_the_final_segments() -> None:
    """Events carry their type; the last lines are final segments with five fields, no others."""
    lines = shown([OPEN, FINAL], Console(file=io.StringIO()), as_json=True).splitlines()
    events = [json.loads(line) for line in lines]
    assert [event.get("type") for event in events] == ["segment", "segment", None]
    assert events[-1] == {"start_s": 1.0, "end_s": 2.5, "label": "walks", "index": 0, "score": 0.5}


def test_zero_scores_and_times_are_written_too() -> None:
    """No field of a final segment is left out because it is zero."""
    nothing = SegmentMessage(
        config=1, id=0, index=0, label="", start_s=0.0, end_s=0.0, score=0.0, state="final"
    )
    lines = shown([nothing], Console(file=io.StringIO()), as_json=True).splitlines()
    assert set(json.loads(lines[-1])) == {"start_s", "end_s", "label", "index", "score"}


def test_plain_lines_tell_each_final_segment_once() -> None:
    """A pipe gets a line for what became final, and the summary."""
    text = shown([OPEN, FINAL], Console(file=io.StringIO(), width=100), as_json=False)
    assert text.count("final  1.00 - 2.50 s  walks (score 0.50)") == 1
    assert "Final segments" in text
    assert "\x1b" not in text


def test_a_terminal_gets_the_drawn_view() -> None:
    """On a terminal the lanes are drawn, and the summary stays when the view is gone."""
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    text = shown([OPEN, FINAL], console, as_json=False)
    assert "provisional" in text
    assert "Final segments" in text


def test_the_right_kind_is_chosen() -> None:
    """JSON when asked for, even on a terminal."""
    terminal = Console(file=io.StringIO(), force_terminal=True)
    assert isinstance(choose(Board("x"), terminal, as_json=True), JsonLines)
    assert isinstance(choose(Board("x"), terminal, as_json=False), LiveView)
    assert isinstance(choose(Board("x"), Console(file=io.StringIO()), as_json=False), PlainLines)
