"""The canonical skeleton: 22 SMPL joints in HumanML3D order, metres, y up, right-handed.

A body that faces +z has its left side at +x. Data only; no I/O.
"""

from typing import Final

JOINT_NAMES: Final = (
    "pelvis",
    "left_hip",
    "right_hip",
    "spine1",
    "left_knee",
    "right_knee",
    "spine2",
    "left_ankle",
    "right_ankle",
    "spine3",
    "left_foot",
    "right_foot",
    "neck",
    "left_collar",
    "right_collar",
    "head",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
)
JOINT_COUNT: Final = len(JOINT_NAMES)
PARENTS: Final = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19)
JOINT: Final = {name: index for index, name in enumerate(JOINT_NAMES)}
MIRROR: Final = tuple(
    JOINT[name.replace("left_", "right_")]
    if name.startswith("left_")
    else JOINT[name.replace("right_", "left_")]
    for name in JOINT_NAMES
)
"""Joint index that takes each joint's place when left and right are swapped."""

MODEL_FPS: Final = 20
"""Frames per second that every motion model sees (HumanML3D)."""
