"""MediaPipe for the page: fetched once from the npm registry, checked, and served by us.

    python -m stream.pose_files

So pages that find poses in the browser load nothing from elsewhere. Blocking.
"""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import httpx

from stream import pose_task
from stream.errors import ConfigError

TIMEOUT_S: Final = 300.0
TASK: Final = "pose_landmarker.task"


class Package(NamedTuple):
    """A package of the npm registry; its integrity as `npm view NAME dist.integrity` states it."""

    name: str
    version: str
    sha512: str

    @property
    def address(self) -> str:
        """Where its archive is."""
        base = self.name.partition("/")[2]
        return f"https://registry.npmjs.org/{self.name}/-/{base}-{self.version}.tgz"


RUNTIME: Final = Package(
    "@mediapipe/tasks-vision",
    "0.10.21",
    "TuhKH+credq4zLksGbYrnvJ1aLIWMc5r0UHwzxzql4BHECJwIAoBR61ZrqwGOW6ZmSBIzU1t4VtKj8hbxFaKeA==",
)
"""Later ones report their use to Google (README of 1.1.0, Privacy Notice); this one to nobody."""
RUNTIME_FILES: Final = (
    "vision_bundle.mjs",
    "wasm/vision_wasm_internal.js",
    "wasm/vision_wasm_internal.wasm",
)
MODELS: Final = Package(
    "@mediapipe/pose",
    "0.5.1675469404",
    "DFZsNWTsSphRIZppnUCuunzBiHP2FdJXR9ehc7mMi4KG+oPaOH0Em3d6kr7Py+TSyTXC1doH88KcF28k2sBxsQ==",
)
DETECTOR: Final = "pose_solution_packed_assets.data"
"""`pose_detection.tflite`, as its loader beside it says."""
LANDMARKS: Final = "pose_landmark_lite.tflite"


def pose_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the files lie, in the user's cache (XDG); absent until they were fetched."""
    base = Path(environ.get("XDG_CACHE_HOME", ""))
    base = base if base.is_absolute() else Path.home() / ".cache"
    return base / "liveground" / f"mediapipe-pose-{RUNTIME.version}"


def fetch() -> Path:
    """Fetch the files unless they are there; return their folder.

    Raises ConfigError when the registry cannot be reached or sends anything else.
    """
    folder = pose_folder()
    if not folder.is_dir():
        place(archive(RUNTIME), archive(MODELS), folder)
    return folder


def place(runtime: bytes, models: bytes, folder: Path) -> None:
    """Check two archives and put what is needed of them into a folder, all or nothing.

    Raises ConfigError when they are not what was packed there once.
    """
    code = _members(_checked(runtime, RUNTIME), RUNTIME_FILES)
    model = _members(_checked(models, MODELS), (DETECTOR, LANDMARKS))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".pose-") as aside:
        whole = Path(aside) / "whole"
        for name, content in code.items():
            (whole / name).parent.mkdir(parents=True, exist_ok=True)
            (whole / name).write_bytes(content)
        (whole / TASK).write_bytes(pose_task.task(model[DETECTOR], model[LANDMARKS]))
        os.replace(whole, folder)


def archive(package: Package) -> bytes:
    """Fetch a package: by npm where it is installed, which knows mirrors and proxies.

    Raises ConfigError.
    """
    npm = shutil.which("npm")
    return _by_npm(npm, package) if npm else _directly(package)


def _checked(content: bytes, package: Package) -> bytes:
    found = base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != package.sha512:
        raise ConfigError(
            f"What came as {package.name} {package.version} has another hash, sha512-{found}. "
            "Nothing was kept."
        )
    return content


def _members(content: bytes, names: tuple[str, ...]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as members:
        for name in names:
            member = members.extractfile(f"package/{name}")
            assert member is not None
            found[name] = member.read()
    return found


def _by_npm(npm: str, package: Package) -> bytes:
    name = f"{package.name}@{package.version}"
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", name, "--pack-destination", folder]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)
            return next(Path(folder).glob("*.tgz")).read_bytes()
        except (subprocess.SubprocessError, StopIteration) as fault:
            said = (getattr(fault, "stderr", None) or b"").decode(errors="replace").strip()
            raise ConfigError(f"npm cannot fetch {name}: {said or fault}") from fault


def _directly(package: Package) -> bytes:
    try:
        answer = httpx.get(package.address, timeout=TIMEOUT_S, follow_redirects=True)
        answer.raise_for_status()
    except httpx.HTTPError as fault:
        raise ConfigError(f"{package.address} cannot be fetched: {fault}.") from fault
    return answer.content


if __name__ == "__main__":
    try:
        print(f"MediaPipe for the page: {fetch()}")
    except ConfigError as error:
        print(f"Without MediaPipe the page finds no poses in pictures. {error}", file=sys.stderr)
