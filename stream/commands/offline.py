"""A session with its models in one thread, without a server: each message's jobs are done before
the next. The session is the server's own, so what comes out is what a server would send."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from engines.errors import EngineError
from engines.motion.engine import MotionEngine
from engines.video.engine import VideoEngine
from stream.config import Config
from stream.dialogue import Identity
from stream.jobs import Done, Frames, Job
from stream.loading import load_motion, load_video, model_message, video_message
from stream.messages import PROTOCOL_VERSION, ClientMessage, Hello, Message, Model
from stream.scheduler import control
from stream.service import welcome
from stream.session import Session
from stream.states import Action, Infer, Report, See, Send
from stream.video_jobs import Ask, Key, Look, VideoDone, VideoJob
from stream.video_scheduler import look
from stream.video_session import VideoSession

LIMITS: Final = Config(
    max_rate_hz=2000,
    max_backlog_s=60,
    max_prompts=256,
    max_text_chars=2000,
    max_examples=256,
    max_example_s=20,
    max_image_px=64_000_000,
)
"""A recording may come from a server that takes more than ours does by default."""
NO_MODEL: Final = Model(name="none", version="0", sha256="", lookahead_s=0.0, fps=20.0)
NAME: Final = "liveground replay"


class Offline:
    """A session, and what does its jobs."""

    def __init__(self, session: Session | VideoSession, do: Callable[[Any], Any]) -> None:
        self._session: Any = session
        self._do = do
        self._jobs: deque[Job | VideoJob] = deque()

    @classmethod
    def motion(cls, engine: MotionEngine) -> "Offline":
        """A session about motion."""
        track = engine.new_track()
        told = welcome(LIMITS, model_message(engine), None)
        session = Session(Identity(told, True), LIMITS, 0.0)
        return cls(session, lambda job: _moved(engine, track, job))

    @classmethod
    def video(cls, engine: VideoEngine) -> "Offline":
        """A session about video: the model sees every frame that has changed."""
        track = engine.new_track()
        told = welcome(LIMITS, NO_MODEL, video_message(engine))
        session = VideoSession(Identity(told, True), LIMITS, 0.0)
        return cls(session, lambda job: _seen(engine, track, job))

    @classmethod
    def load(cls, kind: str, model: str) -> "Offline":
        """A session of this kind with a model by name or folder. Raises ModelError."""
        if kind != "video":
            return cls.motion(load_motion(Config(model=model)))
        engine = load_video(Config(video_model="default" if model == "bundled" else model))
        assert engine is not None
        return cls.video(engine)

    @property
    def hello(self) -> Hello:
        """What the client has to say first."""
        about_video = isinstance(self._session, VideoSession)
        return Hello(
            protocol=PROTOCOL_VERSION, client=NAME, kind="video" if about_video else "motion"
        )

    def say(self, message: ClientMessage, now_s: float) -> Iterator[Message]:
        """The client says this; gives all that a server would send for it, in its order."""
        yield from self._sent(self._session.receive(message, now_s))
        while self._jobs:
            done = self._do(self._jobs.popleft())
            yield from self._sent(self._session.deliver(done, now_s))

    def _sent(self, actions: Iterable[Action]) -> Iterator[Message]:
        for action in actions:
            match action:
                case Send(message):
                    yield message
                case Report():
                    yield self._session.stats()
                case Infer(job) | See(job):
                    self._jobs.append(job)


def _moved(engine: MotionEngine, track: Any, job: Job) -> Done:
    if not isinstance(job, Frames):
        return control(engine, track, job)
    step = engine.step([(track, job.joints, job.times_s)])[0]
    return Done(job, tuple(step.updates), step.error)


def _seen(engine: VideoEngine, track: Any, job: VideoJob) -> VideoDone:
    try:
        match job:
            case Look():
                return VideoDone(job, look(job, engine.manifest.vision.size_px))
            case Ask(prompts):
                return VideoDone(job, engine.configure(track, list(prompts)))
            case Key(picture, time_s):
                pixels = engine.prepare(picture)
                return VideoDone(job, engine.step([(track, pixels, time_s)])[0])
    except EngineError as error:
        return VideoDone(job, error=error)
