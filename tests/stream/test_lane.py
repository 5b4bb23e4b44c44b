"""How a session's jobs become its share of a turn: nothing lost, nothing out of order."""

from collections import deque

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stream.jobs import Cut, Finish, Frames, Job, Mark, Relabel, Wanted
from stream.lane import MAX_FRAMES, Place, Share, take_share

RELABEL = Relabel(Wanted(("walks",), "watch", 0.4, 2.0))


def place_with(jobs: list[Job]) -> Place:
    return Place(lambda done: None, jobs=deque(jobs))


def shares(place: Place) -> list[Share]:
    """All turns of a lane that takes every job."""
    taken = []
    while place.jobs:
        taken.append(take_share(place, lambda job: True))
    return taken


@st.composite
def job_lists(draw) -> list[Job]:
    jobs: list[Job] = []
    seq = 0
    for size in draw(st.lists(st.integers(-3, 30), max_size=30)):
        if size <= 0:
            jobs.append([Cut(1.0), RELABEL, Finish()][size % 3])
            continue
        marks = tuple(Mark(n, n) for n in range(seq, seq + size))
        joints = np.arange(seq, seq + size, dtype=np.float32)[:, None, None]
        jobs.append(Frames(np.broadcast_to(joints, (size, 22, 3)), joints[:, 0, 0] / 20, marks))
        seq += size
    return jobs


@given(job_lists())
def test_turns_hold_all_jobs_in_order(jobs: list[Job]) -> None:
    """Control jobs one by one, frames merged, nothing swapped across either."""
    taken = shares(place_with(jobs))
    flat = [job for share in taken for job in (*share.controls, share.frames) if job]
    control = [job for job in flat if not isinstance(job, Frames)]
    assert control == [job for job in jobs if not isinstance(job, Frames)]

    def order(given_jobs: list[Job]) -> list[object]:
        """Control jobs and frame numbers as one line."""
        line: list[object] = []
        for job in given_jobs:
            line += [mark.seq for mark in job.marks] if isinstance(job, Frames) else [job]
        return line

    assert order(flat) == order(jobs)


@given(job_lists())
def test_merged_frames_are_what_they_were(jobs: list[Job]) -> None:
    """Joints, times and marks stay together; a turn holds no more than its bound."""
    for share in shares(place_with(jobs)):
        if share.frames is None:
            continue
        seqs = [mark.seq for mark in share.frames.marks]
        assert share.frames.joints[:, 0, 0].tolist() == seqs
        assert (share.frames.times_s * 20).tolist() == np.float32(seqs).tolist()
        largest = max(len(job.marks) for job in jobs if isinstance(job, Frames))
        assert len(seqs) <= max(MAX_FRAMES, largest)


def test_a_job_of_another_lane_ends_the_share() -> None:
    """It stays for that lane, with all that follows."""
    place = place_with([Cut(1.0), RELABEL, Finish()])
    share = take_share(place, lambda job: not isinstance(job, Relabel))
    assert list(share.controls) == [Cut(1.0)]
    assert list(place.jobs) == [RELABEL, Finish()]


def test_giving_up_answers_what_is_left() -> None:
    """What was done before stays done."""
    place = place_with([Cut(1.0), Finish()])
    share = take_share(place, lambda job: True)
    share.controls.popleft()
    share.give_up(RuntimeError("broken"))
    assert [(type(done.job), str(done.error)) for done in share.done] == [(Finish, "broken")]
