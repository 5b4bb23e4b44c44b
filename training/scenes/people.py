"""A person's looks, and strokes for their joints as a camera sees them."""

from dataclasses import dataclass

import numpy as np

from engines.motion.skeleton import JOINT
from training.scenes.painting import Stroke, shade

Colour = tuple[float, float, float]
_SKIN = ((250, 215, 185), (235, 190, 150), (205, 150, 110), (160, 105, 70), (110, 70, 45))
_HAIR = ((30, 22, 18), (70, 45, 25), (130, 85, 40), (215, 180, 110), (150, 150, 150), (150, 60, 30))
_BONES = (
    ("hip", "knee", 0.078, "legs"), ("knee", "ankle", 0.058, "shins"),
    ("ankle", "foot", 0.048, "shoes"), ("shoulder", "elbow", 0.052, "sleeves"),
    ("elbow", "wrist", 0.043, "forearms"),
)  # fmt: skip
_LIT = (-0.35, -0.35)
"""Light comes from the upper left: the lit part of a limb is that much of its radius off."""


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of one person, how stout they are, and what is on their head."""

    colours: dict[str, Colour]
    stout: float
    hat: bool
    long_hair: bool
    stripes: bool

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Look":
        """A random person's looks."""
        skin = _SKIN[rng.integers(len(_SKIN))]
        shirt, trousers = _cloth(rng), _cloth(rng)
        short_sleeves, shorts = rng.random() < 0.5, rng.random() < 0.3
        colours = {
            "skin": skin,
            "hair": _HAIR[rng.integers(len(_HAIR))],
            "shirt": shirt,
            "sleeves": shirt,
            "forearms": skin if short_sleeves else shirt,
            "legs": trousers,
            "shins": skin if shorts else trousers,
            "shoes": shade(_cloth(rng), 0.6),
            "hat": _cloth(rng),
        }
        stout = float(rng.uniform(0.85, 1.3))
        return cls(colours, stout, *(bool(rng.random() < p) for p in (0.2, 0.35, 0.3)))


def _cloth(rng: np.random.Generator) -> Colour:
    """Any colour, greys and muted ones included."""
    grey = rng.uniform(30, 235)
    colour = rng.uniform(15, 245, 3)
    mixed = grey + (colour - grey) * rng.uniform(0.1, 1.0)
    return (float(mixed[0]), float(mixed[1]), float(mixed[2]))


def strokes(
    look: Look, pixels: np.ndarray, depth_m: np.ndarray, per_m: float, facing: np.ndarray
) -> list[Stroke]:
    """Strokes of a person: joints as pixels (22, 2) and depths (22), who faces (3,)."""
    made: list[Stroke] = []
    for side in ("left", "right"):
        for upper, lower, radius, part in _BONES:
            ends = [JOINT[f"{side}_{upper}"], JOINT[f"{side}_{lower}"]]
            width = 2 * radius * look.stout * per_m
            made += _limb(pixels[ends], depth_m[ends], width, look.colours[part])
        wrist = JOINT[f"{side}_wrist"]
        hand = np.stack([pixels[wrist], pixels[wrist] + 0.5])
        made.append(Stroke(depth_m[wrist] - 0.02, hand, look.colours["skin"], 0.1 * per_m))
    made += _torso(look, pixels, depth_m, per_m)
    return made + _head(look, pixels, depth_m, per_m, facing)


def _limb(points: np.ndarray, depth_m: np.ndarray, width: float, colour: Colour) -> list[Stroke]:
    depth = float(depth_m.mean())
    lit = points + np.array(_LIT) * width / 2
    return [
        Stroke(depth + 0.003, points, shade(colour, 0.55), width * 1.12),
        Stroke(depth + 0.002, points, shade(colour, 0.85), width * 0.9),
        Stroke(depth + 0.001, lit, shade(colour, 1.1), width * 0.42),
    ]


def _torso(look: Look, pixels: np.ndarray, depth_m: np.ndarray, per_m: float) -> list[Stroke]:
    corners = [JOINT[n] for n in ("left_shoulder", "right_shoulder", "right_hip", "left_hip")]
    loop = pixels[[*corners, corners[0]]]
    depth = float(depth_m[corners].mean())
    width = 0.13 * look.stout * per_m
    colour = look.colours["shirt"]
    made = [
        Stroke(depth + 0.003, loop, shade(colour, 0.55), width * 1.15),
        Stroke(depth + 0.002, loop, shade(colour, 0.88), width * 0.95),
        Stroke(depth + 0.001, loop[:4], shade(colour, 0.95)),
    ]
    neck = pixels[[JOINT["neck"], JOINT["head"]]]
    made.append(Stroke(depth, neck, shade(look.colours["skin"], 0.85), 0.1 * per_m))
    if look.stripes:
        for share in (0.25, 0.5, 0.75):
            ends = np.stack([loop[0] * (1 - share) + loop[3] * share,
                             loop[1] * (1 - share) + loop[2] * share])  # fmt: skip
            made.append(Stroke(depth - 0.001, ends, shade(colour, 1.3), 0.05 * per_m))
    belt = pixels[corners[2:]]
    made.append(Stroke(depth - 0.002, belt, look.colours["legs"], 0.15 * look.stout * per_m))
    return made


def _head(
    look: Look, pixels: np.ndarray, depth_m: np.ndarray, per_m: float, facing: np.ndarray
) -> list[Stroke]:
    head, neck = JOINT["head"], JOINT["neck"]
    up = pixels[head] - pixels[neck]
    up = up / max(float(np.linalg.norm(up)), 1e-6)
    depth, radius = float(depth_m[head]), 0.125 * per_m
    middle = pixels[head] + 0.35 * radius * up
    side = np.array([facing[0], 0.0]) * radius
    front, back = depth - 0.03, depth + 0.03
    seen_from_front = facing[2] > -0.35
    hair = front if not seen_from_front else back
    made = [_blob(depth, middle, 2.3 * radius, shade(look.colours["hair"], 0.6))]
    made.append(_blob(hair - 0.001, middle - 0.2 * side + 0.12 * radius * up, 2.2 * radius,
                      look.colours["hair"]))  # fmt: skip
    if look.long_hair:
        fall = np.stack([middle - 0.4 * side, middle - 0.5 * side - 1.5 * radius * up])
        made.append(Stroke(hair, fall, look.colours["hair"], 1.6 * radius))
    if seen_from_front:
        face = middle + 0.25 * side - 0.15 * radius * up
        made.append(_blob(front, face, 1.75 * radius, look.colours["skin"]))
        across = np.array([-up[1], up[0]]) * 0.35 * radius
        for way in (-1, 1):
            eye = face + 0.3 * side + way * across + 0.1 * radius * up
            made.append(_blob(front - 0.01, eye, 0.3 * radius, (30, 30, 35)))
    if look.hat:
        brim = middle + 0.55 * radius * up
        across = np.array([-up[1], up[0]]) * radius
        ends = brim + 0.3 * side + np.stack([-across, across])
        made.append(Stroke(front - 0.02, ends, look.colours["hat"], 0.5 * radius))
        made.append(
            _blob(front - 0.02, brim + 0.35 * radius * up, 1.5 * radius, look.colours["hat"])
        )
    return made


def _blob(depth_m: float, middle: np.ndarray, width: float, colour: Colour) -> Stroke:
    return Stroke(depth_m, np.stack([middle, middle + 0.5]), colour, width)
