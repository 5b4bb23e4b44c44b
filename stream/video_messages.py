"""Messages of sessions about video. Field docs are the string below each field. Data only."""

from typing import Annotated

import msgspec
from msgspec import Meta

from stream.wire import Count, Finite, Message, Seconds

Share = Annotated[float, Meta(ge=0, le=1)]


class Image(Message, frozen=True, tag="image"):
    """One camera frame, in a session about video."""

    seq: Count
    """Frame number, counted up by the client."""
    time_s: Seconds
    """Capture time on the client's own clock, seconds. Any origin."""
    jpeg: bytes
    """A JPEG file, 8 bits a channel, of at most `limits.max_image_px` pixels. JSON: base64."""


class VideoModel(msgspec.Struct, frozen=True, kw_only=True):
    """The model that makes heatmaps."""

    name: str
    """Name of the model's folder."""
    version: str
    """Its version."""
    sha256: str
    """Hash of its manifest: the same hash gives the same heatmaps."""
    size_px: Count
    """Side of the square that frames are squashed to: pixels beyond are not needed."""
    calibrated: bool = True
    """Whether it can say that an action is absent. If not, `present` is always true, and
    `presence` only tells which prompts fit better than others."""
    notice: str
    """What whoever sees the heatmaps must be told of this model; empty for nothing."""


class Peak(msgspec.Struct, frozen=True, kw_only=True):
    """A place where a map is high. Places are shares of the picture's width and height, from its
    top left corner."""

    x: Finite
    """To the right, 0..1."""
    y: Finite
    """Down, 0..1."""
    score: Finite
    """The map's value there, 0..1."""
    box: list[Finite]
    """What belongs to the peak: left, top, right, bottom, 0..1."""


class Heat(msgspec.Struct, frozen=True, kw_only=True):
    """Where one prompt is in the picture."""

    index: Count
    """Position in `configured.labels`."""
    present: bool
    """Whether the action is in the picture at all. If not, the map says where it would be most
    likely."""
    presence: Finite
    """How sure that it is there, 0..1; of the key frame."""
    peaks: list[Peak]
    """Highest first."""
    low: Finite
    """Similarity, a cosine, that 0 in the grid stands for in the key frame..."""
    high: Finite
    """...and 255."""
    grid: bytes
    """`rows * columns` cells from the top left, row by row, one byte each. JSON: base64."""


class Heatmap(Message, frozen=True, tag="heatmap"):
    """Where the prompts are in frame `seq`. Sent for every frame that is used, and again when a
    newer key frame's maps come before the next frame."""

    config: Count
    """The configuration that it belongs to."""
    seq: Count
    """The frame that it speaks of."""
    time_s: Seconds
    """Its capture time."""
    key_time_s: Seconds
    """Capture time of the key frame, the one that the model has seen; from there the maps are
    carried along with the picture."""
    age_ms: Finite
    """Server's estimate of the time from capture of this frame to sending, relative to the fastest
    frame seen."""
    columns: Count
    """Cells across."""
    rows: Count
    """Cells down."""
    heats: list[Heat]
    """One for each of `configured.labels`, in their order."""
