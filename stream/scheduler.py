"""One thread owns the motion engine: every turn, one encoder call for all sessions that have
frames.

Batches form by themselves: while a turn runs, the next one gathers. Nothing waits for a batch to
fill (ARCHITECTURE.md, decisions). A session's jobs keep their order; adjacent frames are merged.

When the thread dies, another takes over the engine and runs what the interrupted turn left
undone, each session alone. Engine calls are all-or-nothing, so nothing is counted twice. A
session that kills the thread again gets the fault as its result; no other session loses a frame.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from engines.errors import EngineError
from engines.motion.timeline import Mode, Update
from stream.jobs import Cut, Done, Frames, Job, Relabel

MAX_FRAMES: Final = 20
"""Model frames of one session in one turn: one that has much to catch up does not hold up the
others."""

log = logging.getLogger(__name__)


class StepResult(Protocol):
    """What one track's frames gave."""

    @property
    def updates(self) -> Sequence[Update]: ...
    @property
    def error(self) -> EngineError | None: ...


class Engine(Protocol):
    """The part of `engines.motion.engine.MotionEngine` that is used here. Tracks are opaque."""

    def new_track(self) -> Any: ...
    def configure(
        self, track: Any, labels: Sequence[str], mode: Mode, *, lookahead_s: float, horizon_s: float
    ) -> Sequence[Update]: ...
    def step(
        self, jobs: Sequence[tuple[Any, NDArray[np.float32], NDArray[np.float64]]]
    ) -> Sequence[StepResult]: ...
    def cut(self, track: Any) -> Sequence[Update]: ...
    def finish(self, track: Any) -> Sequence[Update]: ...


@dataclass(slots=True, eq=False)
class Place:
    """One session at the scheduler. `deliver` is called on the event loop."""

    deliver: Callable[[list[Done]], None]
    track: Any = None
    jobs: deque[Job] = field(default_factory=deque)
    closed: bool = False


@dataclass(slots=True, eq=False)
class Share:
    """One session's part of a turn: control jobs, then frames. `done`: what has been run of it."""

    place: Place
    controls: deque[Job]
    frames: Frames | None
    done: list[Done] = field(default_factory=list)

    def give_up(self, error: Exception) -> None:
        """Answer all that has not been run with an error."""
        left = [*self.controls, *([self.frames] if self.frames else [])]
        self.done += [Done(job, error=error) for job in left]


class Scheduler:
    """Jobs in on the event loop, results back on the event loop.

    `observe(sessions, seconds)` is told of every turn, `mourn()` of every death of the thread.
    """

    def __init__(
        self, engine: Engine, observe: Callable[[int, float], None], mourn: Callable[[], None]
    ) -> None:
        self._engine = engine
        self._observe = observe
        self._mourn = mourn
        self._loop = asyncio.get_running_loop()
        self._condition = threading.Condition()
        self._waiting: dict[Place, None] = {}
        self._suspects: deque[Share] = deque()
        self._turn: list[Share] = []
        self._alone = False
        self._stopping = False
        self._thread = self._start_thread()

    @property
    def waiting(self) -> int:
        """Sessions that have jobs waiting."""
        return len(self._waiting) + len(self._suspects)

    def join(self, deliver: Callable[[list[Done]], None]) -> Place:
        """A place for a new session."""
        return Place(deliver)

    def submit(self, place: Place, job: Job) -> None:
        """Give a job to the model's thread; sessions bound what they submit."""
        with self._condition:
            place.jobs.append(job)
            self._waiting[place] = None
            self._condition.notify()

    def leave(self, place: Place) -> None:
        """The session is gone: its jobs are not run, and results on their way are discarded."""
        with self._condition:
            place.closed = True
            place.jobs.clear()
            self._waiting.pop(place, None)

    async def stop(self) -> None:
        """End the thread after its present turn."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        while self._thread.is_alive():
            await asyncio.to_thread(self._thread.join)

    # ------------------------------------------------------------------ on the model's thread

    def _start_thread(self) -> threading.Thread:
        thread = threading.Thread(target=self._work, name="liveground-model", daemon=True)
        thread.start()
        return thread

    def _work(self) -> None:
        try:
            while self._gather():
                start_s = time.perf_counter()
                self._run(self._turn)
                self._post(self._after_turn, self._turn, time.perf_counter() - start_s)
        except BaseException as fault:
            self._die(fault)

    def _gather(self) -> bool:
        with self._condition:
            self._turn = []
            self._condition.wait_for(lambda: self._waiting or self._suspects or self._stopping)
            if self._stopping:
                return False
            self._alone = bool(self._suspects)
            if self._alone:
                self._turn = [self._suspects.popleft()]
            else:
                places, self._waiting = self._waiting, {}
                self._turn = [take_share(place) for place in places]
                self._waiting.update((place, None) for place in places if place.jobs)
            return True

    def _run(self, turn: list[Share]) -> None:
        for share in turn:
            while share.controls:
                share.done.append(self._control(share.place, share.controls[0]))
                share.controls.popleft()
        stepping = [(share, share.frames) for share in turn if share.frames is not None]
        if not stepping:
            return
        steps = self._engine.step(
            [
                (self._track(share.place), frames.joints, frames.times_s)
                for share, frames in stepping
            ]
        )
        for (share, frames), step in zip(stepping, steps, strict=True):
            share.done.append(Done(frames, tuple(step.updates), step.error))

    def _control(self, place: Place, job: Job) -> Done:
        track = self._track(place)
        try:
            match job:
                case Relabel():
                    updates = self._engine.configure(
                        track,
                        job.wanted.labels,
                        job.wanted.mode,
                        lookahead_s=job.wanted.lookahead_s,
                        horizon_s=job.wanted.horizon_s,
                    )
                case Cut():
                    updates = self._engine.cut(track)
                case _:
                    updates = self._engine.finish(track)
        except EngineError as error:
            return Done(job, error=error)
        return Done(job, tuple(updates))

    def _track(self, place: Place) -> Any:
        if place.track is None:
            place.track = self._engine.new_track()
        return place.track

    def _die(self, fault: BaseException) -> None:
        log.critical("The model's thread died; another takes over.", exc_info=fault)
        with self._condition:
            turn, alone = self._turn, self._alone
            if not alone:
                self._suspects.extend(turn)
            self._thread = self._start_thread()
        if alone:
            for share in turn:
                share.give_up(RuntimeError("The model failed twice on this session's jobs."))
        self._post(self._after_death, turn if alone else [])

    def _post(self, callback: Callable[..., None], *arguments: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(callback, *arguments)

    # ------------------------------------------------------------------ back on the event loop

    def _after_turn(self, turn: list[Share], seconds: float) -> None:
        self._observe(len(turn), seconds)
        self._deliver(turn)

    def _after_death(self, given_up: list[Share]) -> None:
        self._mourn()
        self._deliver(given_up)

    def _deliver(self, turn: list[Share]) -> None:
        for share in turn:
            if not share.place.closed:
                share.place.deliver(share.done)


def take_share(place: Place) -> Share:
    """Take control jobs up to the first frames, and adjacent frames up to `MAX_FRAMES`."""
    controls: deque[Job] = deque()
    frames: list[Frames] = []
    count = 0
    while place.jobs:
        job = place.jobs[0]
        if isinstance(job, Frames):
            if frames and count + len(job.marks) > MAX_FRAMES:
                break
            frames.append(job)
            count += len(job.marks)
        elif frames:
            break
        else:
            controls.append(job)
        place.jobs.popleft()
    return Share(place, controls, _merge(frames) if frames else None)


def _merge(frames: list[Frames]) -> Frames:
    if len(frames) == 1:
        return frames[0]
    return Frames(
        np.concatenate([each.joints for each in frames]),
        np.concatenate([each.times_s for each in frames]),
        tuple(mark for each in frames for mark in each.marks),
    )
