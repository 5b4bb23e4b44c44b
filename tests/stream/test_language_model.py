"""Asking a language model over HTTP: a real server of the protocol on loopback, well and ill."""

import asyncio
import json
import logging
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from starlette.responses import Response

from engines.motion.engine import MotionEngine
from engines.motion.partition import split
from stream.config import Config
from stream.errors import ConfigError, LanguageModelFailed
from stream.jobs import Described
from stream.language_model import LABELS_AT_ONCE, LanguageModel
from stream.llm_answer import MAX_BODY_BYTES
from stream.messages import (
    Bye,
    Configure,
    Configured,
    GoingAway,
    Heatmap,
    Hello,
    Label,
    Notice,
    Welcome,
)
from stream.partition_settings import PartitionSettings
from tests.stream.client import eventually, house
from tests.stream.llm_server import (
    KEY,
    MODEL,
    LlmServer,
    completion,
    descriptions,
    instruction_of,
    label_of,
    llm_server,
    parts,
    refusal,
    steps,
)
from tests.stream.rig import HELLO, PROMPTS, of, poses
from tests.stream.video_rig import HELLO as VIDEO_HELLO
from tests.stream.video_rig import RuleVideoEngine, image

BAD_DESCRIPTIONS = Path(__file__).parents[1] / "data" / "bad_llm_descriptions.json"
TABLE = json.loads((Path(__file__).parents[1] / "data" / "bad_llm_answers.json").read_text())
INSTRUCTION = "walks in, then sits"
GOOD = ("the person walks in", "the person sits")
SHORT_S = 0.2
Asking = Callable[..., AbstractAsyncContextManager[LanguageModel]]


def settings(url: str, tmp_path: Path, **fields: object) -> PartitionSettings:
    given = {"model": MODEL, "api_key_env": "A_KEY", "cache_folder": str(tmp_path / "cache")}
    given |= {"timeout_s": 20.0, "describe": False}
    return PartitionSettings(url=url, **given | fields)


@pytest.fixture
def outcomes() -> Counter[str]:
    return Counter()


@pytest.fixture
def asking(tmp_path: Path, outcomes: Counter[str]) -> Asking:
    """A model of a server; it has the key."""

    @asynccontextmanager
    async def asking(url: str, **fields: float | str) -> AsyncIterator[LanguageModel]:
        def count(task: str, outcome: str) -> None:
            outcomes[outcome if task == "partition" else f"{task} {outcome}"] += 1

        model = LanguageModel(settings(url, tmp_path, **fields), count, {"A_KEY": KEY})
        try:
            yield model
        finally:
            await model.close()

    return asking


async def test_a_good_answer(asking: Asking, outcomes: Counter[str]) -> None:
    """The strict server takes the request, and its steps come back."""
    async with llm_server(steps(*GOOD)) as server, asking(server.url) as model:
        assert await model.split(INSTRUCTION) == GOOD
    assert [instruction_of(body) for body in server.asked] == [INSTRUCTION]
    assert outcomes == {"answered": 1}


async def test_the_same_instruction_is_asked_once(asking: Asking, outcomes: Counter[str]) -> None:
    """Also by another server process later; another model is another answer."""
    async with llm_server(steps(*GOOD)) as server:
        for _ in range(2):
            async with asking(server.url) as model:
                assert await model.split(INSTRUCTION) == GOOD
        assert len(server.asked) == 1
        async with asking(server.url, model="another") as model:
            assert isinstance(await model.split(INSTRUCTION), LanguageModelFailed)
    assert outcomes == {"answered": 1, "cached": 1, "http": 1}


async def test_equal_questions_at_a_time_are_asked_once(asking: Asking) -> None:
    """And who gives up waiting takes nothing from the others."""
    async with llm_server(steps(*GOOD)) as server, asking(server.url) as model:
        server.gate.clear()
        waiting = [asyncio.create_task(model.split(INSTRUCTION)) for _ in range(5)]
        await eventually(lambda: bool(server.asked))
        waiting.pop(0).cancel()
        server.gate.set()
        assert await asyncio.gather(*waiting) == [GOOD] * 4
        assert len(server.asked) == 1


async def test_a_damaged_answer_is_asked_anew(asking: Asking, tmp_path: Path) -> None:
    """Cut off, emptied, or of another instruction; then it is whole again."""
    async with llm_server(steps(*GOOD)) as server, asking(server.url) as model:
        await model.split(INSTRUCTION)
        [kept] = (tmp_path / "cache").iterdir()
        for damaged in (kept.read_bytes()[:-4], b"", b'{"steps": ["flies"]}'):
            kept.write_bytes(damaged)
            assert await model.split(INSTRUCTION) == GOOD
        assert len(server.asked) == 4
        assert await model.split(INSTRUCTION) == GOOD
        assert len(server.asked) == 4


async def test_slow_is_a_failure(asking: Asking, outcomes: Counter[str]) -> None:
    """No answer at all, or one that begins and does not go on; a retry has no time of its own."""
    async with llm_server("") as server, asking(server.url, timeout_s=SHORT_S) as model:
        server.gate.clear()
        silent = await model.split(INSTRUCTION)
        server.gate.set()
        server.answers = [server.drip()]
        dripping = await model.split("walks out")
    assert "within 0.2 s" in str(silent)
    assert str(dripping) == str(silent)
    assert outcomes == {"timeout": 2}
    assert len(server.asked) <= 2


async def test_down_is_a_failure(asking: Asking, outcomes: Counter[str]) -> None:
    """Nobody listens there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    async with asking(url) as model:
        assert "down" in str(await model.split(INSTRUCTION))
    assert outcomes == {"unreachable": 1}


async def test_a_stumble_is_forgiven_once(asking: Asking, outcomes: Counter[str]) -> None:
    """After 500 and 429 it is asked again, once; after 401, 404 and nonsense it is not."""
    busy = refusal(429, "slow down")
    broken = refusal(500, "out of memory")
    async with llm_server(broken, steps(*GOOD)) as server, asking(server.url) as model:
        assert await model.split(INSTRUCTION) == GOOD
        server.answers = [broken, busy, steps(*GOOD)]
        assert "429" in str(await model.split("walks out"))
        assert len(server.asked) == 4
        server.answers = [refusal(400, "no"), steps(*GOOD)]
        assert "400" in str(await model.split("walks on"))
        server.answers = ["nonsense", steps(*GOOD)]
        assert "no JSON" in str(await model.split("walks up"))
        assert len(server.asked) == 6
    assert outcomes == {"answered": 1, "http": 2, "malformed": 1}


async def test_a_huge_answer_is_not_read(asking: Asking) -> None:
    """Whether or not it says how long it is."""
    huge = completion("x" * 100 * MAX_BODY_BYTES)
    async with llm_server(huge) as server, asking(server.url) as model:
        assert str(MAX_BODY_BYTES) in str(await model.split(INSTRUCTION))


async def test_a_cache_that_cannot_be_written_does_not_matter(
    asking: Asking, tmp_path: Path
) -> None:
    """It is only asked every time."""
    (tmp_path / "cache").write_text("a file where the folder should be")
    async with llm_server(steps(*GOOD)) as server, asking(server.url) as model:
        for _ in range(2):
            assert await model.split(INSTRUCTION) == GOOD
    assert len(server.asked) == 2


async def test_the_key_comes_from_the_environment_and_stays_there(
    asking: Asking, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Missing: the start says so. Present: no log, message or file has it, nor the texts."""
    for environ in ({}, {"A_KEY": " "}, {"A_KEY": "two\r\nlines"}):
        with pytest.raises(ConfigError, match="A_KEY"):
            LanguageModel(settings("http://127.0.0.1:1/v1", tmp_path), print, environ)
    caplog.set_level(logging.DEBUG)
    async with (
        llm_server(steps(*GOOD), refusal(401, KEY)) as server,
        asking(server.url) as model,
    ):
        await model.split(INSTRUCTION)
        failure = str(await model.split("walks out"))
        assert KEY not in repr(model) + failure
    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").iterdir())
    assert KEY not in caplog.text
    assert "walks" not in caplog.text
    assert KEY.encode() not in kept
    plain = LanguageModel(settings(server.url, tmp_path, api_key_env=""), print, {})
    await plain.close()


# ------------------------------------------------------------------ descriptions of labels

SALUTE = ("bring the right hand to the head", "bring the left hand to the head")
BOW = ("bend the upper body forward and come up again",)


async def test_labels_are_described(asking: Asking, outcomes: Counter[str]) -> None:
    """Each by its own question, once; the next time from the disk, also by another process."""
    async with llm_server("") as server:
        server.described = {"salutes": descriptions(*SALUTE), "bows": descriptions(*BOW)}
        async with asking(server.url) as model:
            answer = await model.describe(("salutes", "bows"))
            assert answer == Described({"salutes": SALUTE, "bows": BOW})
        assert sorted(map(label_of, server.asked)) == ["bows", "salutes"]
        async with asking(server.url) as model:
            assert await model.describe(("bows", "salutes")) == answer
        assert len(server.asked) == 2
    assert outcomes == {"description answered": 2, "description cached": 2}


async def test_one_bad_description_costs_only_itself(
    asking: Asking, outcomes: Counter[str]
) -> None:
    """The others are used; the reason is told."""
    async with llm_server("nonsense") as server, asking(server.url) as model:
        server.described = {"bows": descriptions(*BOW)}
        answer = await model.describe(("salutes", "bows", "jumps"))
    assert answer.descriptions == {"bows": BOW}
    assert answer.failure is not None
    assert answer.failure.kind == "malformed"
    assert outcomes == {"description answered": 1, "description malformed": 2}


async def test_who_is_down_is_not_asked_about_every_label(asking: Asking) -> None:
    """After its first failures nobody asks; what is kept on disk is used all the same."""
    labels = tuple(f"does move {number}" for number in range(40))
    async with llm_server(refusal(404, "no")) as server, asking(server.url) as model:
        server.described = {labels[-1]: descriptions(*BOW)}
        await model.describe(labels[-1:])
        answer = await model.describe(labels)
        assert len(server.asked) <= 1 + 2 * LABELS_AT_ONCE
    assert answer.descriptions == {labels[-1]: BOW}
    assert answer.failure is not None
    assert answer.failure.kind == "http"


async def test_a_slow_description_is_given_up(asking: Asking, outcomes: Counter[str]) -> None:
    """Each within the time limit, and at most a few at a time."""
    async with llm_server("") as server, asking(server.url, timeout_s=SHORT_S) as model:
        server.gate.clear()
        answer = await model.describe(tuple(map(str, range(9))))
        assert len(server.asked) <= LABELS_AT_ONCE
    assert answer.descriptions == {}
    assert "within 0.2 s" in str(answer.failure)
    assert set(outcomes) == {"description timeout"}


async def test_an_instruction_finds_a_free_connection(asking: Asking) -> None:
    """While many labels are described."""
    async with llm_server(steps(*GOOD)) as server, asking(server.url) as model:
        server.gate.clear()
        describing = asyncio.create_task(model.describe(tuple(map(str, range(9)))))
        await eventually(lambda: len(server.asked) == LABELS_AT_ONCE)
        splitting = asyncio.create_task(model.split(INSTRUCTION))
        await eventually(lambda: len(server.asked) == LABELS_AT_ONCE + 1)
        server.gate.set()
        assert await splitting == GOOD
        assert (await describing).failure is not None


# ------------------------------------------------------------------ verb and object of prompts

ODD = "gives the cat a brush"


async def test_video_prompts_are_taken_apart(asking: Asking, outcomes: Counter[str]) -> None:
    """Each by its own question, once, kept apart from descriptions of the same words; words that
    the prompt does not have are refused."""
    async with llm_server("") as server:
        server.described = {ODD: parts("gives", "the cat"), "bows": parts("bends", "")}
        for _ in range(2):
            async with asking(server.url) as model:
                answer = await model.decompose((ODD,))
                assert answer == Described({ODD: ("gives", "the cat")})
        assert len(server.asked) == 1
        async with asking(server.url) as model:
            refused = await model.decompose(("bows",))
            assert refused.failure is not None
            assert refused.failure.kind == "unfaithful"
            assert (await model.describe((ODD,))).failure is not None
    assert outcomes == {
        "decomposition answered": 1,
        "decomposition cached": 1,
        "decomposition unfaithful": 1,
        "description schema": 1,
    }


# ------------------------------------------------------------------ through a whole server


@asynccontextmanager
async def home_with(server: LlmServer, engine: MotionEngine, tmp_path: Path, **fields: object):
    given = settings(server.url, tmp_path, **fields)
    config = Config(partition=given, resume_s=30.0)
    async with house(engine, config, RuleVideoEngine()) as home:
        yield home


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", KEY)


@pytest.mark.usefixtures("key")
async def test_every_bad_answer_falls_back(engine: MotionEngine, tmp_path: Path) -> None:
    """Each of the recorded set: the grammar's steps, a notice that says why, and it is counted."""
    async with llm_server("") as server, home_with(server, engine, tmp_path) as home:
        client = home.connect()
        await client.send(HELLO)
        for answer in TABLE["answers"]:
            instruction = answer.get("instruction", TABLE["instruction"])
            body, status = answer.get("body"), answer.get("status", 200)
            server.answers = [answer["content"] if body is None else Response(body, status)]
            await client.send(Configure(instruction=instruction))
            notice = await client.until(Notice)
            configured = await client.until(Configured)
            assert notice.code == "partition_fallback", answer["name"]
            assert configured.labels == split(instruction), answer["name"]
        await client.finish()
        counted = Counter(answer["kind"] for answer in TABLE["answers"])
        told = home.service.metrics.partitions.collect()[0].samples
        assert counted == {
            sample.labels["outcome"]: sample.value
            for sample in told
            if sample.name.endswith("_total")
        }
    assert not (tmp_path / "cache").exists()


@pytest.mark.usefixtures("key")
async def test_nobody_waits_for_a_slow_model(engine: MotionEngine, tmp_path: Path) -> None:
    """Its own session is labelled by the old configuration meanwhile, others as ever."""
    async with llm_server(steps(*GOOD)) as server, home_with(server, engine, tmp_path) as home:
        client, bystander = await home.connect().start(), await home.bystander()
        server.gate.clear()
        await client.send(Configure(instruction=INSTRUCTION))
        await eventually(lambda: bool(server.asked))
        await client.send(*poses(60))
        label = await client.until(Label, lambda label: label.seq >= 57)
        assert label.config == 1
        await bystander.go_on()
        server.gate.set()
        configured = await client.until(Configured, lambda each: each.config == 2)
        assert configured.labels == list(GOOD)
        await client.send(*poses(30, first=60, start_s=1.0))
        assert (await client.until(Label, lambda label: label.seq >= 87)).config == 2
        await bystander.unharmed()
        assert (await client.finish()).pending == 0


@pytest.mark.usefixtures("key")
async def test_a_newer_configuration_does_not_wait(engine: MotionEngine, tmp_path: Path) -> None:
    """The older one's answer, when it comes, changes nothing."""
    async with llm_server(steps(*GOOD)) as server, home_with(server, engine, tmp_path) as home:
        client = home.connect()
        server.gate.clear()
        await client.send(HELLO, Configure(instruction=INSTRUCTION))
        await eventually(lambda: bool(server.asked))
        await client.send(PROMPTS)
        assert (await client.until(Notice)).code == "configure_replaced"
        assert (await client.until(Configured)).labels == ["walks", "waves"]
        server.gate.set()
        await eventually(lambda: (tmp_path / "cache").is_dir())
        await client.finish()
    assert len(of(Configured, client.log)) == 1


@pytest.mark.usefixtures("key")
async def test_an_answer_while_the_connection_is_lost(engine: MotionEngine, tmp_path: Path) -> None:
    """The session takes it; who resumes is told."""
    async with llm_server(steps(*GOOD)) as server, home_with(server, engine, tmp_path) as home:
        lost = home.connect()
        server.gate.clear()
        await lost.send(HELLO, Configure(instruction=INSTRUCTION), *poses(30))
        token = (await lost.until(Welcome)).resume_token
        await eventually(lambda: bool(server.asked))
        lost.transport.abort()
        await eventually(lambda: home.service.registry.detached == 1)
        [seat] = home.service.registry
        server.gate.set()
        await eventually(lambda: not seat._asking)
        back = home.connect()
        await back.send(Hello(protocol=1, client="test", resume=token))
        assert (await back.until(Configured)).labels == list(GOOD)
        await back.finish()


@pytest.mark.usefixtures("key")
async def test_bye_waits_and_a_stop_does_not(engine: MotionEngine, tmp_path: Path) -> None:
    """A recording sent in one go is labelled; the server's own stop takes the grammar."""
    async with llm_server(steps(*GOOD)) as server, home_with(server, engine, tmp_path) as home:
        for stop in (False, True):
            client = home.connect()
            server.gate.clear()
            asked = len(server.asked)
            wanted = Configure(instruction=INSTRUCTION + " down" * stop)
            await client.send(HELLO, wanted, *poses(60))
            await eventually(lambda asked=asked: len(server.asked) > asked)
            if stop:
                async with asyncio.timeout(10):
                    await home.service.drain()
                assert of(GoingAway, client.log)
            else:
                await client.send(Bye())
                server.gate.set()
            await client.end()
            [configured] = of(Configured, client.log)
            assert configured.labels == (["walks in", "sits down"] if stop else list(GOOD))
            assert isinstance(client.log[-1], Bye)


@pytest.mark.usefixtures("key")
async def test_descriptions_come_behind_the_labels(engine: MotionEngine, tmp_path: Path) -> None:
    """Labels at once, from the dictionary; described, the kept motion is labelled anew."""
    async with (
        llm_server("") as server,
        home_with(server, engine, tmp_path, describe=True) as home,
    ):
        server.described = {"walks": descriptions(*BOW), "waves": descriptions(*SALUTE)}
        server.gate.clear()
        client = await home.connect().start()
        await client.send(*poses(60))
        label = await client.until(Label, lambda label: label.seq >= 57)
        assert label.config == 1
        server.gate.set()
        configured = await client.until(Configured, lambda each: each.config == 2)
        assert (configured.cause, configured.labels) == ("descriptions", ["walks", "waves"])
        assert configured.since_s == 0.0
        [seat] = home.service.registry
        assert seat.place.track.request.descriptions == {"walks": BOW, "waves": SALUTE}
        await client.send(*poses(30, first=60, start_s=1.0))
        assert (await client.until(Label, lambda label: label.seq >= 87)).config == 2
        assert (await client.finish()).pending == 0


@pytest.mark.usefixtures("key")
async def test_every_bad_description_leaves_it_to_the_dictionary(
    engine: MotionEngine, tmp_path: Path
) -> None:
    """Each of the recorded set: a notice that says why, it is counted, and the labels stay."""
    table = json.loads(BAD_DESCRIPTIONS.read_text())
    async with (
        llm_server("") as server,
        home_with(server, engine, tmp_path, describe=True) as home,
    ):
        client = home.connect()
        await client.send(HELLO)
        for answer in table["answers"]:
            label = answer.get("label", table["label"])
            body, status = answer.get("body"), answer.get("status", 200)
            server.described[label] = answer["content"] if body is None else Response(body, status)
            await client.send(Configure(prompts=[label]))
            configured = await client.until(Configured)
            assert configured.labels == [label]
            notice = await client.until(Notice)
            assert notice.code == "expansion_fallback", answer["name"]
        await client.finish()
        counted = Counter(answer["kind"] for answer in table["answers"])
        told = home.service.metrics.descriptions.collect()[0].samples
        assert counted == {
            sample.labels["outcome"]: sample.value
            for sample in told
            if sample.name.endswith("_total")
        }
    assert {each.cause for each in of(Configured, client.log)} == {"configure"}
    assert not (tmp_path / "cache").exists()


@pytest.mark.usefixtures("key")
async def test_heatmaps_do_not_wait_for_verb_and_object(
    engine: MotionEngine, tmp_path: Path
) -> None:
    """By the grammar's parts at once; by the language model's when it has answered, also if the
    connection was lost meanwhile."""
    async with (
        llm_server("") as server,
        home_with(server, engine, tmp_path, describe=True) as home,
    ):
        server.described = {ODD: parts("gives", "the cat")}
        server.gate.clear()
        lost = home.connect()
        await lost.send(VIDEO_HELLO, Configure(prompts=[ODD]), image(0))
        token = (await lost.until(Welcome)).resume_token
        assert (await lost.until(Heatmap)).config == 1
        await eventually(lambda: bool(server.asked))
        lost.transport.abort()
        await eventually(lambda: home.service.registry.detached == 1)
        server.gate.set()
        back = home.connect()
        await back.send(Hello(protocol=1, client="test", kind="video", resume=token))
        configured = await back.until(Configured, lambda each: each.config == 2)
        assert (configured.cause, configured.labels) == ("descriptions", [ODD])
        await back.send(image(1))
        assert (await back.until(Heatmap, lambda each: each.seq == 1)).config == 2
        assert (await back.finish()).pending == 0
        told = home.service.metrics.decompositions.labels("answered")
        assert told._value.get() == 1
