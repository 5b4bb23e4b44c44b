"""One client's session: messages and results in, actions out. Pure: no socket, no loop, told the time.

What is allowed when is the table `TRANSITIONS`; the drawing in `docs/operations.md` is made from it.
Methods return actions and call nothing. Errors become messages here; only an error of the session itself
(or one before the hello) ends it, an error of one frame or one configuration costs just that.
"""

import enum
import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from engines.errors import EngineError, LivegroundError
from engines.motion.resample import Resampled, Resampler
from engines.motion.skeleton import MODEL_FPS
from stream import prompts
from stream.config import Config
from stream.errors import (
    CLOSE_CODE,
    LimitExceeded,
    TimedOut,
    Unauthorized,
    UnexpectedMessage,
    VersionMismatch,
    to_wire,
)
from stream.jobs import Cut, Done, Finish, Frames, Job, Mark, Relabel
from stream.ledger import Ledger
from stream.messages import (
    PROTOCOL_VERSION,
    Bye,
    ClientMessage,
    Configure,
    Configured,
    ErrorMessage,
    GoingAway,
    Hello,
    Message,
    Notice,
    Ping,
    Pong,
    Pose,
    Stats,
    Welcome,
)
from stream.pace import AgeMeter, RateLimit, RateMeter
from stream.protocol import joints_of
from stream.skeletons import canonical, skeleton
from stream.timeline import Timeline


class State(enum.Enum):
    """Where a session stands."""

    NEW = "new"
    READY = "ready"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"


TRANSITIONS: Final[Mapping[State, Mapping[str, State]]] = MappingProxyType(
    {
        State.NEW: {"hello": State.READY},
        State.READY: {
            "configure": State.RUNNING,
            "ping": State.READY,
            "pong": State.READY,
            "bye": State.CLOSING,
            "drain": State.CLOSING,
        },
        State.RUNNING: {
            "configure": State.RUNNING,
            "pose": State.RUNNING,
            "ping": State.RUNNING,
            "pong": State.RUNNING,
            "bye": State.CLOSING,
            "drain": State.CLOSING,
            "relabel_failed": State.READY,
        },
        State.CLOSING: {
            "pose": State.CLOSING,
            "ping": State.CLOSING,
            "pong": State.CLOSING,
            "finished": State.CLOSED,
        },
        State.CLOSED: {},
    }
)
"""State -> message or event -> next state. What is not in it is refused. A fatal error leads to CLOSED from
anywhere. `drain`: the server stops. `relabel_failed`: the engine refused the first configuration.
`finished`: all results are there."""


@dataclass(frozen=True, slots=True)
class Send:
    """Put this message into the client's outbox."""

    message: Message


@dataclass(frozen=True, slots=True)
class Infer:
    """Give this job to the model; jobs keep their order."""

    job: Job


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection when everything before has been sent."""

    code: int
    reason: str


Action = Send | Infer | Close


@dataclass(frozen=True, slots=True)
class Identity:
    """What the session is told about itself; the pipeline makes it."""

    session: str
    resume_token: str
    authorized: bool
    """The token came with the upgrade request already, or none is needed."""
    welcome: Welcome
    """All that every client is told: the model, the skeletons, the limits."""


class Session:
    """One client's state machine."""

    def __init__(self, identity: Identity, config: Config, now_s: float) -> None:
        self.identity: Final = identity
        self.state = State.NEW
        self.ledger: Final = Ledger()
        self.heard_s = now_s
        self._config = config
        self._pinged = False
        self._stats_s = now_s
        self._resampler = Resampler()
        self._timeline = Timeline()
        self._rate = RateLimit(config.max_rate_hz, now_s)
        self._ages = AgeMeter()
        self._input = RateMeter()
        self._asked = 0
        self._waiting_configures = 0
        self._waiting_frames = 0
        self._fed: Mark | None = None
        self._seen_seq = -1
        self._close_code = 1000
        self._close_reason = ""
        self._configured: Configured | None = None

    # ------------------------------------------------------------------ what the client says

    def receive(self, message: ClientMessage, now_s: float) -> list[Action]:
        """Take one message of the client."""
        self.heard_s, self._pinged = now_s, False
        event = str(message.__struct_config__.tag)
        target = TRANSITIONS[self.state].get(event)
        try:
            if target is None:
                raise UnexpectedMessage(_unexpected(event, self.state))
            actions = self._handle(message, now_s)
        except LivegroundError as error:
            return self._refuse(message, error)
        self.state = target
        return actions

    def refuse(self, error: LivegroundError, now_s: float) -> list[Action]:
        """Something came that is no message: answer with the error; before the hello it is the end."""
        self.heard_s, self._pinged = now_s, False
        fatal = self.state is State.NEW or CLOSE_CODE.get(error.code) == 1009
        return self.fail(error) if fatal else [Send(error_message(error))]

    def resume(self, hello: Hello, authorized: bool, now_s: float) -> list[Action]:
        """The client is back over a new connection: tell it all that it may have missed.

        Raises VersionMismatch or Unauthorized; the session stays as it is.
        """
        self._admit(hello, authorized)
        self.heard_s, self._pinged = now_s, False
        actions: list[Action] = [Send(self._welcome(resumed=True))]
        if self._configured is not None:
            actions += [Send(self._configured), *map(Send, self._timeline.messages)]
        return actions

    def _handle(self, message: ClientMessage, now_s: float) -> list[Action]:
        match message:
            case Pose():
                return self._pose(message, now_s)
            case Configure():
                return self._configure(message)
            case Hello():
                self._admit(message, self.identity.authorized)
                return [Send(self._welcome(resumed=False))]
            case Ping():
                return [Send(Pong(id=message.id))]
            case Bye():
                return self._finish(1000, "bye")
            case Pong():
                return []

    def _refuse(self, message: ClientMessage, error: LivegroundError) -> list[Action]:
        if isinstance(message, Pose):
            if self.state in (State.READY, State.RUNNING):
                self.ledger.refuse(message.seq)
                return [Send(error_message(error, seq=message.seq))]
            return self.fail(error) if self.state is State.NEW else []
        if isinstance(message, Hello) or self.state is State.NEW:
            return self.fail(error)
        return [Send(error_message(error))]

    def _admit(self, hello: Hello, authorized: bool) -> None:
        if hello.protocol != PROTOCOL_VERSION:
            raise VersionMismatch(
                f"The client speaks protocol {hello.protocol}; this server speaks "
                f"{PROTOCOL_VERSION}. Use a client of that version."
            )
        wanted = self._config.token
        if wanted is None or authorized:
            return
        if not hmac.compare_digest((hello.token or "").encode(), wanted.encode()):
            raise Unauthorized("The token is missing or wrong. Put the server's token into hello.")

    def _welcome(self, *, resumed: bool) -> Welcome:
        template = self.identity.welcome
        return Welcome(
            protocol=template.protocol,
            session=self.identity.session,
            resume_token=self.identity.resume_token,
            resumed=resumed,
            last_seq=self.ledger.last_seq,
            server=template.server,
            limits=template.limits,
            skeletons=template.skeletons,
            model=template.model,
        )

    def _configure(self, message: Configure) -> list[Action]:
        if self._waiting_configures >= self._config.max_waiting_configures:
            limit = self._config.max_waiting_configures
            raise LimitExceeded(
                f"{limit} configurations wait for their answer. Wait for `configured`.",
                limit="max_waiting_configures",
                value=limit,
            )
        wanted = prompts.read(message, self._config, self.identity.welcome.model.lookahead_s)
        self._asked += 1
        self._waiting_configures += 1
        return [
            Infer(
                Relabel(
                    self._asked, wanted.labels, wanted.mode, wanted.lookahead_s, wanted.horizon_s
                )
            )
        ]

    # ------------------------------------------------------------------ frames

    def _pose(self, pose: Pose, now_s: float) -> list[Action]:
        if self.state is State.CLOSING:
            return [Send(self.ledger.drop(pose.seq, "cut"))]
        if not self._rate.admits(now_s):
            return [Send(self.ledger.drop(pose.seq, "rate"))]
        joints = canonical(pose.skeleton, joints_of(pose, len(skeleton(pose.skeleton).joints)))
        if self._waiting_frames >= self._config.max_backlog_s * MODEL_FPS:
            return [Send(self.ledger.drop(pose.seq, "busy"))]
        resampled = self._resampler.push(joints, pose.time_s)
        if resampled.outcome != "used":
            return [Send(self.ledger.drop(pose.seq, resampled.outcome))]
        actions = self._cut(resampled) if resampled.cut else []
        self._ages.observe(pose.time_s, now_s)
        self._input.add(pose.time_s)
        mark = self.ledger.take(pose.seq)
        count = len(resampled.frames)
        if count:
            self._fed = mark
            self._waiting_frames += count
            actions.append(Infer(Frames(resampled.frames, resampled.times_s, (mark,) * count)))
        return actions

    def _cut(self, resampled: Resampled) -> list[Action]:
        self._input.restart()
        if resampled.cut == "clock_reset":
            self._ages.forget_clock()
            notice = Notice(
                code="clock_reset", text="The capture clock was set back; a new timeline begins."
            )
        else:
            notice = Notice(code="gap", text="No frames for a while; a new stretch begins.")
        unused = self.ledger.cut(self._fed) if self._fed else []
        return [*map(Send, unused), Send(notice), Infer(Cut())]

    # ------------------------------------------------------------------ what the model says

    def deliver(self, done: Done, now_s: float) -> list[Action]:
        """Take the result of one job; results come in the order of the jobs."""
        if self.state is State.CLOSED:
            return []
        if done.error is not None and not isinstance(done.error, EngineError):
            return self.fail(done.error)
        match done.job:
            case Relabel():
                actions = self._relabelled(done.job, done, now_s)
            case Frames():
                actions = self._framed(done.job, done, now_s)
            case Cut():
                actions = self._said(done, now_s)
            case Finish():
                return self._finished(done, now_s)
        return actions + self._stats_when_due(now_s)

    def _relabelled(self, job: Relabel, done: Done, now_s: float) -> list[Action]:
        self._waiting_configures -= 1
        if done.error is None:
            self._configured = Configured(
                config=job.config,
                mode=job.mode,
                labels=list(job.labels),
                lookahead_s=job.lookahead_s,
                horizon_s=job.horizon_s,
            )
            self._timeline.relabel(job.config)
            return [Send(self._configured), *self._said(done, now_s)]
        nothing_else = self._configured is None and self._waiting_configures == 0
        if nothing_else and self.state is State.RUNNING:
            self.state = TRANSITIONS[self.state]["relabel_failed"]
        return [Send(error_message(done.error))]

    def _framed(self, job: Frames, done: Done, now_s: float) -> list[Action]:
        self._waiting_frames -= len(job.marks)
        if done.error is not None:
            failed = self.ledger.fail(job.marks[-1])
            return [Send(error_message(done.error, seq=job.marks[-1].seq))] if failed else []
        self.ledger.settle(job.marks[-1])
        self._seen_seq = job.marks[-1].seq
        actions: list[Action] = []
        speaking = job.marks[len(job.marks) - len(done.updates) :]
        for update, mark in zip(done.updates, speaking, strict=True):
            actions += map(Send, self._timeline.say(update, mark.seq, self._ages, now_s))
        return actions

    def _said(self, done: Done, now_s: float) -> list[Action]:
        if done.error is not None:
            return [Send(error_message(done.error))]
        return [
            Send(message)
            for update in done.updates
            for message in self._timeline.say(update, self._seen_seq, self._ages, now_s)
        ]

    # ------------------------------------------------------------------ time and the end

    @property
    def resumable(self) -> bool:
        """Whether the session can go on over another connection."""
        return self.state in (State.READY, State.RUNNING)

    @property
    def deadline_s(self) -> float:
        """When `tick` has something to do, unless the client is heard before."""
        if self.state is State.CLOSED:
            return math.inf
        if self.state is State.NEW:
            return self.heard_s + self._config.hello_s
        return self.heard_s + self._config.idle_s * (1.0 if self._pinged else 0.5)

    def tick(self, now_s: float) -> list[Action]:
        """Time has passed: ask a silent client whether it is there; give up on one that does not answer."""
        if now_s < self.deadline_s:
            return []
        if self.state is State.NEW:
            limit_s = self._config.hello_s
            text = f"No hello within {limit_s:g} s. Send it first."
            return self.fail(TimedOut(text, limit="hello_s", value=limit_s))
        if self._pinged:
            limit_s = self._config.idle_s
            text = (
                f"Nothing was heard for {limit_s:g} s. Answer pings while there is nothing to send."
            )
            return self.fail(TimedOut(text, limit="idle_s", value=limit_s))
        self._pinged = True
        return [Send(Ping(id=0))]

    def drain(self, time_left_s: float) -> list[Action]:
        """The server stops: say so, and make everything final."""
        if "drain" in TRANSITIONS[self.state]:
            actions = self._finish(1012, "the server restarts")
            self.state = TRANSITIONS[self.state]["drain"]
            return [Send(GoingAway(time_left_s=time_left_s)), *actions]
        return self.abandon(1012, "the server restarts") if self.state is State.NEW else []

    def fail(self, error: BaseException) -> list[Action]:
        """The session cannot go on."""
        return [Send(error_message(error, fatal=True)), *self.abandon(*close_of(error))]

    def abandon(self, code: int, reason: str) -> list[Action]:
        """End at once: frames without an outcome get `cut`, in the books only."""
        self.ledger.cut(None)
        self.state = State.CLOSED
        return [Close(code, reason)]

    def labels_skipped(self, count: int) -> list[Action]:
        """The outbox replaced labels by newer ones."""
        notice = self._timeline.skipped(count)
        return [Send(notice)] if notice else []

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
            input_hz=self._input.rate_hz,
            age_p50_ms=self._ages.percentile_ms(0.5),
            age_p95_ms=self._ages.percentile_ms(0.95),
        )

    def _finish(self, code: int, reason: str) -> list[Action]:
        self._close_code, self._close_reason = code, reason
        return [Infer(Finish())]

    def _finished(self, done: Done, now_s: float) -> list[Action]:
        actions = self._said(done, now_s)
        actions += map(Send, self.ledger.cut(None))
        self.state = TRANSITIONS[self.state]["finished"]
        end = [Send(self.stats()), Send(Bye(reason=self._close_reason))]
        return [*actions, *end, Close(self._close_code, self._close_reason)]

    def _stats_when_due(self, now_s: float) -> list[Action]:
        if now_s - self._stats_s < self._config.stats_s:
            return []
        self._stats_s = now_s
        self._timeline.stats_sent()
        return [Send(self.stats())]


def error_message(
    error: BaseException, *, fatal: bool = False, seq: int | None = None
) -> ErrorMessage:
    """Any error as the client sees it."""
    wire = to_wire(error)
    return ErrorMessage(
        code=wire.code, text=wire.text, fatal=fatal, seq=seq, limit=wire.limit, value=wire.value
    )


def close_of(error: BaseException) -> tuple[int, str]:
    """WebSocket close code and reason of an error that ends a connection."""
    code = to_wire(error).code
    return CLOSE_CODE.get(code, 1008), code


def _unexpected(event: str, state: State) -> str:
    allowed = ", ".join(sorted(name for name in TRANSITIONS[state])) or "nothing"
    return f"`{event}` is not allowed while the session is {state.value}. Allowed: {allowed}."
