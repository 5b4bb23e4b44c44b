"""Joint sequences for tests of the motion engine."""

import numpy as np

from engines.motion.skeleton import JOINT

STANDING = {
    "pelvis": (0.0, 0.95, 0.0),
    "left_hip": (0.1, 0.9, 0.0),
    "left_knee": (0.1, 0.5, 0.02),
    "left_ankle": (0.1, 0.08, 0.0),
    "left_foot": (0.1, 0.02, 0.12),
    "spine1": (0.0, 1.05, 0.0),
    "spine2": (0.0, 1.18, 0.0),
    "spine3": (0.0, 1.28, 0.0),
    "neck": (0.0, 1.45, 0.0),
    "head": (0.0, 1.6, 0.03),
    "left_collar": (0.06, 1.4, 0.0),
    "left_shoulder": (0.18, 1.4, 0.0),
    "left_elbow": (0.22, 1.12, 0.0),
    "left_wrist": (0.24, 0.87, 0.04),
}


def standing() -> np.ndarray:
    """A body that stands and faces +z: (22, 3)."""
    joints = np.zeros((len(JOINT), 3), np.float32)
    for name, (x, y, z) in STANDING.items():
        joints[JOINT[name]] = x, y, z
        if name.startswith("left_"):
            joints[JOINT[name.replace("left_", "right_")]] = -x, y, z
    return joints


def moving(frames: int, *, seed: int = 0) -> np.ndarray:
    """A standing body whose joints wander smoothly: (frames, 22, 3)."""
    random = np.random.default_rng(seed)
    time_s = np.arange(frames)[:, None, None] / 20
    phase, rate = random.uniform(0, 6, (2, 1, len(JOINT), 3))
    wander = 0.05 * np.sin(phase + rate * time_s)
    drift = np.array([0.3, 0.0, 0.5]) * time_s
    return (standing() + wander + drift).astype(np.float32)
