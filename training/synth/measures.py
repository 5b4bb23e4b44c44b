"""Any motion in its own facing frame and body lengths, as kinematic captions read it. Pure."""

from dataclasses import dataclass

import numpy as np

from engines.motion.skeleton import JOINT

SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Measured:
    """A motion in its own facing frame, lengths in leg or arm lengths."""

    hands: dict[str, np.ndarray]
    """Wrist from shoulder (T, 3): out, up, forward, in arm lengths."""
    feet: dict[str, np.ndarray]
    """Ankle from pelvis (T, 3): out, up from the floor, forward, in leg lengths."""
    knees: dict[str, np.ndarray]
    """Knee height against its hip (T,), in leg lengths."""
    low: dict[str, np.ndarray]
    """Wrist height over the floor (T,), in leg lengths."""
    near: dict[tuple[str, str, str], np.ndarray]
    """Distance (T,) of a side's wrist or elbow from a knee or hip, in arm lengths, by side,
    joint and joint with its side: ("left", "wrist", "right_knee")."""
    apart: np.ndarray
    """Distance of the wrists (T,), in arm lengths."""
    height: np.ndarray
    """Pelvis height (T,), in leg lengths: about 1.1 upright."""
    lean: np.ndarray
    """Trunk lean (T, 2) in degrees: to the left, forward."""
    twist: np.ndarray
    """Shoulders against hips (T,) in degrees, to the left positive."""
    travel: np.ndarray
    """Pelvis velocity (T, 2) to the left and forward, leg lengths per second."""
    turned: float
    """Whole turn in degrees, to the left positive."""
    facing: float
    """How level hips and shoulders are, 0-1; a body on its side faces nowhere."""


def measure(joints: np.ndarray, fps: float = 20.0) -> Measured:
    """Measure joints (T, 22, 3), T at least 2."""
    x = joints.astype(np.float64)
    left = x[:, 1] - x[:, 2] + x[:, 16] - x[:, 17]
    whole = np.linalg.norm(left, axis=-1)
    left[:, 1] = 0.0
    facing = float(np.median(np.linalg.norm(left, axis=-1) / (whole + 1e-9)))
    left /= np.linalg.norm(left, axis=-1, keepdims=True) + 1e-9
    frame = np.stack([left, np.tile([0.0, 1.0, 0.0], (len(x), 1)), np.cross(left, [0, 1, 0])], 1)
    leg = _length(x, "left_hip", "left_knee", "left_ankle")
    arm = _length(x, "left_shoulder", "left_elbow", "left_wrist")
    ankles = x[:, [7, 8], 1]
    floor = np.percentile(ankles.min(axis=1), 5) if len(x) > 3 else ankles.min()
    hands, feet, knees, low = {}, {}, {}, {}
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        out = np.array([sign, 1.0, 1.0])
        at = {n: JOINT[f"{side}_{n}"] for n in ("wrist", "shoulder", "ankle", "knee", "hip")}
        local = x[:, at["wrist"]] - x[:, at["shoulder"]]
        hands[side] = np.einsum("tij,tj->ti", frame, local) * out / arm
        local = x[:, at["ankle"]] - x[:, 0]
        feet[side] = np.einsum("tij,tj->ti", frame, local) * out / leg
        feet[side][:, 1] = (x[:, at["ankle"], 1] - floor) / leg
        knees[side] = (x[:, at["knee"], 1] - x[:, at["hip"], 1]) / leg
        low[side] = (x[:, at["wrist"], 1] - floor) / leg
    trunk = np.einsum("tij,tj->ti", frame, x[:, 12] - x[:, 0])
    lean = np.degrees(np.arctan2(trunk[:, [0, 2]], np.maximum(trunk[:, 1:2], 1e-3)))
    velocity = np.gradient(x[:, 0], axis=0) * fps / leg
    travel = np.einsum("tij,tj->ti", frame, velocity)[:, [0, 2]]
    yaw = np.unwrap(_yaw(left))
    return Measured(
        hands=hands,
        feet=feet,
        knees=knees,
        low=low,
        near=_near(x, arm),
        apart=np.linalg.norm(x[:, 20] - x[:, 21], axis=-1) / arm,
        height=(x[:, 0, 1] - floor) / leg,
        lean=lean,
        twist=_twist(x),
        travel=travel,
        turned=float(np.degrees(yaw[-1] - yaw[0])),
        facing=facing,
    )


def _length(x: np.ndarray, *names: str) -> float:
    """Length of the chain of bones between joints of x (T, 22, 3): the median over time."""
    chain = x[:, [JOINT[name] for name in names]]
    return float(np.median(np.linalg.norm(np.diff(chain, axis=1), axis=-1), axis=0).sum())


def _near(x: np.ndarray, arm: float) -> dict[tuple[str, str, str], np.ndarray]:
    goals = [f"{side}_{joint}" for side in SIDES for joint in ("knee", "hip")]
    return {
        (side, joint, goal): np.linalg.norm(
            x[:, JOINT[f"{side}_{joint}"]] - x[:, JOINT[goal]], axis=-1
        )
        / arm
        for side in SIDES
        for joint in ("wrist", "elbow")
        for goal in goals
    }


def _yaw(left: np.ndarray) -> np.ndarray:
    """Heading (T,) in radians of vectors to the left (T, 3)."""
    return np.arctan2(-left[:, 2], left[:, 0])


def _twist(x: np.ndarray) -> np.ndarray:
    turn = _yaw(x[:, 16] - x[:, 17]) - _yaw(x[:, 1] - x[:, 2])
    return np.degrees((turn + np.pi) % (2 * np.pi) - np.pi)


def swings(values: np.ndarray, least: float) -> int:
    """How often a value goes to and fro by more than `least`: full cycles."""
    turns, low, high = 0, values[0], values[0]
    rising: bool | None = None
    for value in values:
        low, high = min(low, value), max(high, value)
        if rising is not True and value - low > least:
            turns += rising is False
            rising, high = True, value
        elif rising is not False and high - value > least:
            turns += rising is True
            rising, low = False, value
    return (turns + 1) // 2
