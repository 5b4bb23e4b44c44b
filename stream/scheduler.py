"""One thread owns each model: every turn, one encoder call for all sessions that have frames.

Batches form by themselves: while a turn runs, the next one gathers. Nothing waits for a batch to
fill (ARCHITECTURE.md, decisions). A session's jobs keep their order. New configurations and
examples, which embed texts and label the kept window anew (hundreds of milliseconds), are run by a
second thread, one session at a time, so that the others' labels do not wait for them; the engine
allows it for different tracks.

A thread that dies is replaced and nothing is lost (`lane.py`); engine calls are all-or-nothing,
so that nothing is counted twice either.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engines.errors import EngineError
from engines.motion.examples import ExampleSet
from engines.motion.timeline import Mode, Update
from stream.jobs import (
    Adopt,
    Change,
    Cut,
    Describe,
    Descriptions,
    Done,
    InForce,
    Job,
    Relabel,
    Show,
)
from stream.lane import Lane, Place, Share, take_share


class StepResult(Protocol):
    """What one track's frames gave."""

    @property
    def updates(self) -> Sequence[Update]: ...
    @property
    def error(self) -> Exception | None: ...


class Engine(Protocol):
    """The part of `engines.motion.engine.MotionEngine` that is used here.

    Tracks are opaque but for `labels`, `examples` and `since_s`.
    """

    def new_track(self) -> Any: ...
    def configure(
        self,
        track: Any,
        labels: Sequence[str],
        mode: Mode,
        *,
        lookahead_s: float,
        horizon_s: float,
        descriptions: Descriptions,
    ) -> Sequence[Update]: ...
    def enrol(
        self, track: Any, name: str, start_s: float, end_s: float, *, words: bool
    ) -> Sequence[Update]: ...
    def use_examples(self, track: Any, examples: ExampleSet) -> Sequence[Update]: ...
    def step(
        self, jobs: Sequence[tuple[Any, NDArray[np.float32], NDArray[np.float64]]]
    ) -> Sequence[StepResult]: ...
    def cut(self, track: Any, pause_s: float) -> Sequence[Update]: ...
    def finish(self, track: Any) -> Sequence[Update]: ...


class Scheduler:
    """Jobs in on the event loop, results back on the event loop.

    `observe(sessions, seconds)` is told of every turn of frames, `mourn()` of every death of a
    thread.
    """

    def __init__(
        self,
        engine: Engine,
        observe: Callable[[int, float], None],
        mourn: Callable[[], None],
        *,
        max_sessions: int = 10_000,
    ) -> None:
        self._engine = engine
        self._observe = observe
        self._mourn = mourn
        self._lock = threading.Lock()
        self._texts = Lane("texts", self._lock, self, partial(take_share, takes=_is_change), 1)
        self._motion = Lane(
            "motion", self._lock, self, partial(take_share, takes=_is_motion), max_sessions
        )

    @property
    def waiting(self) -> int:
        """Sessions that have jobs waiting."""
        return len(self._motion.waiting) + len(self._texts.waiting)

    def join(self, deliver: Callable[[list[Done]], None]) -> Place:
        """A place for a new session."""
        return Place(deliver, self._engine.new_track())

    def submit(self, place: Place, job: Job) -> None:
        """Give a job to the models; sessions bound what they submit."""
        with self._lock:
            place.jobs.append(job)
            if place.lane is None:
                self._queue(place)

    def leave(self, place: Place) -> None:
        """The session is gone: its jobs are not run, and results on their way are discarded."""
        with self._lock:
            place.closed = True
            place.jobs.clear()
            if place.lane is not None:
                place.lane.waiting.pop(place, None)

    async def stop(self) -> None:
        """End the threads after their present turns."""
        await asyncio.gather(self._motion.stop(), self._texts.stop())

    def _queue(self, place: Place) -> None:
        place.lane = self._texts if _is_change(place.jobs[0]) else self._motion
        place.lane.add(place)

    # ------------------------------------------------------------------ on a model's thread

    def run(self, turn: list[Share]) -> None:
        """Do the control jobs one by one, then the frames of all sessions in one call."""
        for share in turn:
            while share.controls:
                share.done.append(control(self._engine, share.place.track, share.controls[0]))
                share.controls.popleft()
        stepping = [(share, share.frames) for share in turn if share.frames is not None]
        if not stepping:
            return
        jobs = [(share.place.track, frames.joints, frames.times_s) for share, frames in stepping]
        for (share, frames), step in zip(stepping, self._engine.step(jobs), strict=True):
            share.done.append(Done(frames, tuple(step.updates), step.error))

    def release(self, turn: list[Share]) -> None:
        """Let the sessions of a turn wait for their next."""
        with self._lock:
            for share in turn:
                share.place.lane = None
                if share.place.jobs:
                    self._queue(share.place)

    # ------------------------------------------------------------------ back on the event loop

    def after_turn(self, turn: list[Share], seconds: float) -> None:
        """Deliver a turn's results."""
        sessions = sum(share.frames is not None for share in turn)
        if sessions:
            self._observe(sessions, seconds)
        self._deliver(turn)

    def after_death(self, given_up: list[Share]) -> None:
        """Count it, and answer the sessions that were given up."""
        self._mourn()
        self._deliver(given_up)

    def _deliver(self, turn: list[Share]) -> None:
        for share in turn:
            if not share.place.closed:
                share.place.deliver(share.done)


def control(engine: Engine, track: Any, job: Job) -> Done:
    """Do any job but frames, for one track."""
    try:
        if isinstance(job, Change):
            updates = tuple(_change(engine, track, job))
            in_force = InForce(track.labels, track.examples, track.since_s)
            return Done(job, updates, in_force=in_force)
        if isinstance(job, Cut):
            return Done(job, tuple(engine.cut(track, job.pause_s)))
        return Done(job, tuple(engine.finish(track)))
    except EngineError as error:
        return Done(job, error=error)


def _change(engine: Engine, track: Any, job: Change) -> Sequence[Update]:
    match job:
        case Relabel(wanted):
            labels: Sequence[str] = wanted.labels
            descriptions: Descriptions = {}
        case Describe(wanted, descriptions):
            labels = track.labels
        case Show(name, start_s, end_s, words):
            return engine.enrol(track, name, start_s, end_s, words=words)
        case Adopt(examples):
            return engine.use_examples(track, track.examples.merge(examples))
    return engine.configure(
        track,
        labels,
        wanted.mode,
        lookahead_s=wanted.lookahead_s,
        horizon_s=wanted.horizon_s,
        descriptions=descriptions,
    )


def _is_change(job: Job) -> bool:
    return isinstance(job, Change)


def _is_motion(job: Job) -> bool:
    return not isinstance(job, Change)
