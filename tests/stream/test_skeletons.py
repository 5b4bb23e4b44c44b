"""Left is left and up is up for every accepted skeleton, by joint names and on real packets."""

import re
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engines.errors import ShapeError
from engines.motion.skeleton import JOINT, JOINT_NAMES, PARENTS
from stream.errors import UnknownSkeleton
from stream.skeletons import SKELETONS, canonical, skeleton, wire_tables

Floats = npt.NDArray[np.float32]

Y_UP = {"left": [1, 0, 0], "up": [0, 1, 0], "forward": [0, 0, 1]}
UNITY = {"left": [-1, 0, 0], "up": [0, 1, 0], "forward": [0, 0, 1]}
FACING_SENSOR = {"left": [-1, 0, 0], "up": [0, 1, 0], "forward": [0, 0, -1]}
BODY_IN_RIG = {
    "smpl22": Y_UP,
    "smpl24": Y_UP,
    "mocopi27": Y_UP,
    "humanoid21": UNITY,
    "humanoid22": UNITY,
    "rokoko21": UNITY,
    "webxr22": FACING_SENSOR,
    "kinect20": FACING_SENSOR,
    "kinect25": FACING_SENSOR,
    "mediapipe33": {"left": [1, 0, 0], "up": [0, -1, 0], "forward": [0, 0, -1]},
    "xsens23": {"left": [0, 1, 0], "up": [0, 0, 1], "forward": [1, 0, 0]},
}
"""Where a body's left, up and forward point in each rig's axes, as its maker states them."""

ARM_WORDS = re.compile(r"elbow|wrist|hand|low|forearm|thumb|pinky|index|tip", re.IGNORECASE)
LEG_WORDS = re.compile(r"leg|foot|knee", re.IGNORECASE)
rigs = pytest.mark.parametrize("name", SKELETONS)


def _side(joint: str) -> int:
    """+1 for a joint named as left, -1 for right, 0 for the middle."""
    if re.search(r"left|^l_|^L[A-Z]", joint, re.ASCII) or "Left" in joint:
        return 1
    if re.search(r"right|^r_|^R[A-Z]", joint, re.ASCII) or "Right" in joint:
        return -1
    return 0


def _moved(name: str, chosen: list[float], direction: str) -> Floats:
    """Canonical joints when each rig joint lies `chosen` metres along a direction of the body."""
    along = np.array(BODY_IN_RIG[name][direction], np.float32)
    return canonical(name, np.outer(chosen, along).astype(np.float32))


def test_every_rig_has_its_axes_stated_here() -> None:
    """A new skeleton must state its maker's axes in this test."""
    assert set(BODY_IN_RIG) == set(SKELETONS)


@rigs
def test_left_joints_lie_at_positive_x(name: str) -> None:
    """Joints named as left, placed to the body's left, come out as left at +x; right at -x."""
    sides = [0.3 * _side(joint) for joint in skeleton(name).joints]
    expected = [0.3 * _side(joint) for joint in JOINT_NAMES]
    moved = _moved(name, sides, "left")
    outer = [
        JOINT[f"{side}_{part}"]
        for side in ("left", "right")
        for part in ("hip", "knee", "ankle", "foot", "shoulder", "elbow", "wrist")
    ]
    np.testing.assert_allclose(moved[outer, 0], np.array(expected)[outer], atol=1e-6)
    middle = [place for place, joint in enumerate(JOINT_NAMES) if not _side(joint)]
    np.testing.assert_allclose(moved[middle, 0], 0, atol=1e-6)
    assert moved[JOINT["left_collar"], 0] > 0 > moved[JOINT["right_collar"], 0]
    np.testing.assert_array_equal(moved[:, 1:], 0)


@rigs
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_raised_arm_stays_on_its_side(name: str, side: str) -> None:
    """Raising the lower arm that the rig names left raises left elbow and wrist, and no more."""
    sign = {"left": 1, "right": -1}[side]
    raised = [
        0.6
        if _side(joint) == sign and ARM_WORDS.search(joint) and not LEG_WORDS.search(joint)
        else 0.0
        for joint in skeleton(name).joints
    ]
    moved = _moved(name, raised, "up")
    expected = np.zeros((22, 3), np.float32)
    expected[[JOINT[f"{side}_elbow"], JOINT[f"{side}_wrist"]], 1] = 0.6
    np.testing.assert_allclose(moved, expected, atol=1e-6)


@rigs
def test_up_and_forward_are_canonical(name: str) -> None:
    """A step up and a step forward of the whole body go to +y and +z: no mirror, no tilt."""
    whole = [1.0] * len(skeleton(name).joints)
    for direction, expected in (("left", [1, 0, 0]), ("up", [0, 1, 0]), ("forward", [0, 0, 1])):
        np.testing.assert_allclose(_moved(name, whole, direction), [expected] * 22, atol=1e-6)


@rigs
def test_limbs_keep_their_order(name: str) -> None:
    """Along each limb, the rig joint of a child lies below the rig joint of its parent."""
    rig = skeleton(name)
    main = rig.to_canonical.argmax(axis=1)
    for place, parent in enumerate(PARENTS):
        if (
            parent > 0
            and _side(JOINT_NAMES[place])
            and _side(JOINT_NAMES[parent])
            and "shoulder" not in JOINT_NAMES[place]
        ):
            assert main[parent] in _ancestors(rig.parents, int(main[place]))


def _ancestors(parents: tuple[int, ...], place: int) -> list[int]:
    found = []
    while parents[place] >= 0:
        place = parents[place]
        found.append(place)
    return found


@rigs
def test_tables_are_trees(name: str) -> None:
    """Names are unique, there is one root, and following parents always ends there."""
    rig = skeleton(name)
    assert len(set(rig.joints)) == len(rig.joints) == len(rig.parents)
    root = rig.parents.index(-1)
    for place in range(len(rig.joints)):
        assert place == root or _ancestors(rig.parents, place)[-1] == root


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("smpl24", {"pelvis": 0, "head": 15, "left_wrist": 20, "left_hand": 22, "right_hand": 23}),
        ("humanoid22", {"Hips": 0, "LeftFoot": 5, "Head": 10, "LeftHand": 17, "RightToes": 20}),
        (
            "mocopi27",
            {"root": 0, "torso_7": 7, "head": 10, "l_hand": 14, "r_hand": 18, "l_toes": 22},
        ),
        ("xsens23", {"Pelvis": 0, "T8": 4, "Head": 6, "RHand": 10, "LHand": 14, "RToe": 18}),
        (
            "kinect20",
            {"head": 3, "wrist_left": 6, "hand_left": 7, "wrist_right": 10, "foot_left": 15},
        ),
        ("kinect25", {"wrist_left": 6, "hand_right": 11, "spine_shoulder": 20, "thumb_right": 24}),
        ("mediapipe33", {"left_ear": 7, "left_wrist": 15, "left_hip": 23, "right_foot_index": 32}),
    ],
)
def test_joints_stand_where_the_maker_puts_them(name: str, places: dict[str, int]) -> None:
    """Indices as in each maker's own enumeration."""
    assert {joint: skeleton(name).joints.index(joint) for joint in places} == places


@rigs
def test_the_wire_has_the_same_tables(name: str) -> None:
    """The welcome's tables are those that `canonical` expects."""
    table = next(table for table in wire_tables() if table.name == name)
    assert tuple(table.joints) == skeleton(name).joints
    assert tuple(table.parents) == skeleton(name).parents


def test_smpl22_passes_unchanged() -> None:
    """Canonical joints are returned bit by bit."""
    joints = np.random.default_rng(0).normal(size=(22, 3)).astype(np.float32)
    np.testing.assert_array_equal(canonical("smpl22", joints), joints)
    hands = np.concatenate([joints, joints[-2:]])
    np.testing.assert_array_equal(canonical("smpl24", hands), joints)


def test_unknown_skeletons_are_refused_with_the_known_ones() -> None:
    """The text lists what exists."""
    with pytest.raises(UnknownSkeleton, match=r"'octopus8'.*smpl22, smpl24"):
        skeleton("octopus8")


def test_a_wrong_number_of_joints_is_refused() -> None:
    """The text gives both shapes."""
    with pytest.raises(ShapeError, match=r"\(22, 3\); got \(21, 3\)"):
        canonical("smpl22", np.zeros((21, 3), np.float32))


def test_a_real_xsens_t_pose_stands_with_its_left_at_positive_x(shared: Path) -> None:
    """The T-pose of a real MVN recording: left at +x, head above pelvis, arms level."""
    text = (shared / "data/packets/xsens/Meri-020.mvnx").read_text()
    found = re.search(r'type="tpose".*?<position>(.*?)</position>', text, re.DOTALL)
    assert found
    pose = canonical("xsens23", np.array(found[1].split(), np.float32).reshape(23, 3))
    _check_t_pose(pose)


def test_a_real_mocopi_t_pose_stands_with_its_left_at_positive_x(shared: Path) -> None:
    """The definition packet of a real mocopi sender, after forward kinematics."""
    packet = (shared / "data/packets/mocopi/skdf.bin").read_bytes()
    _check_t_pose(canonical("mocopi27", _mocopi_positions(packet)))


def _check_t_pose(pose: Floats) -> None:
    x, y, z = pose.T
    assert x[JOINT["left_wrist"]] > 0.5
    assert x[JOINT["right_wrist"]] < -0.5
    assert x[JOINT["left_hip"]] > 0.05 > -0.05 > x[JOINT["right_hip"]]
    assert 0.8 < y[JOINT["pelvis"]] < 1.1
    assert 1.3 < y[JOINT["head"]] < 1.8
    assert y[JOINT["left_foot"]] < y[JOINT["left_ankle"]] < y[JOINT["left_knee"]] < 0.7
    assert z[JOINT["left_foot"]] > z[JOINT["left_ankle"]] + 0.05
    assert z[JOINT["right_foot"]] > z[JOINT["right_ankle"]] + 0.05
    spine = [JOINT[joint] for joint in ("pelvis", "spine1", "spine2", "spine3", "neck", "head")]
    assert (np.diff(y[spine]) > 0).all()


def _mocopi_positions(packet: bytes) -> Floats:
    """Global joint positions: `bndt` fields hold id, parent id and qx qy qz qw px py pz."""
    positions = np.zeros((27, 3))
    turns = [np.eye(3)] * 27
    for found in re.finditer(b"bndt", packet):
        bone, parent = (
            struct.unpack_from("<H", packet, packet.index(tag, found.end()) + 4)[0]
            for tag in (b"bnid", b"pbid")
        )
        x, y, z, w, *offset = struct.unpack_from(
            "<7f", packet, packet.index(b"tran", found.end()) + 4
        )
        local = np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ]
        )
        above, base = (turns[parent], positions[parent]) if bone else (np.eye(3), np.zeros(3))
        turns[bone], positions[bone] = above @ local, base + above @ offset
    return positions.astype(np.float32)
