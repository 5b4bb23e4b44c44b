"""Sessions about video at their three threads: one follows frames, one runs the model, one reads
prompts.

Following decodes a JPEG and takes a few milliseconds a frame, one session after the other. The
model takes the key frames of all sessions that wait in one batch; batches form by themselves while
it is busy. Sessions say what comes next and bound it (`viewing.py`): of each, at most one job is
with the thread that follows, and one with the other two together. So a track is never used by two
threads at once.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from engines.errors import EngineError
from engines.models import ClipManifest
from engines.video import carry
from engines.video.engine import Grounding, Prompt
from engines.video.peaks import peaks
from engines.video.scene import Scene
from stream.lane import Lane
from stream.messages import Heat, Peak
from stream.video_jobs import Ask, Key, Look, VideoDone, VideoJob, View

MAX_BATCH: Final = 8
"""Key frames of one model call: more would keep the first of them waiting for the last."""


class VideoEngine(Protocol):
    """The part of `engines.video.engine.VideoEngine` that is used here; tracks are opaque."""

    @property
    def manifest(self) -> ClipManifest: ...
    def new_track(self) -> Any: ...
    def configure(self, track: Any, prompts: Sequence[Prompt]) -> Grounding | None: ...
    def prepare(self, frame: NDArray[np.uint8]) -> NDArray[np.float32]: ...
    def step(
        self, jobs: Sequence[tuple[Any, NDArray[np.float32], float]]
    ) -> Sequence[Grounding]: ...


@dataclass(slots=True, eq=False)
class Viewer:
    """One session. `deliver` is called on the event loop."""

    deliver: Callable[[VideoDone], None]
    track: Any
    desks: dict[type, "Desk"] = field(default_factory=dict)
    closed: bool = False


@dataclass(slots=True, eq=False)
class Desk:
    """A session's jobs for one thread. `busy`: one of them is being worked on."""

    viewer: Viewer
    jobs: deque[VideoJob] = field(default_factory=deque)
    busy: bool = False


@dataclass(slots=True, eq=False)
class Portion:
    """One job in a turn."""

    desk: Desk
    job: VideoJob
    done: VideoDone | None = None

    def give_up(self, error: Exception) -> None:
        """Answer with an error what has not been run."""
        self.done = self.done or VideoDone(self.job, error=error)


class VideoScheduler:
    """Jobs in on the event loop, results back on the event loop.

    `observe(sessions, seconds)` is told of every call of the model, `mourn()` of every death of a
    thread.
    """

    def __init__(
        self,
        engine: VideoEngine,
        observe: Callable[[int, float], None],
        mourn: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._least_px = engine.manifest.vision.size_px
        self._observe = observe
        self._mourn = mourn
        self._lock = threading.Lock()
        self._lanes: Final[dict[type, Lane[Desk, Portion]]] = {
            Look: Lane("follow", self._lock, self, _take, 1),
            Key: Lane("vision", self._lock, self, _take, MAX_BATCH),
            Ask: Lane("prompts", self._lock, self, _take, 1),
        }

    @property
    def waiting(self) -> int:
        """Jobs that wait for a thread."""
        return sum(len(lane.waiting) for lane in self._lanes.values())

    def join(self, deliver: Callable[[VideoDone], None]) -> Viewer:
        """A place for a new session."""
        viewer = Viewer(deliver, self._engine.new_track())
        viewer.desks = {kind: Desk(viewer) for kind in self._lanes}
        return viewer

    def submit(self, viewer: Viewer, job: VideoJob) -> None:
        """Give a job to its thread; sessions bound what they submit."""
        desk = viewer.desks[type(job)]
        with self._lock:
            desk.jobs.append(job)
            if not desk.busy:
                self._lanes[type(job)].add(desk)

    def leave(self, viewer: Viewer) -> None:
        """The session is gone: its jobs are not run, and results on their way are discarded."""
        with self._lock:
            viewer.closed = True
            for kind, desk in viewer.desks.items():
                desk.jobs.clear()
                self._lanes[kind].waiting.pop(desk, None)

    async def stop(self) -> None:
        """End the threads after their present turns."""
        await asyncio.gather(*(lane.stop() for lane in self._lanes.values()))

    # ------------------------------------------------------------------ on the threads

    def run(self, turn: list[Portion]) -> None:
        """Do the jobs of a turn; all key frames in one call."""
        keys = [(portion, portion.job) for portion in turn if isinstance(portion.job, Key)]
        if keys:
            self._ground(keys)
        for portion in turn:
            if portion.done is None:
                portion.done = self._do(portion)

    def release(self, turn: list[Portion]) -> None:
        """Let the sessions of a turn wait for their next."""
        with self._lock:
            for portion in turn:
                portion.desk.busy = False
                if portion.desk.jobs:
                    self._lanes[type(portion.job)].add(portion.desk)

    def _ground(self, keys: list[tuple[Portion, Key]]) -> None:
        try:
            prepared = [
                (portion.desk.viewer.track, self._engine.prepare(key.picture), key.time_s)
                for portion, key in keys
            ]
            groundings: Sequence[Grounding] = self._engine.step(prepared)
        except EngineError as error:
            for portion, key in keys:
                portion.done = VideoDone(key, error=error)
            return
        for (portion, key), grounding in zip(keys, groundings, strict=True):
            portion.done = VideoDone(key, grounding)

    def _do(self, portion: Portion) -> VideoDone:
        job = portion.job
        try:
            match job:
                case Look():
                    return VideoDone(job, look(job, self._least_px))
                case Ask(prompts, parts):
                    wanted = [parts.get(each, each) for each in prompts]
                    track = portion.desk.viewer.track
                    return VideoDone(job, self._engine.configure(track, wanted))
        except EngineError as error:
            return VideoDone(job, error=error)
        raise AssertionError(f"{type(job).__name__} is run in a batch")

    # ------------------------------------------------------------------ back on the event loop

    def after_turn(self, turn: list[Portion], seconds: float) -> None:
        """Deliver a turn's results."""
        sessions = sum(isinstance(portion.job, Key) for portion in turn)
        if sessions:
            self._observe(sessions, seconds)
        self._deliver(turn)

    def after_death(self, given_up: list[Portion]) -> None:
        """Count it, and answer the sessions that were given up."""
        self._mourn()
        self._deliver(given_up)

    def _deliver(self, turn: list[Portion]) -> None:
        for portion in turn:
            if portion.done is not None and not portion.desk.viewer.closed:
                portion.desk.viewer.deliver(portion.done)


def look(job: Look, least_px: int) -> View:
    """Follow a frame. Raises ImageError if it is broken."""
    scene, picture = job.scene, None
    if job.frame is not None:
        picture = job.frame.rgb(least_px)
        grey = carry.grey(picture)
        scene = Scene(grey, job.time_s) if scene is None else scene.seen(grey, job.time_s)
    else:
        assert scene is not None
        scene = scene.drawn()
    return View(scene, picture, heats(scene))


def heats(scene: Scene) -> tuple[Heat, ...]:
    """What is told of a scene's maps."""
    if scene.maps is None or scene.grounding is None:
        return ()
    return tuple(
        Heat(
            index=index,
            present=found.present,
            presence=found.presence,
            peaks=[
                Peak(x=peak.x, y=peak.y, score=peak.score, box=list(peak.box))
                for peak in peaks(heat)
            ],
            low=found.low,
            high=found.high,
            grid=np.round(np.clip(heat, 0, 1) * 255).astype(np.uint8).tobytes(),
        )
        for index, (found, heat) in enumerate(zip(scene.grounding.found, scene.maps, strict=True))
    )


def _take(desk: Desk) -> Portion:
    desk.busy = True
    return Portion(desk, desk.jobs.popleft())
