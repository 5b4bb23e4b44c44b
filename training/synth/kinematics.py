"""Says what limbs do in any motion: pose and motion codes turned into sentences.

Works on joints alone, synthesised or recorded, so that a movement without a name still has words:
which hand goes where, whether it repeats, how the knees, trunk and whole body move. In the manner
of PoseScript and MotionScript, written anew and smaller. Pure.
"""

import numpy as np

from training.synth.measures import Measured, measure, swings
from training.synth.phrases import conjugate, expand, mirror_text

Fact = tuple[float, str, str]
"""Salience, what it is about (one fact each is said), and a phrase."""


def facts(m: Measured) -> list[Fact]:
    """Everything worth saying, the most striking first."""
    found = _body(m)
    if m.facing > 0.5:
        found += [*_hands(m), *_legs(m), *_way(m)]
    best: dict[str, Fact] = {}
    for fact in sorted(found, reverse=True):
        best.setdefault(fact[1], fact)
    return sorted(best.values(), reverse=True)


def captions(joints: np.ndarray, rng: np.random.Generator, count: int = 3) -> tuple[str, ...]:
    """Up to `count` sentences on joints (T, 22, 3) at 20 fps; () for less than half a second."""
    if len(joints) < 10:
        return ()
    known = facts(measure(joints))[:2]
    texts: dict[str, None] = {}
    for _ in range(count if known else 0):
        share = known[: int(rng.integers(1, len(known) + 1))]
        texts[_sentence([phrase for _, _, phrase in share], rng)] = None
    return tuple(texts)


def _sentence(phrases: list[str], rng: np.random.Generator) -> str:
    form = ("third", "base", "gerund")[rng.integers(3)]
    said = []
    for phrase in phrases:
        choices = expand(phrase)
        said.append(conjugate(choices[rng.integers(len(choices))], form))
    text = said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]
    return f"a person {text}" if form == "third" else text


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
    away = np.flatnonzero(far > 0.85 * far.max())
    path = path[away[0] : away[-1] + 1]
    if len(path) < 8:
        return 0.0, ""
    middle = path - path.mean(axis=0)
    axes = np.linalg.svd(middle, full_matrices=False)[2]
    first, second = middle @ axes[0], middle @ axes[1]
    times = swings(first, 0.13)
    if times < 2:
        return 0.0, ""
    if swings(second, 0.13) >= times and second.std() > 0.5 * first.std():
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
    (a, pa, ea, wa), (b, pb, _, wb) = spots["left"], spots["right"]
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
        where = (
            "overhead" if up > 0.55 else "in front of the [chest|body]" if up > -0.7 else "low down"
        )
        often = "[again and again|repeatedly|many times]" if meet >= 2 else ""
        found.append(
            (1.0 + 0.6 * (meet >= 2), "meet", f"bring~ both hands together {where} {often}")
        )
    return found


_AGAIN = "[again and again|repeatedly]"


def _legs(m: Measured) -> list[Fact]:
    found: list[Fact] = []
    lowest = np.minimum(m.feet["left"][:, 1], m.feet["right"][:, 1])
    upright = np.median(m.height) > 0.75
    if upright and m.height.max() > np.median(m.height) + 0.07 and lowest.max() > 0.1:
        often = _AGAIN if swings(lowest, 0.06) >= 2 else ""
        found.append((1.5, "jump", f"leave~ the floor with both feet {often}"))
    if upright and np.linalg.norm(m.travel.mean(axis=0)) < 0.35:
        found += [fact for side in m.feet if (fact := _leg(m, side))]
    return found


def _leg(m: Measured, side: str) -> Fact | None:
    """What one leg does on the spot, if it is lifted."""
    foot, other = m.feet[side], m.feet["left" if side == "right" else "right"]
    lifted = foot[:, 1] - other[:, 1]
    if lifted.max() < 0.12:
        return None
    peak = foot[lifted > 0.8 * lifted.max()].mean(axis=0)
    often = _AGAIN if swings(foot[:, 1], 0.1) >= 2 else ""
    if peak[2] > 0.45:
        text = f"[swing~|stretch~|kick~] the {side} [leg|foot] [forward|out in front] {often}"
    elif peak[0] > 0.42:
        text = f"[lift~|move~] the {side} leg [out to the side|sideways] {often}"
    elif peak[2] < -0.35:
        text = f"[lift~|move~] the {side} [leg|foot] [backward|behind the body] {often}"
    elif m.knees[side].max() > -0.2:
        text = f"[lift~|raise~] the {side} knee [high|to the hip|] {often}"
    else:
        text = f"[lift~|raise~] the {side} foot [off the floor|] {often}"
    return 1.0 + float(lifted.max()), f"{side} leg", text


def _body(m: Measured) -> list[Fact]:
    h = m.height
    start, end, least = h[:3].mean(), h[-3:].mean(), h.min()
    if start > 0.9 and end > 0.9 and least < 0.85:
        often = "[several times|again and again]" if swings(h, 0.12) >= 2 else ""
        knees = "both knees" if least < 0.75 else "the knees"
        deep = "deeply" if least < 0.65 else ""
        return [(1.4, "height", f"bend~ {knees} {deep} and come~ up again {often}"), *_lean(m)]
    if start - end > 0.2:
        down = "[to the floor|down to the ground]" if end < 0.4 else "[|into a lower position]"
        text = f"[lower~|sink~ with|let~ down] the [whole|] body {down}"
        return [(1.5, "height", text), *_lean(m)]
    if end - start > 0.2:
        up = "[from the floor|from the ground]" if start < 0.4 else "[from a low position|]"
        return [(1.5, "height", f"[rise~|come~ up|push~ up] {up}"), *_lean(m)]
    if h.max() < 0.4:
        return [(0.9, "height", "stay~ [low|down|close] to the floor"), *_lean(m)]
    if 0.4 < h.mean() < 0.78 and h.std() < 0.08:
        return [(0.7, "height", "keep~ the hips low [with bent knees|]"), *_lean(m)]
    return _lean(m)


def _lean(m: Measured) -> list[Fact]:
    found: list[Fact] = []
    if m.facing < 0.5:
        return found
    side, ahead = m.lean[:, 0], m.lean[:, 1]
    if np.abs(ahead).max() > 62 and m.height.min() < 0.45:
        found.append((0.9, "lean", "[have~ the body level|lie~ or lean~ flat] [near the floor|]"))
    elif ahead.max() > 38:
        found.append((1.0, "lean", "[bend~|lean~] the upper body [far|] forward"))
    elif ahead.min() < -18:
        found.append((0.8, "lean", "[lean~|arch~] backward"))
    for name, most in (("left", side.max()), ("right", -side.min())):
        if most > 22 and np.abs(ahead).max() < 50:
            text = f"[bend~|lean~|tilt~] [the trunk|] to the {name}"
            found.append((0.8 + most / 100, "side", text))
    return found


def _way(m: Measured) -> list[Fact]:
    found: list[Fact] = []
    left, ahead = m.travel.mean(axis=0)
    pace = float(np.linalg.norm(m.travel, axis=-1).mean())
    if np.hypot(left, ahead) > 0.4:
        fast = "[fast|quickly|at speed]" if pace > 2.4 else "[slowly|]" if pace < 0.8 else ""
        if abs(left) > abs(ahead):
            where = "sideways to the left" if left > 0 else "sideways to the right"
        else:
            where = "forward" if ahead > 0 else "backward"
        found.append((1.3, "way", f"[move~|go~|travel~|step~] {where} {fast}"))
    size = abs(m.turned)
    if size > 45:
        side = "left" if m.turned > 0 else "right"
        far = "[about a quarter|]" if size < 120 else "[half way round|around]"
        far = far if size < 240 else "[all the way round|in a full circle]"
        found.append((1.1, "turn", f"[turn~|rotate~] [the body|] to the {side} {far}"))
    if not found and pace < 0.15 and _is_still(m):
        found.append((0.6, "still", "[stay~ in place|hardly move~|keep~ arms and legs still]"))
    return found


def _is_still(m: Measured) -> bool:
    moving = max(float(np.abs(np.diff(p, axis=0)).sum(axis=1).mean()) for p in m.hands.values())
    stepping = max(float(np.ptp(foot, axis=0).max()) for foot in m.feet.values())
    return (
        moving < 0.02
        and stepping < 0.1
        and np.ptp(m.height) < 0.05
        and np.ptp(m.lean, axis=0).max() < 8
    )


def mirrored(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The captions of the mirrored motion, order kept."""
    return tuple(mirror_text(text) for text in texts)
