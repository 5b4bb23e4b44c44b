"""What a viewer knows of a running session: the labels, timeline, ages and rates so far.

Fed with the server's messages and told the time; draws nothing. Pure.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from clients.python.segments import Segments
from stream.messages import (
    Configured,
    Dropped,
    Label,
    Message,
    Notice,
    SegmentMessage,
    Stats,
    Welcome,
)

AGES_KEPT: Final = 20_000
RATE_WINDOW_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Action:
    """What the performer truly did, in capture time."""

    text: str
    start_s: float
    end_s: float


class Rate:
    """Events a second over the last two seconds."""

    def __init__(self) -> None:
        self.total = 0
        self._recent: deque[float] = deque()

    def count(self, now_s: float) -> None:
        """One event at this time."""
        self.total += 1
        self._recent.append(now_s)

    def hz(self, now_s: float) -> float:
        """Events a second at this time."""
        while self._recent and self._recent[0] < now_s - RATE_WINDOW_S:
            self._recent.popleft()
        span_s = self._recent[-1] - self._recent[0] if self._recent else 0.0
        return (len(self._recent) - 1) / span_s if span_s > 0 else 0.0


@dataclass
class Board:
    """State of the view. `source` names where the motion comes from."""

    source: str
    state: str = "connecting"
    model: str = ""
    lookahead_s: float = 0.0
    horizon_s: float = 0.0
    mode: str = ""
    labels: list[str] = field(default_factory=list)
    current: Label | None = None
    segments: Segments = field(default_factory=Segments)
    truth: list[Action] = field(default_factory=list)
    ages_ms: deque[float] = field(default_factory=lambda: deque(maxlen=AGES_KEPT))
    sent: Rate = field(default_factory=Rate)
    received: Rate = field(default_factory=Rate)
    dropped: Counter[str] = field(default_factory=Counter)
    notices: list[str] = field(default_factory=list)
    stats: Stats | None = None
    newest_s: float = 0.0
    first_s: float | None = None

    def frame_sent(self, time_s: float, now_s: float) -> None:
        """A frame with this capture time went out."""
        self.sent.count(now_s)
        self.newest_s = time_s
        if self.first_s is None:
            self.first_s = time_s

    def receive(self, message: Message, now_s: float) -> None:
        """Take in one message of the server."""
        self.segments.take(message)
        match message:
            case Welcome():
                self.model = f"{message.model.name} {message.model.version}"
                self.lookahead_s = message.model.lookahead_s
                self.state = "connected"
            case Configured():
                self.labels, self.mode = message.labels, message.mode
                self.lookahead_s, self.horizon_s = message.lookahead_s, message.horizon_s
                self.state = "live"
            case Label():
                self.current = message
                self.received.count(now_s)
            case Dropped():
                self.dropped[message.reason] += message.count
            case Notice():
                self.notices.append(message.text)
            case Stats():
                self.stats = message

    def age(self, age_ms: float) -> None:
        """A label came this long after its moment was captured."""
        self.ages_ms.append(age_ms)

    def timeline(self) -> list[SegmentMessage]:
        """All standing segments by start."""
        return self.segments.standing

    def finals(self) -> list[SegmentMessage]:
        """The segments that never change any more, by start."""
        return self.segments.finals

    def since_s(self) -> float | None:
        """Capture time since which the current label holds, None before the first label."""
        if self.current is None:
            return None
        ends = [segment.end_s for segment in self.timeline()]
        if self.current.index < 0:
            return max([end for end in ends if end <= self.current.time_s], default=self.first_s)
        starts = [s.start_s for s in self.timeline() if s.index == self.current.index]
        return max([start for start in starts if start <= self.current.time_s], default=None)

    def age_ms(self, percent: float) -> float | None:
        """A percentile of the label ages, None before the first label."""
        return float(np.percentile(self.ages_ms, percent)) if self.ages_ms else None

    def share_right(self) -> float:
        """Part of the performed time that final segments with the true action cover, 0..1."""
        total_s = right_s = 0.0
        for action in self.truth:
            end_s = min(action.end_s, self.newest_s)
            total_s += max(0.0, end_s - action.start_s)
            for segment in self.finals():
                if segment.label == action.text:
                    shared_s = min(end_s, segment.end_s) - max(action.start_s, segment.start_s)
                    right_s += max(0.0, shared_s)
        return right_s / total_s if total_s else 0.0

    def true_action(self, start_s: float, end_s: float) -> str:
        """What the performer did for most of this time; empty where that is not known."""
        overlap_s: dict[str, float] = {"": 0.0}
        for action in self.truth:
            shared_s = min(end_s, action.end_s) - max(start_s, action.start_s)
            overlap_s[action.text] = overlap_s.get(action.text, 0.0) + max(0.0, shared_s)
        return max(overlap_s, key=overlap_s.__getitem__)
