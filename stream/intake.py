"""One client's pose frames on their way to the model: checked, paced, resampled, accounted for.
Pure."""

from typing import Final

from engines.motion.resample import Resampled, Resampler
from engines.motion.skeleton import MODEL_FPS
from stream.config import Config
from stream.jobs import Cut, Frames, Mark
from stream.ledger import Ledger
from stream.messages import Notice, Pose
from stream.pace import AgeMeter, RateLimit, RateMeter
from stream.protocol import joints_of
from stream.skeletons import canonical, skeleton
from stream.states import Action, Infer, Send

NOTICE_TEXT: Final = {
    "clock_reset": "The capture clock was set back: a new stretch begins at its new time.",
    "gap": "No frames for longer than can be bridged: a new stretch begins.",
}


class Intake:
    """Poses in; jobs, drops and notices out. `seen_seq`: newest frame that the model has
    answered."""

    def __init__(self, config: Config, now_s: float) -> None:
        self.ledger: Final = Ledger()
        self.ages: Final = AgeMeter()
        self.seen_seq = -1
        self._rate = RateLimit(config.max_rate_hz, now_s)
        self._meter = RateMeter()
        self._resampler = Resampler()
        self._room = config.max_backlog_s * MODEL_FPS
        self._waiting = 0
        self._fed: Mark | None = None

    @property
    def rate_hz(self) -> float:
        """Frames a second that come in."""
        return self._meter.rate_hz

    def take(self, pose: Pose, now_s: float) -> list[Action]:
        """Take one frame. Raises ShapeError and UnknownSkeleton, which cost this frame only."""
        if not self._rate.admits(now_s):
            return [Send(self.ledger.drop(pose.seq, "rate"))]
        joints = joints_of(pose, len(skeleton(pose.skeleton).joints))
        if self._waiting >= self._room:
            return [Send(self.ledger.drop(pose.seq, "busy"))]
        resampled = self._resampler.push(canonical(pose.skeleton, joints), pose.time_s)
        if resampled.outcome != "used":
            return [Send(self.ledger.drop(pose.seq, resampled.outcome))]
        actions = self._cut(resampled)
        self.ages.observe(pose.time_s, now_s)
        self._meter.add(pose.time_s)
        mark = self.ledger.take(pose.seq)
        count = len(resampled.frames)
        if count:
            self._fed = mark
            self._waiting += count
            marks = (mark,) * count
            actions.append(Infer(Frames(resampled.frames, resampled.times_s, marks)))
        return actions

    def answered(self, job: Frames, *, failed: bool) -> int:
        """The model has taken these frames into account, or failed to; returns how many inputs it
        were."""
        self._waiting -= len(job.marks)
        newest = job.marks[-1]
        if failed:
            return self.ledger.fail(newest)
        self.seen_seq = newest.seq
        return self.ledger.settle(newest)

    def _cut(self, resampled: Resampled) -> list[Action]:
        if resampled.cut is None:
            return []
        self._meter.restart()
        if resampled.cut == "clock_reset":
            self.ages.forget_clock()
        unused = self.ledger.cut(self._fed) if self._fed else []
        notice = Notice(code=resampled.cut, text=NOTICE_TEXT[resampled.cut])
        return [*map(Send, unused), Send(notice), Infer(Cut(resampled.pause_s))]
