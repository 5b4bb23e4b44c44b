"""One client's session: messages and results in, actions out. Pure: no socket, no loop, told the
time.

What is allowed when is the table in `states.py`. Methods return actions and call nothing. Errors
become messages here: an error of one frame or of one configuration costs just that, one before
the hello or of the session itself ends it.
"""

import hmac
import math
from dataclasses import dataclass

import msgspec

from engines.errors import EngineError, LivegroundError
from stream.config import Config
from stream.configuring import Configuring
from stream.errors import (
    LanguageModelFailed,
    MessageTooLarge,
    TimedOut,
    Unauthorized,
    UnexpectedMessage,
    VersionMismatch,
)
from stream.intake import Intake
from stream.jobs import Cut, Described, Done, Finish, Frames
from stream.ledger import Ledger
from stream.messages import (
    PROTOCOL_VERSION,
    Bye,
    ClientMessage,
    Configure,
    Enrol,
    GoingAway,
    Hello,
    Ping,
    Pong,
    Pose,
    Stats,
    Welcome,
)
from stream.refusals import close_of, error_message
from stream.states import TRANSITIONS, Action, Close, Report, Send, State
from stream.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Identity:
    """What a session is told about itself, and what it tells its client."""

    welcome: Welcome
    """With the session's name and resume token."""
    authorized: bool
    """No token is needed, or it came with the upgrade request."""


class Session:
    """One client's state machine."""

    def __init__(self, identity: Identity, config: Config, now_s: float) -> None:
        self.state = State.NEW
        self._identity = identity
        self._config = config
        self._heard_s = now_s
        self._pinged = False
        self._stats_s = now_s
        self._intake = Intake(config, now_s)
        self._timeline = Timeline()
        self._configuring = Configuring(config, identity.welcome.model)
        self._close = Close(1000, "bye")

    @property
    def resume_token(self) -> str:
        """The secret by which the client can take this session up again."""
        return self._identity.welcome.resume_token

    @property
    def ledger(self) -> Ledger:
        """The accounting of input frames."""
        return self._intake.ledger

    @property
    def resumable(self) -> bool:
        """Whether the session can go on over another connection."""
        return self.state in (State.READY, State.RUNNING)

    # ------------------------------------------------------------------ what the client says

    def receive(self, message: ClientMessage, now_s: float) -> list[Action]:
        """Take one message of the client."""
        self._hear(now_s)
        event = str(message.__struct_config__.tag)
        try:
            if event not in TRANSITIONS[self.state]:
                raise UnexpectedMessage(_unexpected(event, self.state))
            actions = self._handle(message, now_s)
        except LivegroundError as error:
            return self._refuse(message, error)
        self.state = TRANSITIONS[self.state][event]
        return actions

    def refuse(self, error: LivegroundError, now_s: float) -> list[Action]:
        """Something came that is no message. The end if it is too large, or before the hello."""
        self._hear(now_s)
        if self.state is State.NEW or isinstance(error, MessageTooLarge):
            return self.fail(error)
        return [Send(error_message(error))]

    def resume(self, hello: Hello, authorized: bool, now_s: float) -> list[Action]:
        """The client is back over a new connection: tell it all that it may have missed.

        Raises VersionMismatch or Unauthorized; the session stays as it is.
        """
        self._admit(hello, authorized)
        self._hear(now_s)
        last_seq = self.ledger.last_seq
        welcome = msgspec.structs.replace(self._identity.welcome, resumed=True, last_seq=last_seq)
        return [Send(each) for each in (welcome, *self._configuring.told, *self._timeline.messages)]

    def _hear(self, now_s: float) -> None:
        self._heard_s, self._pinged = now_s, False

    def _handle(self, message: ClientMessage, now_s: float) -> list[Action]:
        match message:
            case Pose() if self.state is State.CLOSING:
                return [Send(self.ledger.drop(message.seq, "cut"))]
            case Pose():
                return self._intake.take(message, now_s)
            case Configure():
                return self._configuring.take(message)
            case Enrol():
                return self._configuring.enrol(message)
            case Hello():
                self._admit(message, self._identity.authorized)
                return [Send(self._identity.welcome)]
            case Ping():
                return [Send(Pong(id=message.id))]
            case Bye():
                return self._configuring.finish()
            case Pong():
                return []

    def _refuse(self, message: ClientMessage, error: LivegroundError) -> list[Action]:
        if self.state is State.CLOSED:
            return []
        if self.state is State.NEW or isinstance(message, Hello):
            return self.fail(error)
        if isinstance(message, Pose):
            self.ledger.refuse(message.seq)
            return [Send(error_message(error, seq=message.seq))]
        return [Send(error_message(error))]

    def _admit(self, hello: Hello, authorized: bool) -> None:
        if hello.protocol != PROTOCOL_VERSION:
            raise VersionMismatch(
                f"The client speaks protocol {hello.protocol}; this server speaks "
                f"{PROTOCOL_VERSION}. Use a client of that version."
            )
        if authorized or self._config.token is None:
            return
        if not hmac.compare_digest((hello.token or "").encode(), self._config.token.encode()):
            raise Unauthorized("The token is missing or wrong. Put the server's token into hello.")

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
        actions = self._said(done, now_s)
        actions += map(Send, self.ledger.cut(None))
        self.state = TRANSITIONS[self.state]["finished"]
        return [*actions, Report(), Send(Bye(reason=self._close.reason)), self._close]

    # ------------------------------------------------------------------ time and the end

    @property
    def deadline_s(self) -> float:
        """When `tick` has something to do, unless the client is heard before."""
        if self.state is State.CLOSED:
            return math.inf
        if self.state is State.NEW:
            return self._heard_s + self._config.hello_s
        return self._heard_s + self._config.idle_s * (1.0 if self._pinged else 0.5)

    def tick(self, now_s: float) -> list[Action]:
        """Time has passed: ask a silent client whether it is there, give up on one that is not."""
        if now_s < self.deadline_s:
            return []
        if self.state is State.NEW:
            limit_s = self._config.hello_s
            text = f"No hello within {limit_s:g} s. Send it first."
            return self.fail(TimedOut(text, limit="hello_s", value=limit_s))
        if self._pinged:
            limit_s = self._config.idle_s
            text = f"Nothing was heard for {limit_s:g} s. Answer pings while nothing is sent."
            return self.fail(TimedOut(text, limit="idle_s", value=limit_s))
        self._pinged = True
        return [Send(Ping(id=0))]

    def drain(self, time_left_s: float) -> list[Action]:
        """The server stops: say so, and make everything final."""
        if "drain" not in TRANSITIONS[self.state]:
            new = self.state is State.NEW
            return self.abandon(1012, "restart") if new else self._configuring.settle()
        self.state = TRANSITIONS[self.state]["drain"]
        self._close = Close(1012, "the server stops or restarts")
        going_away = GoingAway(time_left_s=time_left_s)
        return [Send(going_away), *self._configuring.settle(), *self._configuring.finish()]

    def fail(self, error: BaseException) -> list[Action]:
        """The session cannot go on."""
        return [Send(error_message(error, fatal=True)), *self.abandon(*close_of(error))]

    def abandon(self, code: int, reason: str) -> list[Action]:
        """End at once; frames without an outcome count as cut."""
        self.ledger.cut(None)
        self.state = State.CLOSED
        return [Close(code, reason)]

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
        if now_s - self._stats_s < self._config.stats_s:
            return []
        self._stats_s = now_s
        self._timeline.stats_sent()
        return [Report()]


def _unexpected(event: str, state: State) -> str:
    asked = {"hello", "configure", "enrol", "pose", "ping", "bye"}
    allowed = ", ".join(sorted(asked & TRANSITIONS[state].keys()))
    return f"`{event}` is not allowed while the session is {state.value}. Expected: {allowed}."
