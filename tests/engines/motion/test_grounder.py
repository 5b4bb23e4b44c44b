"""The embedding API: what goes in is checked, what comes out keeps the laws, on made-up and real
motion."""

import numpy as np
import pytest

import engines.motion
from engines.errors import EngineError, PromptError, ShapeError
from engines.motion.engine import MotionEngine
from engines.motion.grounder import MotionGrounder
from engines.motion.skeleton import MIRROR
from tests.engines.motion.test_engine import mover

STEPS = ("walks forward", "sits down", "waves")


@pytest.fixture(scope="module")
def engine():
    """The bundled model, once."""
    return MotionEngine.load()


def play(grounder, joints, times_s):
    """Push all frames; the updates."""
    return [grounder.push(frame, time_s) for frame, time_s in zip(joints, times_s, strict=True)]


def test_instruction_becomes_steps(engine):
    """An instruction is split by the grammar into ordered steps."""
    grounder = MotionGrounder(engine)
    grounder.configure(instruction="walks forward, then sits down and waves")
    assert grounder.labels == STEPS


def test_load_names_the_model():
    """The bundled model says which it is and how late its labels are."""
    model = MotionGrounder.load().model
    assert model.fps == 20
    assert 0 < model.lookahead_s <= 0.4


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"steps": STEPS, "prompts": STEPS},
        {"steps": STEPS, "mode": "dance"},
        {"instruction": ""},
        {"instruction": " \n"},
        {"instruction": "x" * 10_000},
        {"instruction": "..."},
        {"steps": ["waves"] * 500},
        {"prompts": []},
        {"steps": STEPS, "horizon_s": -1.0},
    ],
)
def test_unfit_configurations_are_refused(engine, given):
    """What cannot be looked for is refused and the old configuration stays."""
    grounder = MotionGrounder(engine)
    grounder.configure(prompts=["waves"])
    with pytest.raises(PromptError):
        grounder.configure(**given)
    assert grounder.labels == ("waves",)


@pytest.mark.parametrize(
    ("joints", "time_s"),
    [
        (np.zeros((21, 3)), 0.1),
        (np.zeros(66), 0.1),
        (np.full((22, 3), np.nan), 0.1),
        (np.full((22, 3), 1e6), 0.1),
        (np.full((22, 3), 1e300), 0.1),
        ("joints", 0.1),
        (None, 0.1),
        (np.zeros((22, 3)), float("nan")),
        (np.zeros((22, 3)), float("inf")),
    ],
)
def test_unfit_frames_are_as_never_sent(engine, joints, time_s):
    """A refused frame raises ShapeError and leaves no trace."""
    good, times_s = mover(60, 1)
    clean, dirty = MotionGrounder(engine), MotionGrounder(engine)
    for grounder in (clean, dirty):
        grounder.configure(prompts=STEPS)
        play(grounder, good[:20], times_s[:20])
    with pytest.raises(ShapeError):
        dirty.push(joints, time_s)
    for grounder in (clean, dirty):
        play(grounder, good[20:], times_s[20:])
    assert clean.finish() == dirty.finish()


def test_errors_are_ours(engine):
    """Everything that is refused is an EngineError with a code for the wire."""
    grounder = MotionGrounder(engine)
    with pytest.raises(EngineError) as caught:
        grounder.push(np.zeros((3, 3)), 0.0)
    assert caught.value.code == "bad_joints"


def test_finals_are_told_once_and_returned(engine):
    """What `finish` returns is what the updates called final, in order; a second finish adds
    nothing."""
    joints, times_s = mover(200, 2)
    grounder = MotionGrounder(engine)
    grounder.configure(prompts=["stands still", "waves"])
    told = [s for update in play(grounder, joints, times_s) for s in update.segments if s.final]
    segments = grounder.finish()
    assert segments[: len(told)] == told
    assert all(s.final for s in segments)
    assert grounder.finish() == segments


def test_between_model_frames_the_label_stays(engine):
    """At 60 Hz two of three frames bring no news but still say the label."""
    joints, times_s = mover(240, 3)
    grounder = MotionGrounder(engine)
    grounder.configure(prompts=["stands still", "waves"])
    updates = play(grounder, joints, times_s / 3)
    spoken = [update.time_s for update in updates if update.time_s is not None]
    assert len(set(spoken)) < len(spoken)
    assert spoken == sorted(spoken)
    assert updates[-1].time_s == pytest.approx(times_s[-1] / 3 - 0.4, abs=0.06)


def test_gap_and_clock_reset_end_segments(engine):
    """Nothing is labelled across a gap, and a clock set back a day goes on on the new clock."""
    joints, times_s = mover(120, 4)
    times_s = times_s.copy()
    times_s[40:] += 30.0
    times_s[80:] -= 86_400.0
    grounder = MotionGrounder(engine)
    grounder.configure(prompts=["stands still", "waves"])
    play(grounder, joints, times_s)
    stretches = [(times_s[i], times_s[i + 39] + 0.06) for i in (0, 40, 80)]
    segments = grounder.finish()
    assert segments
    for s in segments:
        assert any(start <= s.start_s and s.end_s <= end for start, end in stretches)


def load(shared, name):
    """A clip's arrays, with `time_s` whichever clock it has."""
    with np.load(shared / "data" / "motion" / name) as file:
        clip = dict(file)
    if "time_s" not in clip:
        clip["time_s"] = np.arange(len(clip["joints"])) / int(clip["fps"])
    return clip


@pytest.mark.parametrize("name", ["cmu/02_03.npz", "cmu/01_05.npz", "cmu/03_02.npz"])
def test_real_clips_stream_through(engine, shared, name):
    """Real motion at 60 Hz: segments lie inside the clip, and a second run gives the same."""
    clip = load(shared, name)
    joints, times_s = clip["joints"][:900], clip["time_s"][:900]
    runs = []
    for _ in range(2):
        grounder = MotionGrounder(engine)
        grounder.configure(prompts=["a person runs", "a person walks", "a person jumps"])
        updates = play(grounder, joints, times_s)
        segments = grounder.finish()
        assert all(-0.01 <= s.start_s < s.end_s <= times_s[-1] + 0.06 for s in segments)
        runs.append((updates, segments))
    assert runs[0] == runs[1]
    assert runs[0][1]


def test_a_depth_camera_sequence_as_script(engine, shared):
    """UTKinect at its own irregular clock, with its texts as steps: ordered final segments."""
    clip = load(shared, "utkinect/s01_e01.npz")
    grounder = MotionGrounder(engine)
    order = np.argsort(clip["start_s"])
    grounder.configure(steps=[str(text) for text in clip["text"][order]])
    play(grounder, clip["joints"], clip["time_s"])
    indices = [s.index for s in grounder.finish()]
    assert indices
    assert indices == sorted(indices)


@pytest.mark.parametrize("actor", ["bd_kickLFront1Reps_001", "bk_kickLFront1Reps_011"])
def test_left_is_left(engine, shared, actor):
    """A kick with the left foot is one with the left, and its mirror image one with the right."""
    prompts = ["kicks with the left foot", "kicks with the right foot", "stands still"]
    clip = load(shared, f"hdm05/HDM_{actor}_120.npz")
    mirrored = clip["joints"][:, MIRROR] * np.array([-1, 1, 1], np.float32)
    for joints, expected in ((clip["joints"], 0), (mirrored, 1)):
        grounder = MotionGrounder(engine)
        grounder.configure(prompts=prompts)
        play(grounder, joints, clip["time_s"])
        lengths = {s.index: s.end_s - s.start_s for s in grounder.finish()}
        assert max(lengths, key=lengths.__getitem__) == expected
        assert 1 - expected not in lengths


def test_the_way_in_is_short():
    """`engines.motion.MotionGrounder` is the class; other names are refused as usual."""
    assert engines.motion.MotionGrounder is MotionGrounder
    with pytest.raises(AttributeError, match="Nothing"):
        _ = engines.motion.Nothing
