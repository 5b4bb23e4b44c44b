"""Teach by showing, in one session: what is taken, what is refused and what is told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.config import Config
from stream.messages import (
    Bye,
    Configure,
    Configured,
    Enrol,
    Enrolled,
    ErrorMessage,
    Hello,
    Label,
    Message,
    Pong,
    Stats,
    Welcome,
)
from stream.states import State
from tests.stream.rig import HELLO, INFO, PROMPTS, SessionRig, of, poses

SALUTE = Enrol(name="salute", start_s=0.2, end_s=1.0)
SCRIPT = Configure(steps=["walks", "waves"])


def taught(*given: Message, config: Config | None = None) -> SessionRig:
    """A session that watches and has seen two seconds."""
    rig = SessionRig(config=config)
    rig.say(HELLO, PROMPTS, *poses(120), *given)
    return rig


def refusal(rig: SessionRig, message: Enrol) -> ErrorMessage:
    """The one answer, an error, which is not the end."""
    [error] = rig.say(message, run=False) or rig.say(Pong(id=0))
    assert isinstance(error, ErrorMessage)
    assert not error.fatal
    return error


def test_a_new_name_becomes_a_prompt_at_once() -> None:
    """A new configuration with it, from the oldest motion on, then the example and its file."""
    rig = taught()
    configured, enrolled = rig.say(SALUTE)
    assert configured == Configured(
        config=2,
        mode="watch",
        labels=["walks", "waves", "salute"],
        lookahead_s=0.15,
        horizon_s=2.5,
        cause="example",
        since_s=0.0,
    )
    assert (enrolled.name, enrolled.seconds, enrolled.counts) == ("salute", 0.8, {"salute": 1})
    assert enrolled.labels == configured.labels
    assert json.loads(enrolled.examples)["model"]["sha256"] == INFO.sha256
    after = of(Label, rig.say(*poses(60, first=120, start_s=2.0)))
    assert {(label.config, len(label.scores)) for label in after} == {(2, 3)}


def test_a_script_remembers_it_for_the_next_configuration() -> None:
    """Nothing changes now; then the name is a step like any other."""
    rig = taught(SCRIPT)
    [enrolled] = rig.say(SALUTE)
    assert isinstance(enrolled, Enrolled)
    assert enrolled.labels == ["walks", "waves"]
    [configured] = rig.say(Configure(steps=["walks", "salute"]))
    assert (configured.config, configured.cause) == (3, "configure")
    assert "salute" in rig.track.labels


def test_names_and_kinds_of_examples() -> None:
    """Space does not count; several of a name are counted; names are the client's own words."""
    rig = taught(SALUTE, Enrol(name="  salute\n", start_s=1.1, end_s=1.5, words=False))
    enrolled = of(Enrolled, rig.sent)[-1]
    assert (enrolled.name, enrolled.counts) == ("salute", {"salute": 2})
    assert not rig.track.examples.get("salute").words
    assert of(Configured, rig.sent)[-1].config == 3


def test_a_file_goes_from_one_session_to_another() -> None:
    """Also before the first configuration, and twice without counting twice."""
    content = of(Enrolled, taught(SALUTE).sent)[0].examples
    rig = SessionRig()
    rig.say(HELLO)
    for _ in range(2):
        [enrolled] = rig.say(Enrol(examples=content))
        assert (enrolled.name, enrolled.seconds) == ("", 0.8)
        assert (enrolled.counts, enrolled.labels) == ({"salute": 1}, [])
        assert enrolled.examples == content
    assert rig.session.state is State.READY
    [configured] = rig.say(Configure(prompts=["salute", "walks"]))
    assert configured.config == 1
    configured, enrolled = rig.say(Enrol(examples=content))
    assert (configured.config, configured.cause) == (2, "example")
    assert enrolled.labels == ["salute", "walks"]


CONTENT = json.dumps({"kind": "liveground examples", "format": 1})
FOREIGN = json.dumps(
    {
        "kind": "liveground examples",
        "format": 1,
        "model": {"name": "other", "version": "1", "sha256": "f" * 64},
        "examples": [],
    }
)


@pytest.mark.parametrize(
    ("message", "code", "says"),
    [
        (Enrol(), "bad_prompt", "either"),
        (Enrol(name="a", start_s=0.0), "bad_prompt", "either"),
        (Enrol(name="a", start_s=0.0, end_s=1.0, examples=FOREIGN), "bad_prompt", "either"),
        (Enrol(name=" \n", start_s=0.0, end_s=1.0), "bad_prompt", "name"),
        (Enrol(name="..", start_s=0.0, end_s=1.0), "bad_prompt", "name"),
        (Enrol(name="x" * 1001, start_s=0.0, end_s=1.0), "limit", "1000"),
        (Enrol(name="a", start_s=0.0, end_s=10.5), "limit", "10.5 s"),
        (Enrol(name="a", start_s=-90.0, end_s=-89.0), "bad_prompt", "not kept"),
        (Enrol(examples=""), "model", "examples"),
        (Enrol(examples="[1, 2]"), "model", "examples"),
        (Enrol(examples="[" * 100_000), "model", "examples"),
        (Enrol(examples=CONTENT), "model", "examples"),
        (Enrol(examples=FOREIGN), "model", "other"),
    ],
)
def test_what_cannot_be_used(message: Enrol, code: str, says: str) -> None:
    """An error that says why; the session, its examples and its labels stay."""
    rig = taught(SALUTE)
    error = refusal(rig, message)
    assert error.code == code
    assert says in error.text
    assert len(rig.track.examples) == 1
    labels = of(Label, rig.say(*poses(60, first=120, start_s=2.0)))
    assert {label.config for label in labels} == {2}
    rig.say(Bye())
    assert of(Stats, rig.sent)[-1].pending == 0


def test_examples_are_bounded() -> None:
    """By their number, also within a file and before the answers are there; 0 is none."""
    content = of(Enrolled, taught(SALUTE).sent)[0].examples
    rig = taught(config=Config(max_examples=2))
    for start_s in (0.1, 0.2):
        assert not of(ErrorMessage, rig.say(Enrol(name="a", start_s=start_s, end_s=1.0), run=False))
    for message in (SALUTE, Enrol(examples=content)):
        error = refusal(rig, message)
        assert (error.code, error.limit, error.value) == ("limit", "max_examples", 2)
    assert refusal(taught(config=Config(max_examples=0)), SALUTE).limit == "max_examples"


def test_prompts_by_example_are_bounded_too() -> None:
    """A name that is a prompt takes no room; one on its way does."""
    rig = taught(config=Config(max_prompts=3))
    known = Enrol(name="Walks", start_s=0.3, end_s=1.0)
    assert not of(ErrorMessage, rig.say(SALUTE, run=False))
    assert refusal(rig, Enrol(name="bow", start_s=0.2, end_s=1.0)).limit == "max_prompts"
    assert not of(ErrorMessage, rig.say(known, SALUTE))


def test_waiting_examples_are_bounded() -> None:
    """With configurations together: each costs a pass."""
    rig = taught()
    for start_s in (0.1, 0.2, 0.3):
        rig.say(Enrol(name="a", start_s=start_s, end_s=1.0), run=False)
    rig.say(PROMPTS, run=False)
    assert refusal(rig, SALUTE).limit == "max_waiting_configures"


def test_when_it_is_allowed() -> None:
    """After hello and before bye; without a configuration nothing is there to be shown."""
    rig = SessionRig()
    assert rig.say(SALUTE)[0].code == "unexpected"
    rig = SessionRig()
    rig.say(HELLO)
    assert refusal(rig, SALUTE).code == "bad_prompt"
    rig.say(PROMPTS, *poses(60), Bye(), run=False)
    assert rig.say(SALUTE, run=False)[0].code == "unexpected"


def test_who_comes_back_is_told_the_examples() -> None:
    """After the configuration: the answer may have been lost with the connection."""
    rig = taught(SALUTE)
    rig.perform(rig.session.resume(Hello(protocol=1, client="t", resume="r"), True, 1.0))
    welcome, configured, enrolled = rig.sent[-4:-1]
    assert isinstance(welcome, Welcome)
    assert (configured.config, configured.labels[-1]) == (2, "salute")
    assert enrolled.counts == {"salute": 1}


STEPS = st.sampled_from(["prompts", "script", "show", "refused", "file", "poses", "run"])


@given(st.lists(STEPS, max_size=25))
def test_every_enrol_has_one_answer(story: list[str]) -> None:
    """Enrolled or an error, in order; configurations count up; every frame has an outcome."""
    content = of(Enrolled, taught(SALUTE).sent)[0].examples
    rig = SessionRig(config=Config(max_waiting_configures=100))
    rig.say(HELLO, PROMPTS)
    asked, seq = 0, 0
    for event in story:
        match event:
            case "prompts" | "script":
                rig.say(PROMPTS if event == "prompts" else SCRIPT, run=False)
            case "poses":
                rig.say(*poses(9, first=seq, start_s=seq / 60), run=False)
                seq += 9
            case "run":
                rig.run()
            case _:
                shown = Enrol(name="a", start_s=seq / 60 - 0.1, end_s=seq / 60)
                refused = Enrol(name="a", start_s=-9.0, end_s=0.0)
                given = {"show": shown, "refused": refused, "file": Enrol(examples=content)}
                rig.say(given[event], run=False)
                asked += 1
    rig.say(Bye())
    answers = len(of(Enrolled, rig.sent)) + len(of(ErrorMessage, rig.sent))
    assert answers == asked
    configs = [each.config for each in of(Configured, rig.sent)]
    assert configs == list(range(1, len(configs) + 1))
    books = of(Stats, rig.sent)[-1]
    assert (books.received, books.pending) == (seq, 0)
