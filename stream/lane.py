"""One thread that works off sessions' jobs in turns, and survives its own death. No engine, no
socket.

When the thread dies in a turn, another takes over and runs what the turn left undone, each
session alone. A session that kills the thread again gets the fault as its result; nobody else
loses anything.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Protocol, TypeVar

import numpy as np

from stream.jobs import Done, Frames, Job

MAX_FRAMES: Final = 20
"""Model frames of one session in one turn: one with much to catch up does not hold up the
others."""

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Place:
    """One session at the scheduler. `deliver` is called on the event loop.

    `lane`: where the place waits or is being worked on; None when it has no jobs.
    """

    deliver: Callable[[list[Done]], None]
    track: Any = None
    jobs: deque[Job] = field(default_factory=deque)
    lane: "Lane[Place, Share] | None" = None
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


class Abandoned(Protocol):
    """A part of a turn that can be answered without being done."""

    def give_up(self, error: Exception) -> None:
        """Answer all that has not been run with an error."""


P = TypeVar("P")
"""Where a session's jobs wait."""
S = TypeVar("S", bound=Abandoned)
"""A session's part of a turn."""


class Work(Protocol[S]):
    """What a lane works for."""

    def run(self, turn: list[S]) -> None:
        """On the lane's thread: do the shares' jobs, noting in `done` what was done."""

    def release(self, turn: list[S]) -> None:
        """On the lane's thread: these sessions' next jobs may be worked on, by any lane."""

    def after_turn(self, turn: list[S], seconds: float) -> None:
        """On the event loop: a turn is complete."""

    def after_death(self, given_up: list[S]) -> None:
        """On the event loop: the thread died; these shares are answered with the fault."""


class Lane(Generic[P, S]):
    """A thread and the places that wait for it. `lock` is the scheduler's; it guards all places."""

    def __init__(
        self, name: str, lock: threading.Lock, work: Work[S], take: Callable[[P], S], width: int
    ) -> None:
        """`take(place)` takes its share of a turn; a turn has at most `width` sessions."""
        self.waiting: Final[dict[P, None]] = {}
        self._name = name
        self._work = work
        self._take = take
        self._width = width
        self._loop = asyncio.get_running_loop()
        self._condition = threading.Condition(lock)
        self._suspects: deque[S] = deque()
        self._turn: list[S] = []
        self._alone = False
        self._stopping = False
        self._thread = self._start()

    def add(self, place: P) -> None:
        """Let a place wait; the caller holds the lock."""
        self.waiting[place] = None
        self._condition.notify()

    async def stop(self) -> None:
        """End the thread after its present turn."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        while self._thread.is_alive():
            await asyncio.to_thread(self._thread.join)

    def _start(self) -> threading.Thread:
        thread = threading.Thread(target=self._live, name=f"liveground-{self._name}", daemon=True)
        thread.start()
        return thread

    def _live(self) -> None:
        try:
            while self._gather():
                start_s = time.perf_counter()
                self._work.run(self._turn)
                self._post(self._work.after_turn, self._turn, time.perf_counter() - start_s)
                self._work.release(self._turn)
        except BaseException as fault:
            self._die(fault)

    def _gather(self) -> bool:
        with self._condition:
            self._turn = []
            self._condition.wait_for(lambda: self.waiting or self._suspects or self._stopping)
            if self._stopping:
                return False
            self._alone = bool(self._suspects)
            if self._alone:
                self._turn = [self._suspects.popleft()]
            else:
                places = list(self.waiting)[: self._width]
                for place in places:
                    del self.waiting[place]
                self._turn = [self._take(place) for place in places]
            return True

    def _die(self, fault: BaseException) -> None:
        log.critical("The model's thread died; another takes over.", exc_info=fault)
        with self._condition:
            turn, alone = self._turn, self._alone
            if not alone:
                self._suspects.extend(turn)
            self._thread = self._start()
        if alone:
            for share in turn:
                share.give_up(RuntimeError("The model failed twice on this session's jobs."))
        self._post(self._work.after_death, turn if alone else [])
        if alone:
            self._work.release(turn)

    def _post(self, callback: Callable[..., None], *arguments: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(callback, *arguments)


def take_share(place: Place, takes: Callable[[Job], bool]) -> Share:
    """Take control jobs up to the first frames, and adjacent frames up to `MAX_FRAMES`.

    Stops at a job that is another lane's.
    """
    controls: deque[Job] = deque()
    frames: list[Frames] = []
    count = 0
    while place.jobs and takes(place.jobs[0]):
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
