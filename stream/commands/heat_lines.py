"""A session about video in plain lines: what is there, and where, once in a while."""

from typing import Final, Self

from rich.console import Console

from stream.commands.board import Board
from stream.messages import Heat, Heatmap, Message, Notice

EVERY_S: Final = 1.0
"""Of the camera's time."""


class HeatLines:
    """A `Show`: prompts that are in the picture, with their highest peak."""

    def __init__(self, board: Board, console: Console) -> None:
        self._board = board
        self._console = console
        self._said_s = float("-inf")
        self._heatmaps = 0

    def __enter__(self) -> Self:
        self._say(f"liveground: {self._board.source}")
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def message(self, message: Message, now_s: float) -> None:
        """A heatmap is told if the last that was is old enough, or from before a set-back."""
        match message:
            case Heatmap(time_s=time_s):
                self._heatmaps += 1
                if not self._said_s <= time_s < self._said_s + EVERY_S:
                    self._said_s = time_s
                    self._say(f"{time_s:8.2f} s  {self._seen(message)}")
            case Notice():
                self._say(f"  notice  {message.text}")

    def refresh(self, now_s: float) -> None:
        return None

    def end(self) -> None:
        stats = self._board.stats
        told = f"{self._heatmaps} heatmaps"
        if stats is not None:
            drops = sum(stats.dropped.values())
            told += f" from {stats.key_frames} key frames; {stats.received} frames, {drops} dropped"
        self._say(told)

    def _seen(self, heatmap: Heatmap) -> str:
        there = [self._one(heat) for heat in heatmap.heats if heat.present]
        return ", ".join(there) or "nothing of what is looked for"

    def _one(self, heat: Heat) -> str:
        place = f" at x {heat.peaks[0].x:.2f} y {heat.peaks[0].y:.2f}" if heat.peaks else ""
        return f"{self._board.labels[heat.index]} ({heat.presence:.2f}){place}"

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
