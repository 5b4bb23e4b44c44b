"""Laws of the body: bones keep their length, nothing sinks, a mirrored row is a mirrored body."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.motion.skeleton import JOINT, MIRROR, PARENTS
from training.synth import captions, compose
from training.synth.bases import BASES
from training.synth.body import CHANNELS, Body, joints, mirror
from training.synth.motion import base_row, row
from training.synth.registry import REGISTRY

SIDES = [(name, side) for name, p in REGISTRY.items() for side in captions.sides(p)]


def lengths(motion: np.ndarray) -> np.ndarray:
    """Bone lengths (T, 21)."""
    return np.linalg.norm(motion[:, 1:] - motion[:, PARENTS[1:]], axis=-1)


def performed(name: str, side: str, seed: int = 0) -> np.ndarray:
    """Clean joints of one primitive on the standard body."""
    item = compose.perform(name, np.random.default_rng(seed), side=side)
    return joints(compose.play([item])[0], Body())


@pytest.mark.parametrize(("name", "side"), SIDES, ids=str)
def test_every_primitive_moves_a_body(name: str, side: str) -> None:
    """Finite joints, constant bones, nothing under the floor but something on it."""
    motion = performed(name, side)
    assert np.isfinite(motion).all()
    assert motion.dtype == np.float32
    assert np.ptp(lengths(motion), axis=0).max() < 1e-4
    assert motion[..., 1].min() > 0.0
    assert motion[..., 1].min() < 0.12


@pytest.mark.parametrize("base", BASES)
def test_a_mirrored_row_is_a_mirrored_body(base: str) -> None:
    """Left is left: mirroring controls mirrors joints, x with sides swapped."""
    rows = base_row(base, np.random.default_rng(1))[None]
    rows = rows + np.random.default_rng(2).normal(0, 0.03, rows.shape)
    reflected = joints(rows, Body())[:, list(MIRROR)] * np.array([-1, 1, 1], np.float32)
    assert np.allclose(joints(mirror(rows), Body()), reflected, atol=1e-5)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_mirroring_controls_twice_gives_them_back(seed: int) -> None:
    """Mirror is its own inverse for any row."""
    rows = np.random.default_rng(seed).normal(size=(3, len(CHANNELS)))
    assert np.array_equal(mirror(mirror(rows)), rows)


def test_a_standing_body_faces_z_with_its_left_at_x() -> None:
    """The canonical axes: y up, facing +z, left at +x, feet on the floor, as tall as a person."""
    body = joints(row(BASES["stand"])[None], Body())[0]
    left, right = body[JOINT["left_hip"]], body[JOINT["right_hip"]]
    assert left[0] > 0 > right[0]
    assert body[JOINT["left_foot"], 2] > body[JOINT["left_ankle"], 2]
    assert 1.5 < body[JOINT["head"], 1] < 1.9
    assert body[JOINT["left_foot"], 1] < 0.05
    assert body[JOINT["left_wrist"], 0] > body[JOINT["left_shoulder"], 0]


@pytest.mark.parametrize(
    "name", ["kick", "wave", "point_front", "point_side", "knee_raise", "throw"]
)
def test_sided_primitives_move_their_own_side(name: str) -> None:
    """The right foot or hand travels further than the left one, and the other way round."""
    ends = ("foot",) if name in ("kick", "knee_raise") else ("wrist",)
    for side, other in (("left", "right"), ("right", "left")):
        motion = performed(name, side)
        way = {
            s: np.abs(np.diff(motion[:, [JOINT[f"{s}_{e}"] for e in ends]], axis=0)).sum()
            for s in (side, other)
        }
        assert way[side] > 1.3 * way[other]


def test_the_named_fist_goes_forward() -> None:
    """In a punch the other hand is raised too, but only the named one goes out."""
    for side, other in (("left", "right"), ("right", "left")):
        motion = performed("punch", side)
        ahead = {s: motion[:, JOINT[f"{s}_wrist"], 2].max() for s in (side, other)}
        assert ahead[side] > ahead[other] + 0.1


@pytest.mark.parametrize(("name", "sign"), [("turn", 1), ("turn_around", 1), ("walk_circle", 1)])
def test_turning_left_raises_the_heading(name: str, sign: int) -> None:
    """To the left is towards +x for a body that faces +z."""
    for side, way in (("left", sign), ("right", -sign)):
        motion = performed(name, side)
        across = motion[:, JOINT["left_hip"]] - motion[:, JOINT["right_hip"]]
        yaw = np.unwrap(np.arctan2(-across[:, 2], across[:, 0]))
        assert way * (yaw[-1] - yaw[0]) > 0.6


@pytest.mark.parametrize("name", ["sidestep", "jump_side", "side_shuffle"])
def test_sideways_goes_to_the_said_side(name: str) -> None:
    """Left is +x from the start."""
    for side, way in (("left", 1), ("right", -1)):
        motion = performed(name, side)
        assert way * (motion[-1, 0, 0] - motion[0, 0, 0]) > 0.2


def test_bodies_differ() -> None:
    """Drawn people differ in size and proportions, within what people are."""
    people = [Body.draw(np.random.default_rng(i)) for i in range(200)]
    legs = np.array([p.leg for p in people])
    assert 0.5 < legs.min() < 0.75
    assert 0.9 < legs.max() < 1.2
    assert np.std([p.arm / p.leg for p in people]) > 0.02
