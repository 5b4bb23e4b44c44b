"""Caption pools of primitives and of two of them at once, without what `training.heldout` keeps
back. Fixed by name; pure."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from training import heldout, rewordings
from training.synth import moves as _moves  # noqa: F401  (fills the registry)
from training.synth import sayings
from training.synth.bases import NAMES
from training.synth.phrases import expand, pool, seeded, sided, together
from training.synth.registry import REGISTRY, Primitive

COUNTS = {
    1: ("once", "one time"),
    2: ("twice", "two times"),
    3: ("three times",),
    4: ("four times",),
}
GENERAL = frozenset({
    "carry", "catch", "clap", "jump", "kick", "lie_down", "pick_up", "pull", "punch", "push",
    "put_down", "run", "sneak", "squat", "stand_up", "throw", "walk", "wave",
})  # fmt: skip
"""Heads of families whose plainest words fit every member: a slow walk is a walk."""
MORE: Final = 64
"""Captions from `sayings`, beside 48 in a primitive's own, shorter phrases."""
_NOT_LAID_OVER = ("stand", "half_kneel", "plank", "all_fours", "lie_front")


@cache
def of(name: str, side: str) -> tuple[str, ...]:
    """Captions of a primitive; `side` is "" for primitives without one."""
    own = worded(sided(REGISTRY[name].says, side or "right"), f"{name}:{side}")
    further = sayings.of(name)
    more = worded(sided(further, side or "right"), f"more {name}:{side}", MORE)
    said = dict.fromkeys((*own, *_general(REGISTRY[name].family), *more))
    return tuple(text for text in said if text.lower() not in rewordings.TEXTS)


def _general(family: str) -> tuple[str, ...]:
    """The plainest words of a family: as a sentence, as what is being done, and as a command."""
    if family not in GENERAL:
        return ()
    says = REGISTRY[family].says
    return worded(sided(says, "right"), family)[:3]


def worded(phrases: Iterable[str], key: str, size: int = 48) -> tuple[str, ...]:
    """Captions of one meaning that may be trained on; at least one phrase must be free."""
    return pool(phrases, key, size, keep=_free)


@cache
def unseen(name: str, side: str) -> tuple[str, ...]:
    """Captions of a primitive in the phrase that is kept back."""
    phrases = sided([heldout.kept_back(name)], side or "right")
    return pool(phrases, f"unseen {name}:{side}", 6)


@cache
def unseen_words(name: str, side: str) -> tuple[str, ...]:
    """Captions of a primitive with words that are kept back, () if it has none."""
    phrases = sided((*REGISTRY[name].says, *sayings.of(name)), side or "right")
    return pool(phrases, f"unseen words {name}:{side}", 6, keep=heldout.has_word)


def _free(phrase: str) -> bool:
    return not heldout.left_out(phrase)


@cache
def over_base(name: str, side: str, base: str) -> tuple[str, ...]:
    """Captions of an arm action done in a base posture, such as clapping while sitting."""
    return _two(name, side, NAMES[base], f"{name}:{side}@{base}")


@cache
def over_gait(name: str, side: str, gait: str) -> tuple[str, ...]:
    """Captions of an arm action done while walking."""
    return _two(name, side, _verbs(REGISTRY[gait].says), f"{name}:{side}+{gait}")


def _verbs(says: tuple[str, ...]) -> tuple[str, ...]:
    """The verb phrases among a primitive's phrases, alternatives spelt out."""
    spelt = [text for p in says if p[0] not in "#=" for text in expand(p) if _free(text)]
    return tuple(text for text in spelt if 1 <= text.count("~") <= 2)


def _two(name: str, side: str, others: tuple[str, ...], key: str, size: int = 8) -> tuple[str, ...]:
    rng = seeded("two", key)
    main = _verbs(tuple(sided(REGISTRY[name].says, side or "right")))
    texts: dict[str, None] = {}
    for _ in range(4 * size):
        first = main[min(int(rng.exponential(4.0)), len(main) - 1)]
        second = others[min(int(rng.exponential(1.5)), len(others) - 1)]
        texts[together(first, second, rng)] = None
        if len(texts) == size:
            break
    return tuple(texts)


@cache
def counted(name: str, side: str, count: int) -> tuple[str, ...]:
    """Captions that also say how many times, for `count` of 1 to 4."""
    rng = seeded("count", name, side, count)
    main = _verbs(tuple(sided(REGISTRY[name].says, side or "right")))
    words = COUNTS[count]
    picks = [pool([f"{main[rng.integers(len(main))]} {w}"], f"{name}{count}{w}", 4) for w in words]
    return tuple(text for pick in picks for text in pick)


def spoken(primitive: Primitive, side: str) -> str:
    """The side as far as it is ever said: "" where no phrase tells left from right."""
    said = any("{S}" in text or "{O}" in text or "{C}" in text for text in primitive.says)
    return side if said else ""


def sides(primitive: Primitive) -> tuple[str, ...]:
    """The sides a primitive comes in."""
    return ("right", "left") if primitive.sided else ("",)
