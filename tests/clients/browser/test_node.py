"""The browser client under node: its own tests, and its numbers held to Python's."""

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clients.rigs import bvh
from clients.rigs.canonical import RecordingError
from engines.motion import skeleton
from stream.skeletons import canonical
from tests.clients.rig import Rig, humanoid, still

HERE = Path(__file__).parent
SUITES = sorted(path.name for path in HERE.glob("*.test.mjs"))
Z_UP = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
MIRROR = np.diag([-1.0, 1, 1])
REFUSED = {
    "no_hands",
    "no_legs",
    "mirrored",
    "cut_off",
    "no_number",
    "no_motion",
    "bracket",
    "empty",
}
MIXAMO = {name: f"mixamorig:{name}" for name in humanoid().names}


def node(*arguments: str) -> str:
    """Run node in this folder; what it printed."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("node is not installed: apt-get install nodejs (version 20 or newer)")
    done = subprocess.run(
        [program, *arguments], cwd=HERE, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_javascript_tests_pass() -> None:
    """`node --test` over all test files of this folder."""
    assert len(SUITES) >= 4
    printed = node("--test", *SUITES)
    assert re.search(r"^# fail 0$", printed, re.MULTILINE), printed
    assert not re.search(r"^# pass 0$", printed, re.MULTILINE), printed


def read_bvh(*paths: Path) -> list[dict[str, object]]:
    """The files as `readBvh` of the page reads them."""
    printed = node("views_read_bvh.mjs", *map(str, paths))
    return [json.loads(line) for line in printed.splitlines()]


def assert_same_take(path: Path, read: dict[str, object]) -> None:
    """JavaScript's frames, rate and warnings are Python's, or both refuse the file."""
    if "error" in read:
        assert read["name"] == "BvhError", read
        with pytest.raises(RecordingError):
            bvh.load(path)
        return
    take = bvh.load(path)
    frames = np.frombuffer(base64.b64decode(str(read["frames"])), np.float32)
    np.testing.assert_allclose(frames.reshape(-1, 22, 3), take.joints, atol=1e-6)
    assert float(str(read["fps"])) == pytest.approx(1 / float(np.diff(take.time_s).mean()))
    assert read["warnings"] == take.warnings


def test_bvh_of_a_real_rig_has_the_numbers_of_python(shared: Path) -> None:
    """Character Creator files, one of them with a rest pose before the take."""
    folder = shared / "data" / "motion" / "cmu_bvh"
    paths = [path for path in (folder / "007_12.bvh", folder / "002_03.bvh") if path.is_file()]
    if not paths:
        pytest.skip(f"no BVH files at {folder}")
    for path, read in zip(paths, read_bvh(*paths), strict=True):
        assert_same_take(path, read)


def test_bvh_of_any_rig_has_the_numbers_of_python(tmp_path: Path) -> None:
    """Other axes, units, names and missing bones; broken and mirrored files are refused by both."""
    plain = humanoid()
    texts = {
        "plain": moving(plain),
        "z_up_centimetres": moving(plain.turned(100 * Z_UP)),
        "upside_down": moving(plain.turned(np.diag([1.0, -1, -1]))),
        "no_unit": moving(plain.turned(7 * np.eye(3))),
        "mixamo": moving(plain.renamed(MIXAMO)),
        "no_toes": moving(plain.without("ToeBase")),
        "no_collars_no_neck": moving(plain.without("ToeBase").renamed({"Neck": "Spine2"})),
        "no_hands": moving(plain.without("Hand")),
        "ends_for_hands": moving(plain.without("Hand")).replace("OFFSET 0 0 0", "OFFSET 0 0 0.2"),
        "no_legs": moving(plain.without("Leg", "Foot", "ToeBase")),
        "mirrored": moving(plain.turned(MIRROR)),
        "windows": moving(plain).replace("\n", "\r\n"),
        "cut_off": moving(plain)[:-200],
        "no_number": moving(plain)[:-40] + " x\n",
        "no_motion": moving(plain).partition("MOTION")[0],
        "bracket": moving(plain).replace("}", "", 1),
        "empty": "",
    }
    paths = [tmp_path / f"{name}.bvh" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_bytes(text.encode())
    reads = read_bvh(*paths)
    for path, read in zip(paths, reads, strict=True):
        assert_same_take(path, read)
    refused = {path.stem for path, read in zip(paths, reads, strict=True) if "error" in read}
    assert refused == REFUSED


def moving(rig: Rig) -> str:
    """Half a second in which the rig bends its joints, as BVH text."""
    rows = still(rig)
    generator = np.random.default_rng(7)
    rows[:, 3:] += np.cumsum(generator.normal(0, 0.6, rows[:, 3:].shape), axis=0)
    return rig.text(rows)


def test_landmarks_are_mapped_as_the_server_maps_them() -> None:
    """`fromMediapipe33` gives what the canonical map of the skeleton gives."""
    landmarks: NDArray[np.float32] = (
        np.random.default_rng(3).normal(0, 0.5, (33, 3)).astype(np.float32)
    )
    script = (
        'import { fromMediapipe33 } from "../../../clients/browser/views/poses.js";'
        f"const points = new Float32Array({landmarks.ravel().tolist()});"
        "const listed = Array.from({ length: 33 }, (_, n) =>"
        " ({ x: points[3 * n], y: points[3 * n + 1], z: points[3 * n + 2] }));"
        "console.log(JSON.stringify([[...fromMediapipe33(points)], [...fromMediapipe33(listed)]]));"
    )
    mapped = np.array(json.loads(node("--input-type=module", "--eval", script)))
    expected = canonical("mediapipe33", landmarks)
    for each in mapped:
        np.testing.assert_allclose(each.reshape(22, 3), expected, atol=1e-6)


def test_the_body_is_the_engines() -> None:
    """Joints in their order, and the bones between them."""
    script = (
        'import { JOINTS, PARENTS } from "../../../clients/browser/views/poses.js";'
        "console.log(JSON.stringify([JOINTS, PARENTS]));"
    )
    names, parents = json.loads(node("--input-type=module", "--eval", script))
    assert tuple(names) == skeleton.JOINT_NAMES
    assert tuple(parents) == tuple(skeleton.PARENTS)
