"""Builders for tests of video: pictures as JPEG, an engine by rule, a session on it."""

from collections import deque
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import cv2
import numpy as np

from engines import models
from engines.errors import EngineError, PromptError
from engines.video.engine import Found, Grounding, Prompt
from stream.config import Config
from stream.ledger import Ledger
from stream.messages import ClientMessage, Configure, Hello, Image, Message
from stream.states import Action, Close, Expand, Report, See, Send
from stream.video_jobs import Ask, Key, Look, VideoDone, VideoJob
from stream.video_scheduler import look
from stream.video_session import VideoSession
from tests.stream.rig import identity

HELLO = Hello(protocol=1, client="test", kind="video")
PROMPTS = Configure(prompts=["cuts an onion", "waves"])
RATE_HZ = 30.0
SIZE_PX = 32
GRID = 4
REFUSED_LEVEL = 250
"""Pictures brighter than this are refused by the engine."""


@cache
def jpeg(shift: int = 0, *, level: int = 0) -> bytes:
    """A bright square on grey, `shift` pixels to the right; or a picture of one level only."""
    picture = np.full((96, 128, 3), level or 90, np.uint8)
    if not level:
        picture[30:60, 10 + shift : 40 + shift] = 220
    return cv2.imencode(".jpg", picture)[1].tobytes()


def image(
    seq: int, time_s: float | None = None, *, still: bool = False, file: bytes = b""
) -> Image:
    """Frame `seq` of a square that moves to the right and back, or stands still."""
    time_s = seq / RATE_HZ if time_s is None else time_s
    return Image(seq=seq, time_s=time_s, jpeg=file or jpeg(0 if still else 4 * (seq % 15)))


class RuleTrack:
    """One session of a RuleVideoEngine."""

    def __init__(self) -> None:
        self.prompts: tuple[Prompt, ...] = ()
        self.newest: float | None = None


class RuleVideoEngine:
    """Every answer is known: prompt i is at column i, and present if i is 0.

    A prompt "refused" and a white picture are errors. `batches`: sessions of each call.
    """

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.manifest = models.ClipManifest(
            format=1,
            name="rule",
            version="1",
            files={},
            precision="fp32",
            vision=models.Vision(SIZE_PX, 8, GRID, 32, 24, 1, (0, 0, 0), (1, 1, 1)),
            max_tokens=12,
            presence=models.Presence((1, 0, -1, 0), 0, 0.5, None, None),
            notice="made for tests",
            sources=(),
            parity={},
        )

    def new_track(self) -> RuleTrack:
        return RuleTrack()

    def configure(self, track: RuleTrack, prompts: Sequence[Prompt]) -> Grounding | None:
        if "refused" in prompts:
            raise PromptError("this prompt is refused")
        track.prompts = tuple(prompts)
        return None if track.newest is None else self._ground(track, track.newest)

    def prepare(self, frame: np.ndarray) -> np.ndarray:
        return frame.mean(keepdims=True).astype(np.float32)

    def step(self, jobs: Sequence[tuple[RuleTrack, np.ndarray, float]]) -> list[Grounding]:
        self.batches.append(len(jobs))
        if any(pixels.max() > REFUSED_LEVEL for _, pixels, _ in jobs):
            raise EngineError("nothing to be seen")
        for track, _, time_s in jobs:
            track.newest = time_s
        return [self._ground(track, time_s) for track, _, time_s in jobs]

    def _ground(self, track: RuleTrack, time_s: float) -> Grounding:
        found = []
        for index, label in enumerate(track.prompts):
            heat = np.zeros((GRID, GRID), np.float32)
            heat[1, index % GRID] = 1.0
            found.append(Found(str(label), heat, 0.1, 0.3, 0.9 - 0.8 * bool(index), not index))
        return Grounding(time_s, tuple(found))


class VideoRig:
    """A session about video, and models that run its jobs when told to."""

    def __init__(self, *, config: Config | None = None, engine: Any = None) -> None:
        self.engine = engine or RuleVideoEngine()
        self.track = self.engine.new_track()
        self.session = VideoSession(identity(), config or Config(), 0.0)
        self.jobs: deque[VideoJob] = deque()
        self.sent: list[Message] = []
        self.asked: list[tuple[str, ...]] = []
        self.closed: Close | None = None
        self.now_s = 0.0

    @property
    def ledger(self) -> Ledger:
        return self.session.ledger

    def start(self) -> "VideoRig":
        """Say hello and configure."""
        self.say(HELLO, PROMPTS)
        return self

    def say(self, *given: ClientMessage, run: bool = True) -> list[Message]:
        """The client sends; return what the server sends for it."""
        before = len(self.sent)
        for message in given:
            self.perform(self.session.receive(message, self.now_s))
            if run:
                self.run()
        return self.sent[before:]

    def perform(self, actions: Iterable[Action]) -> None:
        for action in actions:
            match action:
                case Send(message):
                    self.sent.append(message)
                case Report():
                    self.sent.append(self.session.stats())
                case See(job):
                    self.jobs.append(job)
                case Expand(labels):
                    self.asked.append(labels)
                case Close():
                    self.closed = action

    def run(self, kind: type | None = None) -> None:
        """Let the models do all jobs that wait and that come of them, or the first of one kind."""
        while job := next((each for each in self.jobs if kind in (None, type(each))), None):
            self.jobs.remove(job)
            self.perform(self.session.deliver(self._do(job), self.now_s))
            if kind is not None:
                return

    def _do(self, job: VideoJob) -> VideoDone:
        try:
            match job:
                case Look():
                    return VideoDone(job, look(job, SIZE_PX))
                case Ask(prompts, parts):
                    wanted = [parts.get(each, each) for each in prompts]
                    return VideoDone(job, self.engine.configure(self.track, wanted))
                case Key(picture, time_s):
                    pixels = self.engine.prepare(picture)
                    return VideoDone(job, self.engine.step([(self.track, pixels, time_s)])[0])
        except EngineError as error:
            return VideoDone(job, error=error)
