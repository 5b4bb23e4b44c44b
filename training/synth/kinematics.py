"""Says what limbs do in any motion: pose and motion codes turned into sentences.

Works on joints alone, synthesised or recorded, so that a movement without a name still has words:
which hand goes where, whether it repeats, how the knees, trunk and whole body move. In the manner of
PoseScript and MotionScript, written anew and smaller. Pure.
"""

from dataclasses import dataclass

import numpy as np

from engines.motion.skeleton import JOINT
from training.synth.phrases import SUBJECTS, conjugate, expand, mirror_text

Fact = tuple[float, str, str]
"""Salience, what it is about (one fact each is said), and a phrase."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A motion in its own facing frame, lengths in leg or arm lengths."""

    hands: dict[str, np.ndarray]
    """Wrist from shoulder (T, 3): out, up, forward, in arm lengths."""
    feet: dict[str, np.ndarray]
    """Ankle from pelvis (T, 3): out, up from the floor, forward, in leg lengths."""
    knees: dict[str, np.ndarray]
    """Knee height against its hip (T,), in leg lengths."""
    low: dict[str, np.ndarray]
    """Wrist height over the floor (T,), in leg lengths."""
    apart: np.ndarray
    """Distance of the wrists (T,), in arm lengths."""
    height: np.ndarray
    """Pelvis height (T,), in leg lengths: about 1.1 upright."""
    lean: np.ndarray
    """Trunk lean (T, 2) in degrees: to the left, forward."""
    travel: np.ndarray
    """Pelvis velocity (T, 2) to the left and forward, leg lengths per second."""
    turned: float
    """Whole turn in degrees, to the left positive."""


def measure(joints: np.ndarray, fps: float = 20.0) -> Measured:
    """Measure joints (T, 22, 3), T at least 2."""
    x = joints.astype(np.float64)
    left = x[:, 1] - x[:, 2] + x[:, 16] - x[:, 17]
    left[:, 1] = 0.0
    left /= np.linalg.norm(left, axis=-1, keepdims=True) + 1e-9
    frame = np.stack([left, np.tile([0.0, 1.0, 0.0], (len(x), 1)), np.cross(left, [0, 1, 0])], 1)
    bone = lambda a, b: float(np.median(np.linalg.norm(x[:, a] - x[:, b], axis=-1)))  # noqa: E731
    leg = bone(1, 4) + bone(4, 7)
    arm = bone(16, 18) + bone(18, 20)
    ankles = x[:, [7, 8], 1]
    floor = np.percentile(ankles.min(axis=1), 5) if len(x) > 3 else ankles.min()
    hands, feet, knees, low = {}, {}, {}, {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        out = np.array([sign, 1.0, 1.0])
        at = {n: JOINT[f"{side}_{n}"] for n in ("wrist", "shoulder", "ankle", "knee", "hip")}
        local = x[:, at["wrist"]] - x[:, at["shoulder"]]
        hands[side] = np.einsum("tij,tj->ti", frame, local) * out / arm
        local = x[:, at["ankle"]] - x[:, 0]
        feet[side] = np.einsum("tij,tj->ti", frame, local) * out / leg
        feet[side][:, 1] = (x[:, at["ankle"], 1] - floor) / leg
        knees[side] = (x[:, at["knee"], 1] - x[:, at["hip"], 1]) / leg
        low[side] = (x[:, at["wrist"], 1] - floor) / leg
    trunk = np.einsum("tij,tj->ti", frame, x[:, 12] - x[:, 0])
    lean = np.degrees(np.arctan2(trunk[:, [0, 2]], np.maximum(trunk[:, 1:2], 1e-3)))
    velocity = np.gradient(x[:, 0], axis=0) * fps / leg
    travel = np.einsum("tij,tj->ti", frame, velocity)[:, [0, 2]]
    yaw = np.unwrap(np.arctan2(-left[:, 2], left[:, 0]))
    apart = np.linalg.norm(x[:, 20] - x[:, 21], axis=-1) / arm
    height = (x[:, 0, 1] - floor) / leg
    return Measured(
        hands, feet, knees, low, apart, height, lean, travel, float(np.degrees(yaw[-1] - yaw[0]))
    )


def facts(m: Measured) -> list[Fact]:
    """Everything worth saying, the most striking first."""
    found = [*_hands(m), *_legs(m), *_body(m), *_way(m)]
    best: dict[str, Fact] = {}
    for fact in sorted(found, reverse=True):
        best.setdefault(fact[1], fact)
    return sorted(best.values(), reverse=True)


def captions(joints: np.ndarray, rng: np.random.Generator, count: int = 3) -> tuple[str, ...]:
    """Up to `count` sentences on joints (T, 22, 3) at 20 fps; () for less than half a second."""
    if len(joints) < 10:
        return ()
    known = facts(measure(joints))[:3]
    texts: dict[str, None] = {}
    for _ in range(count if known else 0):
        share = known[: int(rng.integers(1, len(known) + 1))]
        texts[_sentence([phrase for _, _, phrase in share], rng)] = None
    return tuple(texts)


def _sentence(phrases: list[str], rng: np.random.Generator) -> str:
    subject, their = SUBJECTS[rng.integers(len(SUBJECTS))]
    form = ("third", "base", "gerund")[rng.integers(3)]
    said = []
    for phrase in phrases:
        choices = expand(phrase)
        said.append(conjugate(choices[rng.integers(len(choices))], form, their))
    text = said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]
    return f"{subject} {text}" if form == "third" else text


def swings(values: np.ndarray, least: float) -> int:
    """How often a value goes to and fro by more than `least`: full cycles."""
    turns, low, high = 0, values[0], values[0]
    rising: bool | None = None
    for value in values:
        low, high = min(low, value), max(high, value)
        if rising is not True and value - low > least:
            turns += rising is False
            rising, high = True, value
        elif rising is not False and high - value > least:
            turns += rising is True
            rising, low = False, value
    return (turns + 1) // 2


def _spot(peak: np.ndarray, low: float) -> tuple[float, str] | None:
    """Where a hand goes: salience and a phrase with {H} for the hand or hands."""
    out, up, ahead = peak
    if low < 0.28:
        return 1.3, "reach~ down [to the floor|to the ground|near the feet] with {H}"
    if up > 0.62:
        return 1.2, "[raise~|lift~|hold~] {H} [above the head|overhead|high up]"
    if up > 0.1 and max(out, ahead) < 0.55:
        return 1.0, "[bring~|hold~] {H} [to the head|to the face|near the head]"
    if up > -0.35 and ahead > 0.6:
        return 1.1, "[stretch~|reach~ with|extend~] {H} [forward|in front|out ahead]"
    if up > -0.35 and out > 0.6:
        return 1.1, "[stretch~|hold~|move~] {H} [out to the side|sideways|outward]"
    if ahead < -0.32:
        return 0.9, "[hold~|move~] {H} [behind the body|backward]"
    if up > -0.8 and ahead > 0.2:
        return 0.8, "[hold~|bring~] {H} in front of the [chest|body|belly]"
    if out > 0.5:
        return 0.7, "[hold~|move~] {H} away from the body"
    return None


_REST = np.array([0.12, -0.95, 0.05])


def _reach(path: np.ndarray) -> tuple[np.ndarray, float]:
    """The spot (3,) furthest from hanging, and how far it is, over a path (T, 3)."""
    far = np.linalg.norm(path - _REST, axis=-1)
    most = float(far.max())
    return path[far > 0.85 * most].mean(axis=0), most


def _motion(path: np.ndarray) -> tuple[float, str]:
    """How a hand moves while it is away from hanging: added salience and words."""
    far = np.linalg.norm(path - _REST, axis=-1)
    away = np.flatnonzero(far > 0.5 * far.max())
    path = path[away[0] : away[-1] + 1]
    if len(path) < 8:
        return 0.0, ""
    middle = path - path.mean(axis=0)
    axes = np.linalg.svd(middle, full_matrices=False)[2]
    first, second = middle @ axes[0], middle @ axes[1]
    times = swings(first, 0.18)
    if times < 2:
        return 0.0, ""
    if swings(second, 0.18) >= times and second.std() > 0.5 * first.std():
        return 0.6, " [in circles|round and round]"
    along = int(np.argmax(np.abs(axes[0])))
    ways = (" [from side to side|in and out]", " up and down", " [back and forth|to and fro]")
    return 0.5, ways[along] + "[| again and again| repeatedly|]"


def _hands(m: Measured) -> list[Fact]:
    found: list[Fact] = []
    spots = {}
    for side, path in m.hands.items():
        peak, most = _reach(path)
        low = float(m.low[side].min()) if np.ptp(m.low[side]) > 0.3 else 1.0
        spot = _spot(peak, low) if most > 0.42 or low < 0.28 else None
        spots[side] = (spot, peak, *_motion(path))
    (a, pa, ea, wa), (b, pb, eb, wb) = spots["left"], spots["right"]
    if a and b and a[1] == b[1] and np.abs(pa - pb).max() < 0.4:
        words = wa if wa == wb else ""
        hands = "[both hands|both arms|the hands]"
        found.append((a[0] + ea + 0.3, "hands", a[1].replace("{H}", hands) + words))
    else:
        for side, (spot, _, extra, words) in spots.items():
            if spot:
                hand = f"[the {side} hand|the {side} arm]"
                found.append((spot[0] + extra, side, spot[1].replace("{H}", hand) + words))
    meet = swings(m.apart, 0.12)
    if m.apart.min() < 0.17 and (a or b):
        up = (pa[1] + pb[1]) / 2
        where = "overhead" if up > 0.55 else "in front of the [chest|body]" if up > -0.7 else "low down"
        often = "[again and again|repeatedly|many times]" if meet >= 2 else ""
        found.append((1.0 + 0.6 * (meet >= 2), "meet", f"bring~ both hands together {where} {often}"))
    return found


def _legs(m: Measured) -> list[Fact]:
    found: list[Fact] = []
    height = np.minimum(m.feet["left"][:, 1], m.feet["right"][:, 1])
    upright = np.median(m.height) > 0.75
    risen = m.height.max() > np.median(m.height) + 0.07
    if upright and risen and height.max() > 0.1:
        often = swings(height, 0.06) >= 2
        found.append((1.5, "jump", f"leave~ the floor with both feet {'[again and again|repeatedly]' if often else ''}"))
    walking = np.linalg.norm(m.travel.mean(axis=0)) > 0.35
    for side, foot in m.feet.items():
        other = m.feet["left" if side == "right" else "right"]
        lifted = foot[:, 1] - other[:, 1]
        if not upright or walking or lifted.max() < 0.12:
            continue
        peak = foot[lifted > 0.8 * lifted.max()].mean(axis=0)
        knee = m.knees[side].max()
        often = "[again and again|repeatedly]" if swings(foot[:, 1], 0.1) >= 2 else ""
        if peak[2] > 0.45:
            text = f"[swing~|stretch~|kick~] the {side} [leg|foot] [forward|out in front] {often}"
        elif peak[0] > 0.42:
            text = f"[lift~|move~] the {side} leg [out to the side|sideways] {often}"
        elif peak[2] < -0.35:
            text = f"[lift~|move~] the {side} [leg|foot] [backward|behind the body] {often}"
        elif knee > -0.2:
            text = f"[lift~|raise~] the {side} knee [high|to the hip|] {often}"
        else:
            text = f"[lift~|raise~] the {side} foot [off the floor|] {often}"
        found.append((1.0 + float(lifted.max()), f"{side} leg", text))
    return found


def _body(m: Measured) -> list[Fact]:
    found: list[Fact] = []
    h = m.height
    start, end, least = h[:3].mean(), h[-3:].mean(), h.min()
    if start > 0.9 and end > 0.9 and least < 0.85:
        often = swings(h, 0.12) >= 2
        deep = "deeply" if least < 0.65 else ""
        found.append((1.4, "height", f"bend~ {'both knees' if least < 0.75 else 'the knees'} {deep} and come~ up again {'[several times|again and again]' if often else ''}"))
    elif start - end > 0.2:
        found.append((1.5, "height", "[lower~|sink~ with|let~ down] the [whole|] body " + ("[to the floor|down to the ground]" if end < 0.4 else "[|down|into a lower position]")))
    elif end - start > 0.2:
        found.append((1.5, "height", "[rise~|come~ up|push~ up] " + ("[from the floor|from the ground]" if start < 0.4 else "[from a low position|]")))
    elif h.max() < 0.4:
        found.append((0.9, "height", "stay~ [low|down|close] [on|to] the floor"))
    elif 0.4 < h.mean() < 0.78 and h.std() < 0.08:
        found.append((0.7, "height", "keep~ the hips low [with bent knees|]"))
    side, ahead = m.lean[:, 0], m.lean[:, 1]
    if np.abs(ahead).max() > 62 and h.min() < 0.45:
        found.append((0.9, "lean", "[have~ the body level|lie~ or lean~ flat] [near the floor|]"))
    elif ahead.max() > 38:
        found.append((1.0, "lean", "[bend~|lean~] the upper body [far|] forward"))
    elif ahead.min() < -18:
        found.append((0.8, "lean", "[lean~|arch~] backward"))
    for name, most in (("left", side.max()), ("right", -side.min())):
        if most > 22 and np.abs(ahead).max() < 50:
            found.append((0.8 + most / 100, "side", f"[bend~|lean~|tilt~] [the trunk|] to the {name}"))
    return found


def _way(m: Measured) -> list[Fact]:
    found: list[Fact] = []
    mean = m.travel.mean(axis=0)
    speed = float(np.linalg.norm(mean))
    path = float(np.linalg.norm(m.travel, axis=-1).mean())
    if speed > 0.4:
        fast = "[fast|quickly|at speed]" if path > 2.4 else "[slowly|]" if path < 0.8 else ""
        if abs(mean[0]) > abs(mean[1]):
            where = "to the left" if mean[0] > 0 else "to the right"
            found.append((1.3, "way", f"[move~|go~|travel~] sideways {where} {fast}"))
        else:
            where = "forward" if mean[1] > 0 else "backward"
            found.append((1.3, "way", f"[move~|go~|travel~|step~] {where} {fast}"))
    if abs(m.turned) > 45:
        side = "left" if m.turned > 0 else "right"
        size = abs(m.turned)
        far = "[about a quarter|]" if size < 120 else "[half way round|around]" if size < 240 else "[all the way round|in a full circle]"
        found.append((1.1, "turn", f"[turn~|rotate~] [the body|] to the {side} {far}"))
    moving = max(float(np.abs(np.diff(p, axis=0)).sum(axis=1).mean()) for p in m.hands.values())
    if not found and moving < 0.02 and path < 0.15 and np.ptp(m.height) < 0.05 and np.ptp(m.lean, axis=0).max() < 8:
        found.append((0.6, "still", "[stay~ still|hardly move~|keep~ the whole body still]"))
    return found


def mirrored(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The captions of the mirrored motion, order kept."""
    return tuple(mirror_text(text) for text in texts)
