"""Configurations that wait for a language model: order, void answers, the end."""

from hypothesis import given
from hypothesis import strategies as st

from stream.config import Config
from stream.messages import (
    Bye,
    Configure,
    Configured,
    Enrol,
    ErrorMessage,
    GoingAway,
    Label,
    Notice,
    SegmentMessage,
    Stats,
)
from stream.partition_settings import PartitionSettings
from stream.states import State
from tests.stream.rig import HELLO, PROMPTS, SessionRig, of, poses

ASKING = Config(partition=PartitionSettings(url="http://127.0.0.1:1/v1", model="m"))
TWO = Configure(instruction="walks  in, then\nsits")
OTHER = Configure(instruction="waves, then bows")
GRAMMAR = ["walks in", "sits"]


def asking() -> SessionRig:
    rig = SessionRig(config=ASKING)
    rig.say(HELLO)
    return rig


def codes(sent) -> list[str]:
    return [notice.code for notice in of(Notice, sent)]


def test_only_instructions_are_asked_about() -> None:
    """Steps and prompts go straight to the model; without an endpoint instructions do too."""
    rig = asking()
    assert of(Configured, rig.say(Configure(steps=["walks"]), PROMPTS))
    assert not rig.questions
    rig.say(TWO)
    assert [each.instruction for each in rig.questions] == ["walks in, then sits"]
    plain = SessionRig()
    assert of(Configured, plain.say(HELLO, TWO))[0].labels == GRAMMAR
    assert not plain.questions


def test_the_answer_becomes_the_labels() -> None:
    """Nothing is said until it is there."""
    rig = asking()
    assert not rig.say(TWO)
    [configured] = rig.split(1, "walks in", "sits down")
    assert (configured.config, configured.labels) == (1, ["walks in", "sits down"])


def test_a_failure_gives_the_grammars_steps_and_a_notice() -> None:
    """The notice comes before and says why and what to do."""
    rig = asking()
    rig.say(TWO)
    notice, configured = rig.split(1)
    assert notice.code == "partition_fallback"
    assert notice.text.startswith("It failed.")
    assert "`steps`" in notice.text
    assert configured.labels == GRAMMAR


def test_an_answer_beyond_the_sessions_own_limits_is_a_failure() -> None:
    """Too many steps for `max_prompts`, one twice in a watch."""
    rig = SessionRig(
        config=Config(partition=ASKING.partition, max_prompts=2),
    )
    rig.say(HELLO, TWO)
    assert codes(rig.split(1, "walks", "in", "sits")) == ["partition_fallback"]
    rig.say(Configure(instruction="walks in, then sits", mode="watch"))
    assert codes(rig.split(2, "sits", "sits")) == ["partition_fallback"]
    assert of(Configured, rig.sent)[-1].labels == GRAMMAR


def test_frames_are_labelled_meanwhile() -> None:
    """By the configuration in force, each of them; then the new one takes over."""
    rig = asking()
    rig.say(PROMPTS, TWO)
    during = of(Label, rig.say(*poses(60)))
    assert len(during) == 17
    assert {label.config for label in during} == {1}
    rig.split(1, "walks in", "sits")
    after = of(Label, rig.say(*poses(60, first=60, start_s=1.0)))
    assert {label.config for label in after} == {2}
    assert len(after) == 20


def test_a_newer_configuration_makes_an_older_one_void() -> None:
    """The client is told at once; the older answer, when it comes, changes nothing."""
    rig = asking()
    rig.say(TWO)
    answer = rig.say(OTHER)
    assert codes(answer) == ["configure_replaced"]
    assert rig.split(1, "walks in", "sits") == []
    [configured] = rig.split(2, "waves", "bows")
    assert (configured.config, configured.labels) == (1, ["waves", "bows"])
    rig.say(TWO)
    kinds = [type(message) for message in rig.say(PROMPTS)]
    assert kinds == [Notice, Configured]
    assert rig.split(3) == []


def test_a_refused_configuration_replaces_nothing() -> None:
    """The one that waits goes on waiting."""
    rig = asking()
    rig.say(TWO)
    assert [error.code for error in of(ErrorMessage, rig.say(Configure()))] == ["bad_prompt"]
    assert of(Configured, rig.split(1, "walks in", "sits"))


def test_questions_are_bounded() -> None:
    """Void ones count until their answer is there."""
    rig = asking()
    for _ in range(ASKING.max_waiting_configures):
        rig.say(TWO)
    [error] = of(ErrorMessage, rig.say(TWO))
    assert (error.code, error.limit) == ("limit", "max_waiting_configures")
    rig.split(1)
    assert not of(ErrorMessage, rig.say(TWO))


def test_bye_waits_for_the_answer() -> None:
    """A recording sent in one go gets its labels; the end comes after them."""
    rig = asking()
    rig.say(TWO, *poses(60), Bye())
    assert rig.session.state is State.CLOSING
    assert not of(Configured, rig.sent)
    end = rig.split(1, "walks in", "sits")
    assert isinstance(end[0], Configured)
    assert of(SegmentMessage, end)[-1].state == "final"
    assert [type(message) for message in end[-2:]] == [Stats, Bye]
    assert (rig.closed is not None, end[-2].pending) == (True, 0)


def test_a_stop_of_the_server_does_not_wait() -> None:
    """The grammar splits, also for a client that has said bye and waits."""
    for bye in ([], [Bye()]):
        rig = asking()
        rig.say(TWO, *poses(30), *bye)
        before = len(rig.sent)
        rig.perform(rig.session.drain(10.0))
        rig.run()
        end = rig.sent[before:]
        assert bool(of(GoingAway, end)) is not bool(bye)
        assert codes(end) == ["partition_fallback"]
        assert of(Configured, end)[0].labels == GRAMMAR
        assert isinstance(end[-1], Bye)
        assert rig.split(1, "walks in", "sits") == []


def test_an_answer_after_the_end_is_nothing() -> None:
    """The connection is long lost."""
    rig = asking()
    rig.say(TWO)
    rig.perform(rig.session.abandon(1006, "gone"))
    assert rig.split(1, "walks in", "sits") == []


STEPS = st.sampled_from(["instruction", "prompts", "refused", "answer", "failure", "poses"])
WISHES = {"instruction": TWO, "prompts": PROMPTS, "refused": Configure()}
LABELS = {"instruction": GRAMMAR, "prompts": ["walks", "waves"]}


@given(st.lists(STEPS, max_size=30))
def test_the_newest_configuration_wins_whatever_happens(story: list[str]) -> None:
    """Each is configured or replaced once, in order; every frame has an outcome."""
    rig = asking()
    taken, seq = [], 0
    for event in story:
        match event:
            case "instruction" | "prompts" | "refused":
                if not of(ErrorMessage, rig.say(WISHES[event])):
                    taken.append(event)
            case "answer" | "failure" if rig.questions:
                question = rig.questions.pop(0).question
                rig.split(question, *(GRAMMAR if event == "answer" else ()))
            case "poses" if taken:
                rig.say(*poses(3, first=seq, start_s=seq / 60))
                seq += 3
    while rig.questions:
        rig.split(rig.questions.pop(0).question, *GRAMMAR)
    replaced = [notice for notice in of(Notice, rig.sent) if notice.code == "configure_replaced"]
    answered = of(Configured, rig.sent)
    assert [each.config for each in answered] == list(range(1, len(answered) + 1))
    assert len(answered) + len(replaced) == len(taken)
    assert [each.labels for each in answered[-1:]] == [LABELS[event] for event in taken[-1:]]
    if not taken:
        return
    rig.say(Bye())
    books = of(Stats, rig.sent)[-1]
    assert (books.received, books.pending) == (seq, 0)
    assert books.processed + sum(books.dropped.values()) == seq


# ------------------------------------------------------------------ descriptions of labels

WALKS = {"walks": ("swing both legs", "move forward")}
WAVES = {"waves": ("move the right hand from side to side",)}


def test_labels_are_described_once_they_are_in_force() -> None:
    """Labels first, by the dictionary; then anew with the descriptions, as a configuration."""
    rig = asking()
    [first] = rig.say(PROMPTS)
    assert [each.labels for each in rig.expansions] == [("walks", "waves")]
    during = of(Label, rig.say(*poses(60)))
    assert {label.config for label in during} == {1}
    [again] = rig.describe(WALKS | WAVES)
    assert (again.config, again.cause, again.labels) == (2, "descriptions", first.labels)
    assert (again.since_s, again.mode, again.horizon_s) == (0.0, "watch", first.horizon_s)
    assert rig.track.descriptions == WALKS | WAVES
    assert len(rig.expansions) == 1
    after = of(Label, rig.say(*poses(60, first=60, start_s=1.0)))
    assert {label.config for label in after} == {2}


def test_without_an_endpoint_or_by_choice_nobody_is_asked() -> None:
    """The dictionary is always there."""
    for config in (
        Config(),
        Config(partition=PartitionSettings(url="http://h/v1", model="m", describe=False)),
    ):
        rig = SessionRig(config=config)
        rig.say(HELLO, PROMPTS)
        assert not rig.expansions


def test_a_failed_description_is_a_notice() -> None:
    """All of them or some; those that are there are used."""
    rig = asking()
    rig.say(PROMPTS)
    [notice] = rig.describe({}, "It failed.")
    assert notice.code == "expansion_fallback"
    assert notice.text.startswith("It failed.")
    assert "dictionary" in notice.text
    rig.say(PROMPTS)
    notice, configured = rig.describe(WALKS, "It failed.")
    assert (notice.code, configured.cause) == ("expansion_fallback", "descriptions")
    assert rig.track.descriptions == WALKS


def test_one_question_at_a_time_and_the_newest_is_next() -> None:
    """What was asked for older labels is not used."""
    rig = asking()
    rig.say(PROMPTS, Configure(prompts=["bows"]), Configure(prompts=["jumps"]))
    assert [each.labels for each in rig.expansions] == [("walks", "waves")]
    assert rig.describe(WALKS) == []
    assert [each.labels for each in rig.expansions] == [("walks", "waves"), ("jumps",)]
    [configured] = rig.describe({"jumps": ("leave the floor with both feet",)})
    assert (configured.config, configured.labels) == (4, ["jumps"])


def test_descriptions_of_a_split_instruction() -> None:
    """Its steps are described, not the grammar's; and an older answer does not meet them."""
    rig = asking()
    rig.say(PROMPTS, TWO)
    assert [each.labels for each in rig.expansions] == [("walks", "waves")]
    assert rig.describe(WALKS)[0].config == 2
    rig.split(1, "walks in", "sits down")
    assert rig.expansions[-1].labels == ("walks in", "sits down")


def test_an_answer_between_two_configurations_is_not_used() -> None:
    """The newer one is on its way to the model already."""
    rig = asking()
    rig.say(PROMPTS)
    rig.say(Configure(prompts=["bows"]), run=False)
    rig.describe(WALKS)
    assert rig.track.labels == ("bows",)
    assert not rig.track.descriptions
    assert rig.expansions[-1].labels == ("bows",)


def test_what_was_taught_meanwhile_stays() -> None:
    """Descriptions are of the labels that were configured; the example has added one."""
    rig = asking()
    rig.say(PROMPTS, *poses(60), Enrol(name="salute", start_s=0.2, end_s=0.8))
    [configured] = rig.describe(WALKS | WAVES)
    assert configured.labels == ["walks", "waves", "salute"]
    assert rig.track.descriptions == WALKS | WAVES


def test_bye_does_not_wait_for_descriptions() -> None:
    """There are labels; and what comes too late changes nothing."""
    rig = asking()
    rig.say(PROMPTS, *poses(60), Bye())
    assert isinstance(rig.sent[-1], Bye)
    assert rig.describe(WALKS) == []
    rig = asking()
    rig.say(PROMPTS, *poses(60), Bye(), run=False)
    assert rig.describe(WALKS)[-1] == Bye(reason="bye")


def test_a_refused_configuration_is_not_described() -> None:
    """The engine did not take it."""
    rig = asking()
    rig.say(Configure(prompts=["refused"]))
    assert not rig.expansions
    rig.say(PROMPTS)
    rig.say(Configure(prompts=["refused"]))
    assert rig.describe(WALKS) == []
