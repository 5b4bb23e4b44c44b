"""Primitives to control channels: key frames by minimum jerk, gaits by phase.

`Move` is one performance of a primitive, drawn once: it can be asked for its channels at any time,
also a little before its start and after its end, which is what cross-fading needs. Pure given rng.
"""

from dataclasses import replace

import numpy as np

from training.synth.bases import BASES
from training.synth.body import CHANNELS, GROUND, INDEX, TRUNK
from training.synth.registry import Gait, Key, Pose, Primitive
from training.synth.style import HABIT, HANDS, Style, way_down

ADDED = {INDEX[c] for c in TRUNK if c not in ("gx", "gz", "gyaw", "al")}
_ARMS = [
    i for i, c in enumerate(CHANNELS) if c[0] in "lr" and c[1:] in ("hx", "hy", "hz", "sw", "sh")
]


_ASIDE = np.array([0.5, 0.0, 0.87])
_RESTS = (
    (0.1, -0.6, 0.08, 0.9),
    (-0.25, -0.58, 0.32, 0.0),
    (-0.05, -0.45, 0.5, 0.0),
    (0.05, -0.72, -0.02, 0.4),
    (-0.2, -0.72, -0.25, 0.0),
)
"""Hands of people who stand, out, up, forward, swivel: hip, belly, holding, pocket, behind."""


def row(pose: Pose) -> np.ndarray:
    """Control row (C,) of a posture; channels not named are 0."""
    values = np.zeros(len(CHANNELS))
    for name, value in pose.items():
        values[INDEX[name]] = value
    return values


class Move:
    """One performance of a primitive from a base posture row."""

    def __init__(
        self, primitive: Primitive, base: np.ndarray, end: np.ndarray, rng: np.random.Generator
    ) -> None:
        self.primitive = primitive
        self.style = Style.draw(rng, size_spread=0.05 if primitive.exact else 0.2)
        self._sway = rng.uniform(0, 2 * np.pi, (2, len(CHANNELS)))
        self._restless = 0.12 * float(np.exp(rng.normal(0.6, 0.7)))
        self.count = int(rng.integers(primitive.repeats[0], primitive.repeats[1] + 1))
        if primitive.gait is not None:
            self._gait = _vary(primitive.gait, rng)
            self._base, self._phase = base, rng.random()
            straight = abs(primitive.gait.turn) < 20 and primitive.gait.speed > 0.4
            degrees = abs(rng.normal(0, 40)) * straight
            self._wander = degrees, rng.uniform(0.8, 2.0), rng.uniform(0, 2 * np.pi)
            self.seconds = float(rng.uniform(*primitive.seconds))
        else:
            self._lay_out(base, end, rng)

    def _lay_out(self, base: np.ndarray, end: np.ndarray, rng: np.random.Generator) -> None:
        """Times and rows of all key frames."""
        p = self.primitive
        keys = [*p.keys]
        for _ in range(self.count):
            keys += p.cycle
        times, rows, low = [0.0], [base], way_down(p.knees, rng)
        for key in keys:
            linger = np.exp(rng.normal(0.15, 0.4)) if key.low else 1.0
            times.append(times[-1] + self._pace(key.seconds * linger, rng))
            pose = {**key.pose, **low} if key.low else key.pose
            rows.append(self._reach(base, pose, rng, rows[-1]))
        if p.stays:
            times.append(times[-1] + float(rng.uniform(*p.seconds)))
            rows.append(
                rows[-1] + rng.normal(size=len(CHANNELS)) * HABIT * 0.3 * (base != rows[-1])
            )
        tail = p.tail if p.tail is not None else (Key(0.5, {}),)
        for key in tail:
            times.append(times[-1] + self._pace(key.seconds, rng))
            rows.append(self._reach(end, key.pose, rng, rows[-1]))
        self._times, self._rows = np.array(times), np.array(rows)
        self.seconds = times[-1]

    def _pace(self, seconds: float, rng: np.random.Generator) -> float:
        return float(seconds / self.style.tempo * np.exp(rng.normal(0.0, 0.12)))

    def _reach(
        self, base: np.ndarray, pose: Pose, rng: np.random.Generator, before: np.ndarray
    ) -> np.ndarray:
        """The row of a key frame: named channels over the base, sized and a little off.

        Displacements over the ground count from the key frame before.
        """
        target = base.copy()
        for name, value in pose.items():
            i = INDEX[name]
            target[i] = base[i] + value if i in ADDED else value
        moved = np.array([i for i in (INDEX[n] for n in pose) if i != INDEX["al"]], dtype=int)
        target[moved] = base[moved] + (target[moved] - base[moved]) * self.style.size
        loose = 0.35 if self.primitive.exact else 1.0
        noise = self.style.habit * 0.8 + rng.normal(size=len(CHANNELS)) * HABIT * 0.4
        target[moved] += noise[moved] * loose
        if not self.primitive.exact:
            self.style.place_hands(target, [INDEX[name] for name in pose])
        target[GROUND] += before[GROUND]
        return target

    def at(self, time_s: np.ndarray) -> np.ndarray:
        """Control rows (T, C) at times in seconds from the start."""
        p = self.primitive
        if p.gait is not None:
            rows = steps(self._gait, time_s, self._base, self._phase)
            rows[:, _ARMS] += self.style.habit[_ARMS]
            degrees, speed, start = self._wander
            rows[:, INDEX["gyaw"]] += degrees * np.sin(speed * time_s + start)
        else:
            rows = keyed(time_s, self._times, self._rows, flow=p.flow)
        slow = np.sin(1.3 * time_s[:, None] + self._sway[0]) + np.sin(
            2.9 * time_s[:, None] + self._sway[1]
        )
        breath = slow * HABIT * self._restless
        breath[:, [i for i, c in enumerate(CHANNELS) if c[1:] in ("ax", "az", "fy")]] = 0.0
        return rows + breath


def _vary(gait: Gait, rng: np.random.Generator) -> Gait:
    faster = float(np.exp(rng.normal(-0.05, 0.2)))
    return replace(
        gait,
        speed=gait.speed * faster * float(np.exp(rng.normal(-0.1, 0.25))),
        hz=gait.hz * faster**0.6,
        lift=gait.lift * float(np.exp(rng.normal(0, 0.2))),
        bounce=gait.bounce * float(np.exp(rng.normal(0, 0.3))),
        swing=gait.swing * float(np.exp(rng.normal(0, 0.3))),
        turn=gait.turn * float(np.exp(rng.normal(0, 0.25))),
        toward=gait.toward + float(rng.normal(0, 4)),
        width=gait.width + float(rng.normal(0, 0.02)),
    )


def keyed(time_s: np.ndarray, times: np.ndarray, rows: np.ndarray, *, flow: bool) -> np.ndarray:
    """Rows between key frames: minimum jerk that rests at each, or flowing through them."""
    t = np.clip(time_s, times[0], times[-1])
    i = np.clip(np.searchsorted(times, t, side="right") - 1, 0, len(times) - 2)
    span = np.maximum(times[i + 1] - times[i], 1e-6)
    u = ((t - times[i]) / span)[:, None]
    if not flow:
        s = u**3 * (10 - 15 * u + 6 * u**2)
        return _around(rows[i] + (rows[i + 1] - rows[i]) * s, rows[i], rows[i + 1], s)
    slope = np.zeros_like(rows)
    slope[1:-1] = (rows[2:] - rows[:-2]) / np.maximum(times[2:] - times[:-2], 1e-6)[:, None]
    m0, m1 = slope[i] * span[:, None], slope[i + 1] * span[:, None]
    h = u * u * (3 - 2 * u)
    return rows[i] * (1 - h) + rows[i + 1] * h + m0 * (u * (1 - u) ** 2) - m1 * (u * u * (1 - u))


def _around(rows: np.ndarray, start: np.ndarray, end: np.ndarray, s: np.ndarray) -> np.ndarray:
    """Hands go round the shoulder at even pace, by the front and outside, never through it."""
    for hand in HANDS:
        first, last = _length(start[:, hand]), _length(end[:, hand])
        a, b = start[:, hand] / first, end[:, hand] / last
        opposite = np.clip((-np.sum(a * b, axis=1, keepdims=True) - 0.2) / 0.6, 0.0, 1.0)
        middle = a + b + 1.2 * opposite * _ASIDE
        middle /= _length(middle)
        early = s < 0.5
        arc = _turned(np.where(early, a, middle), np.where(early, middle, b), (2 * s) % 1.0)
        arc = np.where(s >= 1.0, b, arc) * (first + (last - first) * s)
        far = np.clip((np.minimum(first, last) - 0.12) / 0.15, 0.0, 1.0)
        rows[:, hand] = rows[:, hand] * (1 - far) + arc * far
    return rows


def _length(vectors: np.ndarray) -> np.ndarray:
    return np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


def _turned(a: np.ndarray, b: np.ndarray, s: np.ndarray) -> np.ndarray:
    """Unit vectors between unit vectors, at an even angle."""
    angle = np.arccos(np.clip(np.sum(a * b, axis=1, keepdims=True), -1.0, 1.0))
    sine = np.maximum(np.sin(angle), 1e-6)
    even = (np.sin((1 - s) * angle) * a + np.sin(s * angle) * b) / sine
    return np.where(angle < 1e-3, a, even)


def steps(g: Gait, time_s: np.ndarray, base: np.ndarray, start: float) -> np.ndarray:
    """Control rows (T, C) of a gait; feet stand still on the floor while they carry."""
    rows = np.repeat(base[None], len(time_s), axis=0)
    for name, value in g.pose.items():
        i = INDEX[name]
        rows[:, i] = rows[:, i] + value if i in ADDED else value
    period = 1.0 / g.hz
    cycle = time_s * g.hz + start
    aim = np.radians(g.toward)
    side, ahead = np.sin(aim), np.cos(aim)
    rows[:, INDEX["gyaw"]] += g.turn * time_s
    rows[:, INDEX["gx"]] += g.speed * side * time_s
    rows[:, INDEX["gz"]] += g.speed * ahead * time_s
    for s, sign, offset in (("l", 1.0, 0.0), ("r", -1.0, g.phase)):
        phase = (cycle + offset) % 1.0
        duty = g.duty - (g.limp if s == "r" else 0.0)
        stride = g.speed * period * duty
        along, up, pitch = _foot(phase, duty, stride, g.lift, max(0.0, ahead))
        ax, az = INDEX[s + "ax"], INDEX[s + "az"]
        rows[:, ax] = rows[:, ax] * 0 + g.width + sign * along * side
        rows[:, az] += along * ahead
        rows[:, INDEX[s + "ay"]] += up
        rows[:, INDEX[s + "fp"]] += pitch * max(0.0, ahead)
        other = "r" if s == "l" else "l"
        forward = along / max(stride, 1e-6) * 2
        rows[:, INDEX[other + "hz"]] += forward * g.swing + g.hands * forward
        rows[:, INDEX[other + "hy"]] += np.abs(forward) * g.swing * 0.25
        rows[:, INDEX["py"]] -= (
            g.limp * 0.3 * np.exp(-(((phase - duty / 2) / 0.15) ** 2)) * (s == "r")
        )
    rows[:, INDEX["py"]] += _bob(g, cycle)
    rows[:, INDEX["twist"]] += (
        12 * g.swing * np.sin(2 * np.pi * (cycle - g.duty / 2 + 0.25)) * ahead
    )
    return rows


def _foot(
    phase: np.ndarray, duty: float, stride: float, lift: float, ahead: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where a foot is along the way, how high, and how far its toes point down; of who runs
    `ahead` (0-1) the heel rises behind."""
    planted = phase < duty
    u = np.clip((phase - duty) / (1 - duty), 0.0, 1.0)
    ease = u**3 * (10 - 15 * u + 6 * u**2)
    along = np.where(planted, stride * (0.5 - phase / duty), stride * (ease - 0.5))
    runs = np.clip((0.5 - duty) / 0.08, 0.0, 1.0) * min(1.0, stride / 0.5) * ahead
    swung = np.sin(np.pi * u) ** 2 + 0.35 * np.sin(np.pi * u**0.5)
    heeled = 1.2 * np.sin(np.pi * u**0.6) ** 2
    up = np.where(planted, 0.0, lift * (swung + runs * (heeled - swung)))
    heel = np.where(planted, np.clip((phase / duty - 0.6) / 0.4, 0, 1), np.clip(1 - 2 * u, 0, 1))
    return along, up, 30.0 * heel * min(1.0, stride / 0.5)


def _bob(g: Gait, cycle: np.ndarray) -> np.ndarray:
    """Rise and fall of the pelvis; in a run it is highest between the steps."""
    beats = 2.0 if g.phase > 0.25 else 1.0
    middle = g.duty / 2 if g.duty >= 0.5 else g.duty / 2 + 0.5 / beats
    wave = np.cos(2 * np.pi * beats * (cycle - middle))
    return g.bounce * (wave - (0.0 if g.duty >= 0.5 else 0.2))


def still(base: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """A base posture held (T, C)."""
    return np.repeat(base[None], len(time_s), axis=0)


def base_row(name: str, rng: np.random.Generator) -> np.ndarray:
    """A base posture as one person takes it."""
    values = row(BASES[name])
    values = values + rng.normal(size=len(values)) * HABIT * 0.7
    if name == "sit" and rng.random() < 0.5:  # seats differ: a stool is high, a sofa low
        values[INDEX["py"]] += rng.uniform(-0.1, 0.28)
    if name == "lie_back" and rng.random() < 0.4:
        for s in "lr":
            values[[INDEX[s + "az"], INDEX[s + "fp"]]] = rng.uniform(0.55, 0.9), -15.0
    if name == "stand":
        _rest_an_arm(values, rng)
        forward = rng.normal(0.0, 0.05)
        values[INDEX["laz"]] += forward
        values[INDEX["raz"]] -= forward
        values[[INDEX["lax"], INDEX["rax"]]] += abs(rng.normal(0.0, 0.04))
    return values


def _rest_an_arm(values: np.ndarray, rng: np.random.Generator) -> None:
    """Some stand with a hand on the hip, or hold something before them, in place."""
    for side in "lr":
        if rng.random() < 0.1:
            out, up, ahead, swivel = _RESTS[rng.integers(len(_RESTS))]
            channels = [INDEX[side + c] for c in ("hx", "hy", "hz", "sw")]
            values[channels] = np.array([out, up, ahead, swivel]) + rng.normal(0, 0.05, 4)


__all__ = ["GROUND", "Move", "base_row", "keyed", "row", "steps", "still"]
