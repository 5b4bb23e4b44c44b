"""Pose features for our own encoder: free of body size, place and heading; live, and pure.

Limb directions in a causal facing frame, the same limbs laid on a canonical body (so that bone
lengths cancel), distances, speeds, root velocity, turning and heights over a running floor. Sensor
noise is met by a median of three frames and a light smoothing, hence the look-ahead. Spine and
collar joints are not used: many rigs only make them up. Everything is elementwise over leading
axes, so frames pushed one by one give bit for bit what one push gives. Columns: `layout`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engines.errors import ShapeError
from engines.motion import layout
from engines.motion.skeleton import JOINT, JOINT_COUNT, MODEL_FPS

Floats = npt.NDArray[np.float32]

FEATURE_COUNT: Final = len(layout.COLUMNS)
LOOKAHEAD_FRAMES: Final = 2
NO_ROWS: Final[Floats] = np.empty((0, FEATURE_COUNT), np.float32)
_SPAN: Final = 2 * LOOKAHEAD_FRAMES + 1  # raw frames that one smoothed frame is made of
_STEP: Final = 2  # frames that a velocity spans
_RATE: Final = MODEL_FPS / _STEP
_FACING_GAIN: Final = 0.3
_FLOOR_FALL: Final = 0.3
_FLOOR_RISE: Final = 0.01
_SCALE_FRAMES: Final = 100  # frames that the leg length is averaged over
_NUMB: Final = (
    0.06  # limbs shorter than this share of the leg count as uncertain: directions shrink
)
_LEFT, _UP, _FORWARD = 0, 1, 2


@dataclass(frozen=True, slots=True)
class FeatureState:
    """Everything that is remembered of B people between frames.

    raw: (B, up to 4, 22, 3) last frames as captured; points, centre, facing: of the last `_STEP`
    frames the points on the canonical body, hip centres and unit facings; across, floor, scale:
    running estimates; frames: how many frames the scale has seen.
    """

    raw: Floats
    points: Floats
    centre: Floats
    facing: Floats
    across: Floats
    floor: Floats
    scale: Floats
    frames: int

    @property
    def arrays(self) -> tuple[Floats, ...]:
        """All of it that has an axis for people."""
        slow = self.across, self.floor, self.scale
        return self.raw, self.points, self.centre, self.facing, *slow

    @property
    def progress(self) -> tuple[int, int, int]:
        """What must be equal of people who are advanced together."""
        return self.frames, self.raw.shape[1], self.points.shape[1]

    def of(self, person: int) -> "FeatureState":
        """One person's part."""
        return self.with_arrays([array[person : person + 1] for array in self.arrays])

    def with_arrays(self, arrays: Sequence[Floats]) -> "FeatureState":
        """The same number of frames, for the people of these arrays."""
        raw, points, centre, facing, across, floor, scale = arrays
        return FeatureState(raw, points, centre, facing, across, floor, scale, self.frames)


class FeatureStream:
    """One person's features, frame by frame."""

    def __init__(self) -> None:
        self.state: FeatureState | None = None

    def push(self, joints: Floats) -> Floats:
        """Take frames `(n, 22, 3)` at 20 fps, metres, y up; give features `(m, FEATURE_COUNT)`.

        Row k of all rows given so far is frame k; a row comes LOOKAHEAD_FRAMES frames late.
        Raises ShapeError for another shape or values that are not finite.
        """
        check(self.state, joints)
        [(rows, self.state)] = together([(self.state, joints)])
        return rows

    def flush(self) -> Floats:
        """Features of the last frames, whose look-ahead never comes; ends the stream."""
        if self.state is None:
            return NO_ROWS
        rows = self.push(np.repeat(self.state.raw[0, -1:], LOOKAHEAD_FRAMES, axis=0))
        self.state = None
        return rows


def check(state: FeatureState | None, joints: Floats) -> None:
    """Raises ShapeError for frames that no features can be made of, whatever came before."""
    del state
    if joints.ndim != 3 or joints.shape[1:] != (JOINT_COUNT, 3):
        raise ShapeError(f"joints must be (n, {JOINT_COUNT}, 3), not {joints.shape}")
    if not np.isfinite(joints).all():
        raise ShapeError("joints must be finite: leave a frame out rather than send NaN")


def together(
    people: Sequence[tuple[FeatureState | None, Floats]],
) -> list[tuple[Floats, FeatureState | None]]:
    """Features `(m, FEATURE_COUNT)` and the new state of each person, given the state and checked
    frames `(n, 22, 3)`. Those who have come equally far are advanced in one go."""
    results: list[tuple[Floats, FeatureState | None]] = [(NO_ROWS, state) for state, _ in people]
    alike: dict[tuple[int, ...], list[int]] = {}
    states: dict[int, FeatureState] = {}
    for place, (state, joints) in enumerate(people):
        if len(joints):
            states[place] = start(joints[None, 0].astype(np.float32)) if state is None else state
            alike.setdefault((len(joints), *states[place].progress), []).append(place)
    for places in alike.values():
        joints = np.stack([people[place][1] for place in places]).astype(np.float32, copy=False)
        after, rows = advance(_stacked([states[place] for place in places]), joints)
        for number, place in enumerate(places):
            results[place] = rows[number], after.of(number)
    return results


def _stacked(states: Sequence[FeatureState]) -> FeatureState:
    if len(states) == 1:
        return states[0]
    columns = zip(*(state.arrays for state in states), strict=True)
    return states[0].with_arrays([np.concatenate(column) for column in columns])


def offline(joints: Floats) -> Floats:
    """Features `(B, T, FEATURE_COUNT)` of recordings `(B, T, 22, 3)`, T > 0: the same as live."""
    tail = np.repeat(joints[:, -1:], LOOKAHEAD_FRAMES, axis=1)
    return advance(start(joints[:, 0]), np.concatenate([joints, tail], axis=1))[1]


def start(first: Floats) -> FeatureState:
    """State before the first frames `(B, 22, 3)`: as if they had been held for long."""
    batch = len(first)
    zeros = np.zeros((batch, 0, 3), np.float32)
    return FeatureState(
        raw=np.repeat(first[:, None], LOOKAHEAD_FRAMES, axis=1),
        points=np.zeros((batch, 0, len(layout.POINTS), 3), np.float32),
        centre=zeros,
        facing=zeros,
        across=np.zeros((batch, 3), np.float32),
        floor=np.zeros((batch,), np.float32),
        scale=np.zeros((batch,), np.float32),
        frames=0,
    )


def advance(state: FeatureState, joints: Floats) -> tuple[FeatureState, Floats]:
    """Take frames `(B, n, 22, 3)`; give the new state and features `(B, m, FEATURE_COUNT)`."""
    raw = np.concatenate([state.raw, joints], axis=1)
    count = raw.shape[1] - _SPAN + 1
    if count < 1:
        return replace(state, raw=raw), np.empty((len(raw), 0, FEATURE_COUNT), np.float32)
    body = _with_middles(_smooth(raw))
    limbs = body[:, :, layout.TO] - body[:, :, layout.FROM]
    state, across, floor, scale = _follow(state, body, limbs)
    axes = _axes(across)
    length = np.sqrt((limbs * limbs).sum(-1, keepdims=True))
    directions = _turned(limbs / (length + _NUMB * scale[..., None, None]), axes)
    points = _lay(directions)
    centre, facing = body[:, :, layout.MID_HIP], axes[:, :, _FORWARD]
    if not state.points.shape[1]:  # before the first frame the body stood still
        state = replace(
            state,
            points=np.repeat(points[:, :1], _STEP, axis=1),
            centre=np.repeat(centre[:, :1], _STEP, axis=1),
            facing=np.repeat(facing[:, :1], _STEP, axis=1),
        )
    past = replace(
        state,
        raw=raw[:, count:],
        points=np.concatenate([state.points, points], axis=1),
        centre=np.concatenate([state.centre, centre], axis=1),
        facing=np.concatenate([state.facing, facing], axis=1),
    )
    rows = _rows(past, directions, body, axes, floor, scale)
    kept = replace(
        past,
        points=past.points[:, count:],
        centre=past.centre[:, count:],
        facing=past.facing[:, count:],
    )
    return kept, rows


def _smooth(raw: Floats) -> Floats:
    """Median of three against spikes, (1 2 1)/4 against jitter: (B, n, ...) -> (B, n - 4, ...)."""
    a, b, c = raw[:, :-2], raw[:, 1:-1], raw[:, 2:]
    middle = np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))
    sides = middle[:, :-2] + middle[:, 2:]
    return (0.25 * sides + 0.5 * middle[:, 1:-1]).astype(np.float32, copy=False)


def _with_middles(joints: Floats) -> Floats:
    hips = 0.5 * (joints[:, :, JOINT["left_hip"]] + joints[:, :, JOINT["right_hip"]])
    shoulders = 0.5 * (joints[:, :, JOINT["left_shoulder"]] + joints[:, :, JOINT["right_shoulder"]])
    return np.concatenate([joints, hips[:, :, None], shoulders[:, :, None]], axis=2)


def _follow(
    state: FeatureState, body: Floats, limbs: Floats
) -> tuple[FeatureState, Floats, Floats, Floats]:
    """Run the slow estimates over the new frames: across (B, m, 3), floor (B, m), scale (B, m)."""
    legs = limbs[:, :, layout.LIMB["left_thigh"] : layout.LIMB["right_shin"] + 1]
    leg = 0.5 * np.sqrt((legs * legs).sum(-1)).sum(-1)
    lowest = body[:, :, layout.GROUNDED, _UP].min(axis=2)
    wide = limbs[:, :, layout.LIMB["hips"]] + limbs[:, :, layout.LIMB["shoulders"]]
    across, floor, scale = state.across, state.floor, state.scale
    frames = state.frames
    trail: list[tuple[Any, Any, Any]] = []
    for frame in range(body.shape[1]):
        frames = min(frames + 1, _SCALE_FRAMES)
        scale = scale + (leg[:, frame] - scale) * np.float32(1 / frames)
        scale = np.maximum(scale, np.float32(1e-3))
        gap = lowest[:, frame] - floor
        gain = np.where(gap < 0, np.float32(_FLOOR_FALL), np.float32(_FLOOR_RISE))
        first = not state.frames and not frame
        floor = floor + (gap if first else gain * gap)
        new = wide[:, frame] / scale[:, None]
        across = new if first else across + np.float32(_FACING_GAIN) * (new - across)
        trail.append((across, floor, scale))
    after = replace(state, across=across, floor=floor, scale=scale, frames=frames)
    stacked = [np.stack(list(column), axis=1) for column in zip(*trail, strict=True)]
    return after, stacked[0], stacked[1], stacked[2]


def _axes(across: Floats) -> Floats:
    """Facing frame (B, m, 3, 3), rows left, up, forward: a body facing +z has its left at +x."""
    x, z = across[..., 0], across[..., 2]
    norm = np.sqrt(x * x + z * z)
    x = np.where(norm > 1e-4, x / np.maximum(norm, 1e-4), np.float32(1))
    z = np.where(norm > 1e-4, z / np.maximum(norm, 1e-4), np.float32(0))
    axes = np.zeros((*across.shape[:2], 3, 3), np.float32)
    axes[..., _LEFT, 0], axes[..., _LEFT, 2] = x, z
    axes[..., _UP, 1] = 1
    axes[..., _FORWARD, 0], axes[..., _FORWARD, 2] = -z, x
    return axes


def _turned(vectors: Floats, axes: Floats) -> Floats:
    """Vectors (B, m, k, 3) in the facing frame."""
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    left_x, left_z = axes[:, :, None, _LEFT, 0], axes[:, :, None, _LEFT, 2]
    return np.stack([left_x * x + left_z * z, y, left_x * z - left_z * x], axis=-1)


def _lay(directions: Floats) -> Floats:
    """Points (B, m, k, 3) of the canonical body whose limbs have these directions."""
    limbs = directions * layout.LENGTH
    points = np.zeros((*directions.shape[:2], len(layout.POINTS), 3), np.float32)
    for index, chain in enumerate(layout.POINTS.values()):
        for name in chain:
            sign = -1 if name.startswith("-") else 1
            points[:, :, index] += sign * limbs[:, :, layout.LIMB[name.lstrip("+-")]]
    return points


def _rows(
    past: FeatureState,
    directions: Floats,
    body: Floats,
    axes: Floats,
    floor: Floats,
    scale: Floats,
) -> Floats:
    """Feature rows (B, m, FEATURE_COUNT) in the order of `layout.COLUMNS`."""
    batch, count = directions.shape[:2]
    points = past.points[:, _STEP:]
    moved = _RATE * (points[:, :, : layout.MOVING] - past.points[:, :count, : layout.MOVING])
    apart = points[:, :, layout.PAIR_A] - points[:, :, layout.PAIR_B]
    bends = (directions[:, :, layout.BEND_A] * directions[:, :, layout.BEND_B]).sum(-1)
    travel = _RATE * (past.centre[:, _STEP:] - past.centre[:, :count]) / scale[..., None]
    before, now = past.facing[:, :count], past.facing[:, _STEP:]
    turn = _RATE * (before[..., 2] * now[..., 0] - before[..., 0] * now[..., 2])
    heights = (body[:, :, layout.ELEVATED_INDEX, _UP] - floor[..., None]) / scale[..., None]
    ankles = points[:, :, [layout.POINT["left_ankle"], layout.POINT["right_ankle"]], _UP]
    parts = [
        directions.reshape(batch, count, -1),
        points[:, :, : layout.MOVING].reshape(batch, count, -1),
        moved.reshape(batch, count, -1),
        np.sqrt((moved * moved).sum(-1)),
        np.sqrt((apart * apart).sum(-1)),
        bends,
        _turned(travel[:, :, None], axes)[:, :, 0],
        turn[..., None],
        heights,
        -ankles.min(axis=-1, keepdims=True),
    ]
    return np.concatenate(parts, axis=-1, dtype=np.float32)
