"""`liveground models add clip`: which model, what it is called, what the exporter is told."""

from pathlib import Path

import pytest

from engines import models, places
from stream.__main__ import app
from stream.commands import adding
from stream.commands.adding import Wanted


@pytest.mark.parametrize(
    ("wanted", "name", "arguments"),
    [
        (
            Wanted(),
            f"{adding.NAME}-{adding.PRETRAINED}",
            f"--name {adding.NAME} --pretrained {adding.PRETRAINED}",
        ),
        (
            Wanted(pretrained="openai", weights=Path("w.pt")),
            "ViT-B-16-w",
            "--name ViT-B-16 --pretrained openai --weights w.pt",
        ),
        (
            Wanted("ViT-B-32", weights=Path("my.pt")),
            "ViT-B-32-my",
            "--name ViT-B-32 --weights my.pt",
        ),
        (
            Wanted(transformers="hub/TinyCLIP-8M", size_px=336),
            "TinyCLIP-8M-336",
            "--transformers hub/TinyCLIP-8M --size 336",
        ),
        (
            Wanted(config=Path("m.json"), weights=Path("w.pt"), size_px=448),
            "m-w-448",
            "--config m.json --size 448 --weights w.pt",
        ),
    ],
)
def test_what_is_given_is_what_the_exporter_is_told(
    wanted: Wanted, name: str, arguments: str
) -> None:
    """Defaults only where nothing else says it; a tag stays with weights from a file."""
    assert wanted.folder_name == name
    assert wanted.arguments() == arguments.split()


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as end:
        app([str(argument) for argument in arguments], prog_name="liveground")
    return int(end.value.code or 0)


def test_a_transformers_model_of_another_size_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """TinyCLIP's form, from a folder to the default model; what does not go together is refused."""
    pytest.importorskip("torch")
    from tests.onnx_export import transformers_model

    monkeypatch.setenv(places.VARIABLE, str(tmp_path / "models"))
    transformers_model.write(tmp_path / "tiny")
    add = ("models", "add", "clip", "--transformers", tmp_path / "tiny")
    assert run(*add, "--size", "48") == 0
    assert places.default_video() == "tiny-48"
    assert models.find("tiny-48").clip().vision.size_px == 48
    assert run(*add, "--size", "47") == 1
    assert "no multiple of the patch of 8 pixels" in capfd.readouterr().err
    assert run(*add, "--pretrained", "openai") == 1
    assert "--pretrained does not go with --transformers" in capfd.readouterr().err
    assert places.added() == ["tiny-48"]
