"""What is recorded can be held, looked into and played from any place."""

import asyncio
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from stream.messages import ClientMessage, Hello, Image, Pose
from stream.protocol import MSGPACK
from tests.browser.chrome import FILM, PATIENCE_MS, Visit, arm_bvh, visiting

STANDS = """async () => {
  const read = () => document.querySelector("#playback-time").innerText;
  const frames = async (count) => {
    for (let frame = 0; frame < count; frame++) await new Promise(requestAnimationFrame);
  };
  await frames(5); // what was pressed last is drawn
  const before = read();
  await frames(10);
  return before === read();
}"""
POSITION = "document.querySelector('#playback-position').valueAsNumber"


def listened(visit: Visit) -> list[list[ClientMessage]]:
    """What the page says from its next load on, by connection."""
    said: list[list[ClientMessage]] = []

    def connected(socket: Any) -> None:
        said.append(mine := [])
        socket.on("framesent", lambda data: mine.append(message_of(data)))

    visit.tab.on("websocket", connected)
    return said


def message_of(data: bytes | str) -> ClientMessage:
    """One message of the page."""
    return MSGPACK.decode_client(bytes(data), limit_bytes=1 << 20)


def times_s(said: list[list[ClientMessage]], kind: type[Pose] | type[Image]) -> list[list[float]]:
    """Capture times of frames, a list for each session that sent any."""
    sessions: list[list[float]] = []
    for messages in said:
        times = [message.time_s for message in messages if isinstance(message, kind)]
        match messages:
            case [Hello(resume=str()), *_] if sessions:
                sessions[-1] += times
            case _ if times:
                sessions.append(times)
    return sessions


async def sent(said: list[list[ClientMessage]], kind: type[Pose] | type[Image], count: int) -> None:
    """Wait until so many sessions have sent frames."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while len(times_s(said, kind)) < count:  # noqa: ASYNC110 - the browser tells of no event
            await asyncio.sleep(0.05)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """The rendered scenes as Debian's Chromium plays them."""
    path = tmp_path / "scenes.webm"
    source = cv2.VideoCapture(str(FILM))
    target = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"VP80"), 12, (288, 288))
    for _ in range(120):
        target.write(source.read()[1])
    target.release()
    source.release()
    return path


async def hold(visit: Visit) -> None:
    """Press Pause: where one is stands from then on."""
    await visit.tab.click("#playback-play")
    await visit.until("#playback-play", "Play")
    assert await visit.tab.evaluate(STANDS)


async def test_motion_is_held_looked_into_and_played_from_another_place(
    server: str, tmp_path: Path
) -> None:
    """Looking back changes nothing of what the server made, playing on from there asks it anew; a
    recording of all that ends with the same segments, counted from where one began last."""
    async with visiting(server) as visit:
        said = listened(visit)
        await visit.tab.reload()
        await visit.until("#steps", "sits down")
        await visit.tab.click("#record")
        await visit.tab.set_input_files("#file", arm_bvh(tmp_path, 12.0))
        await visit.until("#playback-time", "/ 0:12.0")
        await visit.until("#playback-time", "^0:0[2-9]")
        await visit.until("#timeline table", "provisional|final")
        await hold(visit)
        held_s = await visit.tab.evaluate(POSITION)
        await visit.tab.focus("#playback-position")
        await visit.tab.keyboard.press("ArrowLeft")
        await visit.tab.keyboard.press("Shift+ArrowLeft")
        assert await visit.tab.evaluate(STANDS)
        looked_s = await visit.tab.evaluate(POSITION)
        assert looked_s == pytest.approx(held_s - 1.1, abs=0.02)
        await visit.until("#playback-hint", "Play begins a new timeline here")
        await visit.look("held")
        assert re.search("provisional|final", await visit.tab.inner_text("#timeline table"))
        await visit.tab.keyboard.press("Space")
        await visit.until("#badges", "arm.bvh, 60 Hz, ended")
        await visit.until("#playback-time", "0:12.0 / 0:12.0")
        first, second = times_s(said, Pose)
        assert first[0] == 0.0
        assert first[-1] == pytest.approx(held_s, abs=0.1)
        assert second[0] == pytest.approx(looked_s, abs=0.02)
        assert len(second) == pytest.approx(60 * (12.0 - looked_s), abs=2)
        assert np.diff(second).max() < 1.5 / 60
        await visit.until("#timeline table", r"^(?![\s\S]*provisional)[\s\S]*final")
        table = await visit.tab.inner_text("#timeline table")
        async with visit.tab.expect_download() as recorded:
            await visit.tab.click("#record")
        await (await recorded.value).save_as(tmp_path / "kept.jsonl")
        await visit.tab.set_input_files("#file", tmp_path / "kept.jsonl")
        await visit.until("#badges", "kept.jsonl")
        await visit.tab.focus("#playback-position")
        await visit.tab.keyboard.press("End")
        untimed = re.sub(r"\d+:\d\d\\\.\d", r"\\d+:\\d\\d\\.\\d", re.escape(table))
        await visit.until("#timeline table", untimed)
        assert visit.faults == []


async def test_what_is_held_goes_on_where_it_was(server: str, tmp_path: Path) -> None:
    """The same session, no frame twice, none left out; other words ask for it all once more."""
    async with visiting(server) as visit:
        said = listened(visit)
        await visit.tab.reload()
        await visit.until("#steps", "sits down")
        await visit.tab.set_input_files("#file", arm_bvh(tmp_path, 5.0))
        await visit.until("#moment", "for")
        await hold(visit)
        await visit.tab.click("#playback-play")
        await visit.until("#badges", "arm.bvh, 60 Hz, ended")
        (times,) = times_s(said, Pose)
        np.testing.assert_allclose(times, np.arange(300) / 60, atol=1e-3)
        await visit.tab.fill("#words", "swings an arm")
        await visit.tab.press("#words", "Control+Enter")
        await visit.until("#timeline", "swings an arm")
        assert visit.faults == []


async def test_a_film_is_held_and_played_from_another_place(server: str, film: Path) -> None:
    """Its frames have its own times, wherever it is played from."""
    async with visiting(server, scheme="dark") as visit:
        said = listened(visit)
        await visit.tab.reload()
        await visit.until("#steps", "sits down")
        await visit.tab.set_input_files("#file", film)
        await visit.until("#badges", "results")
        await hold(visit)
        held_s = await visit.tab.evaluate("document.querySelector('#video').currentTime")
        await visit.look("film-held")
        await visit.tab.focus("#playback-position")
        await visit.tab.keyboard.press("Home")
        await visit.until("#playback-time", "^0:00.0")
        await visit.tab.click("#playback-play")
        await sent(said, Image, 2)
        await hold(visit)
        first, second = times_s(said, Image)
        assert 0.0 <= first[0] < 1.0
        assert first[-1] <= held_s + 0.05
        assert 0.0 <= second[0] < 1.0
        assert visit.faults == []
