"""Where models lie: bundled, or added on this machine; and which video model is the default.

Added models have one folder: `LIVEGROUND_MODELS`, else `liveground/models` in the user's data
folder (XDG Base Directory Specification). Its file `default-video` holds a name.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from engines.errors import ModelError

BUNDLED: Final = Path(__file__).parent / "bundled"
DEFAULT_MOTION: Final = "motion-1"
DEFAULT_VIDEO: Final = "scenes-clip"
MANIFEST: Final = "manifest.json"
VARIABLE: Final = "LIVEGROUND_MODELS"
DEFAULT: Final = "default-video"


def bundled() -> list[str]:
    """Names of the models that come with liveground."""
    return sorted(path.parent.name for path in BUNDLED.glob(f"*/{MANIFEST}"))


def folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where added models lie; it may not exist yet."""
    if environ.get(VARIABLE):
        return Path(environ[VARIABLE]).absolute()
    base = Path(environ.get("XDG_DATA_HOME", ""))
    base = base if base.is_absolute() else Path.home() / ".local" / "share"
    return base / "liveground" / "models"


def added(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Names of the models that were added."""
    return sorted(path.parent.name for path in folder(environ).glob(f"[!.]*/{MANIFEST}"))


def locate(name_or_path: str | Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of a model by its name, or by itself. Raises ModelError if there is none."""
    if name_or_path == "bundled":
        return BUNDLED / DEFAULT_MOTION
    if isinstance(name_or_path, str) and name_or_path in bundled():
        return BUNDLED / name_or_path
    if isinstance(name_or_path, str) and name_or_path in added(environ):
        return folder(environ) / name_or_path
    path = Path(name_or_path)
    if path.is_dir():
        return path
    raise ModelError(
        f"no model {str(name_or_path)!r}: expected the path of a model folder "
        f"or one of {['bundled', *bundled(), *added(environ)]}"
    )


def default_video(environ: Mapping[str, str] = os.environ) -> str:
    """Name of the video model that is used where none is named.

    Raises ModelError if the one that was made the default is gone.
    """
    path = folder(environ) / DEFAULT
    try:
        name = path.read_text().strip()
    except FileNotFoundError:
        return DEFAULT_VIDEO
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} cannot be read ({error}): delete it") from error
    if name not in (*bundled(), *added(environ)):
        raise ModelError(
            f"{path} makes {name!r} the default video model, and there is none of that name: "
            f"liveground models use {DEFAULT_VIDEO}, or add it again"
        )
    return name


def make_default(name: str, environ: Mapping[str, str] = os.environ) -> None:
    """Use this video model where none is named. Raises ModelError if that cannot be written."""
    path = folder(environ) / DEFAULT
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}\n")
    except OSError as error:
        raise ModelError(
            f"{path} cannot be written ({error}): name another folder with {VARIABLE}"
        ) from error
