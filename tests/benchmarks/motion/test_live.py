"""What the benchmark calls live is what the service does."""

import numpy as np
import pytest

from benchmarks.motion import masks
from benchmarks.motion.recordings import Model, Recording, Span, listing, problem
from engines.motion.grounder import MotionGrounder
from training import synth

TEXTS = ("a person walks", "a person waves", "a person squats")


@pytest.fixture(scope="module")
def model():
    """The bundled model, once."""
    return Model("bundled")


@pytest.fixture(scope="module")
def recording():
    """Twelve seconds of two synthesised people at 17 Hz, with two seconds' gap between them."""
    joints = np.concatenate([synth.sequence(5, 0).joints[:100], synth.sequence(5, 1).joints[:100]])
    times_s = 50 + np.arange(200) / 17 + np.where(np.arange(200) < 100, 0, 2)
    spans = tuple(Span(text, 50.0 + 3 * k, 53.0 + 3 * k) for k, text in enumerate(TEXTS))
    return Recording("two people", joints, times_s, spans, TEXTS)


@pytest.mark.parametrize("mode", ["script", "watch"])
def test_live_is_what_the_grounder_says(model, recording, mode):
    """Same final segments, same labels as first told, on the same captured frames."""
    grounder = MotionGrounder.load()
    grounder.configure(steps=TEXTS, mode=mode)
    told = {}
    for joints, time_s in zip(recording.joints, recording.times_s, strict=True):
        update = grounder.push(joints, time_s)
        if update.time_s is not None:
            told.setdefault(round(update.time_s, 4), update.index)
    finals = grounder.finish()

    encoded = model.encode(recording)
    task = problem(model, recording, encoded, mode)
    answer = masks.live(task, model.calibration, model.lookahead_frames)
    assert [(s.label, round(s.start_s, 4), round(s.end_s, 4)) for s in answer.segments] == [
        (s.index, round(s.start_s, 4), round(s.end_s, 4)) for s in finals
    ]
    scores = [segment.score for segment in answer.segments]
    np.testing.assert_allclose(scores, [segment.score for segment in finals], atol=1e-4)
    first = dict(zip(np.round(encoded.times_s, 4).tolist(), answer.live.first, strict=True))
    assert {time_s: first[time_s] for time_s in told} == told
    assert len(told) > 0.7 * len(first)


def test_cold_masks_are_solved_and_no_more_than_that(model, recording):
    """Their loss is within half a percent of the best there is; one step comes far less near."""
    above: dict[int, list[float]] = {}

    class Watched(masks.WarmMasks):
        def _optimise(self, steps):
            super()._optimise(steps)
            if len(self) < 20 or self._last % 7:
                return
            kept, losses = self.log_masks.copy(), {}
            for count in (1, masks.COLD_STEPS, 200):
                self.restart(self.start.copy())
                super()._optimise(count)
                losses[count] = self.loss()
            for count, loss in losses.items():
                above.setdefault(count, []).append(loss / losses[200] - 1)
            self.restart(kept)

    task = problem(model, recording, model.encode(recording), "watch")
    masks.streamed(task, model.calibration, model.lookahead_frames, kind=Watched)
    assert len(above[1]) > 15
    assert max(above[masks.COLD_STEPS]) < 0.005
    assert np.median(above[masks.COLD_STEPS]) < 0.2 * np.median(above[1])


def test_a_list_of_other_texts_relabels_the_truth(model, recording):
    """What is not on it is unlabelled; the motion stays."""
    whole = problem(model, recording, model.encode(recording), "watch")
    asked = listing(whole, {TEXTS[2]: whole.texts[2], "a person bows": whole.texts[0]})
    assert asked.labels == (TEXTS[2], "a person bows")
    assert asked.spans == ((0, *whole.spans[2][1:]),)
    assert ((asked.frames == 0) == (whole.frames == 2)).all()
    assert set(asked.frames) == {-1, 0}
    assert asked.encoded is whole.encoded
    again = listing(whole, dict(zip(whole.labels, whole.texts, strict=True)))
    assert again.spans == whole.spans
    assert (again.frames == whole.frames).all()


def test_a_gap_begins_a_new_stretch(model, recording):
    """Frames on both sides of the gap, none in it; the second stretch is marked."""
    encoded = model.encode(recording)
    assert np.flatnonzero(encoded.begins).tolist() == [0, np.diff(encoded.times_s).argmax() + 1]
    assert encoded.values.shape == (len(encoded.times_s), model.encoder.dim)
    np.testing.assert_allclose(np.linalg.norm(encoded.values, axis=1), 1, atol=1e-3)


def test_truth_of_both_modes(model, recording):
    """Script numbers the steps, watch the prompts; unlabelled frames are unknown."""
    swapped = Recording(
        "swapped", recording.joints, recording.times_s, recording.spans[:2], TEXTS[::-1]
    )
    encoded = model.encode(recording)
    script = problem(model, swapped, encoded, "script")
    watch = problem(model, swapped, encoded, "watch")
    assert script.labels == TEXTS[:2]
    assert [label for label, *_ in script.spans] == [0, 1]
    assert [label for label, *_ in watch.spans] == [2, 1]
    assert set(script.frames) == {-1, 0, 1}
    assert (script.frames[encoded.times_s >= 56] == -1).all()
