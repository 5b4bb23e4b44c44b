"""Teach by showing, with the true server, its bundled model and real sockets."""

from collections.abc import AsyncIterator
from itertools import takewhile
from pathlib import Path

import pytest

from clients.performer import Frame, Performer
from clients.python import Client, Configure
from engines.errors import ModelError, PromptError
from stream.app import running
from stream.config import Config
from stream.messages import Configured, Label, SegmentMessage

PROMPTS = Configure(prompts=["a person walks forward", "a person marches in place"])
NAME = "our secret sign"
"""Says nothing about the motion: the performer drinks, twice."""
FIRST_S = (19.32, 22.82)
AGAIN_S = (42.62, 46.12)
ELSE_S = (27.23, 31.68)
"""A march between the two."""


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    """Half a minute of the performer, every third frame of 60 a second."""
    performer = Performer(seed=1, rate_hz=60.0)
    taken = [f for f in takewhile(lambda f: f.time_s < 48, performer) if f.time_s > 12.3][::3]
    truth = {f.action for f in taken for a, b in (FIRST_S, AGAIN_S) if a < f.time_s < b}
    assert truth == {"a person drinks"}
    return taken


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A running server that takes motion faster than it happens."""
    async with running(Config(port=0, max_rate_hz=2000.0, max_backlog_s=60.0)) as server:
        yield server.url


async def send(client: Client, frames: list[Frame], start_s: float, end_s: float) -> None:
    """Send these seconds and wait until they are labelled."""
    for frame in frames:
        if start_s <= frame.time_s < end_s:
            assert await client.send_pose(frame.joints, frame.time_s)
    async for event in client:
        if isinstance(event, Label) and event.time_s > end_s - 1:
            return


def covered_s(segments: list[SegmentMessage], label: str, span_s: tuple[float, float]) -> float:
    """How much of a span the segments of a label cover."""
    within = [each for each in segments if each.label == label]
    overlaps = [min(each.end_s, span_s[1]) - max(each.start_s, span_s[0]) for each in within]
    return sum(max(0.0, overlap) for overlap in overlaps)


async def test_what_was_shown_is_found_again(url: str, frames: list[Frame], tmp_path: Path) -> None:
    """Taught in the middle of the stream: the kept motion is labelled anew, its repetition too, and
    another session that loads the file knows it without having seen it."""
    path = tmp_path / "moves.json"
    async with Client.connect(url, configure=PROMPTS) as client:
        await send(client, frames, 12, 24)
        enrolled = await client.enrol(NAME, start_s=19.8, end_s=22.4, words=False)
        assert enrolled.labels == [*(PROMPTS.prompts or []), NAME]
        assert (enrolled.seconds, enrolled.counts) == (2.6, {NAME: 1})
        client.save_examples(path)
        await send(client, frames, 24, 48)
        finals = (await client.finish()).segments
    assert covered_s(finals, NAME, FIRST_S) > 2.0
    assert covered_s(finals, NAME, AGAIN_S) > 2.0
    assert covered_s(finals, NAME, ELSE_S) < 0.5
    assert covered_s(finals, PROMPTS.prompts[1], ELSE_S) > 2.0
    async with Client.connect(url) as other:
        assert (await other.load_examples(path)).counts == {NAME: 1}
        await other.configure(Configure(prompts=[*(PROMPTS.prompts or []), NAME]))
        await send(other, frames, 38, 48)
        finals = (await other.finish()).segments
    assert covered_s(finals, NAME, AGAIN_S) > 2.0


async def test_finals_that_were_told_stand(url: str, frames: list[Frame]) -> None:
    """What is labelled anew is told under a new configuration; nothing final is taken back."""
    told: list[SegmentMessage] = []
    async with Client.connect(url, configure=PROMPTS) as client:
        for frame in frames[:400]:
            await client.send_pose(frame.joints, frame.time_s)
        async for event in client:
            told += [event] if isinstance(event, SegmentMessage) else []
            if isinstance(event, Label) and event.time_s > frames[380].time_s:
                break
        await client.enrol_last(NAME, 2.0)
        await client.finish()
        events = [event async for event in client]
    finals = {(each.config, each.id): each for each in told if each.state == "final"}
    assert finals
    again = [each for each in events if isinstance(each, SegmentMessage)]
    assert not [each for each in again if (each.config, each.id) in finals]
    assert {each.config for each in again if each.state != "retracted"} == {2}
    [configured] = [each for each in events if isinstance(each, Configured)]
    assert (configured.cause, configured.config) == ("example", 2)
    assert configured.since_s == pytest.approx(frames[0].time_s, abs=0.06)


async def test_what_cannot_be_shown_is_raised(url: str, tmp_path: Path) -> None:
    """Seconds that are not there, a file that is none: errors, and the session goes on."""
    (tmp_path / "none.json").write_text("[]")
    async with Client.connect(url, configure=PROMPTS) as client:
        with pytest.raises(PromptError, match="no frames"):
            await client.enrol(NAME, start_s=0.0, end_s=1.0)
        with pytest.raises(PromptError, match="no label yet"):
            await client.enrol_last(NAME, 1.0)
        with pytest.raises(PromptError, match="Nothing was shown"):
            client.save_examples(tmp_path / "moves.json")
        with pytest.raises(PromptError, match="cannot be read"):
            await client.load_examples(tmp_path / "missing.json")
        with pytest.raises(ModelError, match="no examples"):
            await client.load_examples(tmp_path / "none.json")
        assert (await client.configure(PROMPTS)).config == 2
