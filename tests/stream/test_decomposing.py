"""A language model takes video prompts apart: what is asked when, and what comes of the answer."""

import pytest

from engines.errors import PromptError
from engines.video.prompts import Parts
from stream.config import Config
from stream.errors import LanguageModelFailed
from stream.jobs import Described
from stream.messages import Bye, Configure, Configured, ErrorMessage, Heatmap, Notice
from stream.partition_settings import PartitionSettings
from stream.video_jobs import VideoDone
from tests.stream.rig import of
from tests.stream.video_rig import PROMPTS, VideoRig, image

URL = "http://127.0.0.1:1/v1"
ODD = "gives the cat a brush"
BOTH = (ODD, "waves")
OTHER = Described({ODD: ("gives", "the cat"), "waves": ("waves", "")})
PARTS = Parts(ODD, "gives", "the cat")


def rig(**fields: object) -> VideoRig:
    """A session that looks for two prompts and has a frame; the language model is being asked."""
    made = VideoRig(config=Config(partition=PartitionSettings(url=URL, model="m", **fields)))
    return made.start()


def answer(made: VideoRig, given: Described) -> None:
    made.perform(made.session.described(given))
    made.run()


def test_the_models_parts_are_looked_for_behind_the_prompts() -> None:
    """The prompts are in force at once; frames go on; other parts begin a new configuration."""
    made = rig()
    made.say(Configure(prompts=list(BOTH)), image(0))
    assert of(Heatmap, made.sent)[-1].config == 2
    answer(made, Described({}))  # to the first prompts, which are not looked for any more
    assert made.asked == [tuple(PROMPTS.prompts or []), BOTH]
    answer(made, OTHER)
    told = of(Configured, made.sent)[-1]
    assert (told.config, told.cause, told.labels) == (3, "descriptions", list(BOTH))
    assert made.track.prompts == (PARTS, "waves")
    assert of(Heatmap, made.sent)[-1].config == 3
    assert not of(Notice, made.sent)


def test_what_the_grammar_found_too_changes_nothing() -> None:
    """No new configuration, nothing is encoded anew."""
    made = rig()
    answer(made, Described({"waves": ("waves", ""), "cuts an onion": ("cuts", "an onion")}))
    assert [each.config for each in of(Configured, made.sent)] == [1]
    assert len(made.asked) == 1


def test_a_failure_is_told_and_the_grammar_stays() -> None:
    """What was answered all the same is used."""
    made = rig()
    made.say(Configure(prompts=list(BOTH)))
    answer(made, Described({}))
    failure = LanguageModelFailed("The server is down.", kind="unreachable")
    answer(made, Described({ODD: ("gives", "the cat")}, failure))
    [notice] = of(Notice, made.sent)
    assert notice.code == "decomposition_fallback"
    assert "down" in notice.text
    assert of(Configured, made.sent)[-1].cause == "descriptions"


def test_an_answer_to_older_prompts_is_of_no_use() -> None:
    """It comes while newer ones wait for the model, or after: the newest are asked about."""
    made = rig()
    made.say(Configure(prompts=list(BOTH)), run=False)
    made.perform(made.session.described(Described({"waves": ("", "waves")})))
    assert len(made.asked) == 1
    made.run()
    assert made.asked[-1] == BOTH
    assert {each.cause for each in of(Configured, made.sent)} == {"configure"}


def test_parts_that_the_engine_refuses() -> None:
    """The grammar's stay in force, with a notice; it is no error of the client's."""
    made = rig()
    made.perform(made.session.described(Described({"waves": ("", "waves")})))
    job = made.jobs.popleft()
    made.perform(made.session.deliver(VideoDone(job, error=PromptError("too long")), 0.0))
    assert [each.code for each in of(Notice, made.sent)] == ["decomposition_fallback"]
    assert not of(ErrorMessage, made.sent)
    assert len(of(Configured, made.sent)) == 1


@pytest.mark.parametrize("ending", ["bye", "off"])
def test_nobody_asks_or_waits(ending: str) -> None:
    """Bye does not wait for the language model; without one, or with `describe` off, none is
    asked."""
    made = rig(describe=ending == "bye")
    assert len(made.asked) == (ending == "bye")
    made.say(Bye())
    assert made.closed is not None
    assert made.session.described(OTHER) == []
