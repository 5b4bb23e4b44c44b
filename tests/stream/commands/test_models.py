"""`liveground models`: a CLIP from disk is exported, verified and used by default; or why not."""

import asyncio
import importlib.util
import shutil
from pathlib import Path

import pytest

from clients.python import Configure
from engines import models, places
from stream.__main__ import app
from stream.commands import adding
from stream.commands.watch_video import connected
from stream.messages import Heatmap
from tests.stream.video_rig import jpeg

NAME = "random-clip-random-clip"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of added models, and a wide terminal without colours."""
    monkeypatch.setenv("COLUMNS", "500")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv(places.VARIABLE, str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A small CLIP with random weights, as its name says."""
    pytest.importorskip("torch")
    from tests import clip_models

    config, weights = clip_models.write(tmp_path / "source", clip_models.config())
    return config.rename(config.with_stem("random-clip")), weights.rename(
        weights.with_stem("random-clip")
    )


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as end:
        app([str(argument) for argument in arguments], prog_name="liveground")
    return int(end.value.code or 0)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_clip_from_disk_becomes_the_default(
    files: tuple[Path, Path], home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exported to int8, verified, listed, used by a server without being named; and undone.

    An older one of the same name gives way.
    """
    config, weights = files
    (home / NAME).mkdir(parents=True)
    (home / NAME / "old").touch()
    assert run("models", "add", "clip", "--config", config, "--weights", weights) == 0
    assert f"{NAME} is the default video model now (int8" in capfd.readouterr().out
    manifest = models.find(NAME).clip()
    assert (manifest.name, manifest.precision) == (NAME, "int8")
    assert manifest.parity["bound"] > manifest.parity["static_dynamic"] > 0
    assert names(home) == ["default-video", NAME]
    assert "old" not in names(home / NAME)
    assert run("models") == 0
    [row] = [line for line in capfd.readouterr().out.splitlines() if NAME in line]
    assert "video (default)" in row
    async with connected(None, None, None) as client:
        assert client.welcome.video is not None
        assert client.welcome.video.name == NAME
    assert run("models", "use", places.DEFAULT_VIDEO) == 0
    assert places.default_video() == places.DEFAULT_VIDEO


async def test_a_model_that_sees_clips_can_be_the_default(clips_folder: Path, home: Path) -> None:
    """A server takes it without being told, and gives a heatmap."""
    shutil.copytree(clips_folder, home / "clips")
    assert await asyncio.to_thread(run, "models", "use", "clips") == 0
    async with connected(None, None, None) as client:
        assert client.welcome.video is not None
        assert client.welcome.video.name == "tiny"
        await client.configure(Configure(prompts=["waves"]))
        await client.send_image(jpeg(), 0.0)
        await client.finish()
        told = [event async for event in client if isinstance(event, Heatmap)]
    assert len(told[-1].heats) == 1


def test_what_cannot_be_exported_changes_nothing(
    files: tuple[Path, Path], home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """One line says why; the default stays, and the folder is as empty as before."""
    config, weights = files
    weights.write_bytes(b"no weights")
    assert run("models", "add", "clip", "--config", config, "--weights", weights) == 1
    assert "give a state dict" in capfd.readouterr().err
    assert names(home) == []
    assert run("models", "add", "clip", "--config", config) == 2
    assert "--weights FILE" in capfd.readouterr().err
    assert places.default_video() == places.DEFAULT_VIDEO


def test_without_a_network_the_remedy_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The hub cannot be reached: exit code not 0, and `--weights` is the way out."""
    if importlib.util.find_spec("open_clip") is None:
        pytest.skip("open_clip is not installed")
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    assert run("models", "add", "clip") == 1
    told = capfd.readouterr().err
    assert "cannot be downloaded" in told
    assert "--weights FILE" in told
    assert "Traceback" not in told
    assert places.added() == []


def test_without_torch_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The extra by its name."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        adding.importlib.util, "find_spec", lambda name: None if name == "torch" else find(name)
    )
    assert run("models", "add", "clip") == 2
    told = capsys.readouterr().err
    assert "needs torch: pip install 'liveground[export]'" in told


def test_only_video_models_can_be_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    """And only those that are there."""
    assert run("models", "use", "motion-1") == 2
    assert "not a clip model" in capsys.readouterr().err
    assert run("models", "use", "gone") == 2
    assert "no model 'gone'" in capsys.readouterr().err


def test_a_default_that_is_gone_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the way back to the bundled one."""
    home.mkdir()
    (home / places.DEFAULT).write_text("gone\n")
    assert run("models") == 2
    assert "liveground models use scenes-clip" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wanted", "name", "last"),
    [
        (adding.Wanted("ViT-B-16", "openai", None, None), "ViT-B-16-openai", "openai"),
        (adding.Wanted("ViT-B-16", "x", None, Path("a/my clip.pt")), "ViT-B-16-my-clip", "clip.pt"),
        (adding.Wanted("x", "x", Path("b/../m.json"), Path("w.pt")), "m-w", "w.pt"),
    ],
)
def test_names_of_folders(wanted: adding.Wanted, name: str, last: str) -> None:
    """From what it is made of, and safe as a folder's name."""
    assert wanted.folder_name == name
    assert wanted.arguments()[-1].endswith(last)
