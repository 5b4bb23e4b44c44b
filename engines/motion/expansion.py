"""Words to what limbs do: a dictionary of common verbs, each with kinematic descriptions. Pure.

For actions whose name a motion model may never have met: the descriptions speak of hands, knees
and the trunk, in the wording of the captions that the model was trained on.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

from engines import lexicon
from engines.motion.partition_words import ARTICLES, BASE, LIGHT, OWNERS, PERSONS, SMALL

TABLE: Final = Path(__file__).with_name("verbs.toml")
"""Phrases, parted by `|`, -> descriptions; `{S}` is the side that acts, `{O}` the other one."""
GAP: Final = 4
"""So many words may stand between the words of a phrase: picks the red box up."""
NOUN_WITHIN: Final = 4
"""So many words behind a verb that says little, the action may be named: gives it a toss."""
MOST_VERBS: Final = 3

_WORD: Final = re.compile(r"[a-z0-9]+|,")
_MEANWHILE: Final = re.compile(r"\b(?:while|whilst)\b")
_JOINING: Final = frozenset({"and", "then", "or", ","})
_BEFORE_NOUN: Final = ARTICLES | OWNERS | {"to", "of", "with"}
_LIGHT: Final = LIGHT | frozenset(("take", "give", "play", "have", "get", "go", "like"))
"""Verbs that say little: the noun behind them may be an action (does a curtsy)."""
_WAYS: Final = ("forward", "backward", "up", "down", "sideways", "around")
_UNTOLD: Final = SMALL | {*PERSONS, ",", "left", "right"}
"""What need not be described: sides are taken over into descriptions."""
_LIMB: Final = {
    **dict.fromkeys(("hand", "arm", "elbow", "shoulder", "fist", "forearm", "wrist"), "arm"),
    **dict.fromkeys(("leg", "foot", "knee", "heel", "toes", "ankle", "thigh"), "leg"),
}
_PLURAL: Final = {"hand": "hands", "arm": "arms", "leg": "legs", "foot": "feet", "knee": "knees"}
_ONE: Final = re.compile(r"the \{S\} (" + "|".join(_PLURAL) + r")\b")
_SIDED: Final = re.compile(r"\{([SO])\}(?: (\w+))?")


def describe(text: str) -> tuple[str, ...]:
    """Kinematic descriptions of a prompt, () if it names no verb of the dictionary.

    A side in the prompt becomes the side of the description; without one, both sides are described.
    What is done meanwhile ("while sitting") stays as it is. A prompt that names another way to go
    than a description ("runs backwards") is not described by it.
    """
    main, *meanwhile = _MEANWHILE.split(lexicon.plain(text), maxsplit=1)
    found = [says for says, _ in _verbs(_WORD.findall(main))]
    if not found:
        return ()
    kept = f" while {meanwhile[0].strip()}" if meanwhile and meanwhile[0].strip() else ""
    sides = lexicon.named(main)
    described: dict[str, None] = {}
    for place in range(max(map(len, found))):
        template = " and ".join(says[place % len(says)] for says in found)
        described |= dict.fromkeys(sided + kept for sided in _on_sides(template, sides))
    return tuple(described)


def share(text: str) -> float:
    """How much of a prompt its descriptions speak of, 0 to 1: walks with a heavy box is more than
    walks.

    The share of its telling words that are of the verbs found, or of limbs and ways that the
    descriptions name too. What is done meanwhile is left out.
    """
    words = _main(text)
    verbs = _verbs(words)
    found = {at for _, places in verbs for at in places}
    said = lexicon.named(" ".join(each for says, _ in verbs for each in says))
    telling = {at for at, word in enumerate(words) if _tells(word)}
    named = {at for at in telling if frozenset() < lexicon.named(words[at]) <= said}
    return len(found | named) / len(found | telling) if found else 0.0


def verbs(text: str) -> str:
    """The words of a prompt that its descriptions were found by: what they describe."""
    words = _main(text)
    found = {at for _, places in _verbs(words) for at in places}
    return " ".join(words[at] for at in sorted(found))


def _main(text: str) -> list[str]:
    """The words of a prompt without what is done meanwhile."""
    return _WORD.findall(_MEANWHILE.split(lexicon.plain(text), maxsplit=1)[0])


def _tells(word: str) -> bool:
    return word not in _UNTOLD and not _LIGHT & _stems(word)


def _verbs(words: list[str]) -> list[tuple[tuple[str, ...], list[int]]]:
    """Descriptions of the first verb and of those joined to it, and the places of their words;
    longer phrases are found first."""
    stems = [_stems(word) for word in words]
    firsts = frozenset[str]().union(*stems)
    taken: set[int] = set()
    found: dict[int, tuple[tuple[str, ...], list[int]]] = {}
    for phrase, says in _table().items():
        places = _places(phrase, stems, taken) if phrase[0] in firsts else ()
        if places and not _is_object(places[0], words, stems):
            taken.update(places)
            clause = _clause(places, words)
            rest = " ".join(words[at] for at in clause if at not in places)
            found[places[0]] = _agreeing(says, _named(rest, _WAYS)), places
    joined = [at for at in sorted(found) if _JOINING & set(words[max(at - 2, 0) : at])]
    others = sorted(found.keys() - joined)
    meant = [at for at in others if not (_LIGHT & stems[at] and _follows(at, others))]
    chosen = [found[at] for at in sorted({*meant[:1], *joined})]
    return chosen[:MOST_VERBS] if all(says for says, _ in chosen) else []


def _clause(places: list[int], words: list[str]) -> range:
    """Where the words stand that belong to a phrase: between what joins it to others."""
    before = (at + 1 for at in range(places[0], -1, -1) if words[at] in _JOINING)
    after = (at for at in range(places[-1], len(words)) if words[at] in _JOINING)
    return range(next(before, 0), next(after, len(words)))


def _follows(place: int, others: list[int]) -> bool:
    """Whether an action is named right behind a verb that says little: takes a free throw."""
    return any(place < other <= place + NOUN_WITHIN for other in others)


def _named(text: str, columns: tuple[str, ...]) -> frozenset[str]:
    """Those of the lexicon's columns that a text sets."""
    return lexicon.named(text).intersection(columns)


def _agreeing(says: tuple[str, ...], ways: frozenset[str]) -> tuple[str, ...]:
    """The descriptions that name all of the ways to go, or none."""
    named = [_named(text, _WAYS) for text in says]
    return tuple(text for text, own in zip(says, named, strict=True) if ways <= own or not own)


def _is_object(place: int, words: list[str], stems: list[frozenset[str]]) -> bool:
    """Whether a word is only the thing that something is done with: puts down a box."""
    if place == 0 or words[place - 1] not in _BEFORE_NOUN or place == 1:
        return False
    return not any(_LIGHT & stems[i] for i in range(max(place - NOUN_WITHIN, 0), place))


def _places(phrase: tuple[str, ...], words: list[frozenset[str]], taken: set[int]) -> list[int]:
    """Where the words of a phrase stand, in order and close to each other; [] if they do not."""
    for start, stems in enumerate(words):
        places = [start] if phrase[0] in stems and start not in taken else []
        for word in phrase[1:] if places else ():
            near = range(places[-1] + 1, min(places[-1] + 2 + GAP, len(words)))
            place = next((i for i in near if word in words[i] and i not in taken), None)
            if place is None:
                places = []
                break
            places.append(place)
        if places:
            return places
    return []


@lru_cache(maxsize=16384)
def _stems(word: str) -> frozenset[str]:
    """A word and what it may be a form of: juggles, juggling, juggled -> juggle."""
    stems = {word, BASE.get(word, word)}
    if word.endswith("ies"):
        stems.add(word[:-3] + "y")
    for ending in ("s", "es", "ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            stems |= {stem, stem + "e"}
            if len(stem) > 2 and stem[-1] == stem[-2]:
                stems.add(stem[:-1])
    return frozenset(stems)


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Phrases as words, the longest first, -> descriptions."""
    raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    table = {
        tuple(_WORD.findall(phrase)): tuple(says)
        for phrases, says in raw.items()
        for phrase in phrases.split("|")
    }
    return dict(sorted(table.items(), key=lambda item: (-len(item[0]), item[0])))


def _on_sides(template: str, sides: frozenset[str]) -> list[str]:
    """The template with its sides filled in: as the prompt names them, else either way round."""
    if "both" in sides and "{O}" not in template:
        template = _ONE.sub(lambda match: f"both {_PLURAL[match[1]]}", template)
    named = [side for side in ("right", "left") if side in sides]
    acting = named if len(named) == 1 else ["right", "left"]
    own = {} if len(named) < 2 else {limb: _only(limb, sides) for limb in ("arm", "leg")}
    return list(dict.fromkeys(_fill(template, side, own) for side in acting))


def _only(limb: str, sides: frozenset[str]) -> str | None:
    """The side of a limb where the prompt names just one."""
    named = [side for side in ("right", "left") if f"{side}_{limb}" in sides]
    return named[0] if len(named) == 1 else None


def _fill(template: str, side: str, own: dict[str, str | None]) -> str:
    other = "left" if side == "right" else "right"

    def put(match: re.Match[str]) -> str:
        word = own.get(_LIMB.get(match[2] or "", "")) or (side if match[1] == "S" else other)
        return f"{word} {match[2]}" if match[2] else word

    return _SIDED.sub(put, template)
