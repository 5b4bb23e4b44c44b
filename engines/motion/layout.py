"""What the columns of our own feature layout are: limbs, points, pairs, names, mirror. Data."""

from typing import Final

import numpy as np

from engines.motion.skeleton import JOINT, JOINT_COUNT

NAME: Final = "liveground-1"

# Limbs as (from, to, length on the canonical body in leg lengths). 22 and 23 are made here: the
# middle of the hips and of the shoulders.
MID_HIP, MID_SHOULDER = JOINT_COUNT, JOINT_COUNT + 1
LIMBS: Final = (
    ("torso", MID_HIP, MID_SHOULDER, 0.62),
    ("head", MID_SHOULDER, JOINT["head"], 0.28),
    ("hips", JOINT["right_hip"], JOINT["left_hip"], 0.11),
    ("shoulders", JOINT["right_shoulder"], JOINT["left_shoulder"], 0.21),
    ("left_upper_arm", JOINT["left_shoulder"], JOINT["left_elbow"], 0.34),
    ("right_upper_arm", JOINT["right_shoulder"], JOINT["right_elbow"], 0.34),
    ("left_forearm", JOINT["left_elbow"], JOINT["left_wrist"], 0.31),
    ("right_forearm", JOINT["right_elbow"], JOINT["right_wrist"], 0.31),
    ("left_thigh", JOINT["left_hip"], JOINT["left_knee"], 0.5),
    ("right_thigh", JOINT["right_hip"], JOINT["right_knee"], 0.5),
    ("left_shin", JOINT["left_knee"], JOINT["left_ankle"], 0.5),
    ("right_shin", JOINT["right_knee"], JOINT["right_ankle"], 0.5),
    ("left_foot", JOINT["left_ankle"], JOINT["left_foot"], 0.17),
    ("right_foot", JOINT["right_ankle"], JOINT["right_foot"], 0.17),
)
LIMB: Final = {name: index for index, (name, *_) in enumerate(LIMBS)}
FROM: Final = np.array([limb[1] for limb in LIMBS])
TO: Final = np.array([limb[2] for limb in LIMBS])
LENGTH: Final = np.array([[limb[3]] for limb in LIMBS], np.float32)

# Points on the canonical body: chains of limbs from the middle of the hips (+, - half widths).
POINTS: Final = {
    "head": ("torso", "head"),
    "left_elbow": ("torso", "+shoulders", "left_upper_arm"),
    "right_elbow": ("torso", "-shoulders", "right_upper_arm"),
    "left_wrist": ("torso", "+shoulders", "left_upper_arm", "left_forearm"),
    "right_wrist": ("torso", "-shoulders", "right_upper_arm", "right_forearm"),
    "left_knee": ("+hips", "left_thigh"),
    "right_knee": ("-hips", "right_thigh"),
    "left_ankle": ("+hips", "left_thigh", "left_shin"),
    "right_ankle": ("-hips", "right_thigh", "right_shin"),
    "left_shoulder": ("torso", "+shoulders"),
    "right_shoulder": ("torso", "-shoulders"),
    "mid_hip": (),
}
POINT: Final = {name: index for index, name in enumerate(POINTS)}
MOVING: Final = 9  # the first points, whose velocities are features
PAIRS: Final = (
    ("left_wrist", "right_wrist"),
    ("left_wrist", "head"),
    ("right_wrist", "head"),
    ("left_wrist", "mid_hip"),
    ("right_wrist", "mid_hip"),
    ("left_wrist", "right_shoulder"),
    ("right_wrist", "left_shoulder"),
    ("left_wrist", "left_shoulder"),
    ("right_wrist", "right_shoulder"),
    ("left_wrist", "left_knee"),
    ("right_wrist", "right_knee"),
    ("left_wrist", "right_elbow"),
    ("right_wrist", "left_elbow"),
    ("left_wrist", "left_ankle"),
    ("right_wrist", "right_ankle"),
    ("left_elbow", "right_knee"),
    ("right_elbow", "left_knee"),
    ("left_ankle", "right_ankle"),
    ("left_ankle", "mid_hip"),
    ("right_ankle", "mid_hip"),
    ("left_knee", "right_knee"),
    ("head", "mid_hip"),
)
JOINTED: Final = (
    ("torso", "left_upper_arm"),
    ("torso", "right_upper_arm"),
    ("left_upper_arm", "left_forearm"),
    ("right_upper_arm", "right_forearm"),
    ("torso", "left_thigh"),
    ("torso", "right_thigh"),
    ("left_thigh", "left_shin"),
    ("right_thigh", "right_shin"),
    ("hips", "shoulders"),
)
PAIR_A: Final = np.array([POINT[a] for a, _ in PAIRS])
PAIR_B: Final = np.array([POINT[b] for _, b in PAIRS])
BEND_A: Final = np.array([LIMB[a] for a, _ in JOINTED])
BEND_B: Final = np.array([LIMB[b] for _, b in JOINTED])
GROUNDED: Final = np.array(
    [JOINT[f"{side}_{part}"] for part in ("ankle", "foot") for side in ("left", "right")]
)
ELEVATED: Final = {
    "mid_hip": MID_HIP,
    **{n: JOINT[n] for n in ("head", "left_wrist", "right_wrist", "left_ankle", "right_ankle")},
}
ELEVATED_INDEX: Final = np.array(list(ELEVATED.values()))


def _columns() -> list[str]:
    """Names of all columns in order; a vector's parts end in .left, .up and .forward."""
    axes = (".left", ".up", ".forward")
    moving = list(POINTS)[:MOVING]
    names = [f"direction {limb[0]}{axis}" for limb in LIMBS for axis in axes]
    names += [f"point {point}{axis}" for point in moving for axis in axes]
    names += [f"velocity {point}{axis}" for point in moving for axis in axes]
    names += [f"speed {point}" for point in moving]
    names += [f"distance {a} {b}" for a, b in PAIRS]
    names += [f"bend {a} {b}" for a, b in JOINTED]
    names += [f"root_velocity{axis}" for axis in axes]
    return [*names, "turn", *(f"height {name}" for name in ELEVATED), "stance"]


def _mirror(columns: list[str]) -> tuple[list[int], list[float]]:
    """For each column, which column of the mirrored body it is, and with which sign."""
    place = {_key(name): index for index, name in enumerate(columns)}
    order, signs = [], []
    for name in columns:
        swapped = name.replace("left_", "?").replace("right_", "left_").replace("?", "right_")
        order.append(place[_key(swapped)])
        across = "hips." in name or "shoulders." in name  # from right to left: the mirror turns it
        flips = name.endswith(".left") != across if "." in name else name == "turn"
        signs.append(-1.0 if flips else 1.0)
    return order, signs


def _key(name: str) -> str:
    kind, _, rest = name.partition(" ")
    return f"distance {' '.join(sorted(rest.split()))}" if kind == "distance" else name


COLUMNS: Final = tuple(_columns())
_ORDER, _SIGNS = _mirror(list(COLUMNS))
MIRROR: Final = np.array(_ORDER)
MIRROR_SIGNS: Final = np.array(_SIGNS, np.float32)
"""Features of a mirrored body are `features[..., MIRROR] * MIRROR_SIGNS`."""
