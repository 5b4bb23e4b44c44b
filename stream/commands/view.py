"""The terminal view of a running session: a board drawn with rich, any width, both themes."""

from typing import Final

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from engines.motion.timeline import UNKNOWN
from stream.commands.board import Board
from stream.commands.lanes import FINAL, PROVISIONAL, colour, lanes, shortened
from stream.messages import SegmentMessage

SCORE_CELLS: Final = 24


def render(board: Board, now_s: float, width: int) -> RenderableType:
    """The whole view as it stands, `width` cells wide. `now_s`: the clock of the board's rates."""
    inner = width - 4
    parts: list[RenderableType] = [
        _header(board, inner),
        Text(),
        *_now(board, inner),
        Text(),
        *lanes(board, inner),
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
