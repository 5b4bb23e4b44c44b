"""A camera over WebRTC, recorded by the server with its frames, and replayed without it."""

import io
from pathlib import Path

import pytest
from rich.console import Console

pytest.importorskip("aiortc", reason="the extra webrtc is not installed")

from stream.commands.board import Board
from stream.commands.offline import Offline
from stream.commands.playback import MAX_SPEED
from stream.commands.rerun import play_embedded
from stream.commands.session_plan import Plan
from stream.commands.show import JsonLines
from stream.messages import Bye, Heatmap, Image, Stats, Welcome
from stream.recordings.reading import RecordedSession
from stream.recordings.settings import RecordSettings
from tests.stream.client import eventually
from tests.stream.video_rig import HELLO, PROMPTS
from tests.stream.whip_peer import Square, whip_peer
from tests.stream.whip_server import whip_server


async def test_its_frames_are_kept_and_seen_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every frame that was counted is an image in the file, with its number and capture time."""
    record = RecordSettings(folder=str(tmp_path), frames=True)
    async with whip_server(monkeypatch, record=record) as server, whip_peer(server.url) as peer:
        peer.peer.addTrack(Square())
        peer.open("control")
        assert (await peer.publish()).status_code == 201
        await peer.opened()
        peer.say(HELLO, PROMPTS)
        assert (await peer.until(Welcome)).recording == "messages_and_images"
        newest = await peer.until(Heatmap, lambda each: each.seq > 10)
        peer.say(Bye())
        stats = await peer.until(Stats, lambda each: each.pending == 0)
        await eventually(lambda: not server.service.connections)
    (file,) = sorted(tmp_path.iterdir())  # noqa: ASYNC240 - a test's own folder
    images = [m for m in (e.message for e in RecordedSession(file).entries()) if type(m) is Image]
    assert len(images) == stats.received
    assert [image.seq for image in images] == list(range(stats.received))
    assert newest.time_s in {image.time_s for image in images}
    plan, board = Plan.of(RecordedSession(file)), Board("test")
    screen = JsonLines(board, Console(file=io.StringIO()))
    play_embedded(plan, Offline.load("video", "bundled"), board, screen, speed=MAX_SPEED)
    assert board.stats is not None
    assert board.stats.processed > 10
    assert board.stats.errored == 0
