"""The command line of `python -m onnx_export clip`: what it passes on, and what it refuses."""

import importlib.util
import sys
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from PIL import Image  # noqa: E402

from engines import models  # noqa: E402
from engines.errors import ModelError  # noqa: E402
from onnx_export import __main__ as command  # noqa: E402
from onnx_export import clip_arguments  # noqa: E402
from tests import clip_models  # noqa: E402
from tests.onnx_export import transformers_model  # noqa: E402


def parsed(*arguments: str | Path) -> Namespace:
    return command._parser().parse_args(["clip", *map(str, arguments), "--out", "out"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("", "give one of"),
        ("--name a --viclip b", "not --name and --viclip"),
        ("--config m.json", "--weights FILE"),
        ("--config m.json --weights w.pt --pretrained openai", "--pretrained does not go with"),
        ("--transformers t --weights w.pt", "--weights does not go with --transformers"),
        ("--viclip v.pth --weights w.pt", "--weights does not go with --viclip"),
        ("--viclip v.pth --pretrained openai", "--pretrained does not go with --viclip"),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: str, told: str) -> None:
    """None is passed over in silence."""
    with pytest.raises(ModelError, match=told):
        clip_arguments.export(parsed(*arguments.split()))


def test_every_source_takes_a_tokenizer(tmp_path: Path) -> None:
    """Also instead of the one that lies beside it."""
    pieces = len(clip_models.tokenizer().get_vocab())
    other = tmp_path / "other.json"
    clip_models.tokenizer().save(str(other))
    other.write_text(other.read_text().replace("<|endoftext|>", "<|the end|>"))
    config, weights = clip_models.write(tmp_path / "files", clip_models.config())
    transformers_model.write(tmp_path / "transformers")
    state = torch.load(weights, weights_only=True)
    state = {key.replace("visual.", "vision_encoder."): value for key, value in state.items()}
    state |= {"vision_encoder.temporal_positional_embedding": torch.zeros(1, 2, 32)}
    torch.save(state | viclip_names(state), tmp_path / "viclip.pth")
    sources = [
        ["--config", config, "--weights", weights],
        ["--transformers", tmp_path / "transformers"],
        ["--viclip", tmp_path / "viclip.pth"],
    ]
    if importlib.util.find_spec("open_clip"):
        torch.save({"visual.positional_embedding": torch.zeros(197, 768)}, tmp_path / "large.pt")
        sources.append(["--name", "ViT-B-16", "--weights", tmp_path / "large.pt"])
    for source in sources:
        clip = clip_arguments.source(parsed(*source, "--tokenizer", other))
        assert clip.tokenizer is not None
        assert clip.tokenizer.token_to_id("<|the end|>") == pieces - 1


def viclip_names(state: dict) -> dict:
    """The text tower by ViCLIP's names."""
    return {f"text_encoder.{key}": value for key, value in state.items() if "vision" not in key}


def test_a_model_without_a_tokenizer_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exported, and the way to words is named."""
    config, weights = clip_models.write(tmp_path, clip_models.config())
    (tmp_path / "tokenizer.json").unlink()
    given = ["--config", config, "--weights", weights, "--out", tmp_path / "out"]
    monkeypatch.setattr(sys, "argv", ["onnx_export", "clip", *map(str, given)])
    command.main()
    assert "--tokenizer tokenizer.json" in capsys.readouterr().err
    assert "tokenizer" not in models.find(tmp_path / "out").clip().files


def test_pictures_are_read_and_broken_ones_named(tmp_path: Path) -> None:
    """Of any size; no traceback of the library."""
    for name, shape in (("a.png", (5, 7, 3)), ("b.jpg", (9, 4, 3))):
        Image.fromarray(np.zeros(shape, np.uint8)).save(tmp_path / name)
    assert [each.shape for each in clip_arguments.read_images(tmp_path)] == [(5, 7, 3), (9, 4, 3)]
    whole = (tmp_path / "a.png").read_bytes()
    for broken in (b"no picture", whole[:-30]):
        (tmp_path / "c.png").write_bytes(broken)
        with pytest.raises(ModelError, match=r"c\.png cannot be read as a picture"):
            clip_arguments.read_images(tmp_path)
