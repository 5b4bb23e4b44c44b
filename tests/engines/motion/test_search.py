"""Retrieval: the frames are the live engine's, moments are what the definition says, and unfit
questions are refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import EngineError, ModelError, PromptError, ShapeError
from engines.motion.encoder import pool
from engines.motion.examples import ExampleSet
from engines.motion.resample import Resampler
from engines.motion.search import AROUND, CHUNK_FRAMES, MotionIndex, Windows, encode
from tests.engines.motion.scenes import scene
from tests.engines.motion.test_engine import mover

TEXTS = ["walks forward", "waves the left hand", "sits down", "stands still"]


def live(engine, joints, times_s):
    """Values, attention and times of all frames, pushed one captured frame at a time."""
    track, resampler, frames = engine.new_track(), Resampler(), []
    for pose, time_s in zip(joints, times_s, strict=True):
        result = resampler.push(pose, float(time_s))
        if result.cut:
            frames += track.newest(len(engine.finish(track)))
        for frame, at_s in zip(result.frames, result.times_s, strict=True):
            [step] = engine.step([(track, frame[None], np.array([at_s]))])
            frames += track.newest(len(step.updates))
    frames += track.newest(len(engine.finish(track)))
    return (
        np.stack([frame.value for frame in frames]),
        np.array([frame.attention for frame in frames]),
        np.array([frame.time_s for frame in frames]),
    )


@pytest.mark.parametrize("rate_hz", [8, 20, 60])
def test_encoded_frames_are_those_of_the_live_stream(engine, rate_hz):
    """A recording with a gap, longer than one chunk: as if pushed frame by frame, at any rate."""
    joints, _ = mover(int((CHUNK_FRAMES + 70) / 20 * rate_hz), 1)
    times_s = 100 + np.arange(len(joints)) / rate_hz
    times_s[len(joints) // 5 :] += 3.0
    parts = encode(engine, joints, times_s)
    values, attention, at_s = live(engine, joints, times_s)
    assert len(parts) == 2
    assert np.array_equal(np.concatenate([part.times_s for part in parts]), at_s)
    assert np.allclose(np.concatenate([part.values for part in parts]), values, atol=1e-5)
    assert np.allclose(np.concatenate([part.attention for part in parts]), attention, atol=1e-4)


def test_as_much_is_encoded_as_the_engine_labels(engine):
    """Every 20 fps frame has a value, unit length, also the last ones and those of a single
    pose."""
    for count in (1, 5, 90):
        joints, times_s = mover(count, 2)
        [part] = encode(engine, joints, times_s)
        assert part.values.shape[0] == part.attention.shape[0] == count
        assert np.allclose(np.linalg.norm(part.values, axis=1), 1, atol=1e-5)


def score(values, attention, text, first, last):
    """The definition, written out for one window."""
    margin = last - first
    around = [*range(max(0, first - margin), first)]
    around += range(last, min(len(values), last + margin))
    fit = float(pool(values[first:last], attention[first:last]) @ text)
    context = float(pool(values[around], attention[around]) @ text) if around else fit
    return fit - AROUND * context


@given(st.integers(1, 400), st.integers(1, 6), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_moments_keep_their_laws(frames, top, seed):
    """Best first, inside the stretch, never overlapping, scored as defined, and the first is the
    best window there is."""
    texts, values, attention = scene(2, [seed % 3 - 1] * frames, seed)
    windows = Windows(values, attention)
    found = windows.best(texts[0], top)
    assert 1 <= len(found) <= top
    assert [s for *_, s in found] == sorted((s for *_, s in found), reverse=True)
    assert found[0][2] == windows.scores(texts[0]).max()
    for place, (first, last, value) in enumerate(found):
        assert 0 <= first < last <= frames
        assert value == pytest.approx(score(values, attention, texts[0], first, last), abs=1e-5)
        assert all(last <= a or b <= first for a, b, _ in found[:place])


@pytest.mark.parametrize("seconds", [0.8, 1.5, 3.0, 6.0])
def test_a_planted_action_is_found_with_its_borders(seconds):
    """Twice done, both found first, overlapping what is true by more than half."""
    length = round(seconds * 20)
    plan = [-1] * 150 + [0] * length + [1] * 90 + [0] * length + [-1] * 110
    for seed in range(5):
        texts, values, attention = scene(2, plan, seed)
        found = Windows(values, attention).best(texts[0], 2)
        for (first, last, _), true in zip(sorted(found), (150, 240 + length), strict=True):
            shared = min(last, true + length) - max(first, true)
            assert shared / (max(last, true + length) - min(first, true)) > 0.5


def test_a_text_that_fits_nothing_scores_lower():
    """The score tells what is done from what is not."""
    texts, values, attention = scene(3, [-1] * 80 + [0] * 40 + [1] * 80, 3)
    windows = Windows(values, attention)
    assert windows.best(texts[0], 1)[0][2] > windows.best(texts[2], 1)[0][2] + 0.3


def test_only_differences_of_attention_matter():
    """Attention logits count by their differences only."""
    texts, values, attention = scene(2, [0] * 30 + [1] * 60, 4)
    moved = Windows(values, attention + 5).best(texts[0], 3)
    for ours, other in zip(moved, Windows(values, attention).best(texts[0], 3), strict=True):
        assert ours == pytest.approx(other)


@pytest.fixture(scope="module")
def index(engine):
    """Two recordings: one with a gap, on a clock that begins at 50 s; one by its rate."""
    index = MotionIndex(engine)
    joints, times_s = mover(200, 5)
    times_s[120:] += 4.0
    index.add("gap", joints, times_s + 50)
    index.add("plain", mover(360, 6)[0], fps=60)
    return index


def test_moments_lie_in_their_recordings(index):
    """On each one's own clock, no longer than a window, and no moment bridges the gap."""
    moments = index.moments("waves", 12)
    assert {moment.recording for moment in moments} == {"gap", "plain"}
    assert [m.score for m in moments] == sorted((m.score for m in moments), reverse=True)
    stretches = {"gap": [(50.0, 56.0), (60.0, 64.0)], "plain": [(0.0, 6.0)]}
    for moment in moments:
        assert any(
            start - 1e-6 <= moment.start_s < moment.end_s <= end + 1e-6
            for start, end in stretches[moment.recording]
        )


def test_other_recordings_change_no_moment(engine, index):
    """The moments of a recording are the same alone."""
    alone = MotionIndex(engine)
    alone.add("plain", mover(360, 6)[0], fps=60)
    ours = [moment for moment in index.moments("sits down", 50) if moment.recording == "plain"]
    assert ours == alone.moments("sits down", len(ours))


def test_texts_are_ranked_by_the_pooled_motion(engine, index):
    """The cosine of the span's pooled frames, best first, every candidate once."""
    ranked = index.texts("plain", TEXTS, 1.0, 2.5)
    [part] = encode(engine, mover(360, 6)[0], np.arange(360) / 60)
    inside = (part.times_s >= 1.0) & (part.times_s < 2.5)
    pooled = pool(part.values[inside], part.attention[inside])
    cosines = engine.prompts(TEXTS) @ pooled
    assert sorted(text for text, _ in ranked) == sorted(TEXTS)
    assert [value for _, value in ranked] == sorted(cosines.tolist(), reverse=True)
    assert dict(ranked) == pytest.approx(dict(zip(TEXTS, cosines.tolist(), strict=True)))


def test_a_description_counts_beside_the_words(index, engine):
    """Candidates are prompts as `configure` makes them: words alone would score otherwise."""
    ranked = dict(index.texts("plain", ["juggles", "blorps"]))
    [part] = encode(engine, mover(360, 6)[0], np.arange(360) / 60)
    plain = engine.embed(["juggles", "blorps"]) @ pool(part.values, part.attention)
    assert ranked["blorps"] == pytest.approx(float(plain[1]), abs=1e-5)
    assert abs(ranked["juggles"] - float(plain[0])) > 0.01


@pytest.fixture
def shown(engine, tmp_path):
    """A file of examples: what the mover of seed 6 does from 2 to 4 s is called flails."""
    track = engine.new_track()
    engine.step([(track, *mover(360, 6))])
    engine.enrol(track, "flails", 2.0, 4.0, words=False)
    track.examples.save(tmp_path / "shown.json")
    return tmp_path / "shown.json"


def test_what_was_shown_is_found(engine, shown):
    """Both ways: the moment that was shown comes first, and its name is ranked higher than by its
    words."""
    index = MotionIndex(engine)
    index.add("take", mover(360, 6)[0], fps=20)
    [(_, by_words)] = index.texts("take", ["Flails"], 2.0, 4.0)
    index.load_examples(shown)
    [moment] = index.moments("flails", 1)
    assert min(moment.end_s, 4.0) - max(moment.start_s, 2.0) > 1.0
    [(_, by_example)] = index.texts("take", ["Flails"], 2.0, 4.0)
    assert by_example > by_words + 0.1


def test_examples_that_cannot_be_used_are_refused(engine, tmp_path):
    """A file that is none, and examples of another model."""
    index = MotionIndex(engine)
    (tmp_path / "none.json").write_text("[]")
    other = ExampleSet(replace(engine.model, sha256="0" * 64)).with_example("x", [1.0], 1.0)
    other.save(tmp_path / "other.json")
    for name in ("none.json", "other.json"):
        with pytest.raises(ModelError, match=name):
            index.load_examples(tmp_path / name)


def test_no_times_mean_the_whole_recording(index):
    """Open ends reach to the recording's."""
    assert index.texts("gap", TEXTS) == index.texts("gap", TEXTS, 0.0, 1000.0)
    assert index.texts("gap", TEXTS, end_s=55.0) == index.texts("gap", TEXTS, 50.0, 55.0)


GOOD = mover(10, 0)[0]


@pytest.mark.parametrize(
    ("joints", "options", "why"),
    [
        (GOOD, {}, "exactly one"),
        (GOOD, {"time_s": np.arange(10), "fps": 20}, "exactly one"),
        (GOOD, {"time_s": np.arange(9)}, "10 finite seconds"),
        (GOOD, {"time_s": np.full(10, np.nan)}, "10 finite seconds"),
        (GOOD, {"time_s": ["now"] * 10}, "numbers"),
        (GOOD, {"fps": 0}, "fps is 0"),
        (GOOD, {"fps": np.nan}, "fps is nan"),
        (GOOD[:0], {"fps": 20}, "must be"),
        (GOOD[0], {"fps": 20}, "must be"),
        (GOOD[:, :21], {"fps": 20}, "must be"),
        (GOOD * np.nan, {"fps": 20}, "NaN"),
        (GOOD * 1e5, {"fps": 20}, "metres"),
        ([[["x"]]], {"fps": 20}, "numbers"),
    ],
)
def test_what_is_no_motion_is_refused(engine, joints, options, why):
    """With the reason, and nothing is added: the name stays free."""
    index = MotionIndex(engine)
    with pytest.raises(ShapeError, match=why):
        index.add("take", joints, **options)
    index.add("take", GOOD, fps=20)


def test_unfit_questions_are_refused(index):
    """Empty texts, unknown names, spans without frames and names that are taken."""
    for text in ("", "  ", "x" * 5000):
        with pytest.raises(PromptError, match="expected"):
            index.moments(text)
    for candidates in ([], ["walks", ""], "walks"):
        with pytest.raises(PromptError, match=r"expected|list"):
            index.texts("plain", candidates)
    with pytest.raises(EngineError, match="it holds 'gap', 'plain'"):
        index.texts("gone", TEXTS)
    for span in ((3.0, 2.0), (50.0, None), (None, np.nan)):
        with pytest.raises(EngineError, match=r"lasts from 0\.00 to 6\."):
            index.texts("plain", TEXTS, *span)
    with pytest.raises(EngineError, match="already holds"):
        index.add("gap", GOOD, fps=20)
    with pytest.raises(EngineError, match="1 or more"):
        index.moments("walks", 0)


def test_an_empty_index_has_no_moments(engine):
    """Nothing in, nothing out."""
    assert MotionIndex(engine).moments("walks") == []


def test_real_actions_are_found_among_others(engine, shared):
    """UTKinect, which no model was trained on, all ten actions of six recordings: three times
    chance at the least, where a moment put at random hits 3 % and a text drawn of ten 10 %."""
    found, named = [], []
    for path in sorted((shared / "data" / "motion" / "utkinect").glob("*.npz"))[:6]:
        with np.load(path) as file:
            index = MotionIndex(engine)
            index.add(path.stem, file["joints"], file["time_s"])
            spans = list(zip(file["text"].tolist(), file["start_s"], file["end_s"], strict=True))
        prompts = list(dict.fromkeys(text for text, *_ in spans))
        for text, start_s, end_s in spans:
            [moment] = index.moments(text, top=1)
            shared_s = min(moment.end_s, end_s) - max(moment.start_s, start_s)
            found.append(shared_s > 0.3 * (max(moment.end_s, end_s) - min(moment.start_s, start_s)))
            named.append(index.texts(path.stem, prompts, start_s, end_s)[0][0] == text)
    assert np.mean(found) >= 0.1
    assert np.mean(named) >= 0.3
