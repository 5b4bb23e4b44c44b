"""Where added models lie and which is the default: environment, data folder, a small file."""

from pathlib import Path

import pytest

from engines import places
from engines.errors import ModelError


def test_the_folder_follows_the_environment(tmp_path: Path) -> None:
    """Our own variable, then XDG's if it is a whole path, then the home folder."""
    own = {places.VARIABLE: str(tmp_path), "XDG_DATA_HOME": "/elsewhere"}
    assert places.folder(own) == tmp_path
    assert places.folder({"XDG_DATA_HOME": "/data"}) == Path("/data/liveground/models")
    home = Path.home() / ".local/share/liveground/models"
    assert places.folder({}) == places.folder({"XDG_DATA_HOME": "here"}) == home


def test_added_models_are_found_by_name(tmp_path: Path) -> None:
    """Unfinished ones are not; a bundled model's name stays the bundled model's."""
    environ = {places.VARIABLE: str(tmp_path)}
    assert places.added(environ) == []
    for name in ("mine", ".adding-x", places.DEFAULT_VIDEO):
        (tmp_path / name).mkdir()
        (tmp_path / name / places.MANIFEST).touch()
    (tmp_path / "empty").mkdir()
    assert places.added(environ) == ["mine", places.DEFAULT_VIDEO]
    assert places.locate("mine", environ) == tmp_path / "mine"
    assert places.locate(places.DEFAULT_VIDEO, environ).parent == places.BUNDLED
    with pytest.raises(ModelError, match="'mine'"):
        places.locate("other", environ)


def test_the_default_is_what_was_said_last(tmp_path: Path) -> None:
    """The bundled model until something is said; a folder that cannot be written is named."""
    environ = {places.VARIABLE: str(tmp_path / "new")}
    assert places.default_video(environ) == places.DEFAULT_VIDEO
    places.make_default(places.DEFAULT_VIDEO, environ)
    assert places.default_video(environ) == places.DEFAULT_VIDEO
    places.make_default("gone", environ)
    with pytest.raises(ModelError, match=r"no.*of that name"):
        places.default_video(environ)
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match=places.VARIABLE):
        places.make_default("x", {places.VARIABLE: str(tmp_path / "file")})
