"""What an action primitive is, and the table of them all.

A primitive is data: key frames (or a gait) and phrases. The thematic files in `moves/` fill the
table when imported. Sided primitives are written for the right side and mirrored.
"""

from dataclasses import dataclass, field

from training.synth.body import CHANNELS, LIMB

Pose = dict[str, float]

# Hands, in arm lengths from the shoulder: out, up, forward.
DOWN = (0.12, -0.98, 0.08)
FRONT = (-0.05, 0.0, 0.97)
LOWFRONT = (0.0, -0.6, 0.65)
SIDE = (0.97, 0.0, 0.03)
UP = (0.02, 0.98, 0.05)
UPFRONT = (0.0, 0.65, 0.68)
UPSIDE = (0.68, 0.68, 0.05)
BEHIND = (0.12, -0.78, -0.5)
HIP = (0.1, -0.6, 0.08, 0.9)
CHEST = (-0.2, -0.28, 0.36)
BELLY = (-0.25, -0.58, 0.32)
MOUTH = (-0.3, 0.17, 0.3)
EAR = (-0.12, 0.3, 0.1)
FACE = (-0.26, 0.28, 0.28)
HEAD = (-0.24, 0.55, 0.05, 0.6)
NAPE = (-0.25, 0.25, -0.18, 0.9)
SHOULDER = (-0.03, 0.05, 0.2)
GUARD = (-0.2, -0.02, 0.42)
CARRY = (-0.08, -0.4, 0.52)
MID = (-0.3, -0.12, 0.62)
LAP = (-0.1, -0.6, 0.5)
FLOOR = (-0.05, -0.98, 0.2)


@dataclass(frozen=True, slots=True)
class Key:
    """A posture to reach `seconds` after the one before; `low`: down at the floor, in the way that
    the performer has of getting there."""

    seconds: float
    pose: Pose
    low: bool = False


def k(seconds: float, *, low: bool = False, **parts: object) -> Key:
    """Key frame: `r l both` hands, `rf lf feet` ankles, other channels by name (added to base)."""
    return Key(seconds, pose(**parts), low)


def pose(**parts: object) -> Pose:
    """Channel values of a posture; hands (out, up, fwd[, swivel]), feet (out, up, fwd[, pitch])."""
    row: Pose = {}
    for name, value in parts.items():
        if isinstance(value, tuple):
            names = (
                ("hx", "hy", "hz", "sw") if name in ("r", "l", "both") else ("ax", "ay", "az", "fp")
            )
            sides = "lr" if name in ("both", "feet") else name[0]
            for side in sides:
                row.update({side + c: float(v) for c, v in zip(names, value, strict=False)})
        else:
            targets = [name] if name in CHANNELS else [s + name for s in "lr" if name in LIMB]
            if not targets:
                raise ValueError(f"no such channel: {name}")
            row.update(dict.fromkeys(targets, float(value)))  # type: ignore[arg-type]
    return row


@dataclass(frozen=True, slots=True)
class Gait:
    """Steps of a walk-like movement; lengths in leg lengths, angles in degrees."""

    speed: float = 1.4
    toward: float = 0.0
    turn: float = 0.0
    hz: float = 0.95
    duty: float = 0.62
    lift: float = 0.09
    bounce: float = 0.02
    phase: float = 0.5
    swing: float = 0.3
    limp: float = 0.0
    width: float = 0.1
    pose: Pose = field(default_factory=dict)
    hands: float = 0.0


@dataclass(frozen=True, slots=True)
class Primitive:
    """One action: how it is done and how it is said."""

    name: str
    says: tuple[str, ...]
    keys: tuple[Key, ...] = ()
    cycle: tuple[Key, ...] = ()
    tail: tuple[Key, ...] | None = None
    repeats: tuple[int, int] = (1, 1)
    base: str = "stand"
    to: str = ""
    gait: Gait | None = None
    sided: bool = False
    upper: bool = False
    flow: bool = False
    exact: bool = False
    knees: tuple[float, float] = (0.0, 1.0)
    """How somebody gets low: 0 bends the back alone, 1 the knees; drawn between the two."""
    stays: bool = False
    seconds: tuple[float, float] = (2.0, 5.0)
    counted: bool = False
    family: str = ""


REGISTRY: dict[str, Primitive] = {}


def add(name: str, *says: str, **how: object) -> None:
    """Put a primitive into the table; lists become tuples."""
    if name in REGISTRY:
        raise ValueError(f"primitive {name} is there already")
    fixed = {key: tuple(v) if isinstance(v, list) else v for key, v in how.items()}
    REGISTRY[name] = Primitive(name, says, **fixed)  # type: ignore[arg-type]
