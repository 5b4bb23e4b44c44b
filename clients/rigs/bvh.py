"""BVH files of any common rig -> canonical recordings: a parser and forward kinematics in numpy.

Why no library (looked at in November 2026, on CMU files of a Character Creator rig): bvhio 1.5.4
is right but takes 3 s for a 4 MB file and works frame by frame; bvhTools 1.6 brings matplotlib,
pillow, scipy and raylib; bvhsdk 0.2.1 cannot read this rig; bvh 0.3 has no kinematics. Ours agrees
with bvhio and bvhTools to the last digit of float32 and takes a tenth of a second.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clients.rigs.canonical import Array, Recording, RecordingError, from_rig
from clients.rigs.names import END

HIERARCHY: Final = "HIERARCHY"
AXES: Final = {"X": 0, "Y": 1, "Z": 2}
STATEMENT: Final = re.compile(
    r"(?:ROOT|JOINT)[ \t]+(?P<joint>[^\n{]+)|(?P<end>END[ \t]+SITE[^\n{]*)"
    r"|OFFSET(?P<offset>(?:\s+[-+.\deE]+){3})"
    r"|CHANNELS\s+\d+(?P<channels>(?:\s+[XYZ](?:position|rotation))*)|(?P<brace>[{}])",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Bone:
    """One joint or end site; `column` is its first place in a row of the motion."""

    name: str
    parent: int
    offset: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    channels: list[str] = field(default_factory=list)
    column: int = 0


def load(path: str | Path) -> Recording:
    """Read a BVH file. Raises RecordingError with what was wrong and what was expected."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror}).") from error
    hierarchy, found, motion = text.partition("\nMOTION")
    if not found or HIERARCHY not in hierarchy:
        raise RecordingError(f"{path}: no BVH file (HIERARCHY and MOTION expected).")
    bones = parse_hierarchy(hierarchy, str(path))
    rows, frame_s = parse_motion(motion, sum(len(bone.channels) for bone in bones), str(path))
    positions = forward(bones, rows)
    names, parents = [bone.name for bone in bones], [bone.parent for bone in bones]
    time_s = np.arange(len(rows), dtype=np.float64) * frame_s
    return from_rig(names, parents, positions, time_s, source=path.name)


def parse_hierarchy(text: str, source: str) -> list[Bone]:
    """Bones in file order, parents first. End sites are bones named `<parent> end`."""
    bones: list[Bone] = []
    open_bones: list[int] = []
    done = text.find(HIERARCHY) + len(HIERARCHY)
    try:
        for match in STATEMENT.finditer(text, done):
            if text[done : match.start()].strip():
                break
            _apply(match, bones, open_bones)
            done = match.end()
    except (ValueError, IndexError):
        pass  # `done` stands before the statement that is wrong
    rest = text[done:].strip()
    if rest or not bones or open_bones:
        near = f"near {rest.splitlines()[0]!r}" if rest else "(empty, or a bracket is not closed)"
        raise RecordingError(f"{source}: the hierarchy is damaged {near}.")
    return bones


def _apply(match: re.Match[str], bones: list[Bone], open_bones: list[int]) -> None:
    if match["joint"]:
        bones.append(Bone(match["joint"].strip(), open_bones[-1] if open_bones else -1))
    elif match["end"]:
        bones.append(Bone(bones[open_bones[-1]].name + END, open_bones[-1]))
    elif match["offset"]:
        bones[-1].offset = [float(value) for value in match["offset"].split()]
    elif match["channels"]:
        bones[-1].column = sum(len(bone.channels) for bone in bones)
        bones[-1].channels = match["channels"].split()
    elif match["brace"] == "{":
        open_bones.append(len(bones) - 1)
    elif match["brace"]:
        open_bones.pop()


def parse_motion(text: str, columns: int, source: str) -> tuple[Array, float]:
    """Rows (T, columns) and seconds a frame."""
    _, found, body = text.partition("Frame Time:")
    first, _, body = body.lstrip(" \t").partition("\n")
    try:
        frame_s = float(first)
        values = np.fromiter(map(float, body.split()), np.float64)
    except ValueError as error:
        raise RecordingError(f"{source}: the motion part is damaged ({error}).") from error
    if not found or not 0 < frame_s <= 1:
        raise RecordingError(
            f"{source}: Frame Time is {frame_s} s; above 0 and at most 1 expected."
        )
    if not len(values) or not columns or len(values) % columns:
        raise RecordingError(
            f"{source}: {len(values)} motion values are no whole number of frames of {columns} "
            "channels. The file is cut off or damaged; export it again."
        )
    return values.reshape(-1, columns), frame_s


def forward(bones: list[Bone], rows: Array) -> Array:
    """Global positions (T, N, 3) of all bones, in the file's axes and unit.

    Position channels stand in place of the offset; where those of a child are all zero the
    offset holds.
    """
    positions = np.empty((len(rows), len(bones), 3))
    rotations: list[NDArray[np.float64]] = []
    for i, bone in enumerate(bones):
        local, turn = _local(bone, rows, is_root=bone.parent < 0)
        if bone.parent < 0:
            positions[:, i], rotation = local, turn
        else:
            above = rotations[bone.parent]
            positions[:, i] = positions[:, bone.parent] + np.einsum("tij,tj->ti", above, local)
            rotation = above if turn is None else above @ turn
        rotations.append(
            np.broadcast_to(np.eye(3), (len(rows), 3, 3)) if rotation is None else rotation
        )
    return positions


def _local(bone: Bone, rows: Array, *, is_root: bool) -> tuple[Array, Array | None]:
    offset = np.broadcast_to(np.array(bone.offset), (len(rows), 3)).copy()
    moved = offset.copy()
    turn = None
    for number, channel in enumerate(bone.channels):
        values = rows[:, bone.column + number]
        axis = AXES[channel[0].upper()]
        if channel[1:].lower() == "position":
            moved[:, axis] = values
        else:
            step = _rotation(axis, np.radians(values))
            turn = step if turn is None else turn @ step
    places = [AXES[c[0].upper()] for c in bone.channels if c[1:].lower() == "position"]
    if places and (is_root or np.abs(moved[:, places]).max() > 1e-9):
        return moved, turn
    return offset, turn


def _rotation(axis: int, angle: Array) -> Array:
    """Right-handed rotations (T, 3, 3) about one axis, column vectors, radians."""
    turn = np.zeros((len(angle), 3, 3))
    a, b = (axis + 1) % 3, (axis + 2) % 3
    turn[:, axis, axis] = 1
    turn[:, a, a] = turn[:, b, b] = np.cos(angle)
    turn[:, b, a] = np.sin(angle)
    turn[:, a, b] = -turn[:, b, a]
    return turn
