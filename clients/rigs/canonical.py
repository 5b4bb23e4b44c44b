"""Any rig's bone positions -> canonical joints: 22 SMPL joints, metres, y up, left at +x facing +z.

Up axis and unit are found out from the data. Everything is done by rotation and scale: a body whose
left and right are swapped is refused, never mirrored. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clients.rigs.names import END, Bones, identify
from engines.errors import LivegroundError
from engines.motion.skeleton import JOINT, JOINT_COUNT, JOINT_NAMES

Array = NDArray[np.float64]

UNITS_M: Final = {
    "metres": 1.0,
    "decimetres": 0.1,
    "centimetres": 0.01,
    "millimetres": 0.001,
    "inches": 0.0254,
    "feet": 0.3048,
    "Acclaim units": 0.0254 / 0.45,
}
LEG_M: Final = 0.82  # hip to ankle along the bones, a grown-up
PLAUSIBLE_LEG_M: Final = (0.5, 1.15)
FEET: Final = [JOINT["left_ankle"], JOINT["right_ankle"]]
ANKLE_M: Final = 0.08
FLOOR_M: Final = (-0.25, 1.0)  # heights of ankles above zero that are left as they are
SOLE_M: Final = 0.124  # ankle to ball of the foot
SPINE_PLACES: Final = (0.25, 0.5, 0.75)  # spine1-3 as parts of the way from pelvis to neck
UP: Final = {
    "y": np.eye(3),
    "z": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
    "-y": np.diag([1.0, -1, -1]),
    "-z": np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),
}
"""Proper rotations that turn the named axis to y."""


class RecordingError(LivegroundError):
    """A file of recorded motion cannot be used."""

    code = "recording"


@dataclass(frozen=True, slots=True)
class Recording:
    """Recorded motion. `joints` (T, 22, 3) float32 canonical, `time_s` (T,) float64 rising;
    `warnings` says what had to be guessed."""

    joints: NDArray[np.float32]
    time_s: Array
    name: str
    warnings: list[str] = field(default_factory=list)


def bones_of(names: Sequence[str], parents: Sequence[int], source: str) -> Bones:
    """Map bone names to joints. Raises RecordingError that lists what is missing."""
    bones = identify(names, parents)
    if bones.missing:
        there = [name for name in names if name and not name.endswith(END)]
        raise RecordingError(
            f"{source}: no bone found for {_listed(bones.missing)}. Expected "
            "names such as LeftUpLeg, LeftLeg, LeftFoot, LeftArm, LeftForeArm, LeftHand, Head "
            "(or those of Mixamo, Rigify, Unreal, Daz, Biped, SMPL...). "
            f"Found: {', '.join(there) or 'none'}. "
            "Rename the bones and try again."
        )
    return bones


def from_rig(
    names: Sequence[str],
    parents: Sequence[int],
    positions: Array,
    time_s: Array,
    *,
    source: str,
) -> Recording:
    """Make a Recording of `positions` (T, N, 3), global, any unit, y or z up, right-handed.

    Bones whose name ends in ` end` (BVH end sites) stand in for missing toes and wrists. Raises
    RecordingError when bones are missing, values are not finite, or left and right are swapped.
    """
    if not np.isfinite(positions).all():
        raise RecordingError(f"{source}: positions are not finite. Export the take again.")
    bones = bones_of(_useful(names, parents, positions), parents, source)
    joints, made = _assemble(bones, positions)
    warnings: list[str] = []
    skip = _rest_frames(joints)
    if skip:
        warnings.append("The first frame is a rest pose, far from the second: left out.")
        joints, time_s = joints[skip:], time_s[skip:] - time_s[skip]
    scale, note = _metres(joints)
    up, note_up = _up_axis(joints)
    warnings += [text for text in (note, note_up) if text]
    joints = joints * scale @ UP[up].T
    floor = float(np.percentile(joints[:, FEET, 1].min(axis=1), 1))
    if not FLOOR_M[0] < floor < FLOOR_M[1]:
        joints[..., 1] -= floor - ANKLE_M
        warnings.append(f"Ankles were at {floor:.2f} m: the floor is put under them.")
    _synthesise(joints)
    _refuse_mirrored(joints, made, source)
    if made:
        warnings.append(f"Not in the rig, worked out: {_listed(JOINT_NAMES[i] for i in made)}.")
    return Recording(joints.astype(np.float32), time_s, source, warnings)


def _assemble(bones: Bones, positions: Array) -> tuple[Array, list[int]]:
    """Joints (T, 22, 3) in the rig's axes and unit, and which of them the rig has no bone for."""
    found = bones.joints
    joints = np.full((len(positions), JOINT_COUNT, 3), np.nan)
    for place, joint in enumerate(JOINT_NAMES):
        if joint in found:
            joints[:, place] = positions[:, found[joint]]
    made = [i for i, joint in enumerate(JOINT_NAMES) if joint not in found and "spine" not in joint]
    if "neck" not in found:
        shoulders = joints[:, (16, 17)].mean(axis=1)
        joints[:, 12] = (shoulders + joints[:, 15]) / 2
    chain = np.stack([joints[:, 0], *(positions[:, i] for i in bones.spine), joints[:, 12]], axis=1)
    joints[:, (3, 6, 9)] = _along(chain, SPINE_PLACES)
    return joints, made


def _useful(names: Sequence[str], parents: Sequence[int], positions: Array) -> list[str]:
    """The names without those of end sites that lie on their parents and so mean nothing."""
    least = 0.02 * float(np.ptp(positions[0], axis=0).max())
    apart = np.linalg.norm(positions[0] - positions[0, list(parents)], axis=-1)
    return [
        "" if name.endswith(END) and d < least else name
        for name, d in zip(names, apart, strict=True)
    ]


def _along(chain: Array, places: Sequence[float]) -> Array:
    """Points (T, len(places), 3) at parts of the length of polylines (T, K, 3)."""
    lengths = np.median(np.linalg.norm(np.diff(chain, axis=1), axis=-1), axis=0)
    at = np.concatenate([[0.0], np.cumsum(lengths)])
    points = []
    for place in np.asarray(places) * at[-1]:
        i = int(np.clip(np.searchsorted(at, place, side="right") - 1, 0, len(lengths) - 1))
        part = (place - at[i]) / max(lengths[i], 1e-12)
        points.append(chain[:, i] + part * (chain[:, i + 1] - chain[:, i]))
    return np.stack(points, axis=1)


def _rest_frames(joints: Array) -> int:
    """1 when the first frame is an outlier: a rest pose that exporters put before the take."""
    if len(joints) < 10:
        return 0
    limbs = np.nan_to_num(joints - joints[:, :1])
    steps = np.linalg.norm(np.diff(limbs[:30], axis=0), axis=-1).mean(axis=1)
    size = np.linalg.norm(joints[:, 4] - joints[:, 1], axis=-1).mean()
    return int(steps[0] > 0.05 * size and steps[0] > 4 * steps[1:].max())


def _metres(joints: Array) -> tuple[float, str]:
    """Scale to metres by the length of the legs, and a note when it is no known unit."""
    leg = 0.0
    for hip, knee, ankle in ((1, 4, 7), (2, 5, 8)):
        for a, b in ((hip, knee), (knee, ankle)):
            leg += float(np.median(np.linalg.norm(joints[:, b] - joints[:, a], axis=-1))) / 2
    if leg <= 0:
        raise RecordingError("The legs have no length: hip, knee and ankle are at one point.")
    name, unit = min(UNITS_M.items(), key=lambda item: abs(np.log(leg * item[1] / LEG_M)))
    if PLAUSIBLE_LEG_M[0] <= leg * unit <= PLAUSIBLE_LEG_M[1]:
        return unit, "" if name in ("metres", "centimetres") else f"Lengths taken as {name}."
    return LEG_M / leg, f"Legs are {leg:.3g} long, which fits no unit: scaled to {LEG_M} m."


def _up_axis(joints: Array) -> tuple[str, str]:
    """The axis along which the body stands, over all frames."""
    body = joints[:, 15] - (joints[:, 7] + joints[:, 8]) / 2
    body /= np.linalg.norm(body, axis=-1, keepdims=True) + 1e-12
    upright = {name: float((body @ turn.T)[:, 1].mean()) for name, turn in UP.items()}
    best = max(upright, key=lambda name: upright[name])
    if upright["y"] > 0.6 or (upright[best] < 0.5 and upright["y"] > -0.5):
        note = "" if upright["y"] > 0.5 else "The body is never upright: y taken as up."
        return "y", note
    return best, "" if best == "z" else f"The body stands along {best}: turned by rotation."


def _synthesise(joints: Array) -> None:
    """Fill toes and collars that are NaN, in place."""
    left = joints[:, 1] - joints[:, 2]
    ahead = np.cross(left, joints[:, 12] - joints[:, 0])
    for ankle, knee, foot in ((7, 4, 10), (8, 5, 11)):
        if np.isnan(joints[:, foot]).any():
            shin = _unit(joints[:, ankle] - joints[:, knee])
            sole = _unit(ahead - (ahead * shin).sum(-1, keepdims=True) * shin)
            joints[:, foot] = joints[:, ankle] + SOLE_M * sole
    for collar, shoulder in ((13, 16), (14, 17)):
        if np.isnan(joints[:, collar]).any():
            joints[:, collar] = (joints[:, 9] + joints[:, shoulder]) / 2


def _refuse_mirrored(joints: Array, made: list[int], source: str) -> None:
    """Feet and knees point ahead; ahead is left x up. If they point back, left is right."""
    left = _unit(joints[:, 1] - joints[:, 2])
    ahead = np.cross(left, _unit(joints[:, 12] - joints[:, 0]))
    votes = []
    for hip, knee, ankle, foot in ((1, 4, 7, 10), (2, 5, 8, 11)):
        if foot not in made:
            votes.append((_unit(joints[:, foot] - joints[:, ankle]) * ahead).sum(-1).mean())
        bend = joints[:, knee] - (joints[:, hip] + joints[:, ankle]) / 2
        votes.append((bend * ahead).sum(-1).mean() / 0.1)
    if float(np.mean(votes)) < -0.2:
        raise RecordingError(
            f"{source}: left and right are swapped (feet and knees point backwards), as in a "
            "mirrored or left-handed export. Export it right-handed, or correct the bone names."
        )


def _listed(joints: Iterable[str]) -> str:
    return ", ".join(joint.replace("_", " ") for joint in joints)


def _unit(vectors: Array) -> Array:
    lengths: Array = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / (lengths + 1e-12)
