"""Control channels to joints: forward kinematics for the trunk, two-bone IK for the limbs.

A frame of motion is a row of `CHANNELS`. Angles are degrees, lengths are in leg lengths (pelvis,
ankles, ground) or arm lengths (hands). Hands are given from their shoulder, ankles from the point
on the ground under the stance; `out` is away from the mid-line, so a mirrored row is a row with
left and right swapped. Pure numpy; no randomness except `Body.draw`.
"""

from dataclasses import dataclass

import numpy as np

TRUNK = (
    "px", "py", "pz", "pitch", "roll", "yaw",
    "flex", "side", "twist", "hflex", "hside", "htwist",
    "gx", "gz", "gyaw", "al",
)  # fmt: skip
LIMB = ("hx", "hy", "hz", "sw", "sh", "ax", "ay", "az", "fp", "fy", "kn")
CHANNELS = (*TRUNK, *(f"l{c}" for c in LIMB), *(f"r{c}" for c in LIMB))
INDEX = {name: i for i, name in enumerate(CHANNELS)}
GROUND = [INDEX[c] for c in ("gx", "gz", "gyaw")]
"""Displacements over the ground since the start of a move; all others are postures."""
_FLIPPED = {"px", "roll", "yaw", "side", "twist", "hside", "htwist", "gx", "gyaw"}
_SWAP = [INDEX[{"l": "r", "r": "l"}[c[0]] + c[1:] if c not in TRUNK else c] for c in CHANNELS]
_SIGN = np.array([-1.0 if c in _FLIPPED else 1.0 for c in CHANNELS])
FOOT_LENGTH_M = 0.135


def mirror(channels: np.ndarray) -> np.ndarray:
    """Swap left and right of control rows (..., C)."""
    return channels[..., _SWAP] * _SIGN


@dataclass(frozen=True, slots=True)
class Body:
    """Bone lengths in metres of one person."""

    thigh: float = 0.42
    shin: float = 0.42
    hip_out: float = 0.075
    hip_drop: float = 0.085
    ankle: float = 0.085
    foot: float = FOOT_LENGTH_M
    spine: float = 0.118
    neck: float = 0.14
    head: float = 0.18
    collar_out: float = 0.075
    collar_up: float = 0.085
    shoulder_out: float = 0.11
    upper_arm: float = 0.28
    forearm: float = 0.245

    @property
    def leg(self) -> float:
        """Leg length in metres."""
        return self.thigh + self.shin

    @property
    def arm(self) -> float:
        """Arm length in metres."""
        return self.upper_arm + self.forearm

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Body":
        """A random person: overall size, and each bone a little on its own."""
        size = rng.uniform(0.82, 1.15)
        base = cls()
        names = cls.__slots__
        return cls(*(getattr(base, n) * size * rng.normal(1.0, 0.06) for n in names))


def rot_x(degrees: np.ndarray) -> np.ndarray:
    """Rotation matrices (T, 3, 3) about x; positive leans an upright body forward."""
    return _rotation(degrees, 1, 2)


def rot_y(degrees: np.ndarray) -> np.ndarray:
    """Rotation matrices (T, 3, 3) about y; positive turns to the left."""
    return _rotation(degrees, 2, 0)


def rot_z(degrees: np.ndarray) -> np.ndarray:
    """Rotation matrices (T, 3, 3) about z; positive leans an upright body to its right."""
    return _rotation(degrees, 0, 1)


def _rotation(degrees: np.ndarray, a: int, b: int) -> np.ndarray:
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.zeros((*angle.shape, 3, 3))
    c = 3 - a - b
    matrix[..., c, c] = 1.0
    matrix[..., a, a] = cos
    matrix[..., b, b] = cos
    matrix[..., b, a] = sin
    matrix[..., a, b] = -sin
    return matrix


def _apply(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    return np.einsum("tij,tj->ti", matrix, np.broadcast_to(vector, (len(matrix), 3)))


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.maximum(np.linalg.norm(vector, axis=-1, keepdims=True), 1e-9)


def two_bones(
    root: np.ndarray, target: np.ndarray, lengths: tuple[float, float], pole: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Middle and end joint (T, 3) of a limb that reaches for a target, bent towards `pole`."""
    upper, lower = lengths
    reach = target - root
    distance = np.linalg.norm(reach, axis=-1, keepdims=True)
    along = reach / np.maximum(distance, 1e-9)
    distance = np.clip(distance, abs(upper - lower) + 0.25 * lower, (upper + lower) * 0.999)
    across = pole - np.sum(pole * along, axis=-1, keepdims=True) * along
    a = (upper**2 - lower**2 + distance**2) / (2 * distance)
    bend = np.sqrt(np.maximum(upper**2 - a**2, 0.0))
    return root + along * a + _unit(across) * bend, root + along * distance


def joints(channels: np.ndarray, body: Body) -> np.ndarray:
    """Joints (T, 22, 3) float32 in metres of control rows (T, C), nothing below the floor."""
    at = {name: channels[:, i] for name, i in INDEX.items()}
    count, leg = len(channels), body.leg
    out = np.zeros((count, 22, 3))
    heading = rot_y(at["gyaw"])
    ground = np.stack([at["gx"], np.zeros(count), at["gz"]], -1)
    offset = np.stack([at["px"], at["py"], at["pz"]], -1) * leg
    pelvis_turn = rot_y(at["gyaw"] + at["yaw"]) @ rot_x(at["pitch"]) @ rot_z(-at["roll"])
    pelvis = ground + _apply(heading, offset)
    pelvis[:, 1] += body.ankle + leg * 0.998 + body.hip_drop
    ankles = {s: _ankle(at, s, ground, body) for s in "lr"}
    pelvis[:, 1] -= _drop(at, pelvis, pelvis_turn, ankles, body)
    out[:, 0] = pelvis
    for s, sign in (("l", 1.0), ("r", -1.0)):
        _leg(out, at, s, sign, (pelvis_turn, ankles[s]), body)
    chest = _spine(out, at, pelvis_turn, body)
    for s, sign in (("l", 1.0), ("r", -1.0)):
        _arm(out, at, s, sign, chest, body)
    lowest = out[..., 1].min(axis=1)
    out[..., 1] += np.maximum(0.012 - lowest, 0.0)[:, None]
    return out.astype(np.float32)


def _hip(sign: float, body: Body) -> np.ndarray:
    return np.array([sign * body.hip_out, -body.hip_drop, 0.0])


def _ankle(
    at: dict[str, np.ndarray], s: str, ground: np.ndarray, body: Body
) -> tuple[np.ndarray, np.ndarray]:
    """Wanted ankle position (T, 3) and the way to the foot joint, toes never under the floor."""
    sign = 1.0 if s == "l" else -1.0
    local = np.stack([sign * at[s + "ax"], at[s + "ay"], at[s + "az"]], -1) * body.leg
    position = ground + _apply(rot_y(at["gyaw"]), local)
    position[:, 1] += body.ankle
    turn = rot_y(at["gyaw"] + sign * at[s + "fy"]) @ rot_x(at[s + "fp"])
    toe = _apply(turn, np.array([0.0, 0.02 - body.ankle, body.foot]))
    position[:, 1] = np.maximum(position[:, 1], 0.015 - toe[:, 1])
    return position, toe


def _drop(
    at: dict[str, np.ndarray],
    pelvis: np.ndarray,
    turn: np.ndarray,
    ankles: dict[str, tuple[np.ndarray, np.ndarray]],
    body: Body,
) -> np.ndarray:
    """How far the pelvis must sink (T,) so that both planted feet stay on the floor."""
    drops = []
    for s, sign in (("l", 1.0), ("r", -1.0)):
        hip = pelvis + _apply(turn, _hip(sign, body))
        ankle = ankles[s][0]
        across = np.linalg.norm((hip - ankle)[:, [0, 2]], axis=-1)
        highest = ankle[:, 1] + np.sqrt(np.maximum((body.leg * 0.995) ** 2 - across**2, 0.01))
        planted = np.clip(1.0 - at[s + "ay"] / 0.06, 0.0, 1.0)
        drops.append(np.clip(hip[:, 1] - highest, 0.0, 0.5 * body.leg) * planted)
    return np.maximum(*drops)


def _leg(
    out: np.ndarray,
    at: dict[str, np.ndarray],
    s: str,
    sign: float,
    places: tuple[np.ndarray, tuple[np.ndarray, np.ndarray]],
    body: Body,
) -> None:
    turn, (target, toe) = places
    hip, knee, ankle, foot = (1, 4, 7, 10) if s == "l" else (2, 5, 8, 11)
    out[:, hip] = out[:, 0] + _apply(turn, _hip(sign, body))
    way = np.einsum("tji,tj->ti", turn, _unit(target - out[:, hip]))
    pole = np.stack([sign * (at[s + "kn"] + 0.08), way[:, 2], 0.3 - way[:, 1]], -1)
    pole = np.einsum("tij,tj->ti", turn, pole)
    out[:, knee], out[:, ankle] = two_bones(out[:, hip], target, (body.thigh, body.shin), pole)
    out[:, foot] = out[:, ankle] + _hanging(at[s + "ay"], out[:, knee] - out[:, ankle], toe)


def _hanging(lift: np.ndarray, shin: np.ndarray, toe: np.ndarray) -> np.ndarray:
    """The way to the foot joint (T, 3): a lifted foot turns partly with its shin."""
    up = _unit(shin)
    loose = np.clip(lift / 0.12, 0.0, 1.0)[:, None] * 0.3
    hanging = toe - np.sum(toe * up, -1, keepdims=True) * up * loose
    return _unit(hanging) * np.linalg.norm(toe, axis=-1, keepdims=True)


def _spine(
    out: np.ndarray, at: dict[str, np.ndarray], pelvis_turn: np.ndarray, body: Body
) -> np.ndarray:
    """Place spine, neck and head; return the chest's orientation (T, 3, 3)."""
    part = rot_y(at["twist"] / 3) @ rot_x(at["flex"] / 3) @ rot_z(-at["side"] / 3)
    up = np.array([0.0, body.spine, 0.0])
    turn = pelvis_turn
    out[:, 3] = out[:, 0] + _apply(turn, up)
    for joint, parent in ((6, 3), (9, 6)):
        turn = turn @ part
        out[:, joint] = out[:, parent] + _apply(turn, up)
    turn = turn @ part
    out[:, 12] = out[:, 9] + _apply(turn, np.array([0.0, body.neck, 0.01]))
    head = turn @ rot_y(at["htwist"]) @ rot_x(at["hflex"]) @ rot_z(-at["hside"])
    out[:, 15] = out[:, 12] + _apply(head, np.array([0.0, 0.94, 0.34]) * body.head)
    return turn


def _arm(
    out: np.ndarray, at: dict[str, np.ndarray], s: str, sign: float, chest: np.ndarray, body: Body
) -> None:
    collar, shoulder, elbow, wrist = (13, 16, 18, 20) if s == "l" else (14, 17, 19, 21)
    up, sw = at[s + "hy"], at[s + "sw"]
    raised = np.degrees(0.25 * np.clip(up, 0, 1)) + 12 * at[s + "sh"]
    lift = rot_z(sign * raised)
    out[:, collar] = out[:, 9] + _apply(
        chest, np.array([sign * body.collar_out, body.collar_up, 0.0])
    )
    out[:, shoulder] = out[:, collar] + _apply(
        chest @ lift, np.array([sign * body.shoulder_out, 0.015, -0.01])
    )
    flat = _level(chest)
    local = np.stack([sign * at[s + "hx"], up, at[s + "hz"]], -1) * body.arm
    mix = at["al"][:, None]
    reach = np.einsum("tij,tj->ti", flat, local) * (1 - mix)
    reach += np.einsum("tij,tj->ti", chest, local) * mix
    target = out[:, shoulder] + reach
    target[:, 1] = np.maximum(target[:, 1], 0.03)
    bend = _elbow(local, sw, sign)
    pole = np.einsum("tij,tj->ti", flat, bend) * (1 - mix)
    pole += np.einsum("tij,tj->ti", chest, bend) * mix
    bones = (body.upper_arm, body.forearm)
    out[:, elbow], out[:, wrist] = two_bones(out[:, shoulder], target, bones, pole)


def _elbow(hand: np.ndarray, swivel: np.ndarray, sign: float) -> np.ndarray:
    """Where an elbow points (T, 3) for a hand (T, 3) seen from its shoulder.

    Back when the arm hangs, down when it is level, outward when it is raised: three ways that never
    lie along the arm, so that elbows do not flip. `swivel` lifts the elbow.
    """
    up = hand[:, 1] / np.maximum(np.linalg.norm(hand, axis=-1), 1e-6)
    hanging = _step((-up - 0.35) / 0.5)
    raised = _step((up - 0.05) / 0.6) * _step((hand[:, 1] - 0.2) / 0.4)
    level = 1.0 - np.maximum(hanging, raised)
    ways = np.array([[0.45, 0.0, -0.9], [0.3, -1.0, -0.2], [1.0, 0.0, -0.2]])
    pole = np.stack([hanging, level, raised], -1) @ ways
    pole += swivel[:, None] * [1.0, 0.0, 0.2]
    pole[:, 1] += 0.8 * np.clip(swivel, 0, 1) * (level + hanging)
    pole[:, 0] *= sign
    return pole


def _step(u: np.ndarray) -> np.ndarray:
    """Smooth step from 0 to 1."""
    u = np.clip(u, 0.0, 1.0)
    return u * u * (3 - 2 * u)


def _level(turn: np.ndarray) -> np.ndarray:
    """The same facing without lean: the chest's left, flattened, gives it (T, 3, 3)."""
    left = turn[..., 0].copy()
    left[:, 1] = 0.0
    left = _unit(left)
    up = np.broadcast_to(np.array([0.0, 1.0, 0.0]), left.shape)
    return np.stack([left, up, np.cross(left, up)], -1)
