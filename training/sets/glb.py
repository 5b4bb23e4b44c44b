"""Animations of a GLB file as canonical joints: keys sampled at 20 fps, forward kinematics.

The container is read here: pygltflib 1.16 is right, but takes a minute for these ten files, since
every accessor becomes an object; the JSON as it stands takes a tenth of a second.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from clients.rigs.canonical import from_rig
from training.sets.wording import FPS

_MAGIC = b"glTF"
_FLOAT32 = 5126
_WIDTH = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}
_REST = {"translation": (0.0, 0.0, 0.0), "rotation": (0.0, 0.0, 0.0, 1.0), "scale": (1.0, 1.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Container:
    """A GLB file: its JSON part and its one binary buffer."""

    json: dict[str, Any]
    binary: bytes


def read(path: Path) -> Container:
    """Read a GLB file. Raises ValueError if it is none."""
    data = path.read_bytes()
    if data[:4] != _MAGIC:
        raise ValueError(f"{path} is no GLB file: it should begin with 'glTF'.")
    (length,) = struct.unpack_from("<I", data, 12)
    return Container(json.loads(data[20 : 20 + length]), data[28 + length :])


def clips(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Yield (animation name, joints (T, 22, 3) float32 at 20 fps) of every moving animation.

    All animations go through the rig mapping together, since one clip alone (a crawl, a fall) does
    not show which way is up. Raises RecordingError when the rig is no person.
    """
    model = read(path)
    parents = _parents(model)
    names = [node.get("name", f"node {i}") for i, node in enumerate(model.json["nodes"])]
    found, parts = [], []
    for animation in model.json["animations"]:
        time_s = _times(model, animation)
        if len(time_s) >= FPS // 2:
            found.append(animation["name"].split("|")[-1])
            parts.append(_forward(parents, _tracks(model, animation, time_s)))
    together = np.concatenate([parts[0][:1], *parts])
    time_s = np.arange(len(together)) / FPS
    joints = from_rig(names, parents, together, time_s, source=path.name).joints
    start = len(joints) - sum(map(len, parts))
    for name, part in zip(found, parts, strict=True):
        yield name, joints[start : start + len(part)]
        start += len(part)


def _parents(model: Container) -> list[int]:
    parents = [-1] * len(model.json["nodes"])
    for i, node in enumerate(model.json["nodes"]):
        for child in node.get("children", []):
            parents[child] = i
    return parents


def _array(model: Container, index: int) -> np.ndarray:
    accessor = model.json["accessors"][index]
    view = model.json["bufferViews"][accessor["bufferView"]]
    if accessor["componentType"] != _FLOAT32 or "byteStride" in view:
        raise ValueError("only packed float32 accessors are read")
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    width = _WIDTH[accessor["type"]]
    values = np.frombuffer(model.binary, np.float32, accessor["count"] * width, start)
    return values.reshape(-1, width).astype(np.float64)


def _times(model: Container, animation: dict[str, Any]) -> np.ndarray:
    ends = [_array(model, sampler["input"])[-1, 0] for sampler in animation["samplers"]]
    return np.arange(0.0, float(max(ends)) + 1e-6, 1 / FPS)


def _tracks(
    model: Container, animation: dict[str, Any], time_s: np.ndarray
) -> list[dict[str, np.ndarray]]:
    """Local translation, rotation and scale of every node at the wanted times."""
    local = []
    for node in model.json["nodes"]:
        rest = {part: node.get(part, value) for part, value in _REST.items()}
        local.append({p: np.tile(np.array(v, float), (len(time_s), 1)) for p, v in rest.items()})
    for channel in animation["channels"]:
        sampler, target = animation["samplers"][channel["sampler"]], channel["target"]
        if target["path"] not in _REST:
            continue
        how = sampler.get("interpolation", "LINEAR")
        keys, values = _array(model, sampler["input"])[:, 0], _array(model, sampler["output"])
        if how == "CUBICSPLINE":
            values = values[1::3]
        local[target["node"]][target["path"]] = _sample(keys, values, time_s, step=how == "STEP")
    return local


def _sample(keys: np.ndarray, values: np.ndarray, at: np.ndarray, *, step: bool) -> np.ndarray:
    """Values between keys; quaternions along the shorter way."""
    before = np.clip(np.searchsorted(keys, at, side="right") - 1, 0, len(keys) - 1)
    after = np.minimum(before + 1, len(keys) - 1)
    part = (at - keys[before]) / np.maximum(keys[after] - keys[before], 1e-9)
    part = np.zeros_like(at) if step else np.clip(part, 0.0, 1.0)
    first, second = values[before], values[after]
    if values.shape[1] == 4:
        second = second * np.where(np.sum(first * second, 1) < 0, -1.0, 1.0)[:, None]
    mixed = first * (1 - part[:, None]) + second * part[:, None]
    return mixed / np.linalg.norm(mixed, axis=1, keepdims=True) if values.shape[1] == 4 else mixed


def _forward(parents: list[int], local: list[dict[str, np.ndarray]]) -> np.ndarray:
    """Global positions (T, N, 3) of all nodes."""
    count = len(local[0]["translation"])
    placed: dict[int, np.ndarray] = {}

    def place(node: int) -> np.ndarray:
        if node not in placed:
            matrix = np.tile(np.eye(4), (count, 1, 1))
            matrix[:, :3, :3] = _matrices(local[node]["rotation"]) * local[node]["scale"][:, None]
            matrix[:, :3, 3] = local[node]["translation"]
            above = parents[node]
            placed[node] = matrix if above < 0 else place(above) @ matrix
        return placed[node]

    return np.stack([place(node)[:, :3, 3] for node in range(len(local))], axis=1)


def _matrices(q: np.ndarray) -> np.ndarray:
    """Rotation matrices (T, 3, 3) of unit quaternions xyzw (T, 4)."""
    x, y, z, w = q.T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), -1, 0)
