"""What a client knows of its session: server messages in, state and unread events out. Pure."""

import math

from clients.python.inbox import Inbox
from clients.python.segments import Segments
from stream.messages import (
    Configured,
    Enrolled,
    Heatmap,
    Label,
    SegmentMessage,
    ServerMessage,
    Stats,
    Welcome,
)


class View:
    """The newest label, all segments, the accounting, and the events not read yet."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.stats: Stats | None = None
        self.welcome: Welcome | None = None
        self.configured: Configured | None = None
        self.enrolled: Enrolled | None = None
        self.heatmap: Heatmap | None = None
        self._label: Label | None = None
        self._label_at_s = 0.0
        self._config: tuple[str, int] | None = None
        self._told_again = False
        self._segments = Segments()

    def take(self, message: ServerMessage, now_s: float) -> bool:
        """Take a message; return whether it may be the answer to a question: a `configured` or
        `enrolled` that a resumed session does not merely tell again."""
        news = self._segments.take(message)
        match message:
            case Welcome():
                self.welcome = message
                self._told_again = message.resumed and self.enrolled is not None
            case Label():
                self._label, self._label_at_s = message, now_s
            case Heatmap():
                self.heatmap = message
            case Stats():
                self.stats = message
            case Configured():
                news = self._is_new(message)
                self.configured = message
            case Enrolled():
                news = not (self._told_again and message == self.enrolled)
                self._told_again = False
                self.enrolled = message
            case SegmentMessage() if not news:
                return False
        self.inbox.put(message)
        return news and isinstance(message, Configured | Enrolled)

    def latest(self, now_s: float, max_age_s: float) -> Label | None:
        """The newest label, if it is young enough."""
        return self._label if self.age_s(now_s) <= max_age_s else None

    def age_s(self, now_s: float) -> float:
        """Time since the moment that the newest label speaks of; infinite before the first."""
        if self._label is None:
            return math.inf
        return self._label.age_ms / 1e3 + now_s - self._label_at_s

    @property
    def finals(self) -> list[SegmentMessage]:
        """All final segments that stand, by time."""
        return self._segments.finals

    def _is_new(self, message: Configured) -> bool:
        """A resumed session tells its old configuration again."""
        assert self.welcome is not None
        before, self._config = self._config, (self.welcome.session, message.config)
        return before != self._config
