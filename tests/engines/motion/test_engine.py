"""Many people in one call: alone or together the same, faults stay with their person, calls can
be repeated."""

from dataclasses import replace

import numpy as np
import pytest

from engines.errors import EngineError, PromptError, ShapeError
from engines.motion.engine import MAX_LABELS, MotionEngine, StepResult
from engines.motion.timeline import UNKNOWN

PROMPTS = ("walks", "waves the left hand", "sits down")


@pytest.fixture(scope="module")
def engine():
    """The bundled model, once."""
    return MotionEngine.load()


def mover(frames: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A rough body that swings its arms, with its times at 20 fps."""
    rng = np.random.default_rng(seed)
    rest = np.zeros((22, 3), np.float32)
    heights = ".9 .85 .85 1 .5 .5 1.1 .1 .1 1.2 0 0 1.4 1.35 1.35 1.6 1.4 1.4 1.1 1.1 .9 .9"
    sides = "0 .1 -.1 0 .1 -.1 0 .1 -.1 0 .1 -.1 0 .05 -.05 0 .2 -.2 .3 -.3 .3 -.3"
    rest[:, 1] = np.array(heights.split(), np.float32)
    rest[:, 0] = np.array(sides.split(), np.float32)
    joints = np.repeat(rest[None], frames, axis=0)
    swing = np.cumsum(rng.normal(0, 0.06, (frames, 4, 3)), axis=0).clip(-0.4, 0.4)
    joints[:, 18:] += swing.astype(np.float32)
    return joints, np.arange(frames) / 20


def run(engine, joints, times_s, chunk, *, mode="watch"):
    """All updates of one person, in pieces of `chunk` frames."""
    track = engine.new_track()
    updates = engine.configure(track, PROMPTS, mode)
    for start in range(0, len(joints), chunk):
        piece = slice(start, start + chunk)
        [result] = engine.step([(track, joints[piece], times_s[piece])])
        assert result.error is None
        updates += result.updates
    return updates + engine.finish(track)


def same(ours, others):
    """Updates agree up to the rounding of float32 in the encoder."""
    assert len(ours) == len(others)
    for a, b in zip(ours, others, strict=True):
        assert (a.time_s, a.index, a.label, a.retracted) == (
            (b.time_s, b.index, b.label, b.retracted)
        )
        assert np.allclose(a.scores, b.scores, atol=1e-3)
        ours_only, theirs = ([replace(s, score=0) for s in u.segments] for u in (a, b))
        assert ours_only == theirs


@pytest.mark.parametrize("mode", ["watch", "script"])
@pytest.mark.parametrize("chunk", [2, 7, 90])
def test_chunking_does_not_matter(engine, mode, chunk):
    """Frames one by one give the updates of frames in pieces and of all at once."""
    joints, times_s = mover(90, 1)
    same(run(engine, joints, times_s, 1, mode=mode), run(engine, joints, times_s, chunk, mode=mode))


def test_every_frame_gets_its_update(engine):
    """One update a frame, in order, and the last ones when the stretch is cut."""
    joints, times_s = mover(60, 2)
    spoken = [update.time_s for update in run(engine, joints, times_s, 1)]
    assert spoken == [None, *times_s, times_s[-1]]


def test_together_is_as_alone(engine):
    """People in one call, with different numbers of frames, get what they get alone."""
    people = [mover(60, seed) for seed in range(4)]
    alone = [run(engine, *person, 60) for person in people]
    tracks = [engine.new_track() for _ in people]
    together = [engine.configure(track, PROMPTS, "watch") for track in tracks]
    taken = [0] * len(people)
    rng = np.random.default_rng(0)
    while min(taken) < 60:
        sizes = [min(int(rng.integers(0, 5)), 60 - done) for done in taken]
        jobs = [
            (track, joints[done : done + size], times_s[done : done + size])
            for track, (joints, times_s), done, size in zip(
                tracks, people, taken, sizes, strict=True
            )
        ]
        for updates, result in zip(together, engine.step(jobs), strict=True):
            updates += result.updates
        taken = [done + size for done, size in zip(taken, sizes, strict=True)]
    for track, updates, expected in zip(tracks, together, alone, strict=True):
        same(updates + engine.finish(track), expected)


def test_equal_numbers_of_frames_make_one_call(engine, monkeypatch):
    """The encoder runs once for all people."""
    calls = []
    step = engine._encoder.step
    monkeypatch.setattr(engine._encoder, "step", lambda f, s: calls.append(f.shape) or step(f, s))
    jobs = [(engine.new_track(), *mover(5, seed)) for seed in range(8)]
    engine.step(jobs)
    assert [shape[:2] for shape in calls] == [(8, 3)]


def test_a_fault_stays_with_its_person(engine):
    """Wrong shapes and NaN give their person the error; the others' updates come."""
    joints, times_s = mover(20, 3)
    good, short, nan = (engine.new_track() for _ in range(3))
    bad = joints.copy()
    bad[4, 3] = np.nan
    jobs = [(short, joints[:, :5], times_s), (good, joints, times_s), (nan, bad, times_s)]
    results = engine.step(jobs)
    assert [type(result.error) for result in results] == [ShapeError, type(None), ShapeError]
    assert len(results[1].updates) == 12
    [again] = engine.step([(nan, joints, times_s)])
    assert len(again.updates) == 12


def test_values_that_are_not_finite_stay_with_their_person(engine, monkeypatch):
    """If the encoder fails on one person's numbers, that person gets an error and no state
    changes."""
    joints, times_s = mover(20, 3)
    step = engine._encoder.step

    def broken(features, state):
        out = step(features, state)
        out.values[1, 3] = np.nan
        return out

    one, two = engine.new_track(), engine.new_track()
    with monkeypatch.context() as patch:
        patch.setattr(engine._encoder, "step", broken)
        results = engine.step([(one, joints, times_s), (two, joints, times_s)])
    assert results[0].error is None
    assert isinstance(results[1].error, EngineError)
    [again] = engine.step([(two, joints, times_s)])
    assert again.updates == results[0].updates


def test_a_crashed_call_can_be_repeated(engine, monkeypatch):
    """If the encoder call is cut off, nobody's state has changed and nothing counts twice."""
    joints, times_s = mover(40, 4)
    expected = run(engine, joints, times_s, 40)
    track = engine.new_track()
    updates = engine.configure(track, PROMPTS, "watch")
    with monkeypatch.context() as patch:

        def crash(features, state):
            raise RuntimeError("the runtime died")

        patch.setattr(engine._encoder, "step", crash)
        with pytest.raises(RuntimeError):
            engine.step([(track, joints, times_s)])
        with pytest.raises(RuntimeError):
            engine.step([(track, joints, times_s)])
    [result] = engine.step([(track, joints, times_s)])
    same([*updates, *result.updates, *engine.finish(track)], expected)


def test_configured_late_is_as_configured_early(engine):
    """The kept window is labelled anew: from then on all is as if it had been configured before."""
    joints, times_s = mover(120, 5)
    early = run(engine, joints, times_s, 120)
    track = engine.new_track()
    [first] = engine.step([(track, joints[:70], times_s[:70])])
    assert {update.label for update in first.updates} == {UNKNOWN}
    engine.configure(track, PROMPTS[::-1], "script")
    [now] = engine.configure(track, PROMPTS, "watch")
    [second] = engine.step([(track, joints[70:], times_s[70:])])
    late = [now, *second.updates, *engine.finish(track)]
    finals = [
        {(s.index, s.start_s, s.end_s) for u in updates for s in u.segments if s.final}
        for updates in (early, late)
    ]
    assert finals[0] == finals[1]
    told = {update.time_s: update.index for update in early}
    assert second.updates[-1].index == told[second.updates[-1].time_s]


@pytest.mark.parametrize("pause_s", [1.0, 30.0])
@pytest.mark.parametrize("when", [1, 2])
def test_a_script_configured_after_a_pause_is_as_one_from_the_beginning(engine, pause_s, when):
    """Before or after the first frames behind it: what the pause settles, it settles in both."""
    joints, times_s = mover(160, 5)
    finals = []
    for configured in (0, when):
        track, updates = engine.new_track(), []
        for step, piece in enumerate((slice(80), slice(80, 120), slice(120, 160))):
            if step == configured:
                updates += engine.configure(track, PROMPTS, "script")
            late_s = pause_s if step else 0.0
            [result] = engine.step([(track, joints[piece], times_s[piece] + late_s)])
            updates += result.updates
            if step == 0:
                updates += engine.cut(track, pause_s)
        updates += engine.finish(track)
        finals.append([replace(s, id=0) for u in updates for s in u.segments if s.final])
    assert finals[0] == finals[1] != []


def test_a_new_configuration_retracts_what_is_open(engine):
    """Provisional segments of the old texts are taken back; ids are never used again."""
    joints, times_s = mover(60, 6)
    track = engine.new_track()
    [first] = engine.configure(track, ["stands"], "watch")
    [result] = engine.step([(track, joints, times_s)])
    told = {s.id for u in (first, *result.updates) for s in u.segments}
    gone = {s.id for u in result.updates for s in u.segments if s.final}
    gone |= {key for u in result.updates for key in u.retracted}
    [update] = engine.configure(track, PROMPTS, "watch")
    assert set(update.retracted) >= told - gone
    assert not {s.id for s in update.segments} & told


@pytest.mark.parametrize(
    "labels",
    [[], "waves", [""], ["waves", "  "], ["x" * 10_000], ["waves"] * (MAX_LABELS + 1), [3]],
)
def test_unfit_labels_are_refused(engine, labels):
    """Labels that cannot be used are refused by a text that says why."""
    with pytest.raises(PromptError, match=r"expected|list"):
        engine.configure(engine.new_track(), labels, "watch")


@pytest.mark.parametrize("name", ["lookahead_s", "horizon_s"])
@pytest.mark.parametrize("value", [-1.0, float("nan"), 1e6])
def test_unfit_times_are_refused(engine, name, value):
    """Times outside their range are refused by name."""
    with pytest.raises(PromptError, match=name):
        engine.configure(engine.new_track(), PROMPTS, "watch", **{name: value})


def test_nothing_to_do(engine):
    """No jobs, no frames and an empty track are all fine."""
    assert engine.step([]) == []
    track = engine.new_track()
    none = np.empty((0, 22, 3), np.float32), np.empty(0)
    assert engine.step([(track, *none)]) == [StepResult()]
    assert engine.finish(track) == []


def test_state_is_bounded(engine):
    """However long the stream, a track keeps twenty seconds."""
    joints, times_s = mover(900, 7)
    track = engine.new_track()
    engine.step([(track, joints, times_s)])
    assert len(track._window) == 400
