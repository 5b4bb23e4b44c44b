"""What is the same in any session: hello, what is allowed when, silence, errors and the end. Pure:
no socket, no loop, told the time.

What is allowed when is the table in `states.py`. Methods return actions and call nothing. Errors
become messages here: an error of one frame or of one configuration costs just that, one before
the hello or of the session itself ends it.
"""

import hmac
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from engines.errors import LivegroundError
from stream.config import Config
from stream.errors import (
    MessageTooLarge,
    TimedOut,
    Unauthorized,
    UnexpectedMessage,
    VersionMismatch,
)
from stream.ledger import Ledger
from stream.messages import (
    PROTOCOL_VERSION,
    Bye,
    ClientMessage,
    GoingAway,
    Hello,
    Image,
    Message,
    Ping,
    Pong,
    Pose,
    Stats,
    Welcome,
)
from stream.refusals import close_of, error_message
from stream.states import TRANSITIONS, Action, Close, Lose, Report, Send, State


@dataclass(frozen=True, slots=True)
class Identity:
    """What a session is told about itself, and what it tells its client."""

    welcome: Welcome
    """With the session's name and resume token."""
    authorized: bool
    """No token is needed, or it came with the upgrade request."""


class Dialogue(ABC):
    """One client's state machine, whatever the session is about."""

    def __init__(self, identity: Identity, config: Config, now_s: float) -> None:
        self.state = State.NEW
        self._identity = identity
        self._config = config
        self._heard_s = now_s
        self._pinged = False
        self._stats_s = now_s
        self._close = Close(1000, "bye")

    @property
    def resume_token(self) -> str:
        """The secret by which the client can take this session up again."""
        return self._identity.welcome.resume_token

    @property
    def welcome(self) -> Welcome:
        """What its client was told first."""
        return self._identity.welcome

    @property
    def resumable(self) -> bool:
        """Whether the session can go on over another connection."""
        return self.state in (State.READY, State.RUNNING)

    # ------------------------------------------------------------------ what it is about

    @property
    @abstractmethod
    def ledger(self) -> Ledger:
        """The accounting of input frames."""

    @abstractmethod
    def stats(self) -> Stats:
        """The books of this moment."""

    @abstractmethod
    def labels_skipped(self, count: int) -> list[Action]:
        """The outbox replaced results by newer ones."""

    @abstractmethod
    def _handle(self, message: ClientMessage, now_s: float) -> list[Action]:
        """A message that is allowed in this state."""

    @abstractmethod
    def _told(self) -> Sequence[Message]:
        """What holds now, for a client that comes back."""

    @abstractmethod
    def _finish(self) -> list[Action]:
        """The client is done, or has to be: bring it to an end, then `_over`."""

    @abstractmethod
    def _settle(self) -> list[Action]:
        """There is no more time for anything slow."""

    # ------------------------------------------------------------------ what the client says

    def receive(self, message: ClientMessage, now_s: float) -> list[Action]:
        """Take one message of the client."""
        self._hear(now_s)
        event = str(message.__struct_config__.tag)
        try:
            if event not in TRANSITIONS[self.state]:
                raise UnexpectedMessage(_unexpected(event, self.state))
            actions = self._take(message, now_s)
        except LivegroundError as error:
            return self._refuse(message, error)
        self.state = TRANSITIONS.get(self.state, {}).get(event, self.state)
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
        return [Send(each) for each in (welcome, *self._told())]

    def _hear(self, now_s: float) -> None:
        self._heard_s, self._pinged = now_s, False

    def _take(self, message: ClientMessage, now_s: float) -> list[Action]:
        match message:
            case Pose() | Image() if self.state is State.CLOSING:
                return [Send(self.ledger.drop(message.seq, "cut"))]
            case Hello():
                self._admit(message, self._identity.authorized)
                return [Send(self._identity.welcome)]
            case Ping():
                return [Send(Pong(id=message.id))]
            case Pong():
                return []
            case Bye():
                return self._finish()
        return self._handle(message, now_s)

    def _refuse(self, message: ClientMessage, error: LivegroundError) -> list[Action]:
        if self.state is State.CLOSED:
            return []
        if self.state is State.NEW or isinstance(message, Hello):
            return self.fail(error)
        if isinstance(message, Pose | Image):
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
            silent = TimedOut(text, limit="idle_s", value=limit_s)
            return [Lose(silent)] if self.resumable else self.fail(silent)
        self._pinged = True
        return [Send(Ping(id=0))]

    def drain(self, time_left_s: float) -> list[Action]:
        """The server stops: say so, and make everything final."""
        if "drain" not in TRANSITIONS[self.state]:
            new = self.state is State.NEW
            return self.abandon(1012, "restart") if new else self._settle()
        self.state = TRANSITIONS[self.state]["drain"]
        self._close = Close(1012, "the server stops or restarts")
        going_away = GoingAway(time_left_s=time_left_s)
        return [Send(going_away), *self._settle(), *self._finish()]

    def fail(self, error: BaseException) -> list[Action]:
        """The session cannot go on."""
        return [Send(error_message(error, fatal=True)), *self.abandon(*close_of(error))]

    def abandon(self, code: int, reason: str) -> list[Action]:
        """End at once; frames without an outcome count as cut."""
        self.ledger.cut(None)
        self.state = State.CLOSED
        return [Close(code, reason)]

    def _over(self) -> list[Action]:
        """Everything is answered: what is left is cut, the books are closed, and bye."""
        actions: list[Action] = [Send(each) for each in self.ledger.cut(None)]
        self.state = TRANSITIONS[State.CLOSING]["finished"]
        return [*actions, Report(), Send(Bye(reason=self._close.reason)), self._close]

    def _stats_due(self, now_s: float) -> bool:
        if now_s - self._stats_s < self._config.stats_s:
            return False
        self._stats_s = now_s
        return True


def _unexpected(event: str, state: State) -> str:
    asked = {"hello", "configure", "enrol", "pose", "image", "ping", "bye"}
    allowed = ", ".join(sorted(asked & TRANSITIONS[state].keys()))
    return f"`{event}` is not allowed while the session is {state.value}. Expected: {allowed}."
