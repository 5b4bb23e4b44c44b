"""Law: however results and frames are chunked on their way, the session says the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.motion.engine import MotionEngine
from stream.jobs import Frames
from stream.lane import Share, take_share
from stream.messages import Bye, Configure, Label, SegmentMessage
from tests.stream.rig import HELLO, SessionRig, of, poses

WATCH = Configure(prompts=["a person waves", "a person stands still"], horizon_s=1.0)
SCRIPT = Configure(steps=["a person stands still", "a person waves"], horizon_s=1.0)
FRAMES = 150


class ChunkedRig(SessionRig):
    """A session whose jobs are merged as the scheduler merges them, when told to run."""

    def run_turn(self) -> None:
        place = type("Place", (), {"jobs": self.jobs})()
        share: Share = take_share(place, lambda job: True)
        self.jobs.extendleft(reversed([*share.controls, *([share.frames] if share.frames else [])]))
        self.run(len(share.controls) + (share.frames is not None))


def said(engine: MotionEngine, configure: Configure, chunks: list[int]) -> list:
    """Everything a client is told when the model gets its turn after so many frames each."""
    rig = ChunkedRig(engine)
    rig.say(HELLO, configure)
    left = poses(FRAMES)
    for chunk in [*chunks, FRAMES]:
        now, left = left[:chunk], left[chunk:]
        rig.say(*now, run=False)
        while rig.jobs:
            rig.run_turn()
    rig.say(Bye())
    return rig.sent


def test_turns_merge_frames(engine: MotionEngine) -> None:
    """The rig below really merges: a turn after 30 frames holds their 10 model frames."""
    rig = ChunkedRig(engine)
    rig.say(HELLO, WATCH)
    rig.say(*poses(30), run=False)
    assert all(isinstance(job, Frames) and len(job.marks) == 1 for job in rig.jobs)
    rig.run_turn()
    assert not rig.jobs


@pytest.mark.parametrize("configure", [WATCH, SCRIPT], ids=["watch", "script"])
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(chunks=st.lists(st.integers(1, 60), min_size=1, max_size=30))
def test_chunking_does_not_matter(
    engine: MotionEngine, configure: Configure, chunks: list[int]
) -> None:
    """Same labels, same segments, same finals as frame by frame."""
    whole, chunked = said(engine, configure, [1] * FRAMES), said(engine, configure, chunks)
    for kind in (Label, SegmentMessage):
        expected, found = of(kind, whole), of(kind, chunked)
        assert [m.index for m in found] == [m.index for m in expected]
        assert [m.score for m in found] == pytest.approx([m.score for m in expected], abs=1e-3)
    assert [m.time_s for m in of(Label, chunked)] == [m.time_s for m in of(Label, whole)]
    times_s = [
        [(m.id, m.state, m.start_s, m.end_s) for m in of(SegmentMessage, each)]
        for each in (whole, chunked)
    ]
    assert times_s[0] == times_s[1]


@settings(max_examples=6, deadline=None)
@given(cuts=st.lists(st.sampled_from([1, 20, 45, 100, -1]), min_size=1, max_size=6))
def test_finals_never_change(engine: MotionEngine, cuts: list[int]) -> None:
    """Once final, an id is not told again: over gaps, clock resets and new configurations."""
    rig = SessionRig(engine)
    rig.say(HELLO, WATCH)
    first, start_s = 0, 0.0
    for cut in cuts:
        if cut == -1:
            rig.say(SCRIPT)
            continue
        rig.say(*poses(cut, first=first, start_s=start_s))
        first, start_s = first + cut, start_s - 30.0 if first % 2 else start_s + 30.0
    rig.say(Bye())
    final: set[int] = set()
    for segment in of(SegmentMessage, rig.sent):
        assert segment.id not in final
        if segment.state == "final":
            final.add(segment.id)
    open_ids = {m.id for m in of(SegmentMessage, rig.sent)} - final
    retracted = {m.id for m in of(SegmentMessage, rig.sent) if m.state == "retracted"}
    assert open_ids == retracted
