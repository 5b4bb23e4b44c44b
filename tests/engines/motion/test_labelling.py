"""The contract of one person's timeline, on made-up frames: finals, ids, order."""

import itertools
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.motion.labelling import Labelling, settings_for
from tests.engines.motion.scenes import CALIBRATION, scene

HORIZON = 30


def labelling(texts, mode, *, horizon=HORIZON, extra=0):
    rules = settings_for(CALIBRATION, mode, horizon_frames=horizon, extra_frames=extra)
    return Labelling(texts, tuple(f"p{k}" for k in range(len(texts))), mode, rules, 1)


def stream(texts, values, attention, mode, *, cuts=(), pause_s=inf, finish=True, **how):
    """All updates of a stretch of frames at 20 fps, with pauses so long before some of them; on
    the clock, each is one second."""
    person = labelling(texts, mode, **how)
    updates, late_s = [], 0.0
    for number, (value, weight) in enumerate(zip(values, attention, strict=True)):
        if number in cuts:
            updates += person.cut(pause_s)
            late_s += 1.0
        updates.append(person.push(value, float(weight), number / 20 + late_s))
    return [*updates, *person.cut()] if finish else updates


def finals(updates):
    return [segment for update in updates for segment in update.segments if segment.final]


def told(segments):
    """Index of each frame that lies in a segment, by its number on the clock."""
    frames = {}
    for segment in segments:
        numbers = range(round(segment.start_s * 20), round(segment.end_s * 20))
        assert not frames.keys() & set(numbers)
        frames |= dict.fromkeys(numbers, segment.index)
    return frames


plans = st.lists(st.tuples(st.integers(-1, 3), st.integers(1, 40)), min_size=1, max_size=8).map(
    lambda parts: [k for k, n in parts for _ in range(n)]
)
pauses = st.sampled_from([1.0, inf])
modes = st.sampled_from(["script", "watch"])
how = settings(max_examples=25, deadline=None)


@how
@given(plans, modes, st.integers(0, 999), st.integers(0, 200))
def test_a_longer_input_never_changes_a_final(plan, mode, seed, where):
    """What was final after some frames is final, and the same, however the future goes."""
    texts, values, attention = scene(4, plan, seed, noise=1.5)
    cut = min(where, len(plan))
    early = finals(stream(texts, values[:cut], attention[:cut], mode, finish=False))
    late = finals(stream(texts, values, attention, mode))
    assert late[: len(early)] == early


@how
@given(plans, modes, st.integers(0, 999), st.sets(st.integers(1, 100), max_size=3), pauses)
def test_segments_are_disjoint_and_ordered(plan, mode, seed, cuts, pause_s):
    """Finals come in order of time and do not overlap; the indices of a script never go back."""
    texts, values, attention = scene(4, plan, seed, noise=1.5)
    segments = finals(stream(texts, values, attention, mode, cuts=cuts, pause_s=pause_s))
    for before, after in itertools.pairwise(segments):
        assert before.end_s <= after.start_s + 1e-9
        if mode == "script":
            assert before.index <= after.index
            assert before.index < after.index or cuts
    assert all(s.start_s < s.end_s and 0 <= s.score <= 1 for s in segments)


@how
@given(plans, modes, st.integers(0, 999), st.sets(st.integers(1, 100), max_size=3), pauses)
def test_a_reader_is_never_misled(plan, mode, seed, cuts, pause_s):
    """Ids are fresh, end once as final or retracted, keep their label, and none stays open."""
    texts, values, attention = scene(4, plan, seed, noise=1.5)
    alive, ended = {}, set()
    for update in stream(texts, values, attention, mode, cuts=cuts, pause_s=pause_s):
        for segment in update.segments:
            assert segment.id not in ended
            assert alive.setdefault(segment.id, segment).index == segment.index
            if segment.final:
                ended.add(segment.id)
                del alive[segment.id]
        for key in update.retracted:
            assert key not in ended
            ended.add(key)
            del alive[key]
    assert not alive


@how
@given(plans, modes, st.integers(0, 999))
def test_scores_are_shares(plan, mode, seed):
    """Masks at the spoken frame lie in 0..1 and leave the rest to unknown."""
    texts, values, attention = scene(4, plan, seed)
    for number, update in enumerate(stream(texts, values, attention, mode, finish=False)):
        assert update.time_s == number / 20
        assert len(update.scores) == 4
        assert sum(update.scores) <= 1 + 1e-9
        assert update.score == pytest.approx(
            update.scores[update.index] if update.index >= 0 else 1 - sum(update.scores)
        )


def test_watch_finds_the_plan_again_and_again():
    """Prompts come back in any order; what is none of them is unknown."""
    plan = [2] * 40 + [0] * 40 + [-1] * 40 + [2] * 40
    texts, values, attention = scene(3, plan, 1)
    updates = stream(texts, values, attention, "watch")
    assert [s.index for s in finals(updates)] == [2, 0, 2]
    live = [update.index for update in updates[:-1]]
    assert np.mean(np.array(live) == plan) > 0.9


def test_script_follows_the_steps():
    """Ordered steps are found once each, where they begin."""
    plan = [0] * 40 + [1] * 40 + [2] * 40
    texts, values, attention = scene(4, plan, 2)
    segments = finals(stream(texts, values, attention, "script"))
    assert [s.index for s in segments] == [0, 1, 2]
    assert abs(segments[1].start_s - 2.0) < 0.3
    assert abs(segments[2].start_s - 4.0) < 0.3


def test_a_script_does_not_go_back():
    """A step that is done again is not told again, and does not stop the script."""
    plan = [0] * 40 + [1] * 40 + [0] * 20 + [2] * 40
    texts, values, attention = scene(4, plan, 2)
    segments = finals(stream(texts, values, attention, "script"))
    assert [s.index for s in segments] == [0, 1, 2]


@pytest.mark.parametrize("mode", ["script", "watch"])
def test_finals_come_within_the_horizon(mode):
    """A segment is final when it ended a horizon ago."""
    plan = [0] * 40 + [1] * 60
    texts, values, attention = scene(2, plan, 3, noise=0.5)
    updates = stream(texts, values, attention, mode, finish=False)
    [segment] = finals(updates)
    told = next(n for n, update in enumerate(updates) if segment in update.segments)
    assert told / 20 <= segment.end_s + (HORIZON + 1) / 20


def test_a_long_horizon_has_short_masks():
    """Masks of a script settle before its finals: scores of finals stay as they are told."""
    rules = settings_for(CALIBRATION, "script", horizon_frames=200, extra_frames=0)
    assert rules.mask_frames < rules.horizon_frames == 200
    assert settings_for(CALIBRATION, "watch", horizon_frames=200, extra_frames=0).mask_frames == 200
    far = settings_for(CALIBRATION, "script", horizon_frames=200, extra_frames=150)
    assert 150 < far.mask_frames <= 200


@how
@given(plans, st.integers(0, 999), st.integers(100, 400))
def test_scores_do_not_hang_on_the_horizon(plan, seed, horizon):
    """Two horizons that find the same segments of a script score them alike."""
    texts, values, attention = scene(4, plan, seed, noise=0.5)
    near = finals(stream(texts, values, attention, "script", horizon=horizon))
    far = finals(stream(texts, values, attention, "script", horizon=horizon + 100))
    spans = [[(s.index, s.start_s, s.end_s) for s in told] for told in (near, far)]
    if spans[0] == spans[1]:
        assert [s.score for s in near] == pytest.approx([s.score for s in far])


def test_an_open_segment_is_told_twice_a_second():
    """A segment that merely goes on is sent again every half second, not with every frame."""
    texts, values, attention = scene(2, [0] * 100, 4, noise=0.3)
    updates = stream(texts, values, attention, "watch", finish=False)
    told = [segment for update in updates for segment in update.segments]
    assert len({segment.id for segment in told}) == 1
    assert 9 <= len(told) <= 12


def test_extra_look_ahead_speaks_of_the_past():
    """With ten more frames of look-ahead, labels speak of the frame ten before the newest."""
    texts, values, attention = scene(2, [0] * 30 + [1] * 30, 5)
    updates = stream(texts, values, attention, "watch", finish=False, extra=10)
    assert [update.time_s for update in updates[:10]] == [None] * 10
    assert [update.time_s for update in updates[10:]] == [n / 20 for n in range(50)]


@how
@given(plans, st.integers(0, 999), st.sets(st.integers(1, 100), max_size=3))
def test_a_short_pause_parts_the_segments_of_a_script_and_changes_nothing_else(plan, seed, cuts):
    """Every frame is told as without the pause: what is behind it still says what came before."""
    texts, values, attention = scene(4, plan, seed, noise=1.5)
    cuts = {cut for cut in cuts if cut < len(plan)}
    late_s = np.cumsum([number in cuts for number in range(len(plan))])
    paused = told(finals(stream(texts, values, attention, "script", cuts=cuts, pause_s=1.0)))
    whole = told(finals(stream(texts, values, attention, "script")))
    assert paused == {round(n + 20 * late_s[n]): whole[n] for n in whole}


@pytest.mark.parametrize(
    ("mode", "pause_s", "final"),
    [("script", 1.0, False), ("script", HORIZON / 20, True), ("watch", 1.0, True)],
)
def test_only_a_script_stays_open_over_a_pause_that_is_shorter_than_its_horizon(
    mode, pause_s, final
):
    """What was open becomes final at the pause, or later."""
    texts, values, attention = scene(2, [0] * 30, 6)
    person = labelling(texts, mode)
    for number, (value, weight) in enumerate(zip(values, attention, strict=True)):
        assert not finals([person.push(value, float(weight), number / 20)])
    assert bool(finals(person.cut(pause_s))) == final
    assert bool(finals(person.cut())) != final


def test_a_script_goes_on_after_a_cut():
    """A gap in the capture does not start the script again."""
    plan = [0] * 40 + [1] * 40 + [0] * 20 + [2] * 40
    texts, values, attention = scene(3, plan, 6)
    segments = finals(stream(texts, values, attention, "script", cuts={60}))
    indices = [s.index for s in segments]
    assert indices == sorted(indices)
    assert set(indices) == {0, 1, 2}
