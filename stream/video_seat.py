"""A session about video with its place at the models; it may outlive its connection."""

import logging
from typing import Final

from stream.seat import Audience, End, now_s
from stream.states import Action, Expand, Infer, Partition, See
from stream.video_jobs import VideoDone
from stream.video_scheduler import VideoScheduler, Viewer
from stream.video_session import VideoSession

log = logging.getLogger(__name__)


class VideoSeat:
    """A session and what runs for it. Results of the models come here."""

    def __init__(self, session: VideoSession, scheduler: VideoScheduler) -> None:
        self.session: Final = session
        self.audience: Audience | None = None
        self._scheduler = scheduler
        self._viewer: Final[Viewer] = scheduler.join(self._deliver)

    def run(self, wanted: Infer | See | Partition | Expand) -> None:
        """Give a job to the models; the session is told what comes of it."""
        assert isinstance(wanted, See)
        self._scheduler.submit(self._viewer, wanted.job)

    def leave(self) -> None:
        """The session has ended: nothing more is run for it."""
        self._scheduler.leave(self._viewer)

    def _perform(self, actions: list[Action]) -> None:
        """Also without a connection, the jobs go on."""
        if self.audience is not None:
            self.audience.perform(actions)
            return
        for action in actions:
            if isinstance(action, See):
                self.run(action)

    def _deliver(self, done: VideoDone) -> None:
        try:
            self._perform(self.session.deliver(done, now_s()))
        except Exception as fault:
            log.exception("A result could not be delivered.")
            if self.audience is not None:
                self.audience.stop(End.of(fault))
