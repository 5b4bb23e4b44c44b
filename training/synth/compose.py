"""Random sequences of sub-actions: what follows what, cross-fades, integrated path, captions.

A sequence walks over base postures: an action starts in one and ends in one; arm actions are also
done while sitting, kneeling or walking. Boundaries are exact: frame `start` of a span is where its
cross-fade is half done. Pure given a generator.
"""

import re
from dataclasses import dataclass

import numpy as np

from training.data import Span
from training.synth import captions, kinematics, poses
from training.synth.bases import BASES
from training.synth.body import CHANNELS, GROUND, INDEX, Body, joints, mirror
from training.synth.motion import Move, base_row
from training.synth.phrases import mirrored_pool
from training.synth.registry import REGISTRY, Primitive

FPS = 20
_FADE_S = 0.3
DESCRIPTIONS = 1
"""Of one span: a training draws one about as often."""
_ARM = ("hx", "hy", "hz", "sw", "sh")
_UPPER = [INDEX[c] for c in CHANNELS if c[1:] in _ARM] + [
    INDEX[c] for c in ("hflex", "hside", "htwist", "side", "flex", "twist", "al")
]
_COMMON = (
    *("walk_slow", "carry", "carry_chest", "carry_slow", "carry_turn", "pick_up", "pick_up_squat"),
    *("pick_up_step", "pick_up_both", "pick_up_box", "pick_up_stride", "pick_up_hold", "push"),
    *("push_one", "push_shoulder", "pull", "pull_one", "throw", "throw_light"),
    *("throw_short", "throw_raised", "throw_level", "wave", "wave_high", "wave_both"),
    *("wave_both_big", "wave_both_wide", "clap", "jump", "kick", "punch", "jog", "squat"),
    *("drink", "put_down", "put_down_deep", "put_down_bent", "hop_both", "hop_quick", "hop_high"),
    *("kick_far", "kick_guarded", "sneak_stooped", "basketball_jump"),
)
"""What people do, and ask for, more often than the rest."""
_WEIGHTS = {
    "stand_idle": 2.5,
    "walk": 3.0,
    "sit_down": 5.0,
    "sit_down_around": 2.0,
    "sit_down_step": 2.0,
    "stand_up": 3.0,
    "stand_up_hands": 2.0,
    "stand_up_step": 2.0,
    "turn": 1.5,
    "lie_down": 3.0,
} | dict.fromkeys(_COMMON, 2.5)
CALM_BASES = (
    "sit",
    "sit",
    "sit",
    "sit_floor",
    "cross_legged",
    "kneel",
    "half_kneel",
    "crouch",
    "lie_back",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One sub-action as it will be performed."""

    move: Move
    kind: str
    captions: tuple[str, ...]
    end: str
    under: Move | None = None

    def at(self, time_s: np.ndarray) -> np.ndarray:
        """Control rows (T, C); an arm action laid over a gait keeps the gait's legs."""
        rows = self.move.at(time_s)
        if self.under is not None:
            below = self.under.at(time_s)
            below[:, _UPPER] = rows[:, _UPPER]
            return below
        return rows


def _choices() -> tuple[dict[str, list[str]], dict[str, np.ndarray], list[str], list[str]]:
    by_base: dict[str, list[str]] = {base: [] for base in BASES}
    for p in REGISTRY.values():
        by_base[p.base].append(p.name)
    weights = {
        base: np.array([_WEIGHTS.get(n, 1.0) for n in names])
        / sum(_WEIGHTS.get(n, 1.0) for n in names)
        for base, names in by_base.items()
    }
    upper = [p.name for p in REGISTRY.values() if p.upper]
    gaits = ["walk", "walk", "walk", "walk_slow", "walk_fast", "walk_back", "jog", "march"]
    return by_base, weights, upper, gaits


_BY_BASE, _BASE_WEIGHTS, _UPPER_NAMES, _GAITS = _choices()


def draw(base: str, rng: np.random.Generator) -> Item:
    """A random action that can be done in a base posture."""
    dice = rng.random()
    if base == "stand" and dice < 0.12:
        return laid_over(_pick(_UPPER_NAMES, rng), _pick(_GAITS, rng), rng)
    if base == "stand" and dice < 0.21:
        return posed(int(rng.integers(poses.COUNT)), rng)
    if base in CALM_BASES and dice < 0.55:
        return perform(_pick(_UPPER_NAMES, rng), rng, base=base)
    names = _BY_BASE[base]
    return perform(names[rng.choice(len(names), p=_BASE_WEIGHTS[base])], rng)


def _pick(names: list[str], rng: np.random.Generator) -> str:
    return names[rng.integers(len(names))]


def _side(p: Primitive, rng: np.random.Generator) -> str:
    return "" if not p.sided else ("right", "left")[rng.integers(2)]


def perform(
    name: str, rng: np.random.Generator, *, base: str = "", side: str | None = None
) -> Item:
    """A primitive in its own base, or an arm action in another one."""
    p = REGISTRY[name]
    side = _side(p, rng) if side is None else side
    start, end = base or p.base, base or p.to or p.base
    over = start != p.base
    move = side_move(p, side, base_row(start, rng), base_row(end, rng), rng)
    said = captions.spoken(p, side)
    if over:
        texts, kind = captions.over_base(name, said, start), f"{name}:{said}@{start}"
    else:
        texts, kind = captions.of(name, said), f"{name}:{said}"
        if p.counted and move.count in captions.COUNTS and rng.random() < 0.5:
            texts = (*texts, *captions.counted(name, said, move.count))
    return Item(move, kind, texts, end)


def posed(number: int, rng: np.random.Generator) -> Item:
    """A numbered composition of limb states."""
    primitive, texts = poses.composition(number)
    move = Move(primitive, base_row("stand", rng), base_row("stand", rng), rng)
    return Item(move, primitive.name, texts, "stand")


def laid_over(name: str, gait: str, rng: np.random.Generator) -> Item:
    """An arm action while walking."""
    p = REGISTRY[name]
    side = _side(p, rng)
    move = side_move(p, side, base_row("stand", rng), base_row("stand", rng), rng)
    under = Move(REGISTRY[gait], base_row("stand", rng), base_row("stand", rng), rng)
    said = captions.spoken(p, side)
    return Item(move, f"{name}:{said}+{gait}", captions.over_gait(name, said, gait), "stand", under)


class _Mirrored(Move):
    """A move done on the other side."""

    def at(self, time_s: np.ndarray) -> np.ndarray:
        return mirror(super().at(time_s))


def side_move(
    p: Primitive, side: str, base: np.ndarray, end: np.ndarray, rng: np.random.Generator
) -> Move:
    """A performance of a primitive on a side, between two base rows."""
    if side == "left":
        return _Mirrored(p, mirror(base), mirror(end), rng)
    return Move(p, base, end, rng)


def play(items: list[Item], fps: float = FPS) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Control rows (T, C) of items one after another, cross-faded, and each one's frames."""
    starts = np.concatenate([[0.0], np.cumsum([item.move.seconds for item in items])])
    edges = np.round(starts * fps).astype(int)
    total = int(edges[-1])
    rows, weight = np.zeros((total, len(CHANNELS))), np.zeros((total, 1))
    fade = _FADE_S * fps / 2
    for i, item in enumerate(items):
        low = max(0, int(edges[i] - fade)) if i else 0
        high = min(total, int(edges[i + 1] + fade)) if i + 1 < len(items) else total
        frame = np.arange(low, high)
        extended = np.arange(low - 1, high)
        values = item.at(extended / fps - starts[i])
        values[1:, GROUND] = np.diff(values[:, GROUND], axis=0)
        share = np.ones(len(frame))
        if i:
            share *= np.clip((frame - edges[i] + fade) / (2 * fade), 0.0, 1.0)
        if i + 1 < len(items):
            share *= np.clip((edges[i + 1] + fade - frame) / (2 * fade), 0.0, 1.0)
        share = (share * share * (3 - 2 * share) + 1e-6)[:, None]
        rows[low:high] += values[1:] * share
        weight[low:high] += share
    rows /= weight
    _integrate(rows)
    return rows, list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def _integrate(rows: np.ndarray) -> None:
    """Steps over the ground in the body's own heading become a path, in place."""
    gx, gz, gyaw = GROUND
    yaw = np.cumsum(rows[:, gyaw])
    angle = np.radians(yaw)
    dx, dz = rows[:, gx].copy(), rows[:, gz].copy()
    rows[:, gx] = np.cumsum(np.cos(angle) * dx + np.sin(angle) * dz)
    rows[:, gz] = np.cumsum(-np.sin(angle) * dx + np.cos(angle) * dz)
    rows[:, gyaw] = yaw


def program(rng: np.random.Generator, without: frozenset[str] = frozenset()) -> list[Item]:
    """Three to six sub-actions, 6 to 20 seconds; none of the primitives `without`."""
    bases = ["stand"] * 12 + list(BASES)
    base = bases[rng.integers(len(bases))]
    items: list[Item] = []
    seconds = 0.0
    wanted = int(rng.integers(3, 7))
    while len(items) < wanted or seconds < 6.0:
        item = draw(base, rng)
        if without & set(re.split("[:@+]", item.kind)):
            continue
        if seconds + item.move.seconds > 20.0:
            break
        items.append(item)
        seconds += item.move.seconds
        base = item.end
    return items or program(rng, without)


def spans(
    items: list[Item], frames: list[tuple[int, int]], clean: np.ndarray, rng: np.random.Generator
) -> tuple[Span, ...]:
    """Captioned spans of performed items, with what the limbs do in `clean`."""
    made = []
    for item, (start, end) in zip(items, frames, strict=True):
        said, facts = kinematics.described(clean[start:end], rng, count=DESCRIPTIONS)
        texts, other = item.captions, mirrored_pool(item.captions)
        made.append(Span(start, end, texts, other, item.kind, said, facts))
    return tuple(made)


def body_joints(rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Joints (T, 22, 3) of control rows for a random person at a random place and heading."""
    body = Body.draw(rng)
    rows = rows.copy()
    angle = rng.uniform(-180, 180)
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    gx, gz, gyaw = GROUND
    x, z = rows[:, gx] * body.leg, rows[:, gz] * body.leg
    rows[:, gx] = cos * x + sin * z + rng.normal(0, 0.7)
    rows[:, gz] = -sin * x + cos * z + rng.normal(0, 0.7)
    rows[:, gyaw] += angle
    return joints(rows, body)


__all__ = ["Item", "body_joints", "draw", "perform", "play", "program", "side_move", "spans"]
