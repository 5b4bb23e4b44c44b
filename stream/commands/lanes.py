"""The timeline of the terminal view: one lane for each label, in the terminal's own colours.

Final segments are solid, provisional ones hatched, so that no colour is needed to tell them apart.
"""

from itertools import groupby
from operator import itemgetter
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from engines.motion.timeline import UNKNOWN
from stream.commands.board import Board
from stream.messages import SegmentMessage

FINAL: Final = "█"
PROVISIONAL: Final = "▒"
COLOURS: Final = ("cyan", "magenta", "green", "blue", "red", "yellow")
MAX_LANES: Final = 12
TICK_S: Final = 5


def colour(index: int) -> str:
    """The colour of a label; unknown has none."""
    return COLOURS[index % len(COLOURS)] if index >= 0 else "dim"


def lanes(board: Board, width: int) -> list[Text]:
    """The truth, one lane for each label, unknown, and the seconds; `width` cells wide."""
    names = [*shortened(board.labels), UNKNOWN]
    room = max(12, min(max(map(cell_len, names)), width // 3, 36))
    cells = width - room - 2
    span_s = max(10.0, cells * (0.25 if cells < 80 else 0.2))
    start_s = board.newest_s - span_s
    if board.first_s is not None:
        start_s = max(start_s, board.first_s)
    rows: list[Text] = []
    recent = [segment for segment in board.timeline() if segment.end_s >= start_s]
    shown = _shown(board, recent)
    if board.truth:
        rows.append(_truth(board, start_s, span_s, room, cells))
    for index in shown:
        lane = _lane([s for s in recent if s.index == index], start_s, span_s, cells, colour(index))
        bold = board.current is not None and board.current.index == index
        rows.append(_row(names[index], room, lane, "bold " * bold + colour(index)))
    if len(shown) < len(board.labels):
        more = f"{len(board.labels) - len(shown)} other prompts"
        rows.append(_row(more, room, Text(), "dim"))
    rows.append(_row(UNKNOWN, room, _unknown(board, recent, start_s, span_s, cells), "dim"))
    rows.append(_axis(board, start_s, span_s, room, cells))
    return rows


def shortened(labels: list[str]) -> list[str]:
    """The labels without the words that all of them begin with, such as `a person`."""
    words = [label.split() for label in labels]
    shared = 0
    if len(labels) > 1:
        rest = min(map(len, words)) - 1
        while shared < rest and len({tuple(word[: shared + 1]) for word in words}) == 1:
            shared += 1
    return [" ".join(word[shared:]) for word in words] if shared else labels


def _shown(board: Board, recent: list[SegmentMessage]) -> list[int]:
    """Labels that get a lane: all if they fit, else those seen lately, in their own order."""
    if len(board.labels) <= MAX_LANES:
        return list(range(len(board.labels)))
    newest_first = dict.fromkeys(segment.index for segment in reversed(recent))
    return sorted(list(newest_first)[:MAX_LANES])


def _row(name: str, room: int, lane: Text, style: str) -> Text:
    title = Text(name, style)
    title.truncate(room, overflow="ellipsis")
    title.pad_left(room - title.cell_len)
    return Text.assemble(title, "  ", lane)


def _lane(
    segments: list[SegmentMessage], start_s: float, span_s: float, cells: int, style: str
) -> Text:
    marks: list[tuple[str, str]] = []
    step_s = span_s / cells
    for cell in range(cells):
        middle_s = start_s + (cell + 0.5) * step_s
        here = next((s for s in segments if s.start_s <= middle_s < s.end_s), None)
        if here is None:
            marks.append(_ground(middle_s, step_s))
        else:
            marks.append((FINAL if here.state == "final" else PROVISIONAL, style))
    return _joined(marks)


def _joined(marks: list[tuple[str, str]]) -> Text:
    """One text of many cells; equal neighbours become one span, which is what drawing costs."""
    runs = ("".join(mark for mark, _ in run) for _, run in groupby(marks, key=itemgetter(1)))
    styles = (style for style, _ in groupby(marks, key=itemgetter(1)))
    return Text.assemble(*zip(runs, styles, strict=True))


def _ground(middle_s: float, step_s: float) -> tuple[str, str]:
    is_tick = middle_s // TICK_S != (middle_s - step_s) // TICK_S
    return ("┊" if is_tick else " "), "bright_black"


def _unknown(
    board: Board, segments: list[SegmentMessage], start_s: float, span_s: float, cells: int
) -> Text:
    """Time that was labelled and has no segment: solid once the horizon has passed."""
    marks: list[tuple[str, str]] = []
    step_s = span_s / cells
    seen_s = board.current.time_s if board.current is not None else start_s
    for cell in range(cells):
        middle_s = start_s + (cell + 0.5) * step_s
        known = any(s.start_s <= middle_s < s.end_s for s in segments)
        if known or middle_s > seen_s or middle_s < (board.first_s or 0.0):
            marks.append(_ground(middle_s, step_s))
        else:
            is_final = middle_s < board.newest_s - board.horizon_s
            marks.append((FINAL if is_final else PROVISIONAL, "bright_black"))
    return _joined(marks)


def _truth(board: Board, start_s: float, span_s: float, room: int, cells: int) -> Text:
    """What the performer truly does, its names written into the lane."""
    marks, step_s = [" "] * cells, span_s / cells
    names = dict(zip(board.labels, shortened(board.labels), strict=True))
    for action in board.truth:
        first = round((action.start_s - start_s) / step_s)
        last = min(cells, round((min(action.end_s, board.newest_s) - start_s) / step_s))
        if last <= max(0, first):
            continue
        text = ("▏" if first >= 0 else "") + names.get(action.text, action.text)
        begin = max(0, first)
        for place, letter in enumerate(text[: last - begin]):
            marks[begin + place] = letter
    return _row("truth", room, Text("".join(marks), "italic"), "italic")


def _axis(board: Board, start_s: float, span_s: float, room: int, cells: int) -> Text:
    marks, step_s = [" "] * cells, span_s / cells
    for cell in range(cells):
        middle_s = start_s + (cell + 0.5) * step_s
        if middle_s // TICK_S != (middle_s - step_s) // TICK_S:
            text = str(round(middle_s // TICK_S * TICK_S - (board.first_s or 0.0)))
            if cell + len(text) <= cells:
                marks[cell : cell + len(text)] = text
    return _row("seconds", room, Text("".join(marks), "dim"), "dim")
