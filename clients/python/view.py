"""What a client knows of its session: server messages in, state and unread events out. Pure."""

import math

from clients.python.inbox import Inbox
from stream.messages import Configured, Label, SegmentMessage, ServerMessage, Stats, Welcome


class View:
    """The newest label, all segments, the accounting, and the events not read yet."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.stats: Stats | None = None
        self.welcome: Welcome | None = None
        self._label: Label | None = None
        self._label_at_s = 0.0
        self._configured: tuple[str, int] | None = None
        self._segments: dict[tuple[str, int, int], SegmentMessage] = {}

    def take(self, message: ServerMessage, now_s: float) -> bool:
        """Take a message; return whether it is a `configured` that was not in force before."""
        match message:
            case Welcome():
                self.welcome = message
            case Label():
                self._label, self._label_at_s = message, now_s
            case Stats():
                self.stats = message
            case SegmentMessage() if not self._is_news(message):
                return False
        self.inbox.put(message)
        return isinstance(message, Configured) and self._is_new(message)

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
        """All final segments, by time."""
        finals = (each for each in self._segments.values() if each.state == "final")
        return sorted(finals, key=lambda each: each.start_s)

    def _is_news(self, message: SegmentMessage) -> bool:
        """A resumed session tells its segments again."""
        key = self._session, message.config, message.id
        before, self._segments[key] = self._segments.get(key), message
        return before != message

    def _is_new(self, message: Configured) -> bool:
        """A resumed session tells its old configuration again."""
        before, self._configured = self._configured, (self._session, message.config)
        return before != self._configured

    @property
    def _session(self) -> str:
        assert self.welcome is not None
        return self.welcome.session
