"""Bone names of thirty rigs: each joint is found, and left stays left."""

from collections.abc import Callable

import pytest

from clients.rigs.names import identify

SIDE = {"L": "Left", "R": "Right"}
LEG = ("hip", "knee", "ankle", "foot")
ARM = ("collar", "shoulder", "elbow", "wrist")

Template = Callable[[str, str], str]
"""Bone name from a side (L or R) and a part."""

full: Template = lambda side, part: SIDE[side] + part  # noqa: E731
short: Template = lambda side, part: f"{side}_{part}"  # noqa: E731
lower: Template = lambda side, part: side.lower() + part  # noqa: E731
tail: Template = lambda side, part: f"{part}.{side}"  # noqa: E731
low_tail: Template = lambda side, part: f"{part}_{side.lower()}"  # noqa: E731

# rig: template, spine from pelvis to head, leg, arm. `-` is a joint that the rig lacks,
# names in parentheses are bones in between that must not be taken.
RIGS: dict[str, tuple[Template, str, str, str]] = {
    "cmu": (
        full,
        "Hips LowerBack Spine Spine1 Neck (Neck1) Head",
        "(HipJoint) UpLeg Leg Foot ToeBase",
        "Shoulder Arm ForeArm Hand (FingerBase) (HandIndex1)",
    ),
    "acclaim": (
        lower,
        "root lowerback upperback thorax lowerneck (upperneck) head",
        "(hipjoint) femur tibia foot toes",
        "clavicle humerus radius wrist (hand) (fingers)",
    ),
    "biped": (
        lambda side, part: f"Bip01 {side} {part}",
        "Bip01_Pelvis Bip01_Spine Bip01_Spine1 Bip01_Neck Bip01_Head".replace("_", "~"),
        "Thigh Calf Foot Toe0",
        "Clavicle UpperArm Forearm Hand (Finger0)",
    ),
    "unreal": (
        low_tail,
        "pelvis spine_01 spine_02 spine_03 neck_01 (neck_02) head",
        "thigh calf foot ball",
        "clavicle upperarm lowerarm hand (index_01)",
    ),
    "daz 8": (
        lower,
        "pelvis abdomenLower abdomenUpper chestLower chestUpper neckLower (neckUpper) head",
        "ThighBend (ThighTwist) Shin Foot (Metatarsals) Toe",
        "Collar ShldrBend (ShldrTwist) ForearmBend (ForearmTwist) Hand (Index1)",
    ),
    "daz 9": (
        lambda side, part: f"{side.lower()}_{part}",
        "pelvis spine1 spine2 spine3 spine4 neck1 (neck2) head",
        "thigh shin foot toes",
        "shoulder upperarm forearm hand",
    ),
    "poser": (
        lower,
        "hip abdomen chest neck head",
        "(Buttock) Thigh Shin Foot Toe",
        "Collar Shldr ForeArm Hand",
    ),
    "rigify": (
        lambda side, part: f"DEF-{part}.{side}",
        "DEF-spine DEF-spine.001 DEF-spine.002 DEF-spine.003 DEF-spine.004 (DEF-spine.005) "
        "DEF-spine.006",
        "thigh shin foot toe",
        "shoulder upper_arm forearm hand (f_index.01)",
    ),
    "vroid": (
        lambda side, part: f"J_Bip_{side}_{part}",
        "J_Bip_C_Hips J_Bip_C_Spine J_Bip_C_Chest J_Bip_C_Neck J_Bip_C_Head",
        "UpperLeg LowerLeg Foot ToeBase",
        "Shoulder UpperArm LowerArm Hand (Index1)",
    ),
    "smpl": (
        short,
        "Pelvis Spine1 Spine2 Spine3 Neck Head",
        "Hip Knee Ankle Foot",
        "Collar Shoulder Elbow Wrist (Hand)",
    ),
    "xsens bvh": (
        full,
        "Hips Chest Chest2 Chest3 Chest4 Neck Head",
        "Hip Knee Ankle Toe",
        "Collar Shoulder Elbow Wrist",
    ),
    "xsens mvn": (
        full,
        "Pelvis L5 L3 T12 T8 Neck Head",
        "UpperLeg LowerLeg Foot Toe",
        "Shoulder UpperArm ForeArm Hand",
    ),
    "rokoko": (
        full,
        "Hips Spine Spine1 Spine2 Neck Head",
        "Thigh Shin Foot Toe",
        "Shoulder Arm ForeArm Hand",
    ),
    "neuron": (
        lambda side, part: f"Robot_{SIDE[side]}{part}",
        "Robot_Hips Robot_Spine Robot_Spine1 Robot_Spine2 Robot_Neck Robot_Head",
        "UpLeg Leg Foot -",
        "Shoulder Arm ForeArm Hand (HandThumb1)",
    ),
    "kaykit": (
        lambda side, part: f"{part}.{side.lower()}",
        "hips spine chest - head",
        "upperleg lowerleg foot toes",
        "- upperarm lowerarm wrist (hand) (handslot)",
    ),
    "makehuman": (
        tail,
        "root spine05 spine04 spine03 neck01 (neck02) head",
        "(pelvis) upperleg01 (upperleg02) lowerleg01 (lowerleg02) foot toe1-1",
        "clavicle (shoulder01) upperarm01 (upperarm02) lowerarm01 (lowerarm02) wrist",
    ),
    "quaternius": (
        tail,
        "Hips Abdomen Torso Neck Head",
        "UpperLeg LowerLeg Foot -",
        "Shoulder UpperArm LowerArm Palm",
    ),
    "maya": (
        lambda side, part: f"{side}_{part}_jnt",
        "hip_jnt spine_01_jnt neck_jnt head_jnt",
        "hip knee ankle ball",
        "clavicle shoulder elbow wrist",
    ),
    "character creator": (
        lambda side, part: f"CC_Base_{side}_{part}",
        "CC_Base_Hip CC_Base_Waist CC_Base_Spine01 CC_Base_NeckTwist01 (CC_Base_NeckTwist02) "
        "CC_Base_Head",
        "Thigh (ThighTwist01) Calf (CalfTwist01) Foot ToeBase (BigToe1)",
        "Clavicle Upperarm (UpperarmTwist01) Forearm Hand (Mid1)",
    ),
}
PREFIXED = ("mixamorig:", "mixamorig1_", "mixamorig", "Character1_", "Skeleton_001_", "Actor:Rig:")
MIXAMO = (
    "Hips Spine Spine1 Spine2 Neck Head",
    "UpLeg Leg Foot ToeBase (Toe_End)",
    "Shoulder Arm ForeArm Hand (HandThumb1)",
)
for prefix in PREFIXED:
    RIGS[prefix] = (
        lambda side, part, prefix=prefix: f"{prefix}{SIDE[side]}{part}",  # type: ignore[misc]
        " ".join(prefix + bone for bone in MIXAMO[0].split()),
        *MIXAMO[1:],
    )
RIGS["lower case"] = (
    lambda side, part: (SIDE[side] + part).lower(),
    MIXAMO[0].lower(),
    *MIXAMO[1:],
)
RIGS["upper case"] = (
    lambda side, part: (SIDE[side] + part).upper(),
    MIXAMO[0].upper(),
    *MIXAMO[1:],
)


def build(rig: str) -> tuple[list[str], list[int], dict[str, str], list[str]]:
    """Names, parents, the joints that must be found, and the spine between pelvis and neck."""
    template, spine, leg, arm = RIGS[rig]
    names: list[str] = []
    parents: list[int] = []
    expected: dict[str, str] = {}

    def add(name: str, parent: int) -> int:
        names.append(name.strip("()").replace("~", " "))
        parents.append(parent)
        return len(names) - 1

    bones = spine.split()
    pelvis, *middle = [bone for bone in bones if not bone.startswith("(")]
    neck, head = middle[-2:]
    between = middle[:-2]
    root = add(pelvis, -1)
    expected |= {"pelvis": names[root]}
    for side in "LR":
        expected |= limb(leg, LEG, side, template, root, add, names)
    top = root
    for bone in between:
        top = add(bone, top)
    for side in "LR":
        expected |= limb(arm, ARM, side, template, top, add, names)
    place = top
    for bone in bones[bones.index(neck) :]:
        place = place if bone == "-" else add(bone, place)
    expected |= {"head": head.replace("~", " ")}
    expected |= {} if neck == "-" else {"neck": neck.replace("~", " ")}
    return names, parents, expected, [bone.replace("~", " ") for bone in between]


def limb(
    parts: str,
    joints: tuple[str, ...],
    side: str,
    template: Template,
    parent: int,
    add: Callable[[str, int], int],
    names: list[str],
) -> dict[str, str]:
    """Add a chain of bones; parts in parentheses belong to no joint."""
    found: dict[str, str] = {}
    left = list(joints)
    for part in parts.split():
        joint = None if part.startswith("(") else left.pop(0)
        if part == "-":
            continue
        parent = add(template(side, part.strip("()")), parent)
        if joint:
            found[f"{SIDE[side].lower()}_{joint}"] = names[parent]
    return found


@pytest.mark.parametrize("rig", RIGS)
def test_every_joint_is_found_by_name(rig: str) -> None:
    """Each rig's bones land on their joints, twist and finger bones on none."""
    names, parents, expected, spine = build(rig)
    bones = identify(names, parents)
    assert bones.missing == []
    assert {joint: names[bone] for joint, bone in bones.joints.items()} == expected
    assert [names[bone] for bone in bones.spine] == spine


@pytest.mark.parametrize("rig", RIGS)
def test_the_order_of_the_sides_does_not_matter(rig: str) -> None:
    """A rig that lists its right side first gives the same joints."""
    names, parents, expected, _ = build(rig)
    order = sorted(range(len(names)), key=lambda bone: (depth(parents, bone), names[bone]))
    order.reverse()
    order.sort(key=lambda bone: depth(parents, bone))
    shuffled = [names[bone] for bone in order]
    again = [order.index(parents[bone]) if parents[bone] >= 0 else -1 for bone in order]
    bones = identify(shuffled, again)
    assert {joint: shuffled[bone] for joint, bone in bones.joints.items()} == expected


def depth(parents: list[int], bone: int) -> int:
    count = 0
    while parents[bone] >= 0:
        bone, count = parents[bone], count + 1
    return count


def test_what_is_missing_is_said_in_plain_words() -> None:
    """Bones that no table knows are missing, all of them at once."""
    names, parents, _, _ = build("smpl")
    names = [name.replace("Elbow", "Hinge").replace("Head", "Top") for name in names]
    missing = identify(names, parents).missing
    assert missing[:2] == ["left_elbow", "right_elbow"]
