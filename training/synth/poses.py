"""Random poses put together limb by limb, described limb by limb.

Each limb state is a spot and the words for it; a composition holds one to three limb states of arms,
legs, trunk and head, in a base posture. Compositions are numbered: a number always means the same
pose and the same captions, so that the number of different captions stays bounded. Pure.
"""

from functools import lru_cache

from training.synth.phrases import SUBJECTS, conjugate, expand, seeded
from training.synth.registry import (
    BEHIND,
    BELLY,
    CHEST,
    EAR,
    FRONT,
    HEAD,
    HIP,
    MOUTH,
    NAPE,
    SIDE,
    UP,
    UPFRONT,
    UPSIDE,
    Primitive,
    k,
)  # fmt: skip

COUNT = 1200
_ARM = (
    (UP, "raise~ the {S} arm [straight up|overhead|above the head]", "hold~ the {S} hand high above the head", "{S} arm up"),
    (FRONT, "stretch~ the {S} arm [forward|out in front]", "hold~ the {S} arm straight ahead at shoulder height", "{S} arm forward"),
    (SIDE, "stretch~ the {S} arm [out to the side|sideways]", "hold~ the {S} arm out horizontally", "{S} arm out to the side"),
    (HIP, "put~ the {S} hand on the hip", "rest~ the {S} hand on {their} hip", "{S} hand on hip"),
    (HEAD, "put~ the {S} hand on {their} head", "touch~ the top of the head with the {S} hand", "{S} hand on head"),
    (NAPE, "put~ the {S} hand behind {their} [neck|head]", "hold~ the back of the neck with the {S} hand", "{S} hand behind the head"),
    (EAR, "hold~ the {S} hand to {their} ear", "bring~ the {S} hand beside the head", "{S} hand at the ear"),
    (MOUTH, "bring~ the {S} hand to {their} [mouth|face]", "hold~ the {S} hand in front of the mouth", "{S} hand at the mouth"),
    (CHEST, "hold~ the {S} hand in front of {their} chest", "bend~ the {S} arm with the hand at the chest", "{S} hand at the chest"),
    (BELLY, "put~ the {S} hand on {their} [belly|stomach]", "rest~ the {S} hand on the belly", "{S} hand on the belly"),
    (BEHIND, "stretch~ the {S} arm [backward|behind the body]", "hold~ the {S} hand behind {their} back", "{S} arm back"),
    (UPFRONT, "raise~ the {S} arm diagonally [forward and up|up in front]", "reach~ up and forward with the {S} hand", "{S} arm up in front"),
    (UPSIDE, "raise~ the {S} arm diagonally to the side", "reach~ up and out with the {S} hand", "{S} arm up and out"),
    ((0.05, -0.3, 0.5), "bend~ the {S} elbow [at a right angle|to 90 degrees]", "hold~ the {S} forearm level in front", "{S} elbow bent"),
    ((-0.7, -0.1, 0.5), "reach~ across the body with the {S} [arm|hand]", "hold~ the {S} hand in front of the {O} shoulder", "{S} arm across the body"),
)  # fmt: skip
_BOTH = (
    (UP, "raise~ both arms [straight up|overhead]", "both arms up"),
    (FRONT, "stretch~ both arms forward", "both arms forward"),
    (SIDE, "stretch~ both arms out to the sides", "both arms out"),
    (HIP, "put~ both hands on {their} hips", "hands on hips"),
    (HEAD, "put~ both hands on {their} head", "both hands on head"),
    (CHEST, "hold~ both hands in front of {their} chest", "both hands at the chest"),
    (UPSIDE, "raise~ both arms in a V", "arms in a V"),
)  # fmt: skip
_LEG = (
    (dict(rf=(0.1, 0.42, 0.3, 25)), "lift~ the {S} knee [in front|to hip height]", "raise~ the {S} knee", "{S} knee up"),
    (dict(rf=(0.1, 0.3, 0.7)), "lift~ the straight {S} leg in front", "hold~ the {S} leg out forward", "{S} leg forward"),
    (dict(rf=(0.55, 0.16, 0.0), side=6), "lift~ the {S} leg to the side", "hold~ the {S} leg out sideways", "{S} leg to the side"),
    (dict(rf=(0.1, 0.2, -0.5, 20), pitch=8), "lift~ the {S} leg behind", "stretch~ the {S} leg backward", "{S} leg back"),
    (dict(rf=(0.1, 0.4, -0.35, 60)), "bend~ the {S} knee with the foot behind", "hold~ the {S} heel up behind", "{S} heel up"),
    (dict(rf=(0.1, 0, 0.4), lf=(0.1, 0, -0.2), py=-0.1), "put~ the {S} foot forward", "step~ forward with the {S} foot", "{S} foot in front"),
)  # fmt: skip
_TRUNK = (
    (dict(flex=40, pitch=20, pz=-0.06), "lean~ [far|] forward", "bend~ the upper body forward", "leaning forward"),
    (dict(side=-34), "lean~ to the {S}", "bend~ the trunk to the {S}", "leaning {S}"),
    (dict(twist=-42, yaw=-8), "twist~ the upper body to the {S}", "turn~ the shoulders to the {S}", "twisted to the {S}"),
    (dict(py=-0.3, pitch=14, flex=12, pz=-0.06), "bend~ both knees", "lower~ the hips", "knees bent"),
    (dict(flex=-22, hflex=-15), "lean~ back", "arch~ {their} back", "leaning back"),
    (dict(htwist=-55), "look~ to the {S}", "turn~ the head to the {S}", "head turned {S}"),
    (dict(hflex=-35), "look~ up", "tilt~ the head back", "looking up"),
    (dict(hflex=38), "look~ down", "lower~ the head", "looking down"),
    (dict(feet=(0.34, 0, 0)), "stand~ with the feet wide apart", "spread~ {their} legs", "feet apart"),
    (dict(fp=40, py=0.08), "stand~ on tiptoe", "rise~ onto the toes", "on tiptoe"),
)  # fmt: skip
_KEYS_OF_LEG = {"rf": "lf", "lf": "rf", "r": "l", "l": "r"}
_NEGATED = ("side", "twist", "yaw", "htwist", "px")


def _sided(text: str, side: str) -> str:
    other = "left" if side == "right" else "right"
    return text.replace("{S}", side).replace("{O}", other)


def _to_side(parts: dict[str, object], side: str) -> dict[str, object]:
    """Parts written for the right, for a side."""
    if side == "right":
        return parts
    return {
        _KEYS_OF_LEG.get(name, name): -value if name in _NEGATED else value  # type: ignore[operator]
        for name, value in parts.items()
    }


def phrases() -> list[str]:
    """All that a limb state is called, sides not filled in."""
    return [text for table in (_ARM, _BOTH, _LEG, _TRUNK) for _, *says in table for text in says]


@lru_cache(maxsize=COUNT)
def composition(number: int) -> tuple[Primitive, tuple[str, ...]]:
    """The pose of a number, as a primitive held for a while, and its captions."""
    rng = seeded("pose", number)
    parts: dict[str, object] = {}
    words: list[tuple[str, ...]] = []
    if rng.random() < 0.25:
        spot, *says = _BOTH[rng.integers(len(_BOTH))]
        parts["both"] = spot
        words.append(tuple(says))
    else:
        sides = ["right", "left"] if rng.random() < 0.5 else [("right", "left")[rng.integers(2)]]
        for side in sides:
            spot, *says = _ARM[rng.integers(len(_ARM))]
            parts[side[0]] = spot
            words.append(tuple(_sided(text, side) for text in says))
    if rng.random() < 0.55:
        table = _LEG if rng.random() < 0.45 else _TRUNK
        how, *says = table[rng.integers(len(table))]
        side = ("right", "left")[rng.integers(2)]
        parts.update(_to_side(how, side))
        words.append(tuple(_sided(text, side) for text in says))
    keys = (k(0.6, **parts), k(0.8, **parts))
    made = Primitive(f"pose{number}", (), keys=keys, tail=(k(0.5),), exact=True)
    return made, _captions(words, number)


def _captions(words: list[tuple[str, ...]], number: int, size: int = 8) -> tuple[str, ...]:
    """Sentences that name every limb state, in any order."""
    rng = seeded("pose words", number)
    texts: dict[str, None] = {}
    for _ in range(4 * size):
        order = [words[i] for i in rng.permutation(len(words))]
        subject, their = SUBJECTS[rng.integers(len(SUBJECTS))]
        form = ("third", "base", "gerund", "label")[rng.integers(4)]
        said = []
        for options in order:
            if form == "label":
                said.append(options[-1])
                continue
            choices = expand(options[rng.integers(len(options) - 1)])
            said.append(conjugate(choices[rng.integers(len(choices))], form, their))
        link = (
            ", "
            if form == "label"
            else (" and ", " while also ")[form == "gerund" and rng.random() < 0.3]
        )
        text = said[0] if len(said) == 1 else ", ".join(said[:-1]) + link + said[-1]
        texts[f"{subject} {text}" if form == "third" else text] = None
        if len(texts) == size:
            break
    return tuple(texts)
