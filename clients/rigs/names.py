"""Which bone of a rig is which joint of ours: name tables for the rigs in common use. Pure.

Names are compared after normalising: namespaces and rig prefixes off, split at case, digit and
punctuation borders, side taken out. Covered so: CMU and MotionBuilder (`LeftUpLeg`), Acclaim
(`lfemur`), Mixamo, HumanIK, Character Creator (`CC_Base_`), Rigify and Blender (`thigh.L`), Unreal
(`thigh_l`), Daz and Poser (`lThighBend`), 3ds Max Biped (`Bip01 L Thigh`), VRoid, SMPL, Xsens,
Rokoko, Perception Neuron, OptiTrack. The spine is found by the hierarchy, not by names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SIDES: Final = {
    **dict.fromkeys(("l", "left", "lft", "lt"), "left"),
    **dict.fromkeys(("r", "right", "rgt", "rt"), "right"),
}
PREFIX: Final = re.compile(
    r"^(mixamorig\d*|cc_base|def|org|mch|valvebiped|bip\d*|character\d*|j_bip_c?|j_sec|jnt|joint|bone|"
    r"skeleton\d*|rig|sk|m_avg|f_avg|b)(?=[_\-. ]|(?<=[a-z\d])(?=[A-Z]))[_\-. ]*"
)
TOKEN: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

NOISE: Final = frozenset({"jnt", "joint", "bone", "j", "bip", "c", "def", "ctrl"})

LIMB: Final[dict[str, tuple[frozenset[str], ...]]] = {
    "hip": (
        frozenset({"upleg", "thigh", "upperleg", "femur", "legupper", "thighbend", "uleg"}),
        frozenset({"hip", "hipjoint"}),
    ),
    "knee": (
        frozenset({"shin", "calf", "lowerleg", "lowleg", "tibia", "leglower", "knee", "lleg"}),
        frozenset({"leg"}),
    ),
    "ankle": (frozenset({"ankle"}), frozenset({"foot"})),
    "foot": (
        frozenset({"toe", "toebase", "toes", "ball", "forefoot", "toebone"}),
        frozenset({"foot"}),
    ),
    "shoulder": (
        frozenset({"upperarm", "uparm", "humerus", "shldr", "shldrbend", "armupper", "uarm"}),
        frozenset({"arm"}),
        frozenset({"shoulder"}),
    ),
    "collar": (
        frozenset({"collar", "clavicle", "clav", "scapula", "collarbone"}),
        frozenset({"shoulder"}),
    ),
    "elbow": (
        frozenset(
            {"forearm", "lowerarm", "lowarm", "elbow", "radius", "forearmbend", "armlower", "larm"}
        ),
    ),
    "wrist": (frozenset({"wrist"}), frozenset({"hand"}), frozenset({"palm"})),
}
"""Names of each paired joint, surest first. Order matters: a bone is used once, so `shoulder`
is the upper arm only in rigs without another name for it, `foot` the toes only beside `ankle`."""

END: Final = " end"
"""End of the names of end sites."""
PELVIS: Final = frozenset({"hips", "hip", "pelvis"})
KNOWN: Final = PELVIS.union({"head"}, *(tier for tiers in LIMB.values() for tier in tiers))
OPTIONAL: Final = frozenset({"foot", "collar"})


@dataclass(frozen=True, slots=True)
class Bones:
    """Bone indices. `joints` keys are `pelvis`, `neck`, `head` and `left_hip`, `right_hip`, ...;
    `spine` lists the bones between pelvis and neck, lowest first."""

    joints: dict[str, int]
    spine: list[int]
    missing: list[str]


def identify(names: Sequence[str], parents: Sequence[int]) -> Bones:
    """Find the bones of our joints. `parents` holds each bone's parent, -1 for roots."""
    keys = [_normalise(name) for name in _without_prefix(names)]
    joints: dict[str, int] = {}
    for side in ("left", "right"):
        joints |= _limbs(keys, side)
        joints |= _ends(names, parents, joints, side)
    wanted = [
        f"{side}_{role}" for role in LIMB if role not in OPTIONAL for side in ("left", "right")
    ]
    missing = [joint for joint in wanted if joint not in joints]
    head = _head(keys, parents)
    if head is None:
        missing.append("head")
    if missing or head is None:
        return Bones(joints, [], missing)
    joints["head"] = head
    joints["pelvis"] = _pelvis(keys, parents, joints)
    to_head = _path(parents, head)
    neck = _neck(keys, parents, joints, to_head)
    top = to_head.index(head if neck is None else neck)
    if neck is not None:
        joints["neck"] = neck
    below = set(_path(parents, joints["left_hip"])) | {joints["pelvis"]}
    return Bones(joints, [bone for bone in to_head[:top] if bone not in below], [])


def _without_prefix(names: Sequence[str]) -> list[str]:
    bare = [re.split(r"[:|]", name)[-1] for name in names]
    longest = sorted(bare, key=len)[len(bare) // 5 :]  # a short root such as "Bip01" has none
    first, last = min(longest, default=""), max(longest, default="")
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    shared = re.match(r".*[_\-. ]", first[:same])
    return [name.removeprefix(shared.group()) if shared else name for name in bare]


def _normalise(name: str) -> tuple[str, str]:
    """Side (`left`, `right` or empty) and the lower-case rest without numbers."""
    while (match := PREFIX.match(name.lower())) or (match := PREFIX.match(name)):
        name = name[match.end() :]
    tokens = [token.lower() for token in TOKEN.findall(name)]
    words = [token for token in tokens if not token.isdigit() and token not in NOISE]
    sides = [SIDES[word] for word in words if word in SIDES]
    key = "".join(word for word in words if word not in SIDES)
    if sides:
        return sides[0], key
    for start, side in SIDES.items():
        rest = key.removeprefix(start)
        if rest != key and rest in KNOWN:
            return side, rest
    return "", key


def _limbs(keys: list[tuple[str, str]], side: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for role, tiers in LIMB.items():
        for tier in tiers:
            hits = [i for i, key in enumerate(keys) if key[0] == side and key[1] in tier]
            hits = [i for i in hits if i not in found.values()]
            if hits:
                found[f"{side}_{role}"] = hits[0]  # parents come first in every rig file
                break
    return found


def _ends(
    names: Sequence[str], parents: Sequence[int], joints: dict[str, int], side: str
) -> dict[str, int]:
    """End sites that stand in for wrists and toes that have no bone of their own."""
    found: dict[str, int] = {}
    for role, above in (("wrist", "elbow"), ("foot", "ankle")):
        for bone, name in enumerate(names):
            is_end = name.endswith(END) and parents[bone] == joints.get(f"{side}_{above}")
            if is_end and f"{side}_{role}" not in joints:
                found[f"{side}_{role}"] = bone
    return found


def _head(keys: list[tuple[str, str]], parents: Sequence[int]) -> int | None:
    for wanted in (re.compile("head$"), re.compile("(neck|spine)|face$")):
        hits = [i for i, (side, key) in enumerate(keys) if not side and wanted.match(key)]
        if hits and wanted.pattern == "head$":
            return hits[0]
        if hits:  # Rigify: the head is the last bone of the spine
            return max(hits, key=lambda bone: len(_path(parents, bone)))
    return None


def _pelvis(keys: list[tuple[str, str]], parents: Sequence[int], joints: dict[str, int]) -> int:
    left, right = (_path(parents, joints[f"{side}_hip"]) for side in ("left", "right"))
    shared = [bone for bone in left if bone in right]
    named = [bone for bone in shared if not keys[bone][0] and keys[bone][1] in PELVIS]
    if named or shared:
        return (named or shared)[-1]
    hits = [i for i, (side, key) in enumerate(keys) if not side and key in PELVIS]
    return hits[0] if hits else _path(parents, joints["head"])[0]


def _neck(
    keys: list[tuple[str, str]], parents: Sequence[int], joints: dict[str, int], to_head: list[int]
) -> int | None:
    for bone in to_head[:-1]:
        if "neck" in keys[bone][1]:
            return bone
    arms = set(_path(parents, joints["left_shoulder"]))
    above = [bone for bone in to_head[:-1] if bone not in arms]
    return above[0] if above else None


def _path(parents: Sequence[int], bone: int) -> list[int]:
    path = [bone]
    while parents[path[0]] >= 0:
        path.insert(0, parents[path[0]])
    return path
