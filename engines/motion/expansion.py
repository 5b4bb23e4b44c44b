"""Words to what limbs do: a dictionary of common verbs, each with kinematic descriptions. Pure.

For actions whose name a motion model may never have met: the descriptions speak of hands, knees
and the trunk, in the wording of the captions that the model was trained on.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Final

from engines import lexicon
from engines.motion.partition_words import BASE

TABLE: Final = Path(__file__).with_name("verbs.toml")
"""Phrase -> descriptions; `{S}` is the side that acts, `{O}` the other one."""
GAP: Final = 3
"""So many words may stand between the words of a phrase: picks the red box up."""
MOST_VERBS: Final = 3

_WORD: Final = re.compile(r"[a-z0-9]+")
_MEANWHILE: Final = re.compile(r"\b(?:while|whilst)\b")
_LIMB: Final = {
    **dict.fromkeys(("hand", "arm", "elbow", "shoulder", "fist", "forearm", "wrist"), "arm"),
    **dict.fromkeys(("leg", "foot", "knee", "heel", "toes", "hip", "ankle", "thigh"), "leg"),
}
_SIDED: Final = re.compile(r"\{([SO])\}(?: (\w+))?")


def describe(text: str) -> tuple[str, ...]:
    """Kinematic descriptions of a prompt, () if it names no verb of the dictionary.

    A side in the prompt becomes the side of the description; without one, both sides are described.
    What is done meanwhile ("while sitting") stays as it is.
    """
    plain = lexicon.plain(text)
    main, *meanwhile = _MEANWHILE.split(plain, maxsplit=1)
    found = [descriptions for _, descriptions in _matches(main)][:MOST_VERBS]
    if not found:
        return ()
    size = max(len(descriptions) for descriptions in found)
    kept = f" while {meanwhile[0].strip()}" if meanwhile and meanwhile[0].strip() else ""
    joined = (
        " and ".join(descriptions[i % len(descriptions)] for descriptions in found)
        for i in range(size)
    )
    return tuple(
        dict.fromkeys(sided + kept for template in joined for sided in _on_sides(template, plain))
    )


def _matches(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Verbs found: position and descriptions, in order of position; longer phrases first served."""
    words = [_stems(word) for word in _WORD.findall(text)]
    table = _table()
    taken: set[int] = set()
    found = []
    for phrase in sorted(_candidates(words), key=lambda p: (-len(p), p)):
        places = _places(phrase, words, taken)
        if places:
            taken.update(places)
            found.append((places[0], table[phrase]))
    return sorted(found)


def _candidates(words: list[frozenset[str]]) -> Iterator[tuple[str, ...]]:
    firsts = frozenset[str]().union(*words)
    return (phrase for phrase in _table() if phrase[0] in firsts)


def _places(
    phrase: tuple[str, ...], words: list[frozenset[str]], taken: set[int]
) -> tuple[int, ...]:
    """Where the words of a phrase stand, in order and close to each other; () if they do not."""
    for start, stems in enumerate(words):
        if phrase[0] not in stems or start in taken:
            continue
        places = [start]
        for word in phrase[1:]:
            near = range(places[-1] + 1, min(places[-1] + 2 + GAP, len(words)))
            place = next((i for i in near if word in words[i] and i not in taken), None)
            if place is None:
                break
            places.append(place)
        else:
            return tuple(places)
    return ()


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
    raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {tuple(_WORD.findall(phrase)): tuple(says) for phrase, says in raw.items()}


def _on_sides(template: str, prompt: str) -> list[str]:
    """The template with its sides filled in: those that the prompt names, else either way round."""
    limbs = {_LIMB.get(word, "way") for _, word in _SIDED.findall(template)}
    if not limbs:
        return [template]
    choices = [_sides(limb, prompt) for limb in sorted(limbs)]
    texts = []
    for picked in product(*choices) if _both_named(prompt) else zip(*choices, strict=True):
        by_limb = dict(zip(sorted(limbs), picked, strict=True))
        texts.append(_fill(template, by_limb))
    return texts


def _both_named(prompt: str) -> bool:
    row = lexicon.features([prompt])[0]
    return bool(row[lexicon.NAMES.index("left")] and row[lexicon.NAMES.index("right")])


def _sides(limb: str, prompt: str) -> tuple[str, ...]:
    """Which side a limb is on, as far as the prompt says."""
    row = dict(zip(lexicon.NAMES, lexicon.features([prompt])[0].tolist(), strict=True))
    named = [side for side in ("right", "left") if row[side]]
    if len(named) == 2:
        own = [side for side in named if row[f"{side}_{limb}"]]
        return tuple(own or named)
    return (named[0], named[0])[:1] if named else ("right", "left")


def _fill(template: str, by_limb: dict[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        side = by_limb[_LIMB.get(match[2] or "", "way")]
        other = "left" if side == "right" else "right"
        word = side if match[1] == "S" else other
        return f"{word} {match[2]}" if match[2] else word

    return _SIDED.sub(put, template)
