"""What one client has been told: the engine's updates as messages, and segments to tell again.
Pure."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from engines.motion.timeline import Segment, Update
from stream.messages import Label, Message, Notice, SegmentMessage
from stream.pace import AgeMeter

KEPT_SEGMENTS: Final = 256
"""Newest segments told again after a resume: a minute of very lively motion, 50 kB."""


class Timeline:
    """Updates in, labels and segments out."""

    def __init__(self) -> None:
        self.labels = 0
        self.labels_skipped = 0
        self._config = 0
        self._noticed = False
        self._spoken: tuple[int, float | None] = (0, None)
        self._segments: OrderedDict[int, SegmentMessage] = OrderedDict()

    @property
    def messages(self) -> list[SegmentMessage]:
        """The newest segments as last told, for a client that comes back."""
        return list(self._segments.values())

    def relabel(self, config: int) -> None:
        """From here on, segments and labels belong to this configuration."""
        self._config = config

    def say(self, update: Update, seq: int, ages: AgeMeter, now_s: float) -> Iterator[Message]:
        """Messages of one update; `seq` is the newest input frame that it takes into account."""
        for id_ in update.retracted:
            told = self._segments.pop(id_, None)
            if told is not None:
                yield _retracted(told)
        for segment in update.segments:
            yield self._tell(segment)
        if update.time_s is None or self._spoken == (self._config, update.time_s):
            return
        self._spoken = (self._config, update.time_s)
        if not self._config:
            return
        self.labels += 1
        yield Label(
            config=self._config,
            seq=seq,
            time_s=update.time_s,
            age_ms=round(ages.age_ms(update.time_s, now_s), 2),
            index=update.index,
            label=update.label,
            score=update.score,
            scores=list(update.scores),
        )

    def skipped(self, count: int) -> list[Notice]:
        """Labels were replaced by newer ones; said once until the next stats."""
        self.labels -= count
        self.labels_skipped += count
        if self._noticed:
            return []
        self._noticed = True
        text = "Labels are not read in time: the newest replace the oldest."
        return [Notice(code="labels_skipped", text=text)]

    def stats_sent(self) -> None:
        """The client has the numbers."""
        self._noticed = False

    def _tell(self, segment: Segment) -> SegmentMessage:
        message = SegmentMessage(
            config=self._config,
            id=segment.id,
            index=segment.index,
            label=segment.label,
            start_s=segment.start_s,
            end_s=segment.end_s,
            score=segment.score,
            state="final" if segment.final else "provisional",
        )
        self._segments[segment.id] = message
        self._segments.move_to_end(segment.id)
        if len(self._segments) > KEPT_SEGMENTS:
            self._segments.popitem(last=False)
        return message


def _retracted(message: SegmentMessage) -> SegmentMessage:
    return SegmentMessage(
        config=message.config,
        id=message.id,
        index=message.index,
        label=message.label,
        start_s=message.start_s,
        end_s=message.end_s,
        score=message.score,
        state="retracted",
    )
