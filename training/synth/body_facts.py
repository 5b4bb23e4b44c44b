"""What the trunk and the whole body do in a measured motion: height, lean, turn, way. Pure."""

import numpy as np

from training.synth.limb_facts import AGAIN, Fact
from training.synth.measures import Measured, swings


def body(m: Measured) -> list[Fact]:
    """How high the pelvis is and how it gets there."""
    h = m.height
    start, end, least = h[:3].mean(), h[-3:].mean(), h.min()
    if start > 0.9 and end > 0.9 and least < 0.85:
        often = "[several times|again and again]" if swings(h, 0.12) >= 2 else ""
        knees = "both knees" if least < 0.75 else "the knees"
        deep = "deeply" if least < 0.65 else ""
        return [Fact(1.4, "height", f"bend~ {knees} {deep} and come~ up again {often}")]
    if start - end > 0.2:
        down = "[to the floor|down to the ground]" if end < 0.4 else "[|into a lower position]"
        return [Fact(1.5, "height", f"[lower~|sink~ with|let~ down] the [whole|] body {down}")]
    if end - start > 0.2:
        up = "[from the floor|from the ground]" if start < 0.4 else "[from a low position|]"
        return [Fact(1.5, "height", f"[rise~|come~ up|push~ up] {up}")]
    if h.max() < 0.4:
        return [Fact(0.9, "height", "stay~ [low|down|close] to the floor")]
    if 0.4 < h.mean() < 0.78 and h.std() < 0.08:
        return [Fact(0.7, "height", "keep~ the hips low [with bent knees|]")]
    return []


def trunk(m: Measured) -> list[Fact]:
    """Lean and twist of the upper body; nothing of a body on its side."""
    if m.facing < 0.5:
        return []
    found: list[Fact] = []
    side, ahead = m.lean[:, 0], m.lean[:, 1]
    often = AGAIN if swings(ahead, 15) >= 2 else ""
    if np.abs(ahead).max() > 62 and m.height.min() < 0.45:
        text = "[have~ the body level|lie~ or lean~ flat] [near the floor|]"
        found.append(Fact(0.9, "lean", text))
    elif ahead.max() > 38:
        found.append(Fact(1.0, "lean", f"[bend~|lean~] the upper body [far|] forward {often}"))
    elif ahead.min() < -18:
        found.append(Fact(0.8, "lean", f"[lean~|arch~] backward {often}"))
    if np.abs(ahead).max() < 50:
        found += _to_a_side(side, 22, "side", "[bend~|lean~|tilt~] [the trunk|]")
        found += _to_a_side(m.twist, 32, "twist", "[twist~|turn~] the [trunk|upper body]")
    return found


def _to_a_side(angle: np.ndarray, least: float, topic: str, does: str) -> list[Fact]:
    """An angle (T,) in degrees, to the left positive, that goes beyond `least`; both ways are one
    fact more."""
    found = []
    for name, most in (("left", angle.max()), ("right", -angle.min())):
        if most > least:
            found.append(Fact(0.8 + most / 100, topic, f"{does} to the {name}"))
    if len(found) == 2:
        text = f"{does} [from side to side|to both sides in turn]"
        found.append(Fact(1.3, topic, text))
    return found


def way(m: Measured) -> list[Fact]:
    """Where the whole body goes and turns, or that it stays."""
    found: list[Fact] = []
    left, ahead = m.travel.mean(axis=0)
    pace = float(np.linalg.norm(m.travel, axis=-1).mean())
    if np.hypot(left, ahead) > 0.4:
        fast = "[fast|quickly|at speed]" if pace > 2.4 else "[slowly|]" if pace < 0.8 else ""
        if abs(left) > abs(ahead):
            where = "sideways to the left" if left > 0 else "sideways to the right"
        else:
            where = "forward" if ahead > 0 else "backward"
        found.append(Fact(1.3, "way", f"[move~|go~|travel~|step~] {where} {fast}"))
    size = abs(m.turned)
    if size > 45:
        side = "left" if m.turned > 0 else "right"
        far = "[about a quarter|]" if size < 120 else "[half way round|around]"
        far = far if size < 240 else "[all the way round|in a full circle]"
        found.append(Fact(1.1, "turn", f"[turn~|rotate~] [the body|] to the {side} {far}"))
    if not found and pace < 0.15 and _is_still(m):
        text = "[stay~ in place|hardly move~|keep~ arms and legs still]"
        found.append(Fact(0.6, "still", text))
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
