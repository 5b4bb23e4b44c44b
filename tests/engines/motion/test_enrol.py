"""Teach by showing, through the engine and the embedding API: what is shown becomes a prompt."""

from dataclasses import replace

import numpy as np
import pytest

from engines.errors import ModelError, PromptError
from engines.motion.examples import ExampleSet
from engines.motion.grounder import MotionGrounder
from tests.engines.motion.test_engine import mover
from tests.engines.motion.test_grounder import load, play

PROMPTS = ("walks", "sits down")


def seen(engine, mode="watch", frames=200, labels=PROMPTS):
    """A track that has seen a mover for a while."""
    track = engine.new_track()
    if labels:
        engine.configure(track, labels, mode)
    engine.step([(track, *mover(frames, 1))])
    return track


def without_ids(updates):
    """Updates as two labellings of the same frames agree on them."""
    return [
        replace(update, segments=tuple(replace(s, id=0) for s in update.segments), retracted=())
        for update in updates
    ]


def test_a_new_name_becomes_a_prompt_at_once(engine):
    """Watching, a taught name is looked for from now on and in the kept window."""
    track = seen(engine)
    [update] = engine.enrol(track, " flails ", 4.0, 6.0)
    assert track.labels == (*PROMPTS, "flails")
    assert len(update.scores) == 3
    assert "flails" in {s.label for s in update.segments}


@pytest.mark.parametrize("words", [True, False])
@pytest.mark.parametrize("name", ["flails", "Walks"])
def test_enrolling_is_as_having_known_before(engine, name, words):
    """The kept window is labelled as if the example and the label had been there from the start."""
    taught = seen(engine)
    updates = engine.enrol(taught, name, 2.0, 4.0, words=words)
    fresh = seen(engine, labels=())
    assert engine.use_examples(fresh, taught.examples) == []
    assert without_ids(updates) == without_ids(engine.configure(fresh, taught.labels, "watch"))


def test_a_label_in_force_is_taught_where_it_stands(engine):
    """An example of a label, in any case, changes its vector and not the list of labels."""
    track = seen(engine)
    [before] = engine.configure(track, PROMPTS, "watch")
    [after] = engine.enrol(track, "Walks", 2.0, 4.0)
    assert track.labels == PROMPTS
    assert after.scores != before.scores


@pytest.mark.parametrize(("mode", "labels"), [("script", PROMPTS), ("watch", ())])
def test_elsewhere_a_new_name_is_only_remembered(engine, mode, labels):
    """In a script without the name, and before the first configuration, it is there for the next
    one."""
    track = seen(engine, mode, labels=labels)
    assert engine.enrol(track, "flails", 4.0, 6.0) == []
    assert track.labels == labels
    [update] = engine.configure(track, ["flails"], "watch")
    [plain] = engine.configure(seen(engine), ["flails"], "watch")
    assert update.scores != plain.scores


@pytest.mark.parametrize(
    ("start_s", "end_s"),
    [(3.0, 3.2), (6.0, 4.0), (-5.0, 2.0), (9.0, 11.0), (3.0, float("nan")), (0.0, float("inf"))],
)
def test_what_is_not_kept_is_refused(engine, start_s, end_s):
    """Too short, turned round, too early, too new: refused, and nothing changes."""
    track = seen(engine)
    with pytest.raises(PromptError, match=r"expected 0.3 s|kept are 0.00 to 9.55 s"):
        engine.enrol(track, "flails", start_s, end_s)
    assert track.labels == PROMPTS
    assert len(track.examples) == 0


def test_an_example_lies_in_one_stretch(engine):
    """Nothing is shown across a cut, on both sides of it is fine."""
    track = seen(engine, frames=60)
    engine.finish(track)
    joints, times_s = mover(60, 2)
    engine.step([(track, joints, times_s + 3.0)])
    with pytest.raises(PromptError, match=r"0\.00 to 2\.95 s, 3\.00 to 5\.55 s"):
        engine.enrol(track, "flails", 2.0, 4.0)
    engine.enrol(track, "flails", 2.0, 3.0)
    engine.enrol(track, "flails", 3.0, 4.0)
    assert len(track.examples.get("flails").vectors) == 2


def test_only_twenty_seconds_are_kept(engine):
    """What is older can no longer be shown, the newest can."""
    track = seen(engine, frames=600)
    with pytest.raises(PromptError, match="at most 20 s old"):
        engine.enrol(track, "flails", 5.0, 8.0)
    assert engine.enrol(track, "flails", 25.0, 28.0)


@pytest.mark.parametrize("name", ["", "  ", "x" * 5000, None])
def test_unfit_names_are_refused(engine, name):
    """A name is a text of some length."""
    with pytest.raises(PromptError, match="name"):
        engine.enrol(seen(engine), name, 2.0, 4.0)


def test_ids_are_never_used_again(engine):
    """What was told before is retracted, and new segments get new ids."""
    track = seen(engine)
    [before] = engine.configure(track, PROMPTS, "watch")
    [after] = engine.enrol(track, "flails", 4.0, 6.0)
    assert not {s.id for s in before.segments} & {s.id for s in after.segments}
    assert set(after.retracted) >= {s.id for s in before.segments if not s.final}


def test_examples_of_another_model_are_refused(engine):
    """The engine takes no vectors of another space, by name or by width."""
    track = seen(engine)
    other = ExampleSet(replace(engine.model, sha256="0" * 64))
    narrow = ExampleSet(engine.model).with_example("flails", [1.0, 0.0], 1.0)
    for examples in (other, narrow):
        with pytest.raises(ModelError, match="show the actions again"):
            engine.use_examples(track, examples)
        with pytest.raises(ModelError, match="show the actions again"):
            engine.prompts(PROMPTS, examples)


def test_prompts_are_what_configure_looks_for(engine, monkeypatch):
    """The rows that search and benchmarks compare are those that a person is looked at for."""
    track = seen(engine)
    engine.enrol(track, "Walks", 4.0, 6.0)
    rows = []
    monkeypatch.setattr(type(track), "configure", lambda _, texts, *__: rows.append(texts) or [])
    engine.configure(track, ["walks", " juggles", "blorps"], "watch")
    assert np.array_equal(engine.prompts(["walks", "juggles ", "blorps"], track.examples), rows[0])
    assert not np.allclose(engine.prompts(["walks"]), rows[0][:1])


def test_the_grounder_teaches_saves_and_loads(engine, tmp_path):
    """What one person was shown as is found in another session from the file."""
    joints, times_s = mover(200, 3)
    one, two = MotionGrounder(engine), MotionGrounder(engine)
    one.configure(prompts=PROMPTS)
    play(one, joints, times_s)
    taught = one.enrol("flails", 4.0, 6.0)
    assert one.labels == (*PROMPTS, "flails")
    one.save_examples(tmp_path / "taught.json")
    play(two, joints, times_s)
    two.load_examples(tmp_path / "taught.json")
    update = two.configure(prompts=one.labels)
    assert two.examples == one.examples
    assert without_ids([update]) == without_ids([taught])
    strip = [[replace(s, id=0) for s in each.finish()] for each in (one, two)]
    assert strip[0] == strip[1]


def test_remembering_leaves_the_label(engine):
    """An example that is only remembered changes nothing of what is told."""
    grounder = MotionGrounder(engine)
    grounder.configure(steps=PROMPTS)
    last = play(grounder, *mover(200, 3))[-1]
    update = grounder.enrol("flails", 4.0, 6.0)
    assert (update.label, update.segments, update.retracted) == (last.label, (), ())


@pytest.mark.parametrize(
    ("shown", "done"),
    [
        ("HDM_bd_lieDownFloor_001", "HDM_dg_lieDownFloor_011"),
        ("HDM_bk_kickLFront1Reps_007", "HDM_mm_kickLFront1Reps_020"),
    ],
)
def test_shown_by_one_found_in_another(engine, shared, tmp_path, shown, done):
    """An action with a name that says nothing, shown once by one person, is found in another."""
    clips = [load(shared, f"hdm05/{name}_120.npz") for name in (shown, done)]
    teacher = MotionGrounder(engine)
    times_s = clips[0]["time_s"]
    play(teacher, clips[0]["joints"], times_s)
    teacher.finish()
    teacher.enrol("zorbles", float(times_s[0]), float(times_s[-1]), words=False)
    teacher.save_examples(tmp_path / "zorbles.json")
    found = []
    for taught in (False, True):
        watcher = MotionGrounder(engine)
        watcher.configure(prompts=["waves", "throws", "claps", "zorbles"])
        if taught:
            watcher.load_examples(tmp_path / "zorbles.json")
        play(watcher, clips[1]["joints"], clips[1]["time_s"])
        segments = watcher.finish()
        found.append(sum(s.end_s - s.start_s for s in segments if s.label == "zorbles"))
    whole_s = float(clips[1]["time_s"][-1] - clips[1]["time_s"][0])
    assert found[1] > max(0.5 * whole_s, found[0])
