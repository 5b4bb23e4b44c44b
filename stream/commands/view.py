"""The terminal view of a running session: a board drawn with rich, for any width and both themes.

Final segments are solid, provisional ones hatched. Colours are the terminal's own.
"""

from typing import Final

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from engines.motion.timeline import UNKNOWN
from stream.commands.board import Board
from stream.messages import SegmentMessage

FINAL: Final = "█"
PROVISIONAL: Final = "▒"
COLOURS: Final = ("cyan", "magenta", "green", "blue", "red", "yellow")
MAX_LANES: Final = 12
TICK_S: Final = 5
SCORE_CELLS: Final = 24


def colour(index: int) -> str:
    """The colour of a label; unknown has none."""
    return COLOURS[index % len(COLOURS)] if index >= 0 else "dim"


def render(board: Board, now_s: float, width: int) -> RenderableType:
    """The whole view as it stands, `width` cells wide. `now_s`: the clock of the board's rates."""
    inner = width - 4
    parts: list[RenderableType] = [
        _header(board, inner),
        Text(),
        *_now(board, inner),
        Text(),
        *_lanes(board, inner),
        Text(),
        *_figures(board, now_s, inner),
    ]
    return Padding(Group(*parts), (1, 2))


def _header(board: Board, width: int) -> Table:
    title = Text.assemble(("liveground", "bold"), "  ", (board.source, "italic"))
    state = Text.assemble(("● ", "green" if board.state == "live" else "yellow"), board.state)
    grid = Table.grid(expand=False, padding=0)
    grid.add_column(width=width - 16, no_wrap=True, overflow="ellipsis")
    grid.add_column(width=16, justify="right", no_wrap=True)
    grid.add_row(title, state)
    model = f"{board.model or 'no model yet'} · {board.mode or 'not configured'}"
    elapsed_s = board.newest_s - (board.first_s or 0.0)
    grid.add_row(
        Text(f"{model} · look-ahead {board.lookahead_s * 1e3:.0f} ms", "dim"),
        Text(f"{elapsed_s:.1f} s", "dim"),
    )
    return grid


def _now(board: Board, width: int) -> list[RenderableType]:
    label = board.current
    if label is None:
        return [Text("  waiting for the first label", "dim italic"), Text(), Text()]
    name = label.label if label.index >= 0 else UNKNOWN
    style = "bold reverse " + colour(label.index) if label.index >= 0 else "dim reverse"
    since_s = board.since_s()
    since = "" if since_s is None else f"since {_clock(board, since_s)}"
    held = "" if since_s is None else f"  for {max(0.0, label.time_s - since_s):.1f} s"
    filled = round(label.score * SCORE_CELLS)
    bar = Text.assemble(
        ("━" * filled, colour(label.index)),
        ("━" * (SCORE_CELLS - filled), "bright_black"),
        ("  score ", "dim"),
        f"{label.score:.2f}",
    )
    line = Text.assemble((f"  {name}  ", style), f"   {since}", (held, "dim"))
    line.truncate(width, overflow="ellipsis")
    return [line, Text(), bar]


def _lanes(board: Board, width: int) -> list[RenderableType]:
    names = [*shortened(board.labels), UNKNOWN]
    room = max(12, min(max(map(cell_len, names)), width // 3, 36))
    cells = width - room - 2
    span_s = max(10.0, cells * (0.25 if cells < 80 else 0.2))
    start_s = board.newest_s - span_s
    if board.first_s is not None:
        start_s = max(start_s, board.first_s)
    rows: list[Text] = []
    shown = _shown(board, start_s)
    if board.truth:
        rows.append(_truth(board, start_s, span_s, room, cells))
    for index in shown:
        segments = [s for s in board.timeline() if s.index == index]
        lane = _lane(segments, start_s, span_s, cells, colour(index))
        bold = board.current is not None and board.current.index == index
        rows.append(_row(names[index], room, lane, "bold " * bold + colour(index)))
    if len(shown) < len(board.labels):
        more = f"{len(board.labels) - len(shown)} other prompts"
        rows.append(_row(more, room, Text(), "dim"))
    rows.append(_row(UNKNOWN, room, _unknown(board, start_s, span_s, cells), "dim"))
    rows.append(_axis(board, start_s, span_s, room, cells))
    return list(rows)


def shortened(labels: list[str]) -> list[str]:
    """The labels without the words that all of them begin with, such as `a person`."""
    words = [label.split() for label in labels]
    shared = 0
    if len(labels) > 1:
        rest = min(map(len, words)) - 1
        while shared < rest and len({tuple(word[: shared + 1]) for word in words}) == 1:
            shared += 1
    return [" ".join(word[shared:]) for word in words] if shared else labels


def _shown(board: Board, start_s: float) -> list[int]:
    """Labels that get a lane: all if they fit, else those seen lately, in their own order."""
    if len(board.labels) <= MAX_LANES:
        return list(range(len(board.labels)))
    recent = [s.index for s in reversed(board.timeline()) if s.end_s >= start_s]
    return sorted(list(dict.fromkeys(recent))[:MAX_LANES])


def _row(name: str, room: int, lane: Text, style: str) -> Text:
    title = Text(name, style)
    title.truncate(room, overflow="ellipsis")
    title.pad_left(room - title.cell_len)
    return Text.assemble(title, "  ", lane)


def _lane(
    segments: list[SegmentMessage], start_s: float, span_s: float, cells: int, style: str
) -> Text:
    lane = Text()
    step_s = span_s / cells
    for cell in range(cells):
        middle_s = start_s + (cell + 0.5) * step_s
        here = next((s for s in segments if s.start_s <= middle_s < s.end_s), None)
        if here is None:
            lane.append(*_ground(middle_s, step_s))
        else:
            lane.append(FINAL if here.state == "final" else PROVISIONAL, style)
    return lane


def _ground(middle_s: float, step_s: float) -> tuple[str, str]:
    is_tick = middle_s // TICK_S != (middle_s - step_s) // TICK_S
    return ("┊" if is_tick else " "), "bright_black"


def _unknown(board: Board, start_s: float, span_s: float, cells: int) -> Text:
    """Time that was labelled and has no segment: solid once the horizon has passed."""
    lane = Text()
    step_s = span_s / cells
    seen_s = board.current.time_s if board.current is not None else start_s
    segments = board.timeline()
    for cell in range(cells):
        middle_s = start_s + (cell + 0.5) * step_s
        known = any(s.start_s <= middle_s < s.end_s for s in segments)
        if known or middle_s > seen_s or middle_s < (board.first_s or 0.0):
            lane.append(*_ground(middle_s, step_s))
        else:
            is_final = middle_s < board.newest_s - board.horizon_s
            lane.append(FINAL if is_final else PROVISIONAL, "bright_black")
    return lane


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


def _figures(board: Board, now_s: float, width: int) -> list[RenderableType]:
    middle, high = board.age_ms(50), board.age_ms(95)
    ages = (
        "none yet" if middle is None or high is None else f"p50 {middle:.0f} ms  p95 {high:.0f} ms"
    )
    drops = sum(board.dropped.values())
    reasons = ", ".join(f"{count} {reason}" for reason, count in board.dropped.items())
    legend = Text.assemble((FINAL * 2, "default"), (" final  ", "dim"))
    legend.append_text(Text.assemble((PROVISIONAL * 2, "default"), (" provisional", "dim")))
    figures = Text.assemble(
        ("age ", "dim"),
        ages,
        ("   in ", "dim"),
        f"{board.sent.hz(now_s):.1f} Hz",
        ("   out ", "dim"),
        f"{board.received.hz(now_s):.1f} Hz",
        ("   dropped ", "dim"),
        (str(drops) + (f" ({reasons})" if drops else ""), "bold red" if drops else ""),
    )
    figures.truncate(width, overflow="ellipsis")
    lines: list[RenderableType] = [legend, figures]
    if board.notices:
        lines.append(Text(escape(board.notices[-1]), "yellow"))
    return lines


def plain(board: Board, now_s: float) -> str:
    """One line for pipes and logs."""
    middle, high = board.age_ms(50), board.age_ms(95)
    if board.current is None or middle is None or high is None:
        return f"{board.newest_s - (board.first_s or 0.0):7.1f} s  waiting for the first label"
    since_s = board.since_s()
    since = f", since {_clock(board, since_s)}" if since_s is not None else ""
    return (
        f"{board.newest_s - (board.first_s or 0.0):7.1f} s  {board.current.label}{since}"
        f" (score {board.current.score:.2f})  age p50 {middle:.0f} p95 {high:.0f} ms"
        f"  in {board.sent.hz(now_s):.1f} out {board.received.hz(now_s):.1f} Hz"
        f"  dropped {sum(board.dropped.values())}"
    )


def _clock(board: Board, time_s: float) -> str:
    return f"{time_s - (board.first_s or 0.0):.1f} s"


def summary(board: Board) -> Table:
    """The final segments, with the true action beside them where it is known."""
    table = Table(title="Final segments", title_justify="left", title_style="bold", box=None)
    table.add_column("from", justify="right")
    table.add_column("to", justify="right")
    table.add_column("label")
    table.add_column("score", justify="right")
    if board.truth:
        table.add_column("true action")
    names = dict(zip(board.labels, shortened(board.labels), strict=True))
    for segment in board.finals():
        row: list[str | Text] = [
            _clock(board, segment.start_s),
            _clock(board, segment.end_s),
            Text(names.get(segment.label, segment.label), colour(segment.index)),
            f"{segment.score:.2f}",
        ]
        table.add_row(*row, *_verdict(board, segment, names))
    return table


def closing(board: Board) -> list[Text]:
    """The figures of the whole session, one a line: right segments, label ages, frames."""
    lines: list[Text] = []
    finals = board.finals()
    if board.truth and finals:
        right = sum(s.label == board.true_action(s.start_s, s.end_s) for s in finals)
        lines.append(
            Text(
                f"{right} of {len(finals)} final segments have the true action; "
                f"{board.share_right():.0%} of the time is labelled right"
            )
        )
    middle, high = board.age_ms(50), board.age_ms(95)
    if middle is not None and high is not None:
        lines.append(
            Text(
                f"label age, capture to screen: p50 {middle:.0f} ms, p95 {high:.0f} ms, "
                f"of which the model's look-ahead is {board.lookahead_s * 1e3:.0f} ms"
            )
        )
    if board.stats is not None:
        stats, drops = board.stats, sum(board.stats.dropped.values())
        lines.append(
            Text(
                f"frames: {stats.received} received = {stats.processed} labelled + {drops} dropped "
                f"+ {stats.errored} refused + {stats.pending} pending"
            )
        )
    if unsent := board.dropped["unsent"]:
        lines.append(Text(f"{unsent} frames were never sent: the connection was lost", "yellow"))
    return lines


def _verdict(board: Board, segment: SegmentMessage, names: dict[str, str]) -> list[Text]:
    if not board.truth:
        return []
    truth = board.true_action(segment.start_s, segment.end_s)
    right = truth == segment.label
    name = names.get(truth, truth or "none")
    return [Text(f"{'✓' if right else '✗'} {name}", "green" if right else "red")]
