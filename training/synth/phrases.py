"""A small grammar that says one thing in many ways.

A phrase is a base form in which `~` marks the words to conjugate, `[a|b|]` chooses, `{S}` and `{O}`
are the side and the other side, `{their}` the possessive: "kick~ [forward|to the front] with
the {S} [foot|leg]". A phrase that starts with `#` is a noun phrase, one with `=` is a label that is
used as it stands. Pools are made once per meaning and are the same in every run. Pure.
"""

import re
import zlib
from collections.abc import Callable, Iterable
from functools import cache

import numpy as np

SUBJECTS = (
    ("a person", "their"), ("the person", "their"), ("someone", "their"), ("a man", "his"),
    ("the man", "his"), ("a woman", "her"), ("the woman", "her"), ("he", "his"), ("she", "her"),
    ("a human", "their"), ("the subject", "the"), ("somebody", "their"), ("a figure", "its"),
    ("the actor", "his"), ("the patient", "their"), ("the athlete", "her"), ("person", "their"),
)  # fmt: skip
_DOUBLED = {
    "bar", "bat", "begin", "bob", "chop", "chug", "clap", "cut", "dig", "dip", "drag", "drop",
    "fan", "flap", "flip", "get", "grab", "grip", "hit", "hop", "hug", "jab", "jig", "jog", "kid",
    "knit", "lap", "leg", "let", "lob", "lug",
    "mop", "mug", "nod", "pat", "pet", "pin", "plug", "pop",
    "put", "rap", "rev", "rip", "rot", "rub", "run", "scan", "scat", "scrub", "set", "shop",
    "shrug", "shut", "sip", "sit", "skid", "skip", "slam", "slap", "slip", "snap", "sob", "spin",
    "squat", "stab", "step", "stir", "stop", "strip", "strum", "strut", "swat", "swim", "tap",
    "tip", "trip", "trot", "tug", "wag", "whip", "win", "wrap", "zip",
    "bed", "beg", "chat", "clip", "drum", "flag", "flop", "jam", "knot", "pad", "pan", "patrol",
    "plod", "plop", "prop", "propel", "quit", "repel", "shed", "sidestep", "skim", "slug", "spar",
    "split", "submit", "swap", "zigzag", "nab", "trap", "shred", "trek", "don",
}  # fmt: skip
"""Verbs that double their last letter before -ing."""
_SPECIAL = {
    "be": ("is", "being"), "have": ("has", "having"), "do": ("does", "doing"),
    "go": ("goes", "going"), "lie": ("lies", "lying"), "tie": ("ties", "tying"),
    "die": ("dies", "dying"), "dye": ("dyes", "dyeing"), "mimic": ("mimics", "mimicking"),
    "tiptoe": ("tiptoes", "tiptoeing"), "canoe": ("canoes", "canoeing"),
    "frolic": ("frolics", "frolicking"),
}  # fmt: skip
_SWAPS = {
    "left": "right", "right": "left", "clockwise": "counterclockwise",
    "counterclockwise": "clockwise", "anticlockwise": "clockwise", "lefty": "righty",
    "left-handed": "right-handed", "right-handed": "left-handed",
    "leftward": "rightward", "rightward": "leftward", "leftwards": "rightwards",
    "rightwards": "leftwards",
}  # fmt: skip
_SIDE_AT_END = re.compile(r"^(.+) with \w+ (left|right) (hand|arm|foot|leg)$")
_SIDE_ELSEWHERE = 0.2
"""Share of the captions that end with a side in which it is said in another place."""
_WORD = re.compile(r"\b(" + "|".join(sorted(_SWAPS, key=len, reverse=True)) + r")\b")


def mirror_text(text: str) -> str:
    """The same sentence for the mirrored motion: left and right swapped, nothing else."""
    return _WORD.sub(lambda m: _SWAPS[m.group(1)], text)


def third(verb: str) -> str:
    """Third person singular of a base form: kick -> kicks."""
    if verb in _SPECIAL:
        return _SPECIAL[verb][0]
    if re.search(r"(s|sh|ch|x|z|o)$", verb):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


def gerund(verb: str) -> str:
    """Present participle of a base form: kick -> kicking."""
    if verb in _SPECIAL:
        return _SPECIAL[verb][1]
    if verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return verb[:-1] + "ing"
    return verb + "ing"


def forms(word: str) -> tuple[str, ...]:
    """A word and its regular forms: base, -s, -ing, -ed."""
    stem = gerund(word).removesuffix("ing")
    past = word + "d" if word.endswith("e") else stem + "ed"
    return word, third(word), gerund(word), past


def expand(phrase: str) -> list[str]:
    """Every choice of `[a|b]` in a phrase, in order; brackets may be nested."""
    found = re.search(r"\[([^\[\]]*)\]", phrase)
    if not found:
        return [" ".join(phrase.split())]
    before, after = phrase[: found.start()], phrase[found.end() :]
    choices = [expand(before + option + after) for option in found.group(1).split("|")]
    return list(dict.fromkeys(text for choice in choices for text in choice))


def conjugate(phrase: str, form: str, their: str = "their") -> str:
    """A phrase with its marked verbs in `form` (base, third, gerund) and its possessives set."""
    change = {"base": str, "third": third, "gerund": gerund}[form]
    text = re.sub(r"([\w-]+)~", lambda m: change(m.group(1)), phrase)
    return text.replace("{their}", their).replace("{them}", "them").strip()


def seeded(*names: object) -> np.random.Generator:
    """A generator that depends on names only."""
    return np.random.default_rng(zlib.crc32("/".join(map(str, names)).encode()))


def _sentence(phrase: str, rng: np.random.Generator) -> str:
    """One wording of a phrase: subject or none, tense, possessive, where the side is said."""
    text = _in_order(phrase, rng)
    end = _SIDE_AT_END.match(text)
    return text if end is None or rng.random() > _SIDE_ELSEWHERE else _side_elsewhere(end, rng)


def _side_elsewhere(end: re.Match[str], rng: np.random.Generator) -> str:
    """A match of _SIDE_AT_END as "left-footed, kicks a ball", "kicks a ball, left foot" ..."""
    does, side, limb = end.groups()
    manner = f"{side}-{'handed' if limb in ('hand', 'arm') else 'footed'}"
    ways = (
        f"{manner}, {does}", f"{does} {manner}", f"with the {side} {limb}, {does}",
        f"using the {side} {limb}, {does}", f"{does}, {side} {limb}", f"{side} {limb}: {does}",
    )  # fmt: skip
    return ways[rng.integers(len(ways))]


def _in_order(phrase: str, rng: np.random.Generator) -> str:
    """One wording with the side where the phrase has it."""
    if phrase.startswith("="):
        return phrase[1:]
    subject, their = SUBJECTS[rng.integers(len(SUBJECTS))]
    if phrase.startswith("#"):
        noun = phrase[1:].replace("{their}", "the")
        do = ("does", "performs", "makes", "is doing", "carries out")[rng.integers(5)]
        plain = re.sub(r"^(an?|the) ", "", noun)
        return (noun, plain, f"{subject} {do} {noun}", f"doing {noun}")[rng.integers(4)]
    own = ("their", "the", "your", "his", "her", "one's")[rng.integers(6)]
    pick = rng.random()
    if pick < 0.3:
        return f"{subject} {conjugate(phrase, 'third', their)}"
    if pick < 0.5:
        return f"{subject} is {conjugate(phrase, 'gerund', their)}"
    if pick < 0.66:
        return conjugate(phrase, "gerund", own)
    if pick < 0.84:
        return conjugate(phrase, "base", own)
    if pick < 0.91:
        return conjugate(phrase, "third", own)
    return f"they {conjugate(phrase, 'base', 'their')}"


def pool(
    phrases: Iterable[str], key: str, size: int = 48, *, keep: Callable[[str], bool] | None = None
) -> tuple[str, ...]:
    """Up to `size` different captions of one meaning, the plainest first; fixed by `key`.

    `keep`: says of a phrase with its choices made whether it may be used; () if none may.
    """
    rng = seeded("pool", key)
    spelt = ([text for text in expand(p) if keep is None or keep(text)] for p in phrases)
    options = [choices for choices in spelt if choices]
    if not options:
        return ()
    texts: dict[str, None] = {}
    first = options[0][0]
    if not first.startswith(("=", "#")):
        texts[f"a person {conjugate(first, 'third')}"] = None
        texts[conjugate(first, "gerund", "the")] = None
        texts[conjugate(first, "base", "the")] = None
    for choices in options:
        texts[_sentence(choices[rng.integers(len(choices))], rng)] = None
    for _ in range(8 * size):
        if len(texts) >= size:
            break
        choices = options[rng.integers(len(options))]
        texts[_sentence(choices[rng.integers(len(choices))], rng)] = None
    return tuple(texts)


def sided(phrases: Iterable[str], side: str) -> list[str]:
    """Phrases with `{S}`, `{O}` and `{C}` (turning that way) filled in for "left" or "right"."""
    other = "left" if side == "right" else "right"
    clock = "clockwise" if side == "right" else "counterclockwise"
    fill = {"{S}": side, "{O}": other, "{C}": clock}
    return [re.sub(r"\{[SOC]\}", lambda m: fill[m.group()], phrase) for phrase in phrases]


@cache
def mirrored_pool(texts: tuple[str, ...]) -> tuple[str, ...]:
    """`mirror_text` of every caption, order kept."""
    return tuple(mirror_text(text) for text in texts)


def together(main: str, other: str, rng: np.random.Generator) -> str:
    """One caption for two things done at the same time; both are plain phrases."""
    subject, their = SUBJECTS[rng.integers(len(SUBJECTS))]
    first, second = (main, other) if rng.random() < 0.6 else (other, main)
    doing, base = conjugate(second, "gerund", their), conjugate(first, "base", their)
    ways = (
        f"{subject} {conjugate(first, 'third', their)} while {doing}",
        f"{subject} is {conjugate(first, 'gerund', their)} while {doing}",
        f"{base} while {doing}",
        f"{conjugate(first, 'gerund', their)} while {doing}",
        f"{subject} {conjugate(first, 'third', their)} and {conjugate(second, 'third', their)}"
        " at the same time",
        f"while {doing}, {subject} {conjugate(first, 'third', their)}",
    )
    return ways[rng.integers(len(ways))]
