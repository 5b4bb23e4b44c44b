"""A session about video: what comes back for a frame, which frame the model sees, and the end."""

import numpy as np
import pytest

from stream.config import Config
from stream.messages import (
    Bye,
    Configure,
    Configured,
    Dropped,
    Enrol,
    ErrorMessage,
    GoingAway,
    Heatmap,
    Notice,
    Stats,
    Welcome,
)
from stream.states import State
from stream.video_jobs import Ask, Key, Look, VideoDone
from tests.stream.rig import of, pose
from tests.stream.video_rig import HELLO, PROMPTS, VideoRig, image, jpeg


def peak(heatmap: Heatmap, index: int = 0) -> tuple[int, int]:
    grid = np.frombuffer(heatmap.heats[index].grid, np.uint8)
    row, column = divmod(int(grid.argmax()), heatmap.columns)
    return row, column


def test_every_frame_gets_a_heatmap() -> None:
    """It speaks of that frame, says which frame the model saw, and where each prompt is."""
    rig = VideoRig().start()
    assert of(Configured, rig.sent)[0].labels == list(PROMPTS.prompts or [])
    for seq in range(10):
        rig.now_s = seq / 30
        told = of(Heatmap, rig.say(image(seq)))
        assert told[-1].seq == seq
        assert told[-1].time_s == told[-1].key_time_s == seq / 30
        assert [heat.present for heat in told[-1].heats] == [True, False]
    assert peak(told[-1], 1)[1] > 0
    stats = rig.session.stats()
    assert (stats.received, stats.processed, stats.key_frames) == (10, 10, 10)


def test_between_key_frames_the_map_is_carried_along() -> None:
    """While the model is busy each frame still has its heatmap, of the older key frame."""
    rig = VideoRig().start()
    rig.say(image(0))
    for seq in range(1, 11):
        rig.say(image(seq), run=False)
        rig.run(Look)
    told = of(Heatmap, rig.sent)
    assert [each.seq for each in told][-10:] == list(range(1, 11))
    assert {each.key_time_s for each in told[1:]} == {0.0}
    assert sum(isinstance(job, Key) for job in rig.jobs) == 1
    before = peak(told[0])
    rig.run(Key)
    rig.run()
    assert of(Heatmap, rig.sent)[-1].key_time_s > 0
    assert before[0] == 1


def test_the_newest_frame_wins() -> None:
    """Frames that come while one is followed take each other's place; the last is followed."""
    rig = VideoRig().start()
    rig.say(*(image(seq) for seq in range(5)), run=False)
    looks = [job for job in rig.jobs if isinstance(job, Look)]
    assert [job.mark.seq for job in looks] == [0]
    dropped = of(Dropped, rig.sent)
    assert [(each.reason, each.first_seq) for each in dropped] == [("busy", n) for n in (1, 2, 3)]
    rig.run()
    assert of(Heatmap, rig.sent)[-1].seq == 4
    assert rig.ledger.outcomes["processed"] == 2


def test_an_unchanged_scene_is_not_encoded_again() -> None:
    """The model sees it once; every frame has its heatmap all the same."""
    rig = VideoRig().start()
    for seq in range(20):
        rig.say(image(seq, still=True))
    assert rig.engine.batches == [1]
    stats = rig.session.stats()
    assert (stats.processed, stats.key_frames, stats.unchanged) == (20, 1, 19)
    rig.say(image(20, file=jpeg(60)))
    assert rig.engine.batches == [1, 1]


def test_other_prompts_are_answered_from_the_frame_that_the_model_has_seen() -> None:
    """Nothing is encoded for it, and no frame has to come."""
    rig = VideoRig().start()
    rig.say(image(0))
    told = rig.say(Configure(prompts=["jumps"]))
    assert of(Configured, told)[0].config == 2
    heatmap = of(Heatmap, told)[0]
    assert (heatmap.config, heatmap.seq, len(heatmap.heats)) == (2, 0, 1)
    assert rig.engine.batches == [1]


def test_a_refused_prompt_leaves_the_others_in_force() -> None:
    """The error says why; heatmaps go on under the old configuration."""
    rig = VideoRig().start()
    rig.say(image(0))
    assert of(ErrorMessage, rig.say(Configure(prompts=["refused"])))[0].code == "bad_prompt"
    assert of(Heatmap, rig.say(image(1)))[-1].config == 1


def test_without_a_configuration_frames_are_refused_again() -> None:
    """The first one was refused: what came meanwhile is cut, what comes is unexpected."""
    rig = VideoRig()
    rig.say(HELLO)
    rig.say(Configure(prompts=["refused"]), image(0), run=False)
    rig.run()
    assert rig.session.state is State.READY
    assert of(Dropped, rig.sent)[0].reason == "cut"
    assert of(ErrorMessage, rig.say(image(1)))[0].code == "unexpected"
    assert rig.ledger.balanced


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (Configure(steps=["walks"]), "bad_prompt"),
        (Configure(prompts=["walks"], horizon_s=2.0), "bad_prompt"),
        (Configure(prompts=["walks"] * 65), "limit"),
        (pose(1), "unexpected"),
        (Enrol(name="x", start_s=0, end_s=1), "unexpected"),
        (image(1, file=b"GIF89a"), "bad_image"),
        (image(1, file=jpeg()[:300]), "bad_image"),
    ],
)
def test_what_cannot_be_used_costs_just_that(message: object, code: str) -> None:
    """The error names the reason, and the frame if it was one; the session goes on."""
    rig = VideoRig().start()
    rig.say(image(0))
    assert code in [each.code for each in of(ErrorMessage, rig.say(message))]  # type: ignore[arg-type]
    assert of(Heatmap, rig.say(image(2)))
    assert rig.ledger.balanced
    assert rig.ledger.pending == 0


def test_large_images_are_refused_by_their_header() -> None:
    """With the limit's name and value, before anything is decoded."""
    rig = VideoRig(config=Config(max_image_px=4096)).start()
    [error] = of(ErrorMessage, rig.say(image(3), run=False))
    assert (error.code, error.seq, error.limit, error.value) == ("limit", 3, "max_image_px", 4096)
    assert not rig.jobs


def test_times_that_stand_still_or_go_back() -> None:
    """Same time: duplicate. A little back: late. Far back: a new clock, said in a notice."""
    rig = VideoRig().start()
    rig.say(image(0, 100.0))
    assert of(Dropped, rig.say(image(1, 100.0)))[0].reason == "duplicate"
    assert of(Dropped, rig.say(image(2, 99.5)))[0].reason == "late"
    told = rig.say(image(3, 5.0))
    assert of(Notice, told)[0].code == "clock_reset"
    assert of(Heatmap, told)[-1].key_time_s == 5.0


def test_a_key_frame_that_the_model_refuses() -> None:
    """Its error is told, and the next frame is tried; nothing is tried twice."""
    rig = VideoRig().start()
    told = rig.say(image(0, file=jpeg(level=255)))
    assert [each.seq for each in of(ErrorMessage, told)] == [0]
    assert rig.engine.batches == [1]
    assert of(Heatmap, rig.say(image(1)))[-1].seq == 1
    assert rig.ledger.errored == 1


def test_a_fault_that_is_not_ours_ends_the_session() -> None:
    """As a thread that died twice."""
    rig = VideoRig().start()
    rig.say(image(0), run=False)
    job = rig.jobs.popleft()
    rig.perform(rig.session.deliver(VideoDone(job, error=RuntimeError("x")), 0.0))
    assert rig.session.state is State.CLOSED
    assert of(ErrorMessage, rig.sent)[-1].fatal
    assert rig.ledger.pending == 0


@pytest.mark.parametrize("ending", ["bye", "drain"])
def test_the_end_waits_for_what_is_with_the_models(ending: str) -> None:
    """The newest frame's heatmap, then the books, then bye; what comes after bye is cut."""
    rig = VideoRig().start()
    rig.say(image(0), image(1), image(2), run=False)
    if ending == "bye":
        rig.say(Bye(), run=False)
    else:
        rig.perform(rig.session.drain(5.0))
        assert of(GoingAway, rig.sent)
    rig.say(image(3), run=False)
    assert rig.closed is None
    rig.run()
    assert isinstance(rig.sent[-1], Bye)
    assert of(Heatmap, rig.sent)[-1].seq == 2
    stats = of(Stats, rig.sent)[-1]
    assert (stats.received, stats.pending, stats.dropped) == (4, 0, {"busy": 1, "cut": 1})
    assert rig.session.state is State.CLOSED


def test_bye_of_a_session_that_did_nothing() -> None:
    """The books are empty and the end comes at once."""
    rig = VideoRig()
    rig.say(HELLO, Bye())
    assert rig.closed is not None
    assert of(Stats, rig.sent)[0].received == 0


def test_a_resumed_session_tells_what_holds() -> None:
    """The prompts in force and the newest heatmap, also of a picture that stands still; frames go
    on."""
    rig = VideoRig().start()
    rig.say(image(7))
    before = of(Heatmap, rig.sent)[-1]
    actions = rig.session.resume(HELLO, True, 1.0)
    rig.sent.clear()
    rig.perform(actions)
    assert [type(each) for each in rig.sent] == [Welcome, Configured, Heatmap]
    assert rig.sent[-1] == before
    assert of(Welcome, rig.sent)[0].last_seq == 7
    assert of(Heatmap, rig.say(image(8)))


def test_a_resumed_session_tells_no_heatmap_of_other_prompts_or_another_clock() -> None:
    """They hold no more."""
    rig = VideoRig().start()
    rig.say(image(7))
    for change in (lambda: rig.say(PROMPTS, run=False), lambda: rig.say(image(8, -9.0), run=False)):
        change()
        if rig.jobs and isinstance(rig.jobs[0], Ask):
            rig.run(Ask)
        told = rig.session.resume(HELLO, True, 1.0)
        assert len(told) == 2
        rig.run()


def test_questions_are_bounded() -> None:
    """More configurations than may wait are refused."""
    rig = VideoRig(config=Config(max_waiting_configures=2)).start()
    rig.say(*[PROMPTS] * 3, run=False)
    assert of(ErrorMessage, rig.sent)[-1].limit == "max_waiting_configures"
    assert sum(isinstance(job, Ask) for job in rig.jobs) == 1
    rig.run()
    assert [each.config for each in of(Configured, rig.sent)] == [1, 2, 3]
