"""BVH files: kinematics, names of rigs, axes, units, sides, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.rigs import bvh
from clients.rigs.canonical import Recording, RecordingError
from engines.motion.skeleton import JOINT
from tests.clients.rig import Rig, bent, humanoid, rest, still

YAW_90 = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
Z_UP = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
MAPPED = {
    "pelvis": "Hips",
    "left_hip": "LeftUpLeg",
    "right_knee": "RightLeg",
    "left_foot": "LeftToeBase",
    "neck": "Neck",
    "head": "Head",
    "right_collar": "RightShoulder",
    "left_shoulder": "LeftArm",
    "right_elbow": "RightForeArm",
    "left_wrist": "LeftHand",
}


def load(folder: Path, text: str) -> Recording:
    path = folder / "take.bvh"
    path.write_text(text)
    return bvh.load(path)


def standing(folder: Path, rig: Rig) -> Recording:
    return load(folder, rig.text(still(rig)))


def test_rest_pose_lands_on_the_named_joints(tmp_path: Path) -> None:
    """Every bone of a plain rig is where its offsets add up to, left at +x."""
    rig = humanoid()
    take = standing(tmp_path, rig)
    places = rest(rig)
    for joint, bone in MAPPED.items():
        np.testing.assert_allclose(take.joints[0, JOINT[joint]], places[bone], atol=1e-5)
    assert take.joints.dtype == np.float32
    assert take.joints.shape == (20, 22, 3)
    np.testing.assert_allclose(np.diff(take.time_s), 1 / 60, rtol=1e-4)
    assert take.warnings == []


def matrix(axis: str, degrees: float) -> np.ndarray:
    """Rotation by Rodrigues' formula, independent of the code under test."""
    x, y, z = (float(axis == name) for name in "XYZ")
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.deg2rad(degrees)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


@settings(max_examples=25, deadline=None)
@given(
    order=st.permutations("XYZ"),
    angles=st.lists(st.floats(-180, 180, width=32), min_size=51, max_size=51),
)
def test_kinematics_agree_with_a_chain_of_matrices(order: list[str], angles: list[float]) -> None:
    """Any angles, any channel order: the same places as multiplying 4x4 matrices bone by bone."""
    rig = humanoid()
    names = rig.in_file_order()
    row = np.concatenate([[0.3, 1.0, -2.0], np.zeros(3 * len(names))])
    row[3 : 3 + len(angles)] = angles
    written = rig.text(row[None], order="".join(order))
    hierarchy, _, motion = written.partition("MOTION")
    bones = bvh.parse_hierarchy(hierarchy, "test")
    rows, _ = bvh.parse_motion(motion, len(row), "test")
    places = bvh.forward(bones, rows)[0]
    world: dict[str, np.ndarray] = {}
    for number, name in enumerate(names):
        _, parent, offset = next(bone for bone in rig.bones if bone[0] == name)
        local = np.eye(4)
        local[:3, 3] = offset if parent else row[:3]
        for axis, value in zip(order, row[3 + 3 * number :][:3], strict=True):
            local[:3, :3] = local[:3, :3] @ matrix(axis, value)
        world[name] = world[parent] @ local if parent else local
        found = places[[bone.name for bone in bones].index(name)]
        np.testing.assert_allclose(found, world[name][:3, 3], atol=1e-4)


@pytest.mark.parametrize("unit_m", [1.0, 0.01, 0.001, 0.0254])
@pytest.mark.parametrize("axes", [np.eye(3), Z_UP, YAW_90], ids=["y up", "z up", "turned"])
def test_axes_and_unit_are_found_out(tmp_path: Path, unit_m: float, axes: np.ndarray) -> None:
    """The same body comes out of metres, centimetres, millimetres and inches, y or z up."""
    take = standing(tmp_path, humanoid().turned(axes / unit_m))
    places = rest(humanoid())
    heading = axes if axes is YAW_90 else np.eye(3)
    for joint, bone in MAPPED.items():
        np.testing.assert_allclose(take.joints[0, JOINT[joint]], heading @ places[bone], atol=1e-3)


def test_left_is_left(tmp_path: Path) -> None:
    """A raised left arm is the left arm in canonical joints, whichever way the body faces."""
    rig = humanoid().turned(YAW_90)
    rows = bent(rig, {"LeftArm": (0, 90, 0)})  # about x: after the turn the arm points along -z
    joints = load(tmp_path, rig.text(rows)).joints[0]
    lifted = joints[JOINT["left_wrist"], 1] - joints[JOINT["left_shoulder"], 1]
    level = joints[JOINT["right_wrist"], 1] - joints[JOINT["right_shoulder"], 1]
    assert abs(lifted) > 0.4
    assert abs(level) < 0.01


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_mirrored_body_is_refused(tmp_path: Path, axis: int) -> None:
    """No reflection is undone silently: left would become right."""
    mirror = np.eye(3)
    mirror[axis, axis] = -1
    with pytest.raises(RecordingError, match="left and right are swapped"):
        standing(tmp_path, humanoid().turned(mirror))


def test_spine_of_any_length_is_spread_over_three_joints(tmp_path: Path) -> None:
    """Spine joints rise evenly between pelvis and neck, with one, two or five bones."""
    base = humanoid()
    one = base.renamed({"Spine1": "Neck0"})
    five = Rig(list(base.bones))
    five.bones[1:2] = [
        (f"Back{i}", f"Back{i - 1}" if i else "Hips", np.array([0, 0.11 / 4, 0])) for i in range(4)
    ]
    five.bones = [(n, "Back3" if p == "Spine" else p, o) for n, p, o in five.bones]
    for rig in (base, one, five):
        heights = standing(tmp_path, rig).joints[0, [0, 3, 6, 9, 12], 1]
        steps = np.diff(heights)
        assert (steps > 0).all()
        assert steps.max() < 1.3 * steps.min()


def test_missing_toes_and_collars_are_worked_out(tmp_path: Path) -> None:
    """A rig without toes and collars still has feet that point ahead, and says so."""
    rig = humanoid().without("ToeBase")
    rig.bones = [
        (n, p.replace("LeftShoulder", "Spine1").replace("RightShoulder", "Spine1"), o)
        for n, p, o in rig.bones
        if not n.endswith("Shoulder")
    ]
    rig = rig.renamed({"LeftArm": "LeftUpperArm", "RightArm": "RightUpperArm"})
    take = standing(tmp_path, rig.turned(np.diag([100.0, 100, 100])))
    ahead = take.joints[0, JOINT["left_foot"]] - take.joints[0, JOINT["left_ankle"]]
    assert ahead[2] > 0.1
    assert np.isfinite(take.joints).all()
    assert any("left collar" in text for text in take.warnings)


def test_end_sites_stand_in_for_wrists(tmp_path: Path) -> None:
    """A rig whose arms end at the elbow bone has its hands at that bone's end."""
    rig = humanoid().without("Hand")
    text = rig.text(still(rig))
    with pytest.raises(RecordingError, match="left wrist, right wrist"):
        load(tmp_path, text)  # end sites that lie on the elbow are none
    arms = {"LeftForeArm": "0.25 0 0", "RightForeArm": "-0.25 0 0"}
    for bone, offset in arms.items():
        head, tail = text.split(f"JOINT {bone}")
        text = head + f"JOINT {bone}" + tail.replace("OFFSET 0 0 0", f"OFFSET {offset}", 1)
    take = load(tmp_path, text)
    places = rest(humanoid())
    np.testing.assert_allclose(take.joints[0, JOINT["right_wrist"]], places["RightHand"], atol=1e-5)


def test_a_rig_without_neck_gets_one(tmp_path: Path) -> None:
    """Between the shoulders and the head, and the spine ends there."""
    rig = humanoid().without("Neck")
    rig.bones = [
        (n, "Spine1", o + np.array([0, 0.26, 0])) if n == "Head" else (n, p, o)
        for n, p, o in rig.bones
    ]
    take = standing(tmp_path, rig)
    heights = take.joints[0, [JOINT[name] for name in ("spine3", "neck", "head")], 1]
    assert (np.diff(heights) > 0.02).all()
    assert any("neck" in text for text in take.warnings)


def test_a_body_of_no_known_unit_is_scaled_and_said(tmp_path: Path) -> None:
    """A toy figure or an odd exporter: legs of a grown-up, and a warning."""
    take = standing(tmp_path, humanoid().turned(np.eye(3) * 0.005))
    leg = np.linalg.norm(take.joints[0, JOINT["left_hip"]] - take.joints[0, JOINT["left_ankle"]])
    assert 0.78 < leg < 0.86
    assert any("scaled" in text for text in take.warnings)


def test_a_body_without_legs_is_refused(tmp_path: Path) -> None:
    """Hip, knee and ankle at one point have no unit."""
    rig = humanoid()
    rig.bones = [(n, p, o * (0 if n.endswith(("tLeg", "Foot")) else 1)) for n, p, o in rig.bones]
    with pytest.raises(RecordingError, match="no length"):
        standing(tmp_path, rig)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder is no file."""
    with pytest.raises(RecordingError, match="cannot be read"):
        bvh.load(tmp_path)


def test_a_leading_rest_pose_is_left_out(tmp_path: Path) -> None:
    """One T-pose frame before a crouch goes; a take that begins in motion keeps its first frame."""
    rig = humanoid()
    crouch = {"LeftUpLeg": (0, -80, 0), "RightUpLeg": (0, -80, 0), "LeftArm": (-70, 0, 0)}
    rows = np.concatenate([still(rig, 1), bent(rig, crouch, 30)])
    take = load(tmp_path, rig.text(rows))
    assert len(take.joints) == 30
    assert take.time_s[0] == 0
    assert any("rest pose" in text for text in take.warnings)
    assert len(load(tmp_path, rig.text(rows[1:])).joints) == 30


def test_feet_far_below_zero_are_put_on_the_floor(tmp_path: Path) -> None:
    """Takes whose root starts at the origin stand on the floor afterwards."""
    rig = humanoid()
    rows = still(rig)
    rows[:, :3] = 0
    take = load(tmp_path, rig.text(rows))
    assert abs(take.joints[:, [JOINT["left_foot"]], 1].min()) < 0.1


def test_layout_and_case_of_the_text_do_not_matter(tmp_path: Path) -> None:
    """Tabs, CRLF, braces and statements on one line, named end sites, lower case: the same body."""
    rig = humanoid()
    plain = rig.text(still(rig))
    hierarchy, _, motion = plain.partition("MOTION")
    squeezed = hierarchy.replace("\n", " \t ").replace("JOINT", "\nJOINT").replace("End", "\nEnd")
    for text in (
        plain.replace("\n", "\r\n").replace("  ", "\t"),
        squeezed + "\nMOTION" + motion,
        plain.replace("End Site", "End Site LeftToe"),
        plain.replace("rotation", "ROTATION").replace("JOINT", "Joint"),
    ):
        np.testing.assert_array_equal(load(tmp_path, text).joints, load(tmp_path, plain).joints)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no BVH file"),
        ("HIERARCHY\nROOT Hips\n{\nMOTION\nFrame Time: 0.1\n1", "bracket"),
        ("HIERARCHY\nROOT Hips\n{\nOFFSET 0 zero 0\n}\nMOTION", "damaged near 'OFFSET 0 zero 0'"),
        ("HIERARCHY\n}\nMOTION", "damaged"),
        ("HIERARCHY\nOFFSET 0 0 0\nMOTION", "damaged"),
        ("HIERARCHY\nEnd Site\n{\n}\nMOTION", "Frame Time|damaged"),
        ("HIERARCHY\nROOT A\n{\nOFFSET 1 2 e\n}\nMOTION", "damaged"),
    ],
)
def test_damaged_files_say_what_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    """A damaged file gives one clear error, never a traceback from inside."""
    with pytest.raises(RecordingError, match=why):
        load(tmp_path, text)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("Frame Time: 0.016667", "Frame Time: 0", "Frame Time"),
        ("Frame Time: 0.016667", "Frame Time: soon", "damaged"),
        ("0.950000", "0.950000 1.0", "whole number"),
        ("0.950000", "nan", "finite"),
    ],
)
def test_damaged_motion_says_what_is_wrong(tmp_path: Path, old: str, new: str, why: str) -> None:
    """Cut-off rows, NaN and impossible frame times are refused by name."""
    rig = humanoid()
    hierarchy, _, motion = rig.text(still(rig, 2)).partition("MOTION")
    with pytest.raises(RecordingError, match=why):
        load(tmp_path, hierarchy + "MOTION" + motion.replace(old, new, 1))


def test_missing_bones_are_named(tmp_path: Path) -> None:
    """The error lists what is missing and what the file has."""
    rig = humanoid().renamed({"LeftForeArm": "Tentacle"})
    with pytest.raises(RecordingError, match=r"no bone found for left elbow\..*Tentacle"):
        standing(tmp_path, rig)


@pytest.mark.parametrize(
    "number", ["02_01", "02_03", "01_01", "03_01"], ids=lambda number: f"cmu {number}"
)
def test_a_character_rig_agrees_with_the_canonical_trial(shared: Path, number: str) -> None:
    """Trials on a Character Creator rig are the same motion as their canonical files."""
    take = bvh.load(shared / "data/motion/cmu_bvh" / f"0{number}.bvh").joints
    with np.load(shared / "data/motion/cmu" / f"{number}.npz") as archive:
        truth = archive["joints"][: len(take)]
    take = take[: len(truth)]
    apart = (take - take[:, :1]) - (truth - truth[:, :1])
    assert np.linalg.norm(apart, axis=-1).mean() < 0.09
