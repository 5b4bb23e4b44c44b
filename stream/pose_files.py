"""MediaPipe Pose for browsers: fetched once from the npm registry, checked, and served by us.

    python -m stream.pose_files

The package carries its models, so pages with it load nothing from elsewhere. Blocking.
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
from pathlib import Path
from typing import Final

import httpx

from engines import places
from stream.errors import ConfigError

PACKAGE: Final = "@mediapipe/pose"
VERSION: Final = "0.5.1675469404"
ADDRESS: Final = f"https://registry.npmjs.org/{PACKAGE}/-/pose-{VERSION}.tgz"
SHA512: Final = (
    "DFZsNWTsSphRIZppnUCuunzBiHP2FdJXR9ehc7mMi4KG+oPaOH0Em3d6kr7Py+TSyTXC1doH88KcF28k2sBxsQ=="
)
"""Of the archive, as the registry states it (`npm view @mediapipe/pose dist.integrity`)."""
FILES: Final = (
    "package.json",
    "pose.js",
    "pose_web.binarypb",
    "pose_solution_packed_assets.data",
    "pose_solution_packed_assets_loader.js",
    "pose_solution_simd_wasm_bin.js",
    "pose_solution_simd_wasm_bin.wasm",
    "pose_solution_wasm_bin.js",
    "pose_solution_wasm_bin.wasm",
    "pose_landmark_lite.tflite",
    "pose_landmark_full.tflite",
)
TIMEOUT_S: Final = 300.0


def pose_folder() -> Path:
    """Where the files lie; absent until they were fetched."""
    return places.folder() / f"mediapipe-pose-{VERSION}"


def fetch() -> Path:
    """Fetch the files unless they are there; return their folder.

    Raises ConfigError when the registry cannot be reached or sends anything else.
    """
    folder = pose_folder()
    if not folder.is_dir():
        place(_archive(), folder)
    return folder


def place(archive: bytes, folder: Path) -> None:
    """Check an archive and put its files into a folder, all or none. Raises ConfigError."""
    found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != SHA512:
        raise ConfigError(
            f"What came as {PACKAGE} {VERSION} has another hash: sha512-{found}. Nothing was kept."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".pose-") as aside:
        whole = Path(aside) / "whole"
        whole.mkdir()
        with tarfile.open(fileobj=io.BytesIO(archive)) as members:
            for name in FILES:
                member = members.extractfile(f"package/{name}")
                assert member is not None
                (whole / name).write_bytes(member.read())
        os.replace(whole, folder)


def _archive() -> bytes:
    """By npm where it is installed, which knows mirrors and proxies; else directly."""
    npm = shutil.which("npm")
    return _by_npm(npm) if npm else _directly()


def _by_npm(npm: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}", "--pack-destination", folder]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)
            return next(Path(folder).glob("*.tgz")).read_bytes()
        except (subprocess.SubprocessError, StopIteration) as fault:
            said = getattr(fault, "stderr", None) or b""
            raise ConfigError(
                f"npm cannot fetch {PACKAGE} {VERSION}: {said.decode().strip() or fault}"
            ) from fault


def _directly() -> bytes:
    try:
        answer = httpx.get(ADDRESS, timeout=TIMEOUT_S, follow_redirects=True).raise_for_status()
    except httpx.HTTPError as fault:
        raise ConfigError(f"{ADDRESS} cannot be fetched: {fault}.") from fault
    return answer.content


if __name__ == "__main__":
    try:
        print(f"MediaPipe Pose for the page: {fetch()}")
    except ConfigError as error:
        print(f"The page's pose from the camera stays away: {error}", file=sys.stderr)
