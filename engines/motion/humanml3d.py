"""HumanML3D's 263 pose features for a live stream, for imported encoders such as TMR. Pure.

Columns: 0 turn (half angle), 1-2 root velocity x, z, 3 root height, 4-66 joints 1-21 about the
root's ground point, 67-192 rotations of joints 1-21 (first two columns of the matrix), 193-258
velocities of all joints, 259-262 foot contacts (joints 7, 10, 8, 11).

What agrees with the dataset's own code, given its heading and floor: all columns but the
rotations to float32 rounding, and the rotations (shortest arcs from axis-aligned rest bones) to
1e-5. What cannot agree: the dataset smooths the heading over 20 frames on both sides and takes
the floor from the whole clip; here the heading is smoothed over the past only and the floor is
the lowest joint so far. The dataset also moves every motion onto one skeleton first; callers with
another body size must do that.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engines.errors import ShapeError
from engines.motion.skeleton import JOINT, JOINT_COUNT

Floats = NDArray[np.float64]

FEATURE_COUNT: Final = 263
LOOKAHEAD_FRAMES: Final = 1
"""A row holds velocities to the next frame."""
CONTACT_M2: Final = 0.002
"""A foot that moved by less than this, squared, stands."""
HEADING_GAIN: Final = 0.2
"""Share of each new frame in the heading: about 0.2 s of delay."""
_FEET: Final = [JOINT[name] for name in ("left_ankle", "left_foot", "right_ankle", "right_foot")]
_CHAINS: Final = (
    (0, 2, 5, 8, 11),
    (0, 1, 4, 7, 10),
    (0, 3, 6, 9, 12, 15),
    (9, 14, 17, 19, 21),
    (9, 13, 16, 18, 20),
)
_REST: Final = {
    **dict.fromkeys((1, 13), (1.0, 0.0, 0.0)),
    **dict.fromkeys((2, 14), (-1.0, 0.0, 0.0)),
    **dict.fromkeys((3, 6, 9, 12), (0.0, 1.0, 0.0)),
    **dict.fromkeys((10, 11, 15), (0.0, 0.0, 1.0)),
    **dict.fromkeys((4, 5, 7, 8, 16, 17, 18, 19, 20, 21), (0.0, -1.0, 0.0)),
}
"""Direction of the bone that ends in each joint, on the rest pose of the dataset's inverse
kinematics."""


@dataclass(frozen=True, slots=True)
class HeadingState:
    """Between frames: the newest pose and its heading, the smoothed way ahead, first heading,
    floor."""

    joints: Floats
    heading: float
    ahead: Floats
    first: float
    floor_m: float


class HumanML3DStream:
    """One person's features with a causal heading; frame by frame the same as in one go."""

    def __init__(
        self, mean: NDArray[np.float32] | None = None, std: NDArray[np.float32] | None = None
    ) -> None:
        """`mean`, `std (263,)`: rows are normalised by them; without them rows are raw."""
        self.state: HeadingState | None = None
        self._mean = np.zeros(FEATURE_COUNT) if mean is None else np.asarray(mean, np.float64)
        self._std = np.ones(FEATURE_COUNT) if std is None else np.asarray(std, np.float64)
        if self._mean.shape != (FEATURE_COUNT,) or self._std.shape != (FEATURE_COUNT,):
            raise ShapeError(f"mean and std must have {FEATURE_COUNT} values")

    def push(self, joints: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take frames `(n, 22, 3)` at 20 fps; give rows `(m, 263)`, each one frame late.

        Raises ShapeError for another shape or values that are not finite.
        """
        if joints.ndim != 3 or joints.shape[1:] != (JOINT_COUNT, 3):
            raise ShapeError(f"joints must be (n, {JOINT_COUNT}, 3), not {joints.shape}")
        if not np.isfinite(joints).all():
            raise ShapeError("joints must be finite: leave a frame out rather than send NaN")
        rows = [self._next(frame) for frame in joints.astype(np.float64)]
        given = [row for row in rows if row is not None]
        result = np.array(given).reshape(-1, FEATURE_COUNT)
        return ((result - self._mean) / self._std).astype(np.float32)

    def _next(self, joints: Floats) -> Floats | None:
        old = self.state
        ahead = facing(joints)
        lowest = float(joints[:, 1].min())
        if old is None:
            heading = float(np.arctan2(*ahead))
            self.state = HeadingState(joints, heading, ahead, heading, lowest)
            return None
        ahead = old.ahead + HEADING_GAIN * (ahead - old.ahead)
        heading = float(np.arctan2(*ahead))
        self.state = HeadingState(joints, heading, ahead, old.first, min(old.floor_m, lowest))
        pair = np.stack([old.joints, joints])
        headings = np.array([old.heading, heading])
        result: Floats = rows(pair, headings, first=old.first, floor_m=old.floor_m)[0]
        return result


def facing(joints: Floats) -> Floats:
    """Unit direction `(..., 2)` (x, z) in which hips and shoulders of `(..., 22, 3)` face."""
    across = (
        joints[..., JOINT["right_hip"], :]
        - joints[..., JOINT["left_hip"], :]
        + joints[..., JOINT["right_shoulder"], :]
        - joints[..., JOINT["left_shoulder"], :]
    )
    ahead = np.stack([across[..., 2], -across[..., 0]], axis=-1)
    result: Floats = ahead / np.maximum(np.linalg.norm(ahead, axis=-1, keepdims=True), 1e-9)
    return result


def rows(joints: Floats, heading: Floats, *, first: float = 0.0, floor_m: float = 0.0) -> Floats:
    """Raw features `(T-1, 263)` of joints `(T, 22, 3)` with known headings `(T,)`, radians.

    `heading` turns (x, z) into the facing frame by `(cos x - sin z, sin x + cos z)`. `first`:
    heading of the stretch's first frame, to which the rotations refer. `floor_m`: height of the
    floor.
    """
    joints = joints - np.array([0.0, floor_m, 0.0])
    step = joints[1:] - joints[:-1]
    about = joints - joints[:, :1] * np.array([1.0, 0.0, 1.0])
    local = _turn(about, heading)
    travel = _turn(step[:, :1], heading[1:])[:, 0]
    turned = np.arctan2(np.sin(np.diff(heading)), np.cos(np.diff(heading)))
    count = len(step)
    return np.concatenate(
        [
            -0.5 * turned[:, None],
            travel[:, [0, 2]],
            local[:-1, 0, 1:2],
            local[:-1, 1:].reshape(count, -1),
            _rotations(joints[:-1], heading[:-1], first).reshape(count, -1),
            _turn(step, heading[:-1]).reshape(count, -1),
            (step[:, _FEET] ** 2).sum(axis=-1) < CONTACT_M2,
        ],
        axis=1,
    )


def _turn(vectors: Floats, heading: Floats) -> Floats:
    """Vectors `(T, k, 3)` in the facing frame of `heading (T,)`."""
    cos, sin = np.cos(heading)[:, None], np.sin(heading)[:, None]
    x, z = vectors[..., 0], vectors[..., 2]
    return np.stack([cos * x - sin * z, vectors[..., 1], sin * x + cos * z], axis=-1)


def _rotations(joints: Floats, heading: Floats, first: float) -> Floats:
    """First two matrix columns `(T, 21, 6)` of each joint's rotation relative to its chain's
    parent."""
    joints = _turn(joints, np.full(len(joints), first))
    half = -0.5 * (heading - first)
    root = np.stack([np.cos(half), 0 * half, np.sin(half), 0 * half], axis=-1)
    result = np.zeros((len(joints), JOINT_COUNT, 6))
    for chain in _CHAINS:
        parent = root
        for before, joint in pairwise(chain):
            whole = _between(np.array(_REST[joint]), joints[:, joint] - joints[:, before])
            result[:, joint] = _two_columns(_times(parent * [1, -1, -1, -1], whole))
            parent = whole
    return result[:, 1:]


def _between(rest: Floats, bone: Floats) -> Floats:
    """Shortest-arc quaternions (w x y z) `(T, 4)` from a unit direction to bones `(T, 3)`."""
    bone = bone / np.maximum(np.linalg.norm(bone, axis=-1, keepdims=True), 1e-9)
    quaternion = np.concatenate([1 + (bone @ rest)[:, None], np.cross(rest, bone)], axis=-1)
    norm = np.linalg.norm(quaternion, axis=-1, keepdims=True)
    opposite = np.concatenate([[0.0], np.cross(rest, rest[[2, 0, 1]])])
    return np.where(norm > 1e-6, quaternion / np.maximum(norm, 1e-9), opposite)


def _times(a: Floats, b: Floats) -> Floats:
    w, x, y, z = np.moveaxis(a, -1, 0)
    s, i, j, k = np.moveaxis(b, -1, 0)
    parts = [
        w * s - x * i - y * j - z * k,
        w * i + x * s + y * k - z * j,
        w * j - x * k + y * s + z * i,
        w * k + x * j - y * i + z * s,
    ]
    return np.stack(parts, axis=-1)


def _two_columns(quaternion: Floats) -> Floats:
    w, x, y, z = np.moveaxis(quaternion, -1, 0)
    parts = [
        1 - 2 * (y * y + z * z),
        2 * (x * y + w * z),
        2 * (x * z - w * y),
        2 * (x * y - w * z),
        1 - 2 * (x * x + z * z),
        2 * (y * z + w * x),
    ]
    return np.stack(parts, axis=-1)
