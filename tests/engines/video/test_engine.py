"""Many sessions, one pass: prompts of each, changed mid-stream, smoothed, told with peaks."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from engines.errors import ModelError, PromptError, ShapeError
from engines.models import Presence
from engines.video import fusion
from engines.video.engine import VideoEngine, evidence
from engines.video.prompts import NEUTRAL, Parts


@pytest.fixture(scope="module")
def engine(clip_folder: Path) -> VideoEngine:
    return VideoEngine.load(clip_folder)


def frame(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (48, 64, 3), np.uint8)


def test_sessions_in_one_pass_are_as_alone(engine: VideoEngine) -> None:
    """Each with its own prompts and its own past."""
    prompts = [["waves"], ["cuts an onion", "throws the ball", "the red cup"]]
    alone = []
    for place, wanted in enumerate(prompts):
        track = engine.new_track()
        engine.configure(track, wanted)
        for step in range(2):
            pixels = engine.prepare(frame(10 * place + step))
            [found] = engine.step([(track, pixels, step * 0.1)])
        alone.append(found)
    tracks = [engine.new_track() for _ in prompts]
    for track, wanted in zip(tracks, prompts, strict=True):
        engine.configure(track, wanted)
    for step in range(2):
        jobs = [
            (track, engine.prepare(frame(10 * place + step)), step * 0.1)
            for place, track in enumerate(tracks)
        ]
        together = engine.step(jobs)
    for one, other in zip(alone, together, strict=True):
        assert [each.label for each in one.found] == [each.label for each in other.found]
        for a, b in zip(one.found, other.found, strict=True):
            np.testing.assert_allclose(a.heat, b.heat, atol=1e-4)
            assert a.presence == pytest.approx(b.presence, abs=1e-4)


def test_prompts_changed_mid_stream_are_answered_from_the_newest_frame(
    engine: VideoEngine,
) -> None:
    """No new vision pass is needed, and the answer is that of a session that asked before."""
    late, early = engine.new_track(), engine.new_track()
    engine.configure(early, ["throws the ball"])
    assert engine.configure(late, ["waves"]) is None
    pixels = engine.prepare(frame(0))
    first, _ = engine.step([(early, pixels, 3.0), (late, pixels, 3.0)])
    again = engine.configure(late, ["throws the ball"])
    assert again is not None
    assert again.time_s == 3.0
    np.testing.assert_allclose(again.found[0].heat, first.found[0].heat, atol=1e-4)


def test_what_is_found_is_told_whole(engine: VideoEngine) -> None:
    """Map from 0 to 1, the range behind it, presence, peaks on the map's highest place."""
    track = engine.new_track()
    engine.configure(track, ["waves", Parts("cuts", "cuts", None)])
    [grounding] = engine.step([(track, engine.prepare(frame(4)), 0.0)])
    assert [each.label for each in grounding.found] == ["waves", "cuts"]
    for found in grounding.found:
        assert found.heat.shape == (4, 4)
        assert (found.heat.min(), found.heat.max()) == (0, pytest.approx(1))
        assert -1 <= found.low < found.high <= 1
        assert 0 <= found.presence <= 1
        assert found.present
        y, x = np.unravel_index(found.heat.argmax(), (4, 4))
        assert (found.peaks[0].x, found.peaks[0].y) == ((x + 0.5) / 4, (y + 0.5) / 4)


@pytest.mark.parametrize("recall", [None, 0.9])
def test_only_a_calibrated_model_says_that_something_is_absent(
    clip_folder: Path, recall: float | None
) -> None:
    """Of another one the probability is a guess: it is told, and nothing is refused for it."""
    engine = VideoEngine.load(clip_folder)
    assert not engine.manifest.presence.calibrated
    unlikely = Presence((0.0, 0.0, 0.0, 0.0), -5.0, 0.5, recall, recall)
    engine.manifest = msgspec.structs.replace(engine.manifest, presence=unlikely)
    track = engine.new_track()
    engine.configure(track, ["waves"])
    [grounding] = engine.step([(track, engine.prepare(frame(4)), 0.0)])
    assert grounding.found[0].presence < 0.01
    assert grounding.found[0].present == (recall is None)


def test_cosines_are_smoothed_before_they_are_normalised(engine: VideoEngine) -> None:
    """After a long stay the second picture's map is its own; shortly after, it is in between."""
    pixels = [engine.prepare(frame(seed)) for seed in (1, 2)]
    maps = {}
    for gap_s in (0.001, 100.0):
        track = engine.new_track(half_life_s=0.2)
        engine.configure(track, ["waves"])
        engine.step([(track, pixels[0], 0.0)])
        maps[gap_s] = engine.step([(track, pixels[1], gap_s)])[0].found[0].heat
    fresh = engine.new_track()
    engine.configure(fresh, ["waves"])
    times_s = (0.0, 99.0)
    steps = [engine.step([(fresh, each, t)]) for each, t in zip(pixels, times_s, strict=True)]
    own = [step[0].found[0].heat for step in steps]
    np.testing.assert_allclose(maps[0.001], own[0], atol=0.02)
    np.testing.assert_allclose(maps[100.0], own[1], atol=1e-5)


@pytest.mark.parametrize("model", ["clip_folder", "clips_folder"])
def test_a_picture_that_stands_still_has_its_own_maps_in_the_end(
    model: str, request: pytest.FixtureRequest
) -> None:
    """Whatever was seen before: from the time that is told, and presence too; not earlier."""
    engine = VideoEngine.load(request.getfixturevalue(model))
    still = engine.prepare(frame(9))
    alone, track = engine.new_track(), engine.new_track()
    for each in (alone, track):
        engine.configure(each, ["waves", "cuts an onion"])
    [own] = engine.step([(alone, still, 0.0)])
    for step in range(8):
        engine.step([(track, engine.prepare(frame(step)), step / 30)])
    [mixed] = engine.step([(track, still, 8 / 30)])
    assert own.settles_s is None
    assert mixed.settles_s is not None
    assert np.abs(mixed.found[0].heat - own.found[0].heat).max() > 0.05
    [settled] = engine.step([(track, still, mixed.settles_s)])
    assert settled.settles_s is None
    for one, other in zip(own.found, settled.found, strict=True):
        np.testing.assert_array_equal(one.heat, other.heat)
        assert (one.low, one.high) == (other.low, other.high)
        assert (one.presence, one.peaks) == (other.presence, other.peaks)


def test_of_a_clip_model_the_newest_frame_is_told(clips_folder: Path) -> None:
    """The last four frames jointly, the first one repeated until there are four."""
    engine = VideoEngine.load(clips_folder)
    frames = [engine.prepare(frame(seed)) for seed in range(6)]
    track = engine.new_track(half_life_s=0)
    engine.configure(track, ["waves"])
    for place, pixels in enumerate(frames):
        [grounding] = engine.step([(track, pixels, place / 30)])
        places = np.clip(np.arange(place - 3, place + 1), 0, None)
        clip = np.stack([frames[each] for each in places])[None]
        assert track.looked is not None
        cosines = engine.heatmaps.similarity(clip, track.looked.text)[0, :, -1]
        expected = fusion.fuse_maps(cosines[track.looked.rows], track.looked.given)[0]
        np.testing.assert_allclose(grounding.found[0].heat, expected, atol=1e-5)
    assert len(track.clip.frames) == 4


def test_a_frame_that_is_refused_is_in_no_clip(clips_folder: Path) -> None:
    """Nothing has changed: the next frame is as if it had never come."""
    engine = VideoEngine.load(clips_folder)
    track = engine.new_track()
    engine.step([(track, engine.prepare(frame(0)), 0.0)])
    before = track.clip
    with pytest.raises(ShapeError):
        engine.step([(track, np.full((3, 32, 32), np.nan, np.float32), 0.1)])
    assert track.clip is before


def test_evidence_is_how_well_a_prompt_and_anybody_fit(engine: VideoEngine) -> None:
    """The neutral prompt fits as anybody does; the best patch fits better than the mean."""
    looked = engine.look_for([Parts("", None, None)])
    cosines = np.random.default_rng(0).standard_normal((len(looked.text), 4, 4)).astype(np.float32)
    images = cosines.mean(axis=(1, 2))
    assert (looked.rows[:, 0] < len(looked.text)).all()
    rows = looked.rows.copy()
    rows[:] = [0, list(dict.fromkeys(NEUTRAL)).index(NEUTRAL[1]), 0]
    neutral = type(looked)(looked.labels, looked.text, rows, np.ones_like(looked.given))
    image, patch, anybody, anybodys_patch = evidence(neutral, cosines, images)[0]
    assert (image, patch) == pytest.approx((anybody, anybodys_patch), abs=1e-6)
    assert patch > image + 0.1
    flat = np.broadcast_to(cosines.mean(axis=(1, 2), keepdims=True), cosines.shape)
    found = evidence(looked, flat, images)[0]
    np.testing.assert_allclose(found[[0, 2]], found[[1, 3]], atol=1e-6)


def test_what_cannot_be_used_is_refused_and_nothing_changes(engine: VideoEngine) -> None:
    """Bad prompts leave the old ones; bad frames are told; a motion model is no video model."""
    track = engine.new_track()
    engine.configure(track, ["waves"])
    for bad in (["waves", " "], ["waves"] * 101):
        with pytest.raises(PromptError):
            engine.configure(track, bad)
    assert track.looked is not None
    assert track.looked.labels == ("waves",)
    with pytest.raises(ShapeError):
        engine.step([(track, np.zeros((3, 30, 30), np.float32), 0.0)])
    with pytest.raises(ShapeError):
        engine.prepare(np.zeros((4, 4), np.uint8))
    with pytest.raises(ModelError):
        VideoEngine.load("bundled")


def test_without_prompts_or_jobs_there_is_nothing_to_tell(engine: VideoEngine) -> None:
    """A session that only watches costs a pass and finds nothing."""
    assert engine.step([]) == []
    track = engine.new_track()
    [grounding] = engine.step([(track, engine.prepare(frame(0)), 1.0)])
    assert grounding.found == ()
    assert grounding.time_s == 1.0
