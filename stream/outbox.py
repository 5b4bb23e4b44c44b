"""What waits to be sent to one client, in two planes. Pure.

Control is never dropped: when too much of it waits, the client is too slow. Labels and heatmaps
are bounded and the newest win. Both leave in the order in which they came. Two kinds of control
are brought up to date while they wait: adjacent `dropped` of one reason become one, and a
provisional segment that is revised goes out only in its newest form.
"""

from collections import OrderedDict, deque
from typing import Final

from stream.config import Config
from stream.errors import SlowClient
from stream.messages import Dropped, Heatmap, Label, Message, SegmentMessage

MAX_HEATMAPS: Final = 2
"""Unsent heatmaps: an older one is of no use to anybody."""


class Outbox:
    """Messages in, messages out, bounded."""

    def __init__(self, config: Config) -> None:
        self._max_control = config.max_control_messages
        self._max_labels = config.max_waiting_labels
        self._next = 0
        self._waiting: OrderedDict[int, Message] = OrderedDict()
        self._data: deque[int] = deque()
        self._provisional: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: Message) -> int:
        """Take a message; return how many labels or heatmaps gave way to it. Raises SlowClient."""
        match message:
            case Label():
                return self._put_data(message, self._max_labels)
            case Heatmap():
                return self._put_data(message, MAX_HEATMAPS)
            case SegmentMessage():
                self._put_segment(message)
            case Dropped() if self._merged(message):
                pass
            case _:
                self._put_control(message)
        return 0

    def take(self) -> Message | None:
        """Give out the oldest message; None when there is none."""
        if not self._waiting:
            return None
        order, message = self._waiting.popitem(last=False)
        if isinstance(message, Label | Heatmap):
            self._data.popleft()
        elif isinstance(message, SegmentMessage) and self._provisional.get(message.id) == order:
            del self._provisional[message.id]
        return message

    def _add(self, message: Message) -> int:
        order = self._next
        self._next += 1
        self._waiting[order] = message
        return order

    def _put_data(self, message: Label | Heatmap, most: int) -> int:
        skipped = 0
        while len(self._data) >= most:
            del self._waiting[self._data.popleft()]
            skipped += 1
        self._data.append(self._add(message))
        return skipped

    def _put_segment(self, segment: SegmentMessage) -> None:
        older = self._provisional.pop(segment.id, None)
        if older is not None:
            del self._waiting[older]
        order = self._put_control(segment)
        if segment.state == "provisional":
            self._provisional[segment.id] = order

    def _put_control(self, message: Message) -> int:
        waiting = len(self._waiting) - len(self._data)
        if waiting >= self._max_control:
            raise SlowClient(
                f"{waiting} messages wait to be read; the limit is {self._max_control}. "
                "Read faster, then resume."
            )
        return self._add(message)

    def _merged(self, dropped: Dropped) -> bool:
        if not self._waiting:
            return False
        order = next(reversed(self._waiting))
        last = self._waiting[order]
        if not isinstance(last, Dropped) or last.reason != dropped.reason:
            return False
        if dropped.first_seq != last.last_seq + 1:
            return False
        self._waiting[order] = Dropped(
            reason=last.reason,
            first_seq=last.first_seq,
            last_seq=dropped.last_seq,
            count=last.count + dropped.count,
        )
        return True
