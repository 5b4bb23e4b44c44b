"""Three ways to show a running session: a live view, plain lines, and JSON lines for programs."""

import time
from types import TracebackType
from typing import Final, Protocol, Self

import msgspec
from rich.console import Console
from rich.live import Live

from stream.commands.board import Board
from stream.commands.view import closing, plain, render, summary
from stream.messages import Label, Message, Notice, SegmentMessage

REDRAW_S: Final = 0.1
PLAIN_S: Final = 2.0


class Show(Protocol):
    """Shows a board while it changes; used as a context manager."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def message(self, message: Message, now_s: float) -> None:
        """The board has taken in this message."""

    def refresh(self, now_s: float) -> None:
        """Draw again if it is time to."""

    def end(self) -> None:
        """Everything is final: show the segments."""


class LiveView:
    """The drawn view, ten times a second."""

    def __init__(self, board: Board, console: Console) -> None:
        self._board = board
        self._console = console
        self._live = Live(console=console, auto_refresh=False, screen=console.is_alt_screen)
        self._drawn_s = float("-inf")

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def message(self, message: Message, now_s: float) -> None:
        self.refresh(now_s)

    def refresh(self, now_s: float) -> None:
        if now_s - self._drawn_s >= REDRAW_S:
            self._drawn_s = now_s
            self._live.update(render(self._board, now_s, self._console.width), refresh=True)

    def end(self) -> None:
        self._live.update(render(self._board, self._drawn_s, self._console.width), refresh=True)
        self._live.stop()
        _close(self._board, self._console)


def _close(board: Board, console: Console) -> None:
    console.print(summary(board))
    for line in closing(board):
        console.print(line)


class PlainLines:
    """What is shown, a line every two seconds, and one for each segment that became final."""

    def __init__(self, board: Board, console: Console) -> None:
        self._board = board
        self._console = console
        self._said_s = float("-inf")

    def __enter__(self) -> Self:
        self._say(f"liveground: {self._board.source}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def message(self, message: Message, now_s: float) -> None:
        match message:
            case SegmentMessage(state="final"):
                first_s = self._board.first_s or 0.0
                self._say(
                    f"  final  {message.start_s - first_s:.2f} - {message.end_s - first_s:.2f} s"
                    f"  {message.label} (score {message.score:.2f})"
                )
            case Notice():
                self._say(f" notice  {message.text}")
            case Label():
                self.refresh(now_s)

    def refresh(self, now_s: float) -> None:
        if now_s - self._said_s >= PLAIN_S:
            self._said_s = now_s
            self._say(plain(self._board, now_s))

    def end(self) -> None:
        _close(self._board, self._console)

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


class FinalSegment(msgspec.Struct, frozen=True, kw_only=True):
    """The last lines of JSON output."""

    start_s: float
    end_s: float
    label: str
    index: int
    score: float


class JsonLines:
    """Every message on one line as on the wire, then the final segments."""

    def __init__(self, board: Board, console: Console) -> None:
        self._board = board
        self._file = console.file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def message(self, message: Message, now_s: float) -> None:
        self._say(message)

    def refresh(self, now_s: float) -> None:
        return None

    def end(self) -> None:
        for segment in self._board.finals():
            self._say(
                FinalSegment(
                    start_s=segment.start_s,
                    end_s=segment.end_s,
                    label=segment.label,
                    index=segment.index,
                    score=segment.score,
                )
            )

    def _say(self, line: msgspec.Struct) -> None:
        self._file.write(msgspec.json.encode(line).decode() + "\n")
        self._file.flush()


def tell(message: Message, board: Board, screen: Show) -> None:
    """A message has come just now, from models in this process."""
    now_s = time.monotonic()
    board.receive(message, now_s)
    if isinstance(message, Label):
        board.age(message.age_ms)
    screen.message(message, now_s)


def choose(board: Board, console: Console, *, as_json: bool) -> Show:
    """JSON when asked for, the drawn view on a terminal, plain lines elsewhere."""
    if as_json:
        return JsonLines(board, console)
    return LiveView(board, console) if console.is_terminal else PlainLines(board, console)
