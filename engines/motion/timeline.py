"""What the motion engine says: segments and updates. Data only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

UNKNOWN: Final = "unknown"
UNKNOWN_INDEX: Final = -1

Mode = Literal["script", "watch"]
"""script: ordered steps, each once. watch: an open set of prompts, any order, any number of
times."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One sub-action on the timeline, in the client's capture clock (seconds).

    `id` stays the same while a provisional segment is revised. A `final` segment never changes.
    `score` in 0..1: mean mask weight inside the segment times the match of its pooled motion and
    text.
    """

    id: int
    index: int
    label: str
    start_s: float
    end_s: float
    score: float
    final: bool


@dataclass(frozen=True, slots=True)
class Update:
    """The state of one person's timeline after some frames.

    `time_s`: capture time that `label` speaks of (newest frame minus look-ahead); None before the
    first. `index`: position of `label` among the configured steps or prompts, -1 for unknown.
    `scores`: one mask weight per step or prompt at `time_s`, each 0..1; the rest is unknown.
    `segments`: only those that are new, revised or became final with this update. `retracted`: ids
    of provisional segments that no longer exist.
    """

    time_s: float | None
    index: int
    label: str
    score: float
    scores: tuple[float, ...]
    segments: tuple[Segment, ...]
    retracted: tuple[int, ...]


NOTHING: Final = Update(None, UNKNOWN_INDEX, UNKNOWN, 0.0, (), (), ())
"""Nothing is known yet."""


def merge(updates: Sequence[Update]) -> Update:
    """One update for several, at least one: the newest label, each segment as and when it was told
    last, and every id that was retracted on the way."""
    segments: dict[int, Segment] = {}
    retracted: dict[int, None] = {}
    spoken = updates[-1]
    for update in updates:
        for segment in update.segments:
            segments.pop(segment.id, None)
            segments[segment.id] = segment
        for key in update.retracted:
            segments.pop(key, None)
            retracted[key] = None
        if update.time_s is not None or spoken.time_s is None:
            spoken = update
    return replace(spoken, segments=tuple(segments.values()), retracted=tuple(retracted))
