"""A session about video with its place at the models; it may outlive its connection."""

import asyncio
import logging
from typing import Final

from stream.jobs import Described
from stream.language_model import LanguageModel
from stream.recordings.tape import NOTHING, Recording
from stream.seat import UNASKED, Audience, End, now_s
from stream.states import Action, Expand, Infer, Partition, See, Send
from stream.video_jobs import VideoDone
from stream.video_scheduler import VideoScheduler, Viewer
from stream.video_session import VideoSession

log = logging.getLogger(__name__)


class VideoSeat:
    """A session and what runs for it. Results of the models come here."""

    def __init__(
        self,
        session: VideoSession,
        scheduler: VideoScheduler,
        language_model: LanguageModel | None,
    ) -> None:
        self.session: Final = session
        self.audience: Audience | None = None
        self.tape: Recording = NOTHING
        self._scheduler = scheduler
        self._language_model = language_model
        self._asking: set[asyncio.Task[None]] = set()
        self._viewer: Final[Viewer] = scheduler.join(self._deliver)

    def run(self, wanted: Infer | See | Partition | Expand) -> None:
        """Give a job to the models, or a question to the language model; the session is told what
        comes of it."""
        match wanted:
            case See(job):
                self._scheduler.submit(self._viewer, job)
            case Expand(labels):
                task = asyncio.create_task(self._ask(labels))
                self._asking.add(task)
                task.add_done_callback(self._asking.discard)

    def leave(self) -> None:
        """The session has ended: nothing more is run for it."""
        for task in self._asking:
            task.cancel()
        self._scheduler.leave(self._viewer)

    async def _ask(self, labels: tuple[str, ...]) -> None:
        assert self._language_model is not None
        try:
            answer = await self._language_model.decompose(labels)
        except Exception:
            log.exception("The language model could not be asked.")
            answer = Described({}, UNASKED)
        self._perform(self.session.described(answer))

    def _perform(self, actions: list[Action]) -> None:
        """Also without a connection, the jobs go on."""
        if self.audience is not None:
            self.audience.perform(actions)
            return
        for action in actions:
            if isinstance(action, Send):
                self.tape.said(action.message)
            elif isinstance(action, See | Expand):
                self.run(action)

    def _deliver(self, done: VideoDone) -> None:
        try:
            self._perform(self.session.deliver(done, now_s()))
        except Exception as fault:
            log.exception("A result could not be delivered.")
            if self.audience is not None:
                self.audience.stop(End.of(fault))
