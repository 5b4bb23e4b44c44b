"""The scheduler: batches, orders, and a thread that may die without anybody losing a frame."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import numpy as np
import pytest

from engines.errors import EngineError
from stream.jobs import Cut, Done, Finish, Frames, Job, Mark, Relabel, Wanted
from stream.lane import MAX_FRAMES, Place
from stream.scheduler import Scheduler
from tests.stream.rig import RuleEngine, standing

RELABEL = Relabel(Wanted(("walks", "waves"), "watch", 0.15, 2.0))


def frames(count: int, first: int = 0) -> Frames:
    """Model frames in a row, each from the input frame of its number."""
    marks = tuple(Mark(n, n) for n in range(first, first + count))
    return Frames(
        np.repeat(standing()[None], count, axis=0), np.arange(first, first + count) / 20, marks
    )


class Watched(RuleEngine):
    """Counts the sessions of every step; waits at a gate; fails when told to."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.sizes: list[list[int]] = []
        self.entered = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()
        self.fault: Callable[[list], BaseException | None] = lambda jobs: None

    def step(self, jobs):
        self.batches.append(len(jobs))
        self.sizes.append([len(joints) for _, joints, _ in jobs])
        self.entered.release()
        assert self.gate.wait(10)
        fault = self.fault(jobs)
        if fault is not None:
            raise fault
        return super().step(jobs)

    async def inside(self) -> None:
        """Wait until the thread is in a step."""
        assert await asyncio.to_thread(self.entered.acquire, timeout=10)


class Client:
    """One session's results."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.place: Place = scheduler.join(self._deliver)
        self.done: list[Done] = []
        self._more = asyncio.Event()

    def give(self, *jobs: Job) -> None:
        for job in jobs:
            self.scheduler.submit(self.place, job)

    def _deliver(self, done: list[Done]) -> None:
        self.done += done
        self._more.set()

    async def answered(self, last: type[Job]) -> list[Done]:
        """Wait for the result of a job of this kind; return all results."""
        async with asyncio.timeout(10):
            while not any(isinstance(done.job, last) for done in self.done):
                self._more.clear()
                await self._more.wait()
        return self.done

    @property
    def seqs(self) -> list[int]:
        """Input frames whose result came without an error, in order."""
        marks = [d.job.marks for d in self.done if isinstance(d.job, Frames) and d.error is None]
        return [mark.seq for each in marks for mark in each]

    @property
    def times_s(self) -> list[float]:
        """What the labels spoke of."""
        return [update.time_s for done in self.done for update in done.updates]


class Deaths:
    """Counts deaths of the thread."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def deaths() -> Deaths:
    return Deaths()


@pytest.fixture
async def scheduler(watched: Watched, deaths: Deaths) -> AsyncIterator[Scheduler]:
    made = Scheduler(watched, lambda sessions, seconds: None, deaths)
    yield made
    watched.gate.set()
    await made.stop()


async def test_what_waits_goes_in_one_call(scheduler: Scheduler, watched: Watched) -> None:
    """While a turn runs, the next one gathers all sessions."""
    watched.gate.clear()
    clients = [Client(scheduler) for _ in range(5)]
    clients[0].give(frames(1))
    await watched.inside()
    for client in clients[1:]:
        client.give(frames(1))
    assert scheduler.waiting == 4
    watched.gate.set()
    for client in clients:
        client.give(Finish())
        await client.answered(Finish)
    assert watched.batches == [1, 4]


async def test_jobs_keep_their_order(scheduler: Scheduler, watched: Watched) -> None:
    """Control and frames as given; only adjacent frames are merged."""
    watched.gate.clear()
    first, client = Client(scheduler), Client(scheduler)
    first.give(frames(1))
    await watched.inside()
    client.give(RELABEL, frames(2), frames(3, 2), Cut(1.0), frames(1, 5), RELABEL, Finish())
    watched.gate.set()
    done = await client.answered(Finish)
    kinds = [type(each.job) for each in done]
    assert kinds == [Relabel, Frames, Cut, Frames, Relabel, Finish]
    assert client.seqs == [0, 1, 2, 3, 4, 5]
    assert watched.sizes[1:] == [[5], [1]]
    assert client.times_s == pytest.approx([0, 0.05, 0.1, 0.15, 0.2, 0.25])


async def test_one_that_has_much_to_catch_up_does_not_hold_up_others(
    scheduler: Scheduler, watched: Watched
) -> None:
    """It gets at most MAX_FRAMES a turn, and the others are in the same turn."""
    watched.gate.clear()
    late, other = Client(scheduler), Client(scheduler)
    late.give(frames(1))
    await watched.inside()
    late.give(*(frames(1, n) for n in range(1, 70)), Finish())
    other.give(frames(1), Finish())
    watched.gate.set()
    await late.answered(Finish)
    sizes = [sorted(batch) for batch in watched.sizes]
    assert sizes == [[1], [1, MAX_FRAMES], [MAX_FRAMES], [MAX_FRAMES], [9]]
    assert late.seqs == list(range(70))
    assert other.seqs == [0]


async def test_who_has_left_gets_nothing(scheduler: Scheduler, watched: Watched) -> None:
    """Neither the result on its way nor what waited; nobody else notices."""
    watched.gate.clear()
    gone, stays = Client(scheduler), Client(scheduler)
    gone.give(frames(1))
    await watched.inside()
    gone.give(frames(1, 1))
    stays.give(frames(1), Finish())
    scheduler.leave(gone.place)
    watched.gate.set()
    await stays.answered(Finish)
    assert gone.done == []
    assert watched.batches == [1, 1]


async def test_an_error_of_one_goes_to_that_one(scheduler: Scheduler) -> None:
    """An EngineError in frames or control is that job's result; the batch goes on."""
    tall, other = Client(scheduler), Client(scheduler)
    bad = frames(1)
    bad.joints[0, 0, 1] = 9.5
    refused = Relabel(Wanted(("refused",), "watch", 0.15, 2.0))
    tall.give(refused, bad, frames(1, 1), Finish())
    other.give(RELABEL, frames(4), Finish())
    await other.answered(Finish)
    errors = [done.error for done in await tall.answered(Finish)]
    assert isinstance(errors[0], EngineError)
    assert isinstance(errors[1], EngineError)
    assert errors[-1] is None
    assert len(other.times_s) == 4


@pytest.mark.parametrize("fault", [ValueError("a bug"), MemoryError(), SystemExit(1)])
async def test_a_dead_thread_loses_nothing(
    scheduler: Scheduler, watched: Watched, deaths: Deaths, fault: BaseException
) -> None:
    """Whatever kills it once, in whichever batch: every session gets every result, once."""
    faults = iter([None, fault])
    watched.fault = lambda jobs: next(faults, None)
    clients = [Client(scheduler) for _ in range(4)]
    for first in range(0, 40, 5):
        for client in clients:
            client.give(*([RELABEL] if first == 0 else []), frames(5, first))
    for client in clients:
        client.give(Finish())
    for client in clients:
        await client.answered(Finish)
        assert client.seqs == list(range(40))
        assert client.times_s == pytest.approx([n / 20 for n in range(40)])
        assert [done.error for done in client.done if done.error] == []
    assert deaths.count == 1


async def test_control_that_was_done_before_the_death_is_not_done_again(
    scheduler: Scheduler, watched: Watched, deaths: Deaths
) -> None:
    """A cut gives its updates once, although the frames of its turn are run twice."""
    watched.gate.clear()
    first, client = Client(scheduler), Client(scheduler)
    client.give(frames(5))
    await watched.inside()
    client.give(Cut(1.0), frames(2, 100), Finish())
    faults = iter([None, SystemExit()])
    watched.fault = lambda jobs: next(faults, None)
    watched.gate.set()
    await client.answered(Finish)
    assert deaths.count == 1
    assert client.times_s == pytest.approx([0, 0.05, 0.1, 0.15, 0.2, 5.0, 5.05])
    assert not first.done


async def test_a_session_that_kills_the_thread_again_fails_alone(
    scheduler: Scheduler, watched: Watched, deaths: Deaths
) -> None:
    """It gets the fault as its result; the others get all of theirs."""
    watched.gate.clear()
    poison, others = Client(scheduler), [Client(scheduler) for _ in range(3)]
    others[0].give(frames(1))
    await watched.inside()
    poison.give(frames(1), Finish())
    for client in others:
        client.give(frames(5, 1), Finish())
    watched.fault = lambda jobs: (
        SystemExit() if any(track is poison.place.track for track, _, _ in jobs) else None
    )
    watched.gate.set()
    for client in others:
        await client.answered(Finish)
        assert client.seqs[-5:] == [1, 2, 3, 4, 5]
    done = await poison.answered(Finish)
    assert isinstance(done[0].error, RuntimeError)
    assert deaths.count == 2


async def test_turns_are_observed(watched: Watched, deaths: Deaths) -> None:
    """How many sessions and how long, told on the event loop's thread."""
    seen: list[tuple[int, float, str]] = []
    scheduler = Scheduler(
        watched, lambda n, s: seen.append((n, s, threading.current_thread().name)), deaths
    )
    client = Client(scheduler)
    client.give(frames(1), Finish())
    await client.answered(Finish)
    await scheduler.stop()
    assert {name for _, _, name in seen} == {threading.current_thread().name}
    assert all(sessions == 1 and seconds >= 0 for sessions, seconds, _ in seen)


async def test_stop_while_idle_and_twice(watched: Watched, deaths: Deaths) -> None:
    """The thread ends; stopping again is no error."""
    scheduler = Scheduler(watched, lambda sessions, seconds: None, deaths)
    await scheduler.stop()
    await scheduler.stop()
    assert deaths.count == 0


class SlowTexts(Watched):
    """New configurations wait at a gate of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Semaphore(0)
        self.texts = threading.Event()
        self.text_fault: BaseException | None = None

    def configure(self, track, labels, mode, **times_s):
        self.asked.release()
        assert self.texts.wait(10)
        fault, self.text_fault = self.text_fault, None
        if fault is not None:
            raise fault
        return super().configure(track, labels, mode, **times_s)


@pytest.mark.parametrize("fault", [None, SystemExit(1)])
async def test_a_new_configuration_holds_up_nobody_else(
    deaths: Deaths, fault: BaseException | None
) -> None:
    """Others' frames are answered meanwhile; its own wait for it, in order, also when it dies."""
    engine = SlowTexts()
    engine.text_fault = fault
    scheduler = Scheduler(engine, lambda sessions, seconds: None, deaths)
    changing, other = Client(scheduler), Client(scheduler)
    changing.give(frames(2), RELABEL, frames(2, 2), Finish())
    assert await asyncio.to_thread(engine.asked.acquire, timeout=10)
    other.give(frames(3), Cut(1.0), frames(3, 3), Finish())
    await other.answered(Finish)
    assert other.seqs == [0, 1, 2, 3, 4, 5]
    assert changing.seqs == [0, 1]
    engine.texts.set()
    done = await changing.answered(Finish)
    assert [type(each.job) for each in done] == [Frames, Relabel, Frames, Finish]
    assert not [each.error for each in done if each.error]
    assert changing.seqs == [0, 1, 2, 3]
    assert deaths.count == (fault is not None)
    await scheduler.stop()
