"""A client's own recording: into a new file, whole at the end, and none where there was nothing."""

from pathlib import Path

import pytest

from clients.python import Client, Configure, ConnectionLost
from clients.python.keeping import recorded
from stream.app import running
from stream.config import Config
from stream.errors import BadRecording
from stream.messages import Bye, Hello, Label, Message, Pose, Stats, Welcome
from stream.recordings.reading import RecordedSession
from stream.recordings.tape import NOTHING
from tests.stream.rig import of, poses, standing

NOBODY = "ws://127.0.0.1:9/v1/stream"


async def test_what_is_sent_and_heard_is_in_the_file(tmp_path: Path) -> None:
    """Complete when the client is gone; a server that records nothing has no part in it."""
    path = tmp_path / "a.mcap"
    async with (
        running(Config(port=0, video_model="")) as server,
        Client.connect(server.url, configure=Configure(prompts=["waves"]), record=path) as client,
    ):
        for pose in poses(40):
            await client.send_pose(standing(), pose.time_s)
        finished = await client.finish()
    session = RecordedSession(path)
    said: dict[bool, list[Message]] = {True: [], False: []}
    for entry in session.entries():
        said[entry.from_client].append(entry.message)
    mine, theirs = said[True], said[False]
    assert isinstance(mine[0], Hello)
    assert mine[1] == Configure(prompts=["waves"])
    assert len(of(Pose, mine)) == 40
    assert mine[-1] == Bye()
    assert of(Welcome, theirs)[0].recording == "off"
    assert of(Label, theirs)
    assert of(Stats, theirs)[-1] == finished.stats
    assert (session.cut, session.head.by, session.head.kind) == (False, "client", "motion")


async def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    """Nobody loses a recording by running a program again."""
    path = tmp_path / "a.mcap"
    path.write_bytes(b"precious")
    with pytest.raises(BadRecording, match="is there already"):
        async with Client.connect(NOBODY, record=path):
            pass
    assert path.read_bytes() == b"precious"


async def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    """Before anything is sent that would be missing."""
    with pytest.raises(BadRecording, match="cannot be written"):
        async with Client.connect(NOBODY, record=tmp_path / "no" / "a.mcap"):
            pass


async def test_a_session_that_did_not_begin_leaves_nothing(tmp_path: Path) -> None:
    """No server, no file."""
    with pytest.raises(ConnectionLost):
        async with Client.connect(NOBODY, record=tmp_path / "a.mcap"):
            pass
    assert sorted(tmp_path.iterdir()) == []  # noqa: ASYNC240 - a test's own folder


async def test_without_a_path_nothing_is_recorded() -> None:
    """And nothing is loaded for it."""
    async with recorded(None, "motion") as recording:
        assert recording is NOTHING
