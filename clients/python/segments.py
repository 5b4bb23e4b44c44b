"""All segments of a client's sessions as last told, and which of them stand. Pure.

Where the server answers the same question anew (`configured.cause`), the new segments take the
place of the older configurations' from `since_s` on.
"""

from typing import NamedTuple

from stream.messages import Configured, Message, SegmentMessage, Welcome


class _Anew(NamedTuple):
    session: str
    first: int
    """Configuration in which the question was asked."""
    config: int
    since_s: float


class Segments:
    """The timeline of one person, over all connections."""

    def __init__(self) -> None:
        self._session = ""
        self._asked: dict[tuple[str, int], int] = {}
        self._asked_last = 0
        self._anew: list[_Anew] = []
        self._told: dict[tuple[str, int, int], SegmentMessage] = {}

    def take(self, message: Message) -> bool:
        """Take any message; whether it is news: a resumed session tells its segments again."""
        match message:
            case Welcome():
                self._session = message.session
            case Configured():
                self._configured(message)
            case SegmentMessage():
                key = self._session, message.config, message.id
                before, self._told[key] = self._told.get(key), message
                return before != message
        return True

    @property
    def standing(self) -> list[SegmentMessage]:
        """All segments that were not taken back and not told anew, by time."""
        there = [
            segment
            for (session, _, _), segment in self._told.items()
            if segment.state != "retracted" and not self._is_told_anew(session, segment)
        ]
        return sorted(there, key=lambda segment: segment.start_s)

    @property
    def finals(self) -> list[SegmentMessage]:
        """Those that never change any more."""
        return [segment for segment in self.standing if segment.state == "final"]

    def _configured(self, message: Configured) -> None:
        if message.cause == "configure":
            self._asked_last = message.config
        self._asked[self._session, message.config] = self._asked_last
        if message.cause != "configure" and message.since_s is not None:
            anew = _Anew(self._session, self._asked_last, message.config, message.since_s)
            self._anew.append(anew)

    def _is_told_anew(self, session: str, segment: SegmentMessage) -> bool:
        middle_s = (segment.start_s + segment.end_s) / 2
        asked = self._asked.get((session, segment.config), segment.config)
        return any(
            (anew.session, anew.first) == (session, asked)
            and segment.config < anew.config
            and middle_s >= anew.since_s
            for anew in self._anew
        )
