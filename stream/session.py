"""One client's session about motion: messages and results in, actions out. Pure: no socket, no
loop, told the time."""

from collections.abc import Sequence

from engines.errors import EngineError
from stream.config import Config
from stream.configuring import Configuring
from stream.dialogue import Dialogue, Identity
from stream.errors import LanguageModelFailed, UnexpectedMessage
from stream.intake import Intake
from stream.jobs import Cut, Described, Done, Finish, Frames
from stream.ledger import Ledger
from stream.messages import ClientMessage, Configure, Enrol, Message, Pose, Stats
from stream.refusals import error_message
from stream.states import TRANSITIONS, Action, Report, Send, State
from stream.timeline import Timeline

__all__ = ["Identity", "Session"]


class Session(Dialogue):
    """One client's state machine."""

    def __init__(self, identity: Identity, config: Config, now_s: float) -> None:
        super().__init__(identity, config, now_s)
        self._intake = Intake(config, now_s)
        self._timeline = Timeline()
        self._configuring = Configuring(config, identity.welcome.model)

    @property
    def ledger(self) -> Ledger:
        """The accounting of input frames."""
        return self._intake.ledger

    def _told(self) -> Sequence[Message]:
        return [*self._configuring.told, *self._timeline.messages]

    def _handle(self, message: ClientMessage, now_s: float) -> list[Action]:
        match message:
            case Pose():
                return self._intake.take(message, now_s)
            case Configure():
                return self._configuring.take(message)
            case Enrol():
                return self._configuring.enrol(message)
        raise UnexpectedMessage("This session is about motion: images need `hello.kind` video.")

    def _finish(self) -> list[Action]:
        return self._configuring.finish()

    def _settle(self) -> list[Action]:
        return self._configuring.settle()

    # ------------------------------------------------------------------ what the models say

    def partitioned(
        self, question: int, answer: tuple[str, ...] | LanguageModelFailed, now_s: float
    ) -> list[Action]:
        """Take the language model's answer to a `Partition`."""
        if self.state is State.CLOSED:
            return []
        return self._configuring.partitioned(question, answer) + self._stats_when_due(now_s)

    def described(self, answer: Described, now_s: float) -> list[Action]:
        """Take the language model's answer to an `Expand`."""
        if self.state is State.CLOSED:
            return []
        return self._configuring.described(answer) + self._stats_when_due(now_s)

    def deliver(self, done: Done, now_s: float) -> list[Action]:
        """Take the result of one job; results come in the order of the jobs.

        An EngineError costs what it concerns; any other error ends the session.
        """
        if self.state is State.CLOSED:
            return []
        if done.error is not None and not isinstance(done.error, EngineError):
            return self.fail(done.error)
        match done.job:
            case Frames():
                actions = self._framed(done.job, done, now_s)
            case Cut():
                actions = self._said(done, now_s)
            case Finish():
                return self._finished(done, now_s)
            case _:
                actions = self._changed(done, now_s)
        return actions + self._stats_when_due(now_s)

    def _changed(self, done: Done, now_s: float) -> list[Action]:
        actions = self._configuring.answered(done)
        in_force = self._configuring.in_force
        if in_force is not None:
            self._timeline.relabel(in_force.config)
        elif self.state is State.RUNNING and not self._configuring.waiting:
            self.state = TRANSITIONS[self.state]["unconfigured"]
        return actions if done.error is not None else actions + self._said(done, now_s)

    def _framed(self, job: Frames, done: Done, now_s: float) -> list[Action]:
        count = self._intake.answered(job, failed=done.error is not None)
        if done.error is not None:
            return [Send(error_message(done.error, seq=job.marks[-1].seq))] if count else []
        speaking = job.marks[len(job.marks) - len(done.updates) :]
        return [
            Send(message)
            for update, mark in zip(done.updates, speaking, strict=True)
            for message in self._timeline.say(update, mark.seq, self._intake.ages, now_s)
        ]

    def _said(self, done: Done, now_s: float) -> list[Action]:
        if done.error is not None:
            return [Send(error_message(done.error))]
        seq, ages = self._intake.seen_seq, self._intake.ages
        return [
            Send(message)
            for update in done.updates
            for message in self._timeline.say(update, seq, ages, now_s)
        ]

    def _finished(self, done: Done, now_s: float) -> list[Action]:
        return self._said(done, now_s) + self._over()

    def labels_skipped(self, count: int) -> list[Action]:
        """The outbox replaced labels by newer ones."""
        return [Send(notice) for notice in self._timeline.skipped(count)]

    def stats(self) -> Stats:
        """The books of this moment."""
        return Stats(
            received=self.ledger.received,
            processed=self.ledger.processed,
            dropped=dict(self.ledger.dropped),
            errored=self.ledger.errored,
            pending=self.ledger.pending,
            labels=self._timeline.labels,
            labels_skipped=self._timeline.labels_skipped,
            input_hz=self._intake.rate_hz,
            age_p50_ms=self._intake.ages.percentile_ms(0.5),
            age_p95_ms=self._intake.ages.percentile_ms(0.95),
        )

    def _stats_when_due(self, now_s: float) -> list[Action]:
        if not self._stats_due(now_s):
            return []
        self._timeline.stats_sent()
        return [Report()]
