"""One client's session about video: messages and results in, actions out. Pure: no socket, no loop,
told the time.

A frame is taken into account by the first heatmap that speaks of it or of a later one. Until the
model has seen the first key frame there is none, and frames wait for it.
"""

from collections.abc import Sequence
from typing import Final

from engines.errors import EngineError, LivegroundError, PromptError
from stream import prompts
from stream.config import Config
from stream.decomposing import Decomposing, fallback
from stream.dialogue import Dialogue, Identity
from stream.errors import LimitExceeded, UnexpectedMessage
from stream.frames import JpegFrame, Sight
from stream.jobs import Described
from stream.ledger import Ledger
from stream.messages import (
    ClientMessage,
    Configure,
    Configured,
    Heatmap,
    Image,
    Message,
    Notice,
    Stats,
)
from stream.pace import AgeMeter, RateMeter
from stream.refusals import error_message
from stream.states import TRANSITIONS, Action, Report, Send, State
from stream.video_jobs import Ask, Key, Look, VideoDone
from stream.viewing import Viewing

SET_BACK_S: Final = 1.0
"""Capture times that go back by more are another clock; by less, frames that came late."""
MAX_PENDING: Final = 300
"""Frames that may wait for the first key frame: ten seconds of them."""
RESET_TEXT: Final = "The capture clock was set back: a new stretch begins at its new time."
SKIPPED_TEXT: Final = "Heatmaps are not read in time: the newest replace the oldest."


class VideoSession(Dialogue):
    """One client's state machine."""

    def __init__(self, identity: Identity, config: Config, now_s: float) -> None:
        super().__init__(identity, config, now_s)
        self._ledger = Ledger()
        self._viewing = Viewing(self._ledger)
        self._ages = AgeMeter()
        self._meter = RateMeter()
        self._configured: Configured | None = None
        self._decomposing = Decomposing(config.partition)
        self._unanswered = 0
        self._time_s: float | None = None
        self._newest: Heatmap | None = None
        self._sent = self._skipped = 0
        self._skip_noticed = False

    @property
    def ledger(self) -> Ledger:
        """The accounting of input frames."""
        return self._ledger

    def stats(self) -> Stats:
        """The books of this moment."""
        return Stats(
            received=self._ledger.received,
            processed=self._ledger.processed,
            dropped=dict(self._ledger.dropped),
            errored=self._ledger.errored,
            pending=self._ledger.pending,
            labels=self._sent,
            labels_skipped=self._skipped,
            input_hz=self._meter.rate_hz,
            age_p50_ms=self._ages.percentile_ms(0.5),
            age_p95_ms=self._ages.percentile_ms(0.95),
            key_frames=self._viewing.key_frames,
            unchanged=self._viewing.unchanged,
        )

    def labels_skipped(self, count: int) -> list[Action]:
        """The outbox replaced heatmaps by newer ones."""
        self._sent -= count
        self._skipped += count
        noticed, self._skip_noticed = self._skip_noticed, True
        return [] if noticed else [Send(Notice(code="labels_skipped", text=SKIPPED_TEXT))]

    def _told(self) -> Sequence[Message]:
        newest, configured = self._newest, self._configured
        if newest is None or configured is None or newest.config != configured.config:
            return [] if configured is None else [configured]
        self._sent += 1
        return [configured, newest]

    # ------------------------------------------------------------------ what the client says

    def _handle(self, message: ClientMessage, now_s: float) -> list[Action]:
        match message:
            case Image():
                sight = Sight(JpegFrame(message.jpeg), message.time_s)
                return self._seen(message.seq, sight, now_s)
            case Configure():
                return self._ask(message)
        raise UnexpectedMessage("This session is about video: send `image` and `configure`.")

    def _ask(self, message: Configure) -> list[Action]:
        if message.prompts is None or message.lookahead_s or message.horizon_s:
            raise PromptError("A session about video looks for `prompts`, and for nothing else.")
        wanted = prompts.read(message, self._config, 0.0)
        limit = self._config.max_waiting_configures
        if self._unanswered >= limit:
            raise LimitExceeded(
                f"{limit} configurations wait for their answer. Wait for `configured`.",
                limit="max_waiting_configures",
                value=limit,
            )
        self._unanswered += 1
        self._decomposing.replaced()
        return self._viewing.ask(Ask(wanted.labels))

    def see(self, sight: Sight, now_s: float) -> list[Action]:
        """Take the next frame of a camera that does not number them. While nothing is looked for,
        its frames are nobody's: they are not counted."""
        if self.state not in (State.RUNNING, State.CLOSING):
            return []
        self._hear(now_s)
        seq = self._ledger.last_seq + 1
        if self.state is State.CLOSING:
            return [Send(self._ledger.drop(seq, "cut"))]
        try:
            return self._seen(seq, sight, now_s)
        except LivegroundError as error:
            self._ledger.refuse(seq)
            return [Send(error_message(error, seq=seq))]

    def _seen(self, seq: int, sight: Sight, now_s: float) -> list[Action]:
        """Take one frame. Raises ImageError and LimitExceeded, which cost this frame only."""
        width, height = sight.frame.size_px()
        limit = self._config.max_image_px
        if width * height > limit:
            raise LimitExceeded(
                f"The image has {width} x {height} pixels; the limit is {limit}. Send less.",
                limit="max_image_px",
                value=limit,
            )
        actions: list[Action] = []
        last_s = sight.time_s if self._time_s is None else self._time_s
        if self._time_s is not None and sight.time_s <= last_s:
            if last_s - sight.time_s <= SET_BACK_S:
                same = sight.time_s == last_s
                return [Send(self._ledger.drop(seq, "duplicate" if same else "late"))]
            actions = self._set_back()
        if self._ledger.pending >= MAX_PENDING:
            return [*actions, Send(self._ledger.drop(seq, "busy"))]
        self._time_s = sight.time_s
        self._ages.observe(sight.time_s, now_s)
        self._meter.add(sight.time_s)
        mark = self._ledger.take(seq)
        return [*actions, *self._viewing.take(sight.frame, sight.time_s, mark)]

    def _set_back(self) -> list[Action]:
        self._meter.restart()
        self._ages.forget_clock()
        self._newest = None
        self._viewing.forget()
        notice = Notice(code="clock_reset", text=RESET_TEXT)
        return [*map(Send, self._ledger.cut(None)), Send(notice)]

    # ------------------------------------------------------------------ what the models say

    def described(self, answer: Described) -> list[Action]:
        """Take the language model's answer to an `Expand`: verb and object of prompts."""
        if self.state is not State.RUNNING or self._configured is None:
            return []
        actions, parts = self._decomposing.described(answer)
        labels = tuple(self._configured.labels)
        return actions + (self._viewing.ask(Ask(labels, parts)) if parts else [])

    def deliver(self, done: VideoDone, now_s: float) -> list[Action]:
        """Take the result of one job. An EngineError costs what it concerns; any other error ends
        the session."""
        if self.state is State.CLOSED:
            return []
        if done.error is not None and not isinstance(done.error, EngineError):
            return self.fail(done.error)
        match done.job:
            case Look():
                actions = self._looked(done, done.job, now_s)
            case Ask():
                actions = self._answered(done, done.job)
            case Key():
                actions = self._keyed(done, done.job)
        actions += self._viewing.go_on()
        if self._stats_due(now_s):
            self._skip_noticed = False
            actions.append(Report())
        return actions + self._end_if_idle()

    def _looked(self, done: VideoDone, job: Look, now_s: float) -> list[Action]:
        tell = self._viewing.looked(done)
        if done.error is not None:
            pending = self._ledger.spoil(job.mark)
            return [Send(error_message(done.error, seq=job.mark.seq))] if pending else []
        view = self._viewing.view
        if not tell or view is None or view.scene.grounding is None or view.scene.maps is None:
            return []
        self._ledger.settle(job.mark)
        self._sent += 1
        self._newest = Heatmap(
            config=self._viewing.config,
            seq=job.mark.seq,
            time_s=view.scene.time_s,
            key_time_s=view.scene.grounding.time_s,
            age_ms=self._ages.age_ms(view.scene.time_s, now_s),
            columns=view.scene.maps.shape[2],
            rows=view.scene.maps.shape[1],
            heats=list(view.heats),
        )
        return [Send(self._newest)]

    def _answered(self, done: VideoDone, job: Ask) -> list[Action]:
        self._unanswered -= not job.parts
        number = 1 if self._configured is None else self._configured.config + 1
        self._viewing.grounded(done, number)
        if done.error is not None and job.parts:
            return [fallback(done.error)]
        if done.error is not None:
            refused: list[Action] = [Send(error_message(done.error))]
            if self._configured is None and not self._unanswered and self.state is State.RUNNING:
                self.state = TRANSITIONS[self.state]["unconfigured"]
                self._viewing.forget()
                refused += map(Send, self._ledger.cut(None))
            return refused
        self._configured = Configured(
            config=number,
            mode="watch",
            labels=list(job.prompts),
            lookahead_s=0.0,
            horizon_s=0.0,
            cause="descriptions" if job.parts else "configure",
        )
        if job.parts or self._unanswered:
            return [Send(self._configured)]
        return [Send(self._configured), *self._decomposing.taken(job.prompts)]

    def _keyed(self, done: VideoDone, job: Key) -> list[Action]:
        assert self._configured is not None
        self._viewing.grounded(done, self._configured.config)
        if done.error is None:
            return []
        pending = self._ledger.fail(job.mark)
        return [Send(error_message(done.error, seq=job.mark.seq if pending else None))]

    # ------------------------------------------------------------------ the end

    def _finish(self) -> list[Action]:
        """What is with the models is waited for; then it is over."""
        self.state = State.CLOSING
        return self._end_if_idle()

    def _settle(self) -> list[Action]:
        return []

    def _end_if_idle(self) -> list[Action]:
        return self._over() if self.state is State.CLOSING and self._viewing.idle else []
