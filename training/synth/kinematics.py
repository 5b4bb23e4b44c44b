"""Says what limbs do in any motion: pose and motion codes turned into sentences.

Works on joints alone, synthesised or recorded, so that a movement without a name still has words:
which hand goes where, whether it repeats, how the knees, trunk and whole body move. In the manner
of PoseScript and MotionScript, written anew and smaller. Pure.
"""

import numpy as np

from training.data import Description
from training.synth import body_facts, limb_facts
from training.synth.limb_facts import Fact
from training.synth.measures import Measured, measure
from training.synth.phrases import conjugate, expand

MOST = 2
"""Facts in one sentence."""
SHORTEST = 10
"""Frames."""


def facts(m: Measured) -> list[Fact]:
    """Everything worth saying, the most striking first; of a body on its side only of the whole."""
    found = [*body_facts.body(m), *body_facts.trunk(m)]
    if m.facing > 0.5:
        found += [*limb_facts.hands(m), *limb_facts.legs(m), *body_facts.way(m)]
    return sorted(set(found), reverse=True)


def described(
    joints: np.ndarray, rng: np.random.Generator, count: int = 4
) -> tuple[tuple[Description, ...], tuple[str, ...]]:
    """Up to `count` sentences on joints (T, 22, 3) at 20 fps, and the phrases of all facts, said or
    not; nothing for less than half a second."""
    if len(joints) < SHORTEST:
        return (), ()
    known = facts(measure(joints))
    said: dict[str, Description] = {}
    for _ in range(count if known else 0):
        one = _sentence(_chosen(known, rng), rng)
        said.setdefault(one.text, one)
    return tuple(said.values()), tuple(fact.phrase for fact in known)


def _chosen(known: list[Fact], rng: np.random.Generator) -> list[Fact]:
    """One to `MOST` facts of different topics, the striking ones more often."""
    wanted = int(rng.integers(1, MOST + 1))
    left = list(known)
    chosen: list[Fact] = []
    while left and len(chosen) < wanted:
        weights = np.array([fact.salience for fact in left]) ** 3
        fact = left[rng.choice(len(left), p=weights / weights.sum())]
        chosen.append(fact)
        left = [other for other in left if other.topic != fact.topic]
    return chosen


def _sentence(chosen: list[Fact], rng: np.random.Generator) -> Description:
    form = ("third", "base", "gerund")[rng.integers(3)]
    said = []
    for fact in chosen:
        choices = expand(fact.phrase)
        said.append(conjugate(choices[rng.integers(len(choices))], form))
    text = said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]
    text = f"a person {text}" if form == "third" else text
    return Description(text, tuple(fact.phrase for fact in chosen))
