"""The video that `watch-video` writes: frames wait for their heatmap and keep their order."""

import asyncio
from collections import deque
from pathlib import Path
from typing import Any, Final, Protocol

import cv2

from clients.footage import Shot
from engines.errors import ImageError
from stream.messages import Heatmap
from stream.overlay import Caption, Picture, draw, enlarged

KEPT: Final = 90
"""Frames that wait for a heatmap: three seconds."""
CODEC: Final = "mp4v"
Pair = tuple[Shot, Heatmap | None]


class Reel:
    """Frames and heatmaps in, frames with the heatmap to be drawn into them out. Pure."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, Shot]] = deque()
        self._newest: Heatmap | None = None

    def add(self, seq: int, shot: Shot) -> list[Pair]:
        """A frame was sent. The oldest of too many no longer waits for its own heatmap."""
        self._waiting.append((seq, shot))
        return [self._next()] if len(self._waiting) > KEPT else []

    def show(self, heatmap: Heatmap) -> list[Pair]:
        """A heatmap came. Frames before it that have none of their own get the one before."""
        before = [self._next() for seq, _ in list(self._waiting) if seq < heatmap.seq]
        self._newest = heatmap
        own = bool(self._waiting) and self._waiting[0][0] == heatmap.seq
        return [*before, self._next()] if own else before

    def rest(self) -> list[Pair]:
        """No more heatmaps come."""
        return [self._next() for _ in list(self._waiting)]

    def _next(self) -> Pair:
        return self._waiting.popleft()[1], self._newest


class Screen(Protocol):
    """Where frames go."""

    caption: Caption

    async def write(self, pairs: list[Pair]) -> None:
        """Take frames in their order."""


class Writer:
    """Draws and writes, in a thread, one batch after the other."""

    def __init__(self, path: Path, rate_hz: float) -> None:
        self.caption = Caption((), "")
        self.frames = 0
        self._path = path
        self._rate_hz = rate_hz
        self._lock = asyncio.Lock()
        self._writer: Any = None

    async def write(self, pairs: list[Pair]) -> None:
        """Write frames. Raises ImageError if the file cannot be written."""
        if pairs:
            async with self._lock:
                await asyncio.to_thread(self._write, pairs)

    def close(self) -> None:
        """Complete the file."""
        if self._writer is not None:
            self._writer.release()

    def _write(self, pairs: list[Pair]) -> None:
        for shot, heatmap in pairs:
            picture = enlarged(shot.picture)
            if self._writer is None:
                self._open(picture)
            self._writer.write(draw(picture, heatmap, self.caption))
            self.frames += 1

    def _open(self, picture: Picture) -> None:
        high, wide = picture.shape[:2]
        fourcc = cv2.VideoWriter.fourcc(*CODEC)
        self._writer = cv2.VideoWriter(str(self._path), fourcc, self._rate_hz, (wide, high))
        if not self._writer.isOpened():
            raise ImageError(f"{self._path} cannot be written. Give another path with --out.")
