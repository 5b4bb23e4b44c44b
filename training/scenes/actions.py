"""How each verb is performed: a primitive of the motion synthesiser and where its object is.

Pure. Positions are metres, y up; a body faces along its own forward direction.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engines.motion.skeleton import JOINT
from training.synth.registry import REGISTRY, Gait, Primitive, k, pose

Grip = Literal["hands", "hand", "tool", "front", "foot", "seat", "under", "head", "across", "none"]


@dataclass(frozen=True, slots=True)
class Performance:
    """A primitive, the share of its time in which the act is plain to see, and the grip."""

    primitive: Primitive
    grip: Grip
    window: tuple[float, float] = (0.3, 0.8)
    support: float = 0.0
    """Where the object is held: -1 at its near end, 0 in the middle, 1 at its far end."""


def _keys(name: str, *keys: object, **how: object) -> Primitive:
    return Primitive(f"scene_{name}", (), keys=tuple(keys), tail=(k(0.3),), **how)  # type: ignore[arg-type]


_SIT = {"feet": (0.15, 0.0, 0.42), "py": -0.5, "kn": 0.2}
PERFORMANCES: dict[str, Performance] = {
    "lift": Performance(
        _keys("lift", k(0.5, both=(-0.08, 0.8, 0.2)), k(0.8, both=(-0.06, 0.95, 0.12), flex=-6)),
        "hands", (0.35, 0.8), -0.9,
    ),
    "carry": Performance(
        Primitive("scene_carry", (), gait=Gait(speed=1.1, swing=0.0,
                  pose=pose(both=(-0.1, -0.42, 0.55), flex=-6)), seconds=(2.0, 2.5)),
        "hands", (0.0, 1.0), -0.2,
    ),
    "throw": Performance(
        _keys("throw", k(0.4, r=(0.45, 0.45, -0.5), l=(0.1, 0.0, 0.85), twist=-35, lf=(0.12, 0, 0.35)),
              k(0.3, r=(0.4, 0.6, -0.35), l=(0.1, -0.1, 0.8), twist=-25, lf=(0.12, 0, 0.4)), sided=True),
        "hand", (0.35, 0.72),
    ),
    "kick": Performance(
        _keys("kick", k(0.3, rf=(0.1, 0.25, 0.7, -10), r=(0.3, -0.6, -0.5), l=(0.5, -0.3, 0.5), flex=-8),
              k(0.3, rf=(0.1, 0.36, 0.78, -15), r=(0.3, -0.6, -0.5), l=(0.5, -0.3, 0.5), flex=-10),
              sided=True),
        "foot", (0.3, 0.7),
    ),
    "push": Performance(
        _keys("push", k(0.4, both=(-0.05, -0.3, 0.92), flex=22, pitch=20, rf=(0.1, 0, -0.45, 20),
                        lf=(0.1, 0, 0.25), pz=-0.05, py=-0.08),
              k(0.5, both=(-0.05, -0.25, 0.95), flex=25, pitch=22, lf=(0.1, 0, -0.4, 20),
                rf=(0.1, 0, 0.25), py=-0.08)),
        "front", (0.3, 0.8), -1.0,
    ),
    "pull": Performance(
        _keys("pull", k(0.4, both=(-0.15, -0.3, 0.85), flex=-8, pitch=-22, feet=(0.14, 0, 0.42, -10),
                        py=-0.16),
              k(0.5, both=(-0.15, -0.4, 0.7), flex=-10, pitch=-26, feet=(0.14, 0, 0.48, -10), py=-0.18)),
        "front", (0.3, 0.8), -1.0,
    ),
    "grab": Performance(
        _keys("grab", k(0.5, both=(-0.08, -0.97, 0.35), flex=48, pitch=62, py=-0.28, pz=-0.14),
              k(0.5, both=(-0.05, -0.9, 0.35), flex=44, pitch=56, py=-0.2, pz=-0.14)),
        "hands", (0.35, 0.8), 0.0,
    ),
    "wave": Performance(
        Primitive("scene_wave", (), keys=(k(0.3, r=(0.35, 0.5, 0.35)),),
                  cycle=(k(0.3, r=(0.75, 0.4, 0.2), side=8), k(0.3, r=(0.05, 0.55, 0.45), side=-4)),
                  tail=(k(0.3),), repeats=(2, 2), sided=True),
        "tool", (0.2, 0.85), -0.9,
    ),
    "swing": Performance(
        _keys("swing", k(0.4, r=(0.75, -0.05, 0.3), l=(-0.55, -0.1, 0.6), twist=-38, feet=(0.32, 0, 0)),
              k(0.3, r=(0.55, -0.2, 0.6), l=(-0.25, -0.2, 0.75), twist=-22, feet=(0.34, 0, 0)),
              sided=True),
        "across", (0.3, 0.75), -0.85,
    ),
    "read": Performance(
        _keys("read", k(0.5, both=(-0.13, -0.12, 0.52), hflex=20),
              k(0.9, both=(-0.15, -0.1, 0.5), hflex=24)),
        "hands", (0.35, 0.85),
    ),
    "drink": Performance(
        _keys("drink", k(0.5, r=(-0.24, 0.3, 0.32, 0.7), hflex=-25),
              k(0.9, r=(-0.24, 0.33, 0.34, 0.8), hflex=-30, flex=-6), sided=True),
        "hand", (0.35, 0.85),
    ),
    "ride": Performance(
        _keys("ride", k(0.4, both=(0.05, -0.62, 0.45), **_SIT), k(0.9, both=(0.05, -0.6, 0.5), **_SIT)),
        "seat", (0.3, 0.85), 1.0,
    ),
    "jump": Performance(
        _keys("jump", k(0.3, both=(0.55, 0.3, 0.2), py=0.42, rf=(0.12, 0.62, 0.4), lf=(0.12, 0.5, -0.4, 40)),
              k(0.3, both=(0.55, 0.4, 0.2), py=0.46, rf=(0.12, 0.66, 0.45), lf=(0.12, 0.5, -0.4, 40))),
        "under", (0.35, 0.7), 1.0,
    ),
    "balance": Performance(
        _keys("balance", k(0.4, both=(0.9, -0.1, 0.1)), k(0.9, both=(0.93, 0.02, 0.1), side=5)),
        "head", (0.3, 0.85), -1.0,
    ),
    "play": Performance(REGISTRY["guitar"], "across", (0.25, 0.85), -0.35),
    "squat": Performance(
        _keys("squat", k(0.5, both=(-0.05, -0.1, 0.9), py=-0.5, pz=-0.14, pitch=24, flex=12, feet=(0.22, 0, 0)),
              k(0.5, both=(-0.05, -0.1, 0.9), py=-0.58, pz=-0.14, pitch=24, flex=12, feet=(0.22, 0, 0))),
        "none", (0.4, 0.8),
    ),
    "clap": Performance(
        Primitive("scene_clap", (), keys=(k(0.3, both=(0.1, 0.85, 0.3)),),
                  cycle=(k(0.2, both=(-0.3, 0.78, 0.35)), k(0.2, both=(0.15, 0.8, 0.35))),
                  tail=(k(0.3),), repeats=(3, 3)),
        "none", (0.2, 0.85),
    ),
    "bow": Performance(REGISTRY["bow"], "none", (0.35, 0.65)),
    "stretch": Performance(
        _keys("stretch", k(0.4, both=(0.97, 0.02, 0.02)), k(0.9, both=(0.96, 0.12, 0.0), flex=-6)),
        "none", (0.3, 0.85),
    ),
}  # fmt: skip
_DRUMMING = Performance(
    Primitive("scene_drum", (), keys=(k(0.3, both=(0.0, -0.35, 0.5)),),
              cycle=(k(0.18, r=(0.0, -0.05, 0.5), l=(0.0, -0.45, 0.5)),
                     k(0.18, l=(0.0, -0.05, 0.5), r=(0.0, -0.45, 0.5))),
              tail=(k(0.3),), repeats=(3, 3)),
    "front", (0.2, 0.85), -1.0,
)  # fmt: skip


def performance(verb: str, thing: str) -> Performance:
    """How a verb is performed with an object."""
    return _DRUMMING if (verb, thing) == ("play", "drum") else PERFORMANCES[verb]


@dataclass(frozen=True, slots=True)
class Held:
    """Where an object's held point is (3,) and along what direction (3,) it lies."""

    at: np.ndarray
    axis: np.ndarray


UP = np.array([0.0, 1.0, 0.0])


def held(grip: Grip, joints: np.ndarray, *, height_m: float) -> Held:
    """Place an object of a height for joints (22, 3) of its actor."""
    left, right = joints[JOINT["left_wrist"]], joints[JOINT["right_wrist"]]
    pelvis = joints[JOINT["pelvis"]]
    forward = facing(joints)
    if grip in ("hand", "tool"):
        higher = "left" if left[1] > right[1] else "right"
        wrist, elbow = joints[JOINT[f"{higher}_wrist"]], joints[JOINT[f"{higher}_elbow"]]
        arm = _unit(wrist - elbow)
        return Held(wrist + 0.09 * arm, _unit(arm + 0.3 * UP) if grip == "tool" else UP)
    if grip == "across":
        return _across(joints, forward)
    floor = np.array([1.0, 0.0, 1.0])
    if grip == "front":
        reach = max(float((0.5 * (left + right) - pelvis) @ forward), 0.3) + 0.25
        return Held(floor * (pelvis + reach * forward), UP)
    if grip == "foot":
        feet = [joints[JOINT[f"{side}_foot"]] for side in ("left", "right")]
        foot = max(feet, key=lambda each: float(each[1]))
        return Held(foot + 0.22 * forward + 0.06 * UP, UP)
    if grip == "seat":
        return Held(pelvis - 0.1 * UP, UP)
    if grip == "under":
        return Held(floor * pelvis + height_m * UP, UP)
    if grip == "head":
        return Held(joints[JOINT["head"]] + 0.13 * UP, UP)
    return Held(0.5 * (left + right) + 0.05 * forward, UP)


def _across(joints: np.ndarray, forward: np.ndarray) -> Held:
    """In both hands, from the one that is nearer to the body out past the other."""
    left, right = joints[JOINT["left_wrist"]], joints[JOINT["right_wrist"]]
    chest = joints[JOINT["spine3"]]
    near, far = sorted((left, right), key=lambda each: float(np.linalg.norm(each - chest)))
    return Held(near + 0.06 * forward, _unit(far - near + 0.05 * UP))


def facing(joints: np.ndarray) -> np.ndarray:
    """The horizontal direction (3,) that the hips of joints (22, 3) face."""
    across = joints[JOINT["left_hip"]] - joints[JOINT["right_hip"]]
    return _unit(np.cross(across, UP))


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
