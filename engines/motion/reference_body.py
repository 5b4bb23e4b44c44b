"""Any body laid on the one that HumanML3D's features were made from, for imported encoders. Pure.

As the dataset does: each bone keeps its direction and takes the reference's length, and the root's
path is scaled by the length of the legs on the stretch's first frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engines.errors import ShapeError
from engines.motion.humanml3d import HeadingState, HumanML3DStream
from engines.motion.skeleton import JOINT, JOINT_COUNT, PARENTS

Floats = NDArray[np.float32]

BONE_M: Final = (
    *(0.1031, 0.1099, 0.1316, 0.3936, 0.3902, 0.1432, 0.4324, 0.4256, 0.0574, 0.1434),
    *(0.1494, 0.2194, 0.1375, 0.1434, 0.1030, 0.1316, 0.1230, 0.2568, 0.2631, 0.2660, 0.2699),
)
"""Length of the bone that ends in each joint but the first; measured on a clip of the dataset."""
LEG: Final = (JOINT["right_knee"], JOINT["right_ankle"])


@dataclass(frozen=True, slots=True)
class BodyState:
    """Between frames: the scale of the root's path, and the features' own state."""

    scale: float
    heading: HeadingState | None


class ReferenceBodyStream:
    """One person's 263 raw features, whatever the body's size; one frame late."""

    def __init__(self) -> None:
        self.state: BodyState | None = None
        self._features = HumanML3DStream()

    def push(self, joints: Floats) -> Floats:
        """Take frames `(n, 22, 3)` at 20 fps; give rows `(m, 263)`. Raises as `check` does."""
        check(self.state, joints)
        if not len(joints):
            return self._features.push(joints)
        scale = leg_scale(joints[0]) if self.state is None else self.state.scale
        self._features.state = None if self.state is None else self.state.heading
        rows = self._features.push(laid(joints, scale))
        self.state = BodyState(scale, self._features.state)
        return rows


def check(state: BodyState | None, joints: Floats) -> None:
    """Raises ShapeError for another shape, values that are not finite, or a stretch that begins
    with a body without legs."""
    fits = joints.ndim == 3 and joints.shape[1:] == (JOINT_COUNT, 3)
    if not (fits and np.isfinite(joints).all()):
        raise ShapeError(f"joints must be finite (n, {JOINT_COUNT}, 3), not {joints.shape}")
    if state is None and len(joints):
        leg_scale(joints[0])


def together(
    people: Sequence[tuple[BodyState | None, Floats]],
) -> list[tuple[Floats, BodyState | None]]:
    """Rows `(m, 263)` and the new state of each person, given the state and checked frames."""
    results = []
    for state, joints in people:
        stream = ReferenceBodyStream()
        stream.state = state
        results.append((stream.push(joints), stream.state))
    return results


def leg_scale(joints: Floats) -> float:
    """The reference's leg length over that of `(22, 3)`. Raises ShapeError for a body without."""
    length = sum(float(np.linalg.norm(joints[j] - joints[PARENTS[j]])) for j in LEG)
    if length < 1e-3:
        raise ShapeError("the right leg has no length: joints must be in metres, hip above knee")
    return sum(BONE_M[j - 1] for j in LEG) / length


def laid(joints: Floats, scale: float) -> Floats:
    """Joints `(n, 22, 3)` on the reference's bones, the root's path scaled."""
    result = np.empty_like(joints)
    result[:, 0] = joints[:, 0] * scale
    for joint in range(1, JOINT_COUNT):
        parent = PARENTS[joint]
        bone = joints[:, joint] - joints[:, parent]
        length = np.maximum(np.linalg.norm(bone, axis=-1, keepdims=True), 1e-6)
        result[:, joint] = result[:, parent] + bone / length * BONE_M[joint - 1]
    return result
