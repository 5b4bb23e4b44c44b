"""A session over connections that may break: opened again with growing delays and resumed.

Runs as one task (`keep`) beside the user's; what it hears goes into a `View`.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from typing import Final, Literal

import msgspec

from clients.python.errors import ConnectionLost, from_wire
from clients.python.link import Link
from clients.python.view import View
from engines.errors import LivegroundError
from stream.messages import (
    PROTOCOL_VERSION,
    Bye,
    ClientMessage,
    Configure,
    Configured,
    Enrol,
    Enrolled,
    ErrorMessage,
    Hello,
    Ping,
    Pong,
    ServerMessage,
)
from stream.recordings.tape import NOTHING, Recording

NAME: Final = "liveground python client"
FIRST_DELAY_S: Final = 0.25
LONGEST_DELAY_S: Final = 8.0
Kind = Literal["motion", "video"]
Question = Configure | Enrol
Answer = Configured | Enrolled

WORTH_A_RETRY: Final = ("connection", "internal", "limit", "slow_client", "timeout")
"""Codes of errors after which connecting again may help."""


class Conversation:
    """What is said and heard in one session."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None,
        kind: Kind,
        give_up_s: float,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        recording: Recording = NOTHING,
    ) -> None:
        self.view: Final = View()
        self.ended = False
        self._url = url
        self._token = token
        self._kind: Kind = kind
        self._give_up_s = give_up_s
        self._clock = clock
        self._sleep = sleep
        self._recording = recording
        self._link: Link | None = None
        self._news = asyncio.Event()
        self._wanted: Configure | None = None
        self._question: Question | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._restoring = False
        self._bye_sent = False
        self._bye_heard = False
        self._failure: BaseException | None = None

    @property
    def connected(self) -> bool:
        """Whether there is a connection just now."""
        return self._link is not None

    async def open(self) -> None:
        """Connect once. Raises what `Link.open` raises."""
        known = self.view.welcome
        hello = Hello(
            protocol=PROTOCOL_VERSION,
            client=NAME,
            token=self._token,
            resume=known.resume_token if known else None,
            kind=self._kind,
        )
        self._link = await Link.open(self._url, hello)
        self._bye_heard = False
        self._recording.heard(hello)
        self._recording.said(self._link.welcome)
        self._hear(self._link.welcome)
        self._news.set()

    async def keep(self) -> None:
        """Hear the server until the session has ended, over as many connections as it takes."""
        try:
            await self._keep()
        except Exception as fault:  # not only ours: whoever waits for this task must hear of it
            self._fail(fault)

    async def close(self) -> None:
        """Leave the session, if it has not ended."""
        if self._link is not None:
            if not self._bye_sent:
                await self.send(Bye())
            await self._link.close()

    async def send(self, message: ClientMessage) -> bool:
        """Send a message; False when there is no connection just now."""
        if self._link is None:
            return False
        self._recording.heard(message)
        try:
            await self._link.send(message)
        except ConnectionLost:
            return False
        await asyncio.sleep(0)  # a loop that only sends would keep its own answers from being heard
        return True

    async def ask(self, question: Question) -> Answer:
        """Ask, again after a lost connection, and wait for the answer."""
        self._question = question
        self._answer = asyncio.get_running_loop().create_future()
        try:
            await self.send(question)
            return await self._answer
        finally:
            self._question = self._answer = None

    async def finish(self) -> None:
        """Say bye and hear everything until the server's bye, which may have come first."""
        while self._link is None and not self._bye_heard:
            self.check()
            await self.changed()
        self._bye_sent = True
        self.ended = self._bye_heard
        await self.send(Bye())
        while not self.ended:
            await self.changed()
        self._news.set()
        self.check()

    async def changed(self) -> None:
        """Wait until something was heard or the session ended."""
        self._news.clear()
        await self._news.wait()

    def check(self) -> None:
        """Raise what ended the session, if it was an error."""
        if self._failure is not None:
            raise self._failure

    async def _keep(self) -> None:
        while not self.ended:
            try:
                await self._read()
            except LivegroundError as error:
                link, self._link = self._link, None
                if link is not None:
                    await link.close()
                if self._bye_sent or error.code not in WORTH_A_RETRY:
                    raise
                await self._reopen(error)

    async def _read(self) -> None:
        assert self._link is not None
        while not self.ended:
            await self._take(await self._link.recv())
            await asyncio.sleep(0)  # a burst must not push labels out before they can be read

    async def _reopen(self, cause: LivegroundError) -> None:
        give_up_at_s = self._clock() + self._give_up_s
        for delay_s in _delays_s():
            if self._clock() + delay_s > give_up_at_s:
                raise ConnectionLost(f"Given up after {self._give_up_s:g} s. {cause}") from cause
            await self._sleep(delay_s)
            try:
                await self.open()
            except LivegroundError as error:
                if error.code not in WORTH_A_RETRY:
                    raise
                cause = error
            else:
                break
        await self._restore()

    async def _restore(self) -> None:
        """Tell a new session what the old one knew, and ask again what has no answer."""
        view, question = self.view, self._question
        assert view.welcome is not None
        if not view.welcome.resumed:
            if view.enrolled is not None:
                self._restoring = True
                await self.send(Enrol(examples=view.enrolled.examples))
            if self._wanted is not None and not isinstance(question, Configure):
                await self.send(self._wanted)
        if question is not None:
            await self.send(question)

    async def _take(self, message: ServerMessage) -> None:
        self._recording.said(message)
        match message:
            case Ping():
                await self.send(Pong(id=message.id))
            case Pong():
                pass
            case Bye():
                self._bye_heard = True
                self.ended = self._bye_sent
            case ErrorMessage(fatal=True):
                raise from_wire(message)
            case ErrorMessage(seq=None) if self._answer is not None and not self._answer.done():
                self._answer.set_exception(from_wire(message))
            case _:
                self._hear(message)
        self._news.set()

    def _hear(self, message: ServerMessage) -> None:
        new = self.view.take(message, self._clock())
        if isinstance(message, Configured) and message.cause == "example":
            self._wanted = _with_labels(self._wanted, message)
        if not new or self._answer is None or self._answer.done():
            return
        match self._question, message:
            case Configure() as wanted, Configured(cause="configure"):
                self._wanted = wanted
                self._answer.set_result(message)
            case Enrol(), Enrolled() if self._restoring:
                self._restoring = False
            case Enrol(), Enrolled():
                self._answer.set_result(message)

    def _fail(self, error: BaseException) -> None:
        self._failure = error
        self.ended = True
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self._news.set()


def _with_labels(wanted: Configure | None, configured: Configured) -> Configure | None:
    """The request with prompts that were taught since."""
    if wanted is None or configured.mode == "script":
        return wanted
    return msgspec.structs.replace(
        wanted, instruction=None, steps=None, prompts=configured.labels, mode=None
    )


def _delays_s() -> Iterator[float]:
    """Growing delays, scattered so that a server's clients do not come back all at once."""
    delay_s = FIRST_DELAY_S
    while True:
        yield delay_s * random.uniform(0.5, 1.0)
        delay_s = min(2 * delay_s, LONGEST_DELAY_S)
