"""What hands, arms and legs do in a measured motion: places, ways, circles, contacts. Pure."""

from typing import NamedTuple

import numpy as np

from engines.motion.skeleton import MODEL_FPS
from training.synth.measures import SIDES, Measured, swings

AGAIN = "[again and again|repeatedly]"
QUICK = 4.5  # arm or leg lengths a second
STROKE_FRAMES = 10  # half a second
LYING = 0.45  # leg lengths: a pelvis below has the floor near the hands anyway
_REST = np.array([0.12, -0.95, 0.05])  # a hand that hangs


class Fact(NamedTuple):
    """How striking it is, what it is about (a sentence says one fact of a topic), and a phrase."""

    salience: float
    topic: str
    phrase: str


def hands(m: Measured) -> list[Fact]:
    """Where the hands go, how they move there, their quickest stroke, what they touch."""
    found: list[Fact] = []
    spots = {side: _place(m, side) for side in SIDES}
    (a, pa), (b, pb) = spots["left"], spots["right"]
    ways = {side: _motion(m.hands[side]) for side in SIDES}
    if a and b and a[1] == b[1] and np.abs(pa - pb).max() < 0.4:
        way = ways["left"] if ways["left"] == ways["right"] else (0.0, "")
        found += _placed(a, "hands", "[both hands|both arms|the hands]", way)
    else:
        for side, (spot, _) in spots.items():
            if spot:
                found += _placed(spot, side, _hand(side), ways[side])
    found += _strokes(m) + _circles(m) + _touches(m)
    if (a or b) and m.apart.min() < 0.27:
        found.append(_meeting(m, float(pa[1] + pb[1]) / 2))
    if _in_turn(m.hands["left"], m.hands["right"]):
        found.append(Fact(1.4, "turns", f"[move~|swing~] [both hands|both arms] in turn {AGAIN}"))
    return found


def _hand(side: str) -> str:
    return f"[the {side} hand|the {side} arm]"


def _placed(spot: tuple[float, str], topic: str, words: str, way: tuple[float, str]) -> list[Fact]:
    """The spot alone, and with how the hand moves there."""
    salience, phrase = spot[0] + 0.3 * (topic == "hands"), spot[1].replace("{H}", words)
    plain = Fact(salience, topic, phrase)
    return [Fact(salience + way[0], topic, phrase + way[1]), plain] if way[1] else [plain]


def _place(m: Measured, side: str) -> tuple[tuple[float, str] | None, np.ndarray]:
    """Salience and phrase of where a hand goes, if it leaves its rest, and the spot (3,)."""
    path = m.hands[side]
    far = np.linalg.norm(path - _REST, axis=-1)
    most = float(far.max())
    peak = path[far > 0.85 * most].mean(axis=0)
    down = np.ptp(m.low[side]) > 0.3 and np.median(m.height) > LYING
    low = float(m.low[side].min()) if down else 1.0
    return _spot(peak, low) if most > 0.42 or low < 0.28 else None, peak


def _spot(peak: np.ndarray, low: float) -> tuple[float, str] | None:
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
    fast = " [quickly|fast]" if _pace(path) > QUICK else ""
    return 0.5, ways[along] + fast + "[| again and again| repeatedly|]"


def _pace(path: np.ndarray) -> float:
    """The highest speed on a path (T, 3), a second."""
    return float(np.linalg.norm(np.diff(path, axis=0), axis=-1).max()) * MODEL_FPS


def _strokes(m: Measured) -> list[Fact]:
    """The quickest half second of each hand, if it goes far; of both if they go the same way."""
    ways = {side: _stroke(m.hands[side]) for side in SIDES}
    if ways["left"] == ways["right"]:
        given = [("[both hands|both arms]", ways["left"])]
    else:
        given = [(_hand(side), way) for side, way in ways.items()]
    return [
        Fact(0.7 + 0.5 * way[1], f"stroke of {hand}", _stroke_phrase(hand, *way))
        for hand, way in given
        if way
    ]


def _stroke_phrase(hand: str, way: str, quick: bool) -> str:
    return f"[move~|swing~|bring~] {hand} {way} " + ("[quickly|fast]" if quick else "")


_WAYS = (
    ("[out to the side|outward]", "[across the body|inward]"),
    ("[up|upward]", "[down|downward]"),
    ("forward", "[back|backward]"),
)


def _stroke(path: np.ndarray) -> tuple[str, bool] | None:
    """The way of a hand's quickest half second and whether it is quick; None if it goes nowhere or
    comes back as quickly."""
    step = min(STROKE_FRAMES, len(path) - 1)
    gone = path[step:] - path[:-step]
    far = np.linalg.norm(gone, axis=-1)
    best = int(np.argmax(far))
    if far[best] < 0.6:
        return None
    back = gone @ gone[best] / far[best]
    if -back.min() > 0.85 * far[best]:
        return None
    pace = _pace(path[best : best + step + 1])
    axis = int(np.argmax(np.abs(gone[best])))
    return _WAYS[axis][int(gone[best][axis] < 0)], pace > QUICK


def _circles(m: Measured) -> list[Fact]:
    """Whole rounds of an arm about its shoulder, as seen from the side."""
    ways = {}
    for side in SIDES:
        path = m.hands[side][:, [1, 2]]
        if np.median(np.linalg.norm(path, axis=-1)) < 0.55:
            continue
        angle = np.unwrap(np.arctan2(path[:, 0], path[:, 1]))
        rounds = (angle[-1] - angle[0]) / (2 * np.pi)
        if abs(rounds) > 0.9:
            ways[side] = "backward" if rounds > 0 else "forward"
    both = len(ways) == 2 and ways["left"] == ways["right"]
    alone = {_hand(side): way for side, way in ways.items()}
    given = {"[both arms|both hands]": ways["left"]} if both else alone
    return [
        Fact(2.0, "hands", f"[swing~|move~] {hand} [all the way round|in big circles] {way}")
        for hand, way in given.items()
    ]


def _touches(m: Measured) -> list[Fact]:
    """A hand or elbow at a lifted knee, a hand at its own hip."""
    found = []
    for (side, joint, goal), far in m.near.items():
        its, limb = goal.split("_")
        hand = joint == "wrist"
        if limb == "knee" and (hand or side != its):
            lifted = m.knees[its][int(np.argmin(far))] > -0.35
            if lifted and far.min() < (0.3 if hand else 0.45):
                word = "hand" if hand else "elbow"
                text = f"[bring~|move~] the {side} {word} to the {its} knee"
                found.append(Fact(1.5, f"{side} at knee", text))
        elif limb == "hip" and hand and side == its and _rests_at(far, m.hands[side]):
            text = f"[put~|have~] the {side} hand on the hip"
            found.append(Fact(0.8, f"{side} at hip", text))
    return found


def _rests_at(far: np.ndarray, path: np.ndarray) -> bool:
    """Whether a hand stays at its hip, distances (T,), with a bent arm, from its path (T, 3)."""
    bent = np.median(np.linalg.norm(path, axis=-1)) < 0.75
    _, up, ahead = np.median(path, axis=0)
    return bool(bent and np.median(far) < 0.6 and up < -0.4 and ahead < 0.25)


def _meeting(m: Measured, up: float) -> Fact:
    where = "overhead" if up > 0.55 else "in front of the [chest|body]" if up > -0.7 else "low down"
    often = swings(m.apart, 0.12) >= 2
    words = "[again and again|repeatedly|many times]" if often else ""
    return Fact(1.0 + 0.6 * often, "meet", f"bring~ both hands together {where} {words}")


def _in_turn(left: np.ndarray, right: np.ndarray) -> bool:
    """Whether paths (T, 3) go up or forward in turn, one when the other does not."""
    for axis in (1, 2):
        one, other = left[:, axis], right[:, axis]
        if min(swings(one, 0.2), swings(other, 0.2)) >= 2:
            return bool(np.corrcoef(one, other)[0, 1] < -0.4)
    return False


def legs(m: Measured) -> list[Fact]:
    """Jumps, lifted legs and where the feet stand."""
    found: list[Fact] = []
    lowest = np.minimum(m.feet["left"][:, 1], m.feet["right"][:, 1])
    upright = np.median(m.height) > 0.75
    if upright and m.height.max() > np.median(m.height) + 0.07 and lowest.max() > 0.1:
        often = AGAIN if swings(lowest, 0.06) >= 2 else ""
        found.append(Fact(1.5, "jump", f"leave~ the floor with both feet {often}"))
    if upright and np.linalg.norm(m.travel.mean(axis=0)) < 0.35:
        lifted = [fact for side in SIDES if (fact := _leg(m, side))]
        if len(lifted) == 2 and _steps_in_turn(m):
            what = "the knees" if max(m.knees[s].max() for s in SIDES) > -0.45 else "the feet"
            lifted.append(Fact(1.5, "legs", f"[raise~|lift~] {what} in turn {AGAIN}"))
        found += lifted
    return found + _stance(m)


def _steps_in_turn(m: Measured) -> bool:
    one, other = m.feet["left"][:, 1], m.feet["right"][:, 1]
    return min(swings(one, 0.08), swings(other, 0.08)) >= 2


def _leg(m: Measured, side: str) -> Fact | None:
    """What one leg does on the spot, if it is lifted."""
    foot, other = m.feet[side], m.feet["left" if side == "right" else "right"]
    lifted = foot[:, 1] - other[:, 1]
    if lifted.max() < 0.12:
        return None
    peak = foot[lifted > 0.8 * lifted.max()].mean(axis=0)
    often = AGAIN if swings(foot[:, 1], 0.1) >= 2 else ""
    fast = "[quickly|fast]" if _pace(foot) > QUICK else ""
    if peak[2] > 0.45:
        text = f"[swing~|stretch~|kick~] the {side} [leg|foot] [forward|out in front] {fast}"
    elif peak[0] > 0.42:
        text = f"[lift~|move~] the {side} leg [out to the side|sideways] {fast}"
    elif peak[2] < -0.35:
        text = f"[lift~|move~] the {side} [leg|foot] [backward|behind the body]"
    elif m.knees[side].max() > -0.35:
        text = f"[lift~|raise~] the {side} knee [high|to the hip|]"
    else:
        text = f"[lift~|raise~] the {side} foot [off the floor|]"
    return Fact(1.0 + float(lifted.max()), f"{side} leg", f"{text} {often}")


def _stance(m: Measured) -> list[Fact]:
    """Feet far apart, to the sides or one before the other."""
    wide = m.feet["left"][:, 0] + m.feet["right"][:, 0]
    ahead = m.feet["left"][:, 2] - m.feet["right"][:, 2]
    found = []
    if np.median(wide) > 0.75:
        found.append(Fact(0.9, "stance", "[stand~ with|have~] the feet [wide|far] apart"))
    elif np.linalg.norm(m.travel.mean(axis=0)) < 0.35 and np.abs(np.median(ahead)) > 0.6:
        front = "left" if np.median(ahead) > 0 else "right"
        found.append(Fact(0.9, "stance", f"[stand~ with|have~] the {front} foot far in front"))
    return found
