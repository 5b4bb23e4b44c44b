"""What the user has not read yet: bounded, and no final segment is ever lost. Pure.

Labels, heatmaps, notices and errors: the newest `KEPT` of each. A segment's newer message takes
the place of its unread older one. Unread `dropped` messages with one reason are added up; of the
rest the newest stays. So only unread segments can pile up, at one message each.
"""

from collections import Counter, OrderedDict
from collections.abc import Hashable
from typing import Final

from stream.messages import (
    Dropped,
    ErrorMessage,
    Heatmap,
    Label,
    Notice,
    SegmentMessage,
    ServerMessage,
)

Event = ServerMessage
"""All that a server says, but for its pings, pongs and bye."""

NEWEST: Final = (Label, Heatmap, Notice, ErrorMessage)
KEPT: Final = 64
"""Unread labels, heatmaps, notices or errors: two or three seconds of results."""


class Inbox:
    """Events in the order in which they came."""

    def __init__(self) -> None:
        self.labels_skipped = 0
        self._events: OrderedDict[Hashable, Event] = OrderedDict()
        self._counts: Counter[type] = Counter()
        self._number = 0

    def put(self, event: Event) -> None:
        """Add an event; it may take the place of an unread one."""
        key = self._key(event)
        waiting = self._remove(key)
        if isinstance(event, Dropped) and isinstance(waiting, Dropped):
            event = _sum(waiting, event)
        self._events[key] = event
        self._counts[type(event)] += 1
        if (
            isinstance(event, Label | Heatmap | Notice | ErrorMessage)
            and self._counts[type(event)] > KEPT
        ):
            self._skip_oldest(type(event))

    def take(self) -> Event | None:
        """Remove and return the oldest event, None when all are read."""
        key = next(iter(self._events), None)
        return None if key is None else self._remove(key)

    def _key(self, event: Event) -> Hashable:
        match event:
            case SegmentMessage():
                return SegmentMessage, event.config, event.id
            case Dropped():
                return Dropped, event.reason
            case Label() | Heatmap() | Notice() | ErrorMessage():
                self._number += 1
                return self._number
        return type(event)

    def _remove(self, key: Hashable) -> Event | None:
        event = self._events.pop(key, None)
        if event is not None:
            self._counts[type(event)] -= 1
        return event

    def _skip_oldest(self, kind: type) -> None:
        self._remove(next(key for key, event in self._events.items() if isinstance(event, kind)))
        self.labels_skipped += kind in (Label, Heatmap)


def _sum(earlier: Dropped, later: Dropped) -> Dropped:
    return Dropped(
        reason=later.reason,
        first_seq=min(earlier.first_seq, later.first_seq),
        last_seq=max(earlier.last_seq, later.last_seq),
        count=earlier.count + later.count,
    )
