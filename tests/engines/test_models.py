"""Model folders: the bundled ones are whole, and every kind of damage has its own clear error."""

import json
import shutil
from pathlib import Path

import pytest

from engines import models, places
from engines.errors import ModelError

BYTES_LIMIT = 40_000_000


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the default motion model that a test may damage."""
    folder = tmp_path / "copied"
    shutil.copytree(models.find("bundled").root, folder)
    return folder


def change(folder: Path, **fields: object) -> None:
    path = folder / places.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


@pytest.mark.parametrize("name", places.bundled())
def test_bundled_models_are_whole(name: str) -> None:
    """Every file is there with its hash, and the sources are named with licences."""
    folder = models.find(name)
    assert folder.manifest.name == name
    assert all(folder.path(role).is_file() for role in folder.manifest.files)
    assert folder.manifest.sources
    assert all(source.licence for source in folder.manifest.sources)


def test_everything_bundled_is_small() -> None:
    """At most 40 MB, the text tower included."""
    assert sum(p.stat().st_size for p in places.BUNDLED.rglob("*") if p.is_file()) <= BYTES_LIMIT


def test_the_look_ahead_is_at_most_what_the_design_allows() -> None:
    """Features and encoder together look at most 0.4 s ahead."""
    manifest = models.find("bundled").motion()
    frames = manifest.features.lookahead_frames + manifest.encoder.lookahead_frames
    assert frames / manifest.fps <= 0.4


def test_a_model_is_found_by_name_and_by_path(copied: Path) -> None:
    """Both ways lead to the same model, named by the same hash."""
    by_name, by_path = models.find(places.DEFAULT_MOTION), models.find(copied)
    assert by_name.sha256 == by_path.sha256 == models.find("bundled").sha256


def test_a_model_that_is_not_there() -> None:
    """The error lists what there is."""
    with pytest.raises(ModelError, match=places.DEFAULT_MOTION):
        models.find("no-such-model")


def test_a_folder_without_manifest(tmp_path: Path) -> None:
    """A folder that is no model folder is refused by name."""
    with pytest.raises(ModelError, match=r"manifest\.json cannot be read"):
        models.find(tmp_path)


def test_a_manifest_that_lacks_a_field(copied: Path) -> None:
    """The error names the field."""
    path = copied / places.MANIFEST
    content = json.loads(path.read_text())
    del content["encoder"]
    path.write_text(json.dumps(content))
    with pytest.raises(ModelError, match="encoder"):
        models.find(copied)


def test_a_manifest_of_another_format(copied: Path) -> None:
    """A newer format asks for a newer liveground."""
    change(copied, format=models.FORMAT + 1)
    with pytest.raises(ModelError, match="update liveground"):
        models.find(copied)


def test_a_damaged_file(copied: Path) -> None:
    """One changed byte is found."""
    path = copied / "text.onnx"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        models.find(copied).path("text")


def test_a_missing_file(copied: Path) -> None:
    """The error says which."""
    (copied / "encoder.onnx").unlink()
    with pytest.raises(ModelError, match=r"encoder\.onnx is missing"):
        models.find(copied).path("encoder")


def test_a_file_outside_the_folder(copied: Path) -> None:
    """A manifest cannot point elsewhere on the machine."""
    change(copied, files={"encoder": {"file": "../elsewhere", "sha256": "0"}})
    with pytest.raises(ModelError, match="own folder"):
        models.find(copied).path("encoder")


def test_a_model_of_the_wrong_kind() -> None:
    """A sentence model is no motion model, nor the other way round."""
    with pytest.raises(ModelError, match="not a motion model"):
        models.find("minilm-l6-int8").motion()
    with pytest.raises(ModelError, match="not a sentence model"):
        models.find("bundled").sentence()


def test_an_unknown_role() -> None:
    """The error lists the roles that the model has."""
    with pytest.raises(ModelError, match="encoder"):
        models.find("bundled").path("decoder")
