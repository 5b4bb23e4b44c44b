"""A server that records: what its clients are told, what lies in its folder, and whom it harms."""

import stat
from pathlib import Path

import pytest

from engines.motion.engine import MotionEngine
from stream.config import Config, load
from stream.errors import ConfigError
from stream.messages import Bye, Configured, Hello, Image, Label, Message, Pose, Stats, Welcome
from stream.recordings.reading import RecordedSession
from stream.recordings.settings import RecordSettings
from tests.stream.client import eventually, house
from tests.stream.rig import HELLO, PROMPTS, of, poses
from tests.stream.video_rig import HELLO as VIDEO_HELLO
from tests.stream.video_rig import PROMPTS as VIDEO_PROMPTS
from tests.stream.video_rig import RuleVideoEngine, image


def recording_to(folder: Path, **more: object) -> Config:
    record = RecordSettings(folder=str(folder), frames=bool(more.pop("frames", False)))
    return Config(record=record, **more)  # type: ignore[arg-type]


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def said(path: Path, *, by_client: bool) -> list[Message]:
    entries = RecordedSession(path).entries()
    return [entry.message for entry in entries if entry.from_client == by_client]


async def test_a_session_is_recorded_as_it_was(engine: MotionEngine, tmp_path: Path) -> None:
    """All that either side said, in one private file; the welcome says that it is kept."""
    folder = tmp_path / "new" / "folder"
    async with house(engine, recording_to(folder)) as home:
        client = await home.connect().start()
        await client.send(*poses(60))
        await client.finish()
        await client.end()
    (file,) = files(folder)
    welcome = of(Welcome, client.log)[0]
    assert welcome.recording == "messages"
    assert file.name.endswith(f"-{welcome.session}.mcap")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert said(file, by_client=True) == [HELLO, PROMPTS, *poses(60), Bye()]
    told = said(file, by_client=False)
    assert of(Label, told) == of(Label, client.log)
    assert of(Stats, told) == of(Stats, client.log)
    assert isinstance(told[-1], Bye)
    session = RecordedSession(file)
    times_s = [entry.time_s for entry in session.entries()]
    assert times_s == sorted(times_s)
    assert (session.cut, session.dropped, session.head.by) == (False, 0, "server")


async def test_nothing_is_stored_by_default(engine: MotionEngine, tmp_path: Path) -> None:
    """And the welcome says so; the library is not even needed."""
    async with house(engine) as home:
        client = home.connect()
        await client.send(HELLO)
        assert (await client.until(Welcome)).recording == "off"
    assert not files(tmp_path)


async def test_who_is_not_let_in_leaves_no_file(engine: MotionEngine, tmp_path: Path) -> None:
    """A wrong token fills no disk."""
    config = recording_to(tmp_path, token="a token of sixteen characters")
    async with house(engine, config) as home:
        client = home.connect(authorized=False)
        await client.send(Hello(protocol=1, client="test", token="wrong"))
        await client.end()
    assert not files(tmp_path)


async def test_one_session_over_two_connections_is_one_file(
    engine: MotionEngine, tmp_path: Path
) -> None:
    """Also what became of its frames while nobody was connected."""
    async with house(engine, recording_to(tmp_path)) as home:
        first = await home.connect().start()
        await first.until(Configured)
        token = of(Welcome, first.log)[0].resume_token
        await first.send(*poses(30))
        first.transport.abort()
        await eventually(lambda: not home.service.connections)
        second = home.connect()
        await second.send(Hello(protocol=1, client="test", resume=token))
        assert (await second.until(Welcome)).resumed
        await second.send(*poses(30, first=30, start_s=0.5))
        await second.finish()
        await second.end()
    (file,) = files(tmp_path)
    assert said(file, by_client=True).count(HELLO) == 1
    heard = of(Pose, said(file, by_client=True))
    assert heard[-30:] == poses(30, first=30, start_s=0.5)
    times_s = [label.time_s for label in of(Label, said(file, by_client=False))]
    assert len(times_s) == len(set(times_s))


@pytest.mark.parametrize("frames", [True, False])
async def test_camera_images_are_kept_only_if_wanted(
    engine: MotionEngine, tmp_path: Path, frames: bool
) -> None:
    """As they came; the welcome tells the difference."""
    config = recording_to(tmp_path, frames=frames)
    async with house(engine, config, video=RuleVideoEngine()) as home:
        client = home.connect()
        await client.send(VIDEO_HELLO, VIDEO_PROMPTS)
        await client.until(Configured)
        await client.send(*(image(seq) for seq in range(5)))
        await client.finish()
        await client.end()
    expected = "messages_and_images" if frames else "messages"
    assert of(Welcome, client.log)[0].recording == expected
    (file,) = files(tmp_path)
    assert RecordedSession(file).head.kind == "video"
    kept = of(Image, said(file, by_client=True))
    assert kept == ([image(seq) for seq in range(5)] if frames else [])


async def test_a_disk_that_fails_harms_no_session(engine: MotionEngine, tmp_path: Path) -> None:
    """The folder vanishes under the server: labels come as ever, and the loss is counted."""
    folder = tmp_path / "folder"
    async with house(engine, recording_to(folder)) as home:
        folder.rmdir()
        client = await home.connect().start()
        await client.send(*poses(60))
        stats = await client.finish()
        await client.end()
        metrics = home.service.metrics
        await home.service.stop()
        lost = next(
            line for line in metrics.text().decode().splitlines() if 'outcome="dropped"' in line
        )
    assert stats.received == 60
    assert float(lost.split()[-1]) >= 60 + len(of(Label, client.log))


async def test_a_folder_that_is_none_stops_the_start(engine: MotionEngine, tmp_path: Path) -> None:
    """Named, with the reason, before any session could believe to be recorded."""
    (tmp_path / "file").write_text("here")
    with pytest.raises(ConfigError, match=r"record.folder .*file"):
        async with house(engine, recording_to(tmp_path / "file")):
            pass


def test_the_settings_come_from_everywhere(tmp_path: Path) -> None:
    """TOML, environment, and the flag of serve."""
    file = tmp_path / "a.toml"
    file.write_text('[record]\nfolder = "here"\nframes = true\n')
    assert load(file, {}).record == RecordSettings(folder="here", frames=True)
    assert load(file, {"LIVEGROUND_RECORD_FRAMES": "false"}).record.frames is False
    assert load(file, {}, **{"record.folder": "there"}).record.folder == "there"
    file.write_text('[record]\npath = "x"\n')
    with pytest.raises(ConfigError, match=r"no setting 'record.path'"):
        load(file, {})
