"""Captions of recorded clips: from a primitive's pool, from own phrases, and from the motion."""

from itertools import pairwise

import numpy as np

from training.data import Sequence, Span
from training.synth import captions as pools
from training.synth import kinematics
from training.synth.phrases import mirrored_pool, seeded
from training.synth.registry import REGISTRY

FPS = 20
Wording = str | tuple[str, ...]
"""`name` or `name:side` of a primitive, or phrases of our grammar, the plainest first."""


def resample(joints: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """Joints (T, 22, 3) at rising times (T,) as float32 at exactly 20 fps."""
    grid = np.arange(time_s[0], time_s[-1] + 1e-6, 1 / FPS)
    flat = joints.reshape(len(joints), -1).astype(np.float64)
    after = np.clip(np.searchsorted(time_s, grid, side="right"), 1, len(time_s) - 1)
    before = after - 1
    part = (grid - time_s[before]) / np.maximum(time_s[after] - time_s[before], 1e-9)
    part = np.clip(part, 0.0, 1.0)[:, None]
    values = flat[before] * (1 - part) + flat[after] * part
    return values.reshape(len(grid), *joints.shape[1:]).astype(np.float32)


def named(wording: Wording) -> tuple[str, tuple[str, ...]]:
    """Kind and captions of a wording."""
    if isinstance(wording, str):
        name, _, side = wording.partition(":")
        if REGISTRY[name].sided and side not in ("left", "right"):
            raise ValueError(f"{wording}: this primitive has a side.")
        side = pools.spoken(REGISTRY[name], side)
        return f"{name}:{side}", pools.of(name, side)
    return f"said:{wording[0]}", pools.worded(wording, wording[0], 24)


def span(joints: np.ndarray, start: int, end: int, wording: Wording) -> Span:
    """A captioned span of joints (T, 22, 3), with what its limbs do added."""
    kind, texts = named(wording)
    said, facts = kinematics.described(joints[start:end], seeded("recorded", kind, start, end))
    return Span(start, end, texts, mirrored_pool(texts), kind, said, facts)


def whole(joints: np.ndarray, wording: Wording, source: str, tags: tuple[str, ...]) -> Sequence:
    """One clip, one action."""
    return Sequence(joints, (span(joints, 0, len(joints), wording),), source, tags)


def windows(
    joints: np.ndarray, wording: Wording, source: str, tags: tuple[str, ...], seconds: float = 2.5
) -> Sequence:
    """A long clip of loosely described motion, as consecutive short spans of the same name."""
    count = max(1, round(len(joints) / (seconds * FPS)))
    edges = np.linspace(0, len(joints), count + 1).astype(int).tolist()
    spans = [span(joints, a, b, wording) for a, b in pairwise(edges)]
    return Sequence(joints, tuple(spans), source, tags)
