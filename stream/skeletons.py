"""Joint tables of the accepted skeletons and their maps onto the canonical 22 joints. Data; pure.

Every table holds global joint positions in metres, in the rig's own axes; rigs that send local
rotations (VMC, mocopi, Rokoko) need forward kinematics first (`clients/rigs`). A map is one row of
weights for each canonical joint and a 3x3 change of axes, so `canonical` is a matrix product.

Sources: SMPL and OpenXR XR_BD_body_tracking; MediaPipe Pose world landmarks; Kinect SDK 1.8
and 2.0 JointType tables; UnityEngine.HumanBodyBones; Xsens MVN real-time protocol (type 02);
Sony mocopi technical specification; Rokoko Studio Live JSON v3; WebXR Body Tracking level 1.
Perception Neuron's 59 bones are left out: they hold no toes, which no weighted sum can supply.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engines.errors import ShapeError
from engines.motion.skeleton import JOINT, JOINT_COUNT, JOINT_NAMES, PARENTS
from stream import messages
from stream.errors import UnknownSkeleton

Floats = npt.NDArray[np.float32]
Point = Mapping[str, float]
"""A weighted sum of source joints."""


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """A rig's joints and the way from them to the canonical skeleton."""

    name: str
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    """Index of each joint's parent, -1 for the root."""
    to_canonical: Floats
    """(22, J) weights; each row sums to 1."""
    axes: Floats
    """(3, 3) from the rig's axes to canonical ones, applied from the right."""


def skeleton(name: str) -> Skeleton:
    """Return the skeleton of that name. Raises UnknownSkeleton with the names that exist."""
    try:
        return SKELETONS[name]
    except KeyError:
        raise UnknownSkeleton(
            f"There is no skeleton {name[:60]!r}. Known: {', '.join(SKELETONS)}. "
            "welcome.skeletons lists their joints."
        ) from None


def canonical(name: str, joints: Floats) -> Floats:
    """Map (J, 3) joints of skeleton `name` onto the canonical (22, 3), metres, y up, left at +x.

    Raises UnknownSkeleton, and ShapeError when J is not the skeleton's number of joints.
    """
    source = skeleton(name)
    if joints.shape != (len(source.joints), 3):
        raise ShapeError(f"{name} has joints ({len(source.joints)}, 3); got {joints.shape}.")
    mapped = source.to_canonical @ joints @ source.axes
    return mapped.astype(np.float32, copy=False)


def wire_tables() -> list[messages.Skeleton]:
    """Return all tables as the welcome message lists them."""
    return [
        messages.Skeleton(name=each.name, joints=list(each.joints), parents=list(each.parents))
        for each in SKELETONS.values()
    ]


def _between(start: Point, end: Point, share: float) -> Point:
    names = dict.fromkeys((*start, *end))
    return {name: (1 - share) * start.get(name, 0.0) + share * end.get(name, 0.0) for name in names}


def _named(centre: str, sided: str) -> dict[str, Point]:
    """Read a map from joint names in the order of `_CENTRE` and `_SIDED`.

    `A+B` is the point half-way from A to B. `{s}` stands for l, `{S}` for L, `{side}` for left,
    `{Side}` for Left, and for their right counterparts.
    """
    rows: dict[str, Point] = {}
    for part, joint in zip(_CENTRE, centre.split(), strict=True):
        first, _, second = joint.partition("+")
        rows[part] = _between({first: 1.0}, {second or first: 1.0}, 0.5)
    for side in ("left", "right"):
        words = {"s": side[0], "S": side[0].upper(), "side": side, "Side": side.title()}
        for part, joint in zip(_SIDED, sided.split(), strict=True):
            rows[f"{side}_{part}"] = {joint.format(**words): 1.0}
    return rows


def _camera(sided: str, head: Point, neck: Point, chest: Point) -> dict[str, Point]:
    """Read a map of a camera's skeleton, which has limbs and head but no spine or collars.

    The pelvis lies between the hips; spine and collars divide the way to `chest` evenly.
    """
    hip, *_ = places = sided.split()
    pelvis = _between({hip.format(side="left"): 1.0}, {hip.format(side="right"): 1.0}, 0.5)
    rows = {"pelvis": pelvis, "head": head, "neck": neck}
    for quarter, name in enumerate(("spine1", "spine2", "spine3"), start=1):
        rows[name] = _between(pelvis, chest, quarter / 4)
    for side in ("left", "right"):
        for part, joint in zip(_SIDED_BUT_COLLAR, places, strict=True):
            rows[f"{side}_{part}"] = {joint.format(side=side): 1.0}
        rows[f"{side}_collar"] = _between(chest, rows[f"{side}_shoulder"], 0.5)
    return rows


def _skeleton(name: str, table: str, rows: Mapping[str, Point], axes: Floats) -> Skeleton:
    """Build a skeleton from `joint:parent` words and the rows of its map."""
    pairs = [word.split(":") for word in table.split()]
    index = {joint: place for place, (joint, _) in enumerate(pairs)}
    weights: Floats = np.zeros((JOINT_COUNT, len(pairs)), np.float32)
    for target, point in rows.items():
        for joint, weight in point.items():
            weights[JOINT[target], index[joint]] = weight
    weights.setflags(write=False)
    parents = tuple(index[parent] if parent else -1 for _, parent in pairs)
    return Skeleton(name, tuple(index), parents, weights, axes)


_CENTRE: Final = ("pelvis", "spine1", "spine2", "spine3", "neck", "head")
_SIDED: Final = ("hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist")
_SIDED_BUT_COLLAR: Final = tuple(part for part in _SIDED if part != "collar")

_AS_IS: Final = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
"""The body's left, up and forward are +x, +y, +z, as in the canonical frame."""
_MIRRORED_X: Final = np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
"""Left-handed, left is -x (Unity)."""
_TURNED: Final = np.array([[-1, 0, 0], [0, 1, 0], [0, 0, -1]], np.float32)
"""Forward is -z, left is -x: WebXR, and a body that faces a Kinect."""
_IMAGE: Final = np.array([[1, 0, 0], [0, -1, 0], [0, 0, -1]], np.float32)
"""x to the image's right, y down, z away from the camera; the body faces the camera."""
_Z_UP: Final = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]], np.float32)
"""Forward is +x, left is +y, up is +z (Xsens)."""

_SMPL22: Final = " ".join(
    f"{name}:{JOINT_NAMES[parent] if parent >= 0 else ''}"
    for name, parent in zip(JOINT_NAMES, PARENTS, strict=True)
)
_SMPL24: Final = f"{_SMPL22} left_hand:left_wrist right_hand:right_wrist"
_SMPL: Final[dict[str, Point]] = {name: {name: 1.0} for name in JOINT_NAMES}

_HUMANOID21: Final = """
Hips: LeftUpperLeg:Hips RightUpperLeg:Hips LeftLowerLeg:LeftUpperLeg RightLowerLeg:RightUpperLeg
LeftFoot:LeftLowerLeg RightFoot:RightLowerLeg Spine:Hips Chest:Spine Neck:Chest Head:Neck
LeftShoulder:Chest RightShoulder:Chest LeftUpperArm:LeftShoulder RightUpperArm:RightShoulder
LeftLowerArm:LeftUpperArm RightLowerArm:RightUpperArm LeftHand:LeftLowerArm RightHand:RightLowerArm
LeftToes:LeftFoot RightToes:RightFoot"""
_HUMANOID22: Final = (
    _HUMANOID21.replace("Neck:Chest", "Neck:UpperChest").replace(
        "Shoulder:Chest", "Shoulder:UpperChest"
    )
    + " UpperChest:Chest"
)
_HUMANOID_SIDED: Final = """
{Side}UpperLeg {Side}LowerLeg {Side}Foot {Side}Toes
{Side}Shoulder {Side}UpperArm {Side}LowerArm {Side}Hand"""

_ROKOKO21: Final = """
hip: spine:hip chest:spine neck:chest head:neck
leftShoulder:chest leftUpperArm:leftShoulder leftLowerArm:leftUpperArm leftHand:leftLowerArm
rightShoulder:chest rightUpperArm:rightShoulder rightLowerArm:rightUpperArm rightHand:rightLowerArm
leftUpLeg:hip leftLeg:leftUpLeg leftFoot:leftLeg leftToe:leftFoot
rightUpLeg:hip rightLeg:rightUpLeg rightFoot:rightLeg rightToe:rightFoot"""
_ROKOKO_SIDED: Final = """
{side}UpLeg {side}Leg {side}Foot {side}Toe
{side}Shoulder {side}UpperArm {side}LowerArm {side}Hand"""

_XSENS23: Final = """
Pelvis: L5:Pelvis L3:L5 T12:L3 T8:T12 Neck:T8 Head:Neck
RShoulder:T8 RUpperArm:RShoulder RForearm:RUpperArm RHand:RForearm
LShoulder:T8 LUpperArm:LShoulder LForearm:LUpperArm LHand:LForearm
RUpperLeg:Pelvis RLowerLeg:RUpperLeg RFoot:RLowerLeg RToe:RFoot
LUpperLeg:Pelvis LLowerLeg:LUpperLeg LFoot:LLowerLeg LToe:LFoot"""
_XSENS_SIDED: Final = """
{S}UpperLeg {S}LowerLeg {S}Foot {S}Toe {S}Shoulder {S}UpperArm {S}Forearm {S}Hand"""

_MOCOPI27: Final = """
root: torso_1:root torso_2:torso_1 torso_3:torso_2 torso_4:torso_3 torso_5:torso_4 torso_6:torso_5
torso_7:torso_6 neck_1:torso_7 neck_2:neck_1 head:neck_2
l_shoulder:torso_7 l_up_arm:l_shoulder l_low_arm:l_up_arm l_hand:l_low_arm
r_shoulder:torso_7 r_up_arm:r_shoulder r_low_arm:r_up_arm r_hand:r_low_arm
l_up_leg:root l_low_leg:l_up_leg l_foot:l_low_leg l_toes:l_foot
r_up_leg:root r_low_leg:r_up_leg r_foot:r_low_leg r_toes:r_foot"""
_MOCOPI_SIDED: Final = """
{s}_up_leg {s}_low_leg {s}_foot {s}_toes {s}_shoulder {s}_up_arm {s}_low_arm {s}_hand"""

_WEBXR22: Final = """
hips: spine-lower:hips spine-middle:spine-lower chest:spine-middle neck:chest head:neck
left-shoulder:chest left-arm-upper:left-shoulder left-arm-lower:left-arm-upper
left-hand-wrist:left-arm-lower right-shoulder:chest right-arm-upper:right-shoulder
right-arm-lower:right-arm-upper right-hand-wrist:right-arm-lower
left-upper-leg:hips left-lower-leg:left-upper-leg left-foot-ankle:left-lower-leg
left-foot-ball:left-foot-ankle right-upper-leg:hips right-lower-leg:right-upper-leg
right-foot-ankle:right-lower-leg right-foot-ball:right-foot-ankle"""
_WEBXR_SIDED: Final = """
{side}-upper-leg {side}-lower-leg {side}-foot-ankle {side}-foot-ball
{side}-shoulder {side}-arm-upper {side}-arm-lower {side}-hand-wrist"""

_KINECT20: Final = """
hip_center: spine:hip_center shoulder_center:spine head:shoulder_center
shoulder_left:shoulder_center elbow_left:shoulder_left wrist_left:elbow_left hand_left:wrist_left
shoulder_right:shoulder_center elbow_right:shoulder_right wrist_right:elbow_right
hand_right:wrist_right hip_left:hip_center knee_left:hip_left ankle_left:knee_left
foot_left:ankle_left hip_right:hip_center knee_right:hip_right ankle_right:knee_right
foot_right:ankle_right"""
_KINECT25: Final = """
spine_base: spine_mid:spine_base neck:spine_shoulder head:neck
shoulder_left:spine_shoulder elbow_left:shoulder_left wrist_left:elbow_left hand_left:wrist_left
shoulder_right:spine_shoulder elbow_right:shoulder_right wrist_right:elbow_right
hand_right:wrist_right hip_left:spine_base knee_left:hip_left ankle_left:knee_left
foot_left:ankle_left hip_right:spine_base knee_right:hip_right ankle_right:knee_right
foot_right:ankle_right spine_shoulder:spine_mid hand_tip_left:hand_left thumb_left:hand_left
hand_tip_right:hand_right thumb_right:hand_right"""
_KINECT_SIDED: Final = """
hip_{side} knee_{side} ankle_{side} foot_{side} shoulder_{side} elbow_{side} wrist_{side}"""

_MEDIAPIPE33: Final = """
nose: left_eye_inner:nose left_eye:left_eye_inner left_eye_outer:left_eye
right_eye_inner:nose right_eye:right_eye_inner right_eye_outer:right_eye
left_ear:left_eye_outer right_ear:right_eye_outer mouth_left:nose mouth_right:nose
left_shoulder:nose right_shoulder:nose left_elbow:left_shoulder right_elbow:right_shoulder
left_wrist:left_elbow right_wrist:right_elbow left_pinky:left_wrist right_pinky:right_wrist
left_index:left_wrist right_index:right_wrist left_thumb:left_wrist right_thumb:right_wrist
left_hip:left_shoulder right_hip:right_shoulder left_knee:left_hip right_knee:right_hip
left_ankle:left_knee right_ankle:right_knee left_heel:left_ankle right_heel:right_ankle
left_foot_index:left_ankle right_foot_index:right_ankle"""
_MEDIAPIPE_SIDED: Final = """
{side}_hip {side}_knee {side}_ankle {side}_foot_index {side}_shoulder {side}_elbow {side}_wrist"""
_EARS: Final[Point] = {"left_ear": 0.5, "right_ear": 0.5}
_SHOULDERS: Final[Point] = {"left_shoulder": 0.5, "right_shoulder": 0.5}
_MEDIAPIPE_NECK: Final[Point] = {
    "left_shoulder": 0.55,
    "right_shoulder": 0.55,
    "left_hip": -0.05,
    "right_hip": -0.05,
}
"""A tenth of the trunk above the shoulders' midpoint."""

_ALL: Final = (
    ("smpl22", _SMPL22, _SMPL, _AS_IS),
    ("smpl24", _SMPL24, _SMPL, _AS_IS),
    (
        "humanoid21",
        _HUMANOID21,
        _named("Hips Spine Chest Chest+Neck Neck Head", _HUMANOID_SIDED),
        _MIRRORED_X,
    ),
    (
        "humanoid22",
        _HUMANOID22,
        _named("Hips Spine Chest UpperChest Neck Head", _HUMANOID_SIDED),
        _MIRRORED_X,
    ),
    (
        "mocopi27",
        _MOCOPI27,
        _named("root torso_2 torso_4 torso_6 neck_1 head", _MOCOPI_SIDED),
        _AS_IS,
    ),
    ("xsens23", _XSENS23, _named("Pelvis L3 T12 T8 Neck Head", _XSENS_SIDED), _Z_UP),
    (
        "rokoko21",
        _ROKOKO21,
        _named("hip spine chest chest+neck neck head", _ROKOKO_SIDED),
        _MIRRORED_X,
    ),
    (
        "webxr22",
        _WEBXR22,
        _named("hips spine-lower spine-middle chest neck head", _WEBXR_SIDED),
        _TURNED,
    ),
    (
        "kinect20",
        _KINECT20,
        _camera(_KINECT_SIDED, {"head": 1}, {"shoulder_center": 1}, {"shoulder_center": 1}),
        _TURNED,
    ),
    (
        "kinect25",
        _KINECT25,
        _camera(_KINECT_SIDED, {"head": 1}, {"neck": 1}, {"spine_shoulder": 1}),
        _TURNED,
    ),
    (
        "mediapipe33",
        _MEDIAPIPE33,
        _camera(_MEDIAPIPE_SIDED, _EARS, _MEDIAPIPE_NECK, _SHOULDERS),
        _IMAGE,
    ),
)
SKELETONS: Final[Mapping[str, Skeleton]] = {row[0]: _skeleton(*row) for row in _ALL}
"""By name. `smpl24` is also OpenXR's XR_BD_body_tracking, `humanoid*` Unity's (VMC, VRM)."""
