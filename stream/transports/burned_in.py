"""The camera's own picture sent back with its heatmaps drawn into it, for clients that cannot draw.

It shows the newest frame with the newest heatmap; while it draws, frames in between are left out.
"""

import asyncio
from typing import Final

import numpy as np
from aiortc import VideoStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame
from av.video.reformatter import VideoReformatter

from stream.messages import Configured, Heatmap, Welcome
from stream.overlay import Caption, draw
from stream.protocol import JSON, MSGPACK


class BurnedIn(VideoStreamTrack):
    """A track to send. `show` and `note` are called on the event loop; drawing is done beside."""

    def __init__(self) -> None:
        super().__init__()
        self._frame: VideoFrame | None = None
        self._heatmap: Heatmap | None = None
        self._caption = Caption((), "")
        self._fresh: Final = asyncio.Event()

    def show(self, frame: VideoFrame) -> None:
        """The camera has a new frame."""
        self._frame = frame
        self._fresh.set()

    def note(self, data: bytes, *, text: bool) -> None:
        """The client is told this message."""
        match (JSON if text else MSGPACK).decode_server(data):
            case Welcome(video=model) if model is not None:
                self._caption = Caption(self._caption.labels, model.notice)
            case Configured(labels=labels):
                self._caption, self._heatmap = Caption(labels, self._caption.notice), None
            case Heatmap() as heatmap:
                self._heatmap = heatmap

    def stop(self) -> None:
        """End the track; who waits for a frame is told."""
        super().stop()
        self._fresh.set()

    async def recv(self) -> VideoFrame:
        """The newest frame, drawn. Raises MediaStreamError when the track has ended."""
        await self._fresh.wait()
        self._fresh.clear()
        if self.readyState != "live" or self._frame is None:
            raise MediaStreamError
        return await asyncio.to_thread(_drawn, self._frame, self._heatmap, self._caption)


def _drawn(frame: VideoFrame, heatmap: Heatmap | None, caption: Caption) -> VideoFrame:
    plain = VideoReformatter().reformat(frame, format="bgr24", threads=1)
    picture = draw(np.asarray(plain.to_ndarray(), np.uint8), heatmap, caption)
    drawn = VideoFrame.from_ndarray(picture, format="bgr24")
    drawn.pts, drawn.time_base = frame.pts, frame.time_base
    return drawn
