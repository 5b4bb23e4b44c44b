"""A session with its place at the models. It may outlive its connection: another may take it."""

import asyncio
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from stream.errors import LanguageModelFailed
from stream.jobs import Described, Done
from stream.lane import Place
from stream.language_model import Answer, LanguageModel
from stream.recordings.tape import NOTHING, Recording
from stream.refusals import close_of
from stream.scheduler import Scheduler
from stream.session import Session
from stream.states import Action, Expand, Infer, Partition, See, Send

UNASKED: Final = LanguageModelFailed("The language model could not be asked.", kind="internal")

log = logging.getLogger(__name__)
now_s = time.monotonic


@dataclass(frozen=True, slots=True)
class End:
    """How a connection ends. `error`: told to the client if possible. `keep`: it may resume."""

    code: int
    reason: str
    error: BaseException | None = None
    keep: bool = False

    @staticmethod
    def of(error: BaseException, *, keep: bool = False) -> "End":
        """The end that an error makes."""
        code, reason = close_of(error)
        return End(code, reason, error, keep)


class Audience(Protocol):
    """The connection that a session speaks to."""

    def perform(self, actions: Iterable[Action]) -> None:
        """Do what the session wants done."""

    def stop(self, end: End) -> None:
        """End the connection."""


class Seat:
    """A session and what runs for it. Results of the models come here."""

    def __init__(
        self, session: Session, scheduler: Scheduler, language_model: LanguageModel | None
    ) -> None:
        self.session: Final = session
        self.place: Final[Place] = scheduler.join(self._deliver)
        self.audience: Audience | None = None
        self.tape: Recording = NOTHING
        self._scheduler = scheduler
        self._language_model = language_model
        self._asking: set[asyncio.Task[None]] = set()

    def run(self, wanted: Infer | See | Partition | Expand) -> None:
        """Give a job to the model, or a question to the language model; the session is told what
        comes of it."""
        match wanted:
            case Infer(job):
                self._scheduler.submit(self.place, job)
            case Partition() | Expand():
                task = asyncio.create_task(self._ask(wanted))
                self._asking.add(task)
                task.add_done_callback(self._asking.discard)

    def leave(self) -> None:
        """The session has ended: nothing more is run for it."""
        for task in self._asking:
            task.cancel()
        self._scheduler.leave(self.place)

    async def _ask(self, question: Partition | Expand) -> None:
        match question:
            case Partition(number, instruction):
                steps = await self._split(instruction)
                actions = self.session.partitioned(number, steps, now_s())
            case Expand(labels):
                described = await self._describe(labels)
                actions = self.session.described(described, now_s())
        self._perform(actions)

    async def _split(self, instruction: str) -> Answer:
        assert self._language_model is not None
        try:
            return await self._language_model.split(instruction)
        except Exception:
            log.exception("The language model could not be asked.")
            return UNASKED

    async def _describe(self, labels: tuple[str, ...]) -> Described:
        assert self._language_model is not None
        try:
            return await self._language_model.describe(labels)
        except Exception:
            log.exception("The language model could not be asked.")
            return Described({}, UNASKED)

    def _perform(self, actions: list[Action]) -> None:
        """Also without a connection, the jobs go on; what there is to tell is told on resume."""
        if self.audience is not None:
            self.audience.perform(actions)
            return
        for action in actions:
            if isinstance(action, Send):
                self.tape.said(action.message)
            elif isinstance(action, Infer | Partition | Expand):
                self.run(action)

    def _deliver(self, results: list[Done]) -> None:
        try:
            for done in results:
                self._perform(self.session.deliver(done, now_s()))
        except Exception as fault:
            log.exception("A result could not be delivered.")
            if self.audience is not None:
                self.audience.stop(End.of(fault))
