"""Whether steps that a language model made of an instruction are faithful to it. Pure.

A model may phrase and complete, but not add, reorder, lose or swap. Words decide: function words
are free, all others must come from the instruction, in any inflection. English, as is the grammar
whose reading gives the order in time (`he waves after sitting down`: sits, then waves).
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from engines.motion import partition
from engines.motion.partition_words import BASE

KEPT_SHARE: Final = 0.5
"""Of the instruction's words; a cue such as `when the music starts` may rightly be left out."""

_FREE: Final = frozenset(
    re.findall(
        r"\w+",
        """
        a an the this that these those one ones person someone somebody himself herself themselves
        he she it they him her them his its their theirs you your i me my we us our who which
        is are was were am be been being has have had having do does did will should must can could
        would may to of with by from on onto in into at for and or but while as so then also
        """,
    )
)
_ENDINGS: Final = (
    ("'s", ""),
    ("s", ""),
    ("es", ""),
    ("ies", "y"),
    ("ed", ""),
    ("d", ""),
    ("ied", "y"),
    ("n", ""),
    ("en", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ying", "ie"),
    ("ly", ""),
)
_TURNED: Final = re.compile(
    r"\b(?:but first|beforehand|prior|preceded|preceding|previously|earlier|already|until)\b",
    re.IGNORECASE,
)
"""Words that may turn the order round in ways that the grammar does not read."""
_SIDE: Final = re.compile(
    r"\b(left|right)\b(?=(?:\s+(?:and|or)\s+(?:left|right))?(?:\s+([\w']+))?)", re.IGNORECASE
)


def flaw(steps: Sequence[str], instruction: str) -> str | None:
    """What is wrong with the steps, as a sentence without words of the instruction; or None."""
    known = _all(_words(instruction))
    in_time = " ".join(partition.split(instruction))
    rows = [_content(step) for step in steps]
    for number, row in enumerate(rows, 1):
        if not row:
            return f"Step {number} of the language model's answer says nothing."
        if any(not _bases(word) & known for word in row):
            return f"Step {number} of the language model's answer is not in the instruction."
    if _kept(rows, in_time) < KEPT_SHARE:
        return "The language model's answer leaves out most of the instruction."
    late = None if _TURNED.search(instruction) else _out_of_order(rows, _words(in_time))
    if late is not None:
        return f"Step {late} of the language model's answer is not in the instruction's order."
    for number, step in enumerate(steps, 1):
        if _swaps_sides(step, f"{instruction}. {in_time}"):
            return f"Step {number} of the language model's answer mixes up left and right."
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower().replace("\u2019", "'"))


def _content(text: str) -> list[str]:
    return [word for word in _words(text) if word not in _FREE]


@cache
def _bases(word: str) -> frozenset[str]:
    """What a word may be an inflection of, itself included: two words are the same if these
    meet."""
    found = {word, BASE.get(word, word)}
    if word == "feet":
        found.add("foot")
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            found.add(stem + instead)
            if stem[-1] == stem[-2]:
                found.add(stem[:-1])
    return frozenset(found)


def _all(words: Sequence[str]) -> set[str]:
    return set().union(*map(_bases, words))


def _kept(rows: Sequence[Sequence[str]], in_time: str) -> float:
    said = _all([word for row in rows for word in row])
    wanted = set(_content(in_time))
    return sum(bool(_bases(word) & said) for word in wanted) / max(1, len(wanted))


def _out_of_order(rows: Sequence[Sequence[str]], words: Sequence[str]) -> int | None:
    """Number of the first step that cannot be found behind the step before it.

    A step is found by the words that no other step has, else by its first one.
    """
    there = _all(words)
    reached = -1
    for number, row in enumerate(rows, 1):
        others = _all([word for other in rows if other is not row for word in other])
        telling = [word for word in row if not _bases(word) & others]
        sought = _all(telling or [word for word in row if _bases(word) & there][:1])
        places = [
            place
            for place, word in enumerate(words)
            if place > reached and word not in _FREE and _bases(word) & sought
        ]
        if not places:
            return number
        reached = places[0]
    return None


def _swaps_sides(step: str, text: str) -> bool:
    """A side is given to a noun to which the text gives only the other one."""
    given = _sides(text)
    for side, noun in _sides(step):
        own = [each for place, each in given if place == side]
        other = [each for place, each in given if place != side]
        if noun and noun in other and noun not in own and "" not in own:
            return True
    return False


def _sides(text: str) -> list[tuple[str, str]]:
    """Each left and right with the noun behind it, or without one."""
    return [
        (side.lower(), min(_bases(noun.lower()), key=len) if noun.lower() not in _FREE else "")
        for side, noun in _SIDE.findall(text)
    ]
