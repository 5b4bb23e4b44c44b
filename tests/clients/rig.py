"""A small humanoid rig written as BVH text in any axes, unit and naming: material for tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

SIDES = ("Left", "Right")
# name, parent, offset in metres for the left side or the middle (x is mirrored for the right side)
TABLE: tuple[tuple[str, str, tuple[float, float, float]], ...] = (
    ("Hips", "", (0, 0.95, 0)),
    ("Spine", "Hips", (0, 0.11, -0.01)),
    ("Spine1", "Spine", (0, 0.14, 0)),
    ("Neck", "Spine1", (0, 0.26, 0)),
    ("Head", "Neck", (0, 0.1, 0.02)),
    ("*Shoulder", "Spine1", (0.06, 0.2, 0)),
    ("*Arm", "*Shoulder", (0.12, 0, 0)),
    ("*ForeArm", "*Arm", (0.27, 0, 0)),
    ("*Hand", "*ForeArm", (0.25, 0, 0)),
    ("*UpLeg", "Hips", (0.09, -0.06, 0)),
    ("*Leg", "*UpLeg", (0, -0.4, 0.01)),
    ("*Foot", "*Leg", (0, -0.41, -0.01)),
    ("*ToeBase", "*Foot", (0, -0.05, 0.13)),
)


@dataclass
class Rig:
    """Bones as `(name, parent, offset)`, parents first; written with `text`."""

    bones: list[tuple[str, str, np.ndarray]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for name, _, _ in self.bones]

    @property
    def parents(self) -> list[int]:
        names = self.names
        return [names.index(parent) if parent else -1 for _, parent, _ in self.bones]

    def without(self, *endings: str) -> "Rig":
        """The same rig less all bones whose name ends so."""
        return Rig([bone for bone in self.bones if not bone[0].endswith(endings)])

    def renamed(self, names: Mapping[str, str]) -> "Rig":
        return Rig([(names.get(n, n), names.get(p, p), offset) for n, p, offset in self.bones])

    def turned(self, matrix: np.ndarray) -> "Rig":
        """Offsets multiplied by a matrix: other axes, another unit, or a mirror."""
        return Rig([(name, parent, matrix @ offset) for name, parent, offset in self.bones])

    def text(self, rows: np.ndarray, *, frame_s: float = 1 / 60, order: str = "ZXY") -> str:
        """BVH text; `rows` (T, 3 + 3 N): root position, then each bone's rotations in `order`."""
        lines = ["HIERARCHY"]
        for root in [name for name, parent, _ in self.bones if not parent]:
            lines += self._joint(root, "", order)
        lines += ["MOTION", f"Frames: {len(rows)}", f"Frame Time: {frame_s:.6f}"]
        lines += [" ".join(f"{value:.6f}" for value in row) for row in rows]
        return "\n".join(lines) + "\n"

    def _joint(self, name: str, indent: str, order: str) -> list[str]:
        parent, offset = next((p, o) for n, p, o in self.bones if n == name)
        children = [n for n, p, _ in self.bones if p == name]
        turns = " ".join(f"{axis}rotation" for axis in order)
        places = "" if parent else "Xposition Yposition Zposition "
        lines = [
            f"{indent}{'JOINT' if parent else 'ROOT'} {name}",
            indent + "{",
            f"{indent}  OFFSET {offset[0]:.6f} {offset[1]:.6f} {offset[2]:.6f}",
            f"{indent}  CHANNELS {3 if parent else 6} {places}{turns}",
        ]
        for child in children:
            lines += self._joint(child, indent + "  ", order)
        if not children:
            lines += [f"{indent}  End Site", indent + "  {", f"{indent}    OFFSET 0 0 0"]
            lines += [indent + "  }"]
        return [*lines, indent + "}"]

    def in_file_order(self) -> list[str]:
        """Bone names in the order in which `text` writes them: the order of the columns."""
        found: list[str] = []

        def visit(name: str) -> None:
            found.append(name)
            for child in [n for n, p, _ in self.bones if p == name]:
                visit(child)

        for root in [name for name, parent, _ in self.bones if not parent]:
            visit(root)
        return found


def humanoid() -> Rig:
    """The rig of TABLE, y up, metres, facing +z: MotionBuilder names."""
    bones: list[tuple[str, str, np.ndarray]] = []
    for name, parent, offset in TABLE:
        for side in SIDES if "*" in name else ("",):
            x = -offset[0] if side == "Right" else offset[0]
            place = np.array([x, offset[1], offset[2]], float)
            bones.append((name.replace("*", side), parent.replace("*", side), place))
    return Rig(bones)


def still(rig: Rig, frames: int = 20) -> np.ndarray:
    """Rows that hold the rest pose."""
    root = next(offset for _, parent, offset in rig.bones if not parent)
    return np.tile(np.concatenate([root, np.zeros(3 * len(rig.bones))]), (frames, 1))


def rest(rig: Rig) -> dict[str, np.ndarray]:
    """Global place of every bone in the rest pose."""
    places: dict[str, np.ndarray] = {}
    for name, parent, offset in rig.bones:
        places[name] = offset + (places[parent] if parent else 0)
    return places


def bent(rig: Rig, degrees: Mapping[str, Sequence[float]], frames: int = 20) -> np.ndarray:
    """Rows in which the named bones are turned by the given angles, in the file's channel order."""
    rows = still(rig, frames)
    for name, angles in degrees.items():
        column = 3 + 3 * rig.in_file_order().index(name)
        rows[:, column : column + 3] = angles
    return rows
