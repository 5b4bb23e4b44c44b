"""Word features of a text: sides, directions, limbs, counts, speed, level, posture. Pure.

Sentence embeddings hardly tell left from right or up from down; these features do, by rule and
not by training, and both training and the live service use them. A text and its left-right mirror
always differ if the text names a side.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

ARM: Final = "arm"
LEG: Final = "leg"

_WORDS: Final[dict[str, str]] = {
    "left": "left lefthand lefthanded leftward leftwards anticlockwise counterclockwise",
    "right": "right righthand righthanded rightward rightwards clockwise",
    "both": "both two together simultaneously double pair",
    "alternate": "alternate alternately alternating other each one after another",
    "forward": "forward forwards front ahead onward onwards frontal frontward",
    "backward": "backward backwards back behind rear reverse rearward",
    "up": "up upward upwards raise lift rise above high higher upright overhead ascend climb",
    "down": "down downward downwards lower below low drop descend under floor ground",
    "sideways": "sideways side sidestep lateral laterally sideward aside across outward outwards",
    "around": "around round turn rotate spin circle circular twist pivot revolve swivel circling",
    "inward": "in inward inwards inside toward towards together close cross crossed",
    ARM: "arm hand wrist elbow fist palm finger forearm shoulder punch clap wave throw arms hands",
    LEG: "leg foot feet knee ankle thigh toe heel shin kick hip step stomp",
    "hand": "hand wrist palm finger fist",
    "elbow": "elbow",
    "shoulder": "shoulder",
    "knee": "knee",
    "foot": "foot feet toe heel ankle",
    "head": "head face chin neck ear mouth nose forehead hair",
    "torso": "torso body trunk chest waist back spine upper belly stomach hips hip bow bend",
    "fast": "fast quick quickly rapid rapidly hurry swift swiftly hard energetic sudden",
    "slow": "slow slowly gentle gently careful carefully leisurely calm calmly lazily",
    "again": "again repeat repeatedly times twice thrice several many continuously keep",
    "once": "once single one",
    "two": "two twice 2 second",
    "three": "three thrice 3 four five 4 5 several",
    "sit": "sit seat sitting chair bench stool",
    "stand": "stand standing upright still idle",
    "lie": "lie lay lying floor ground prone supine bed",
    "kneel": "kneel crouch squat stoop knee crawl fours",
    "travel": "walk run jog go move travel march stroll step sprint gait pace advance retreat",
    "jump": "jump hop leap skip bounce jack",
    "hold": "hold keep stay remain still pose static",
}
NAMES: Final = (
    *_WORDS,
    "get_up",
    "left_arm",
    "right_arm",
    "left_leg",
    "right_leg",
    "left_way",
    "right_way",
)
LEXICON_COUNT: Final = len(NAMES)
REACH: Final = 3
"""A side word belongs to the nearest limb word at most this many words after it (or before it)."""

_GET_UP: Final = re.compile(
    r"\b(?:stand(?:s|ing)?|stood|get(?:s|ting)?|got|ris(?:e|es|ing)|rose)\b(?: back)? up\b"
    r"|\bto (?:his|her|their|the|your|one's) feet\b"
    r"|\b(?:ris(?:e|es|ing)|rose) from\b"
)
"""To stand up is nearer to sitting down than to standing, whatever the words say."""

_TOKEN: Final = re.compile(r"[a-z0-9]+")
_COLUMN: Final = {name: column for column, name in enumerate(NAMES)}
_GROUPS: Final[dict[str, tuple[str, ...]]] = {}
for _group, _list in _WORDS.items():
    for _word in _list.split():
        _GROUPS[_word] = (*_GROUPS.get(_word, ()), _group)


def plain(text: str) -> str:
    """A text as the sentence model gets it: lower case, single spaces, no full stop at the end."""
    return " ".join(text.lower().split()).rstrip(" .!")


def features(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Word features `(n, LEXICON_COUNT)`, each 0 or 1; columns are named by NAMES."""
    rows = np.zeros((len(texts), LEXICON_COUNT), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[list(_columns(text))] = 1
    return rows


def named(text: str) -> frozenset[str]:
    """The names of the features that a text has."""
    return frozenset(NAMES[column] for column in _columns(text))


def mirror(text: str) -> str:
    """The text with left and right swapped, clockwise and counterclockwise too; case is lowered."""
    return _SIDE.sub(lambda match: _SWAP[match.group()], text.lower())


@lru_cache(maxsize=65536)
def _columns(text: str) -> frozenset[int]:
    tokens = _TOKEN.findall(plain(text).replace("counter-clockwise", "counterclockwise"))
    groups = [_groups(token) for token in tokens]
    found = {_COLUMN[group] for named in groups for group in named}
    for index, named in enumerate(groups):
        for side in ("left", "right"):
            if side in named:
                found.add(_COLUMN[f"{side}_{_owner(groups, index)}"])
    if _GET_UP.search(plain(text)):
        found = (found - {_COLUMN["stand"]}) | {_COLUMN["get_up"]}
    return frozenset(found)


def _owner(groups: list[tuple[str, ...]], index: int) -> str:
    """What a side word speaks of: the nearest arm or leg word, after it first, or a way to go."""
    after = range(index + 1, min(index + 1 + REACH, len(groups)))
    before = range(index - 1, max(index - 1 - REACH, -1), -1)
    for place in (*after, *before):
        if LEG in groups[place] and "travel" not in groups[place]:
            return LEG
        if ARM in groups[place]:
            return ARM
    return "way"


@lru_cache(maxsize=16384)
def _groups(token: str) -> tuple[str, ...]:
    """Groups of a word in any of its common inflections (waves, waving, clapped, raised)."""
    for stem in _stems(token):
        if stem in _GROUPS:
            return _GROUPS[stem]
    return ()


def _stems(token: str) -> tuple[str, ...]:
    stems = [token]
    for ending in ("s", "es", "ed", "ing", "er", "ly"):
        if token.endswith(ending) and len(token) - len(ending) >= 2:
            stem = token[: -len(ending)]
            stems += [stem, stem + "e"]
            if len(stem) > 2 and stem[-1] == stem[-2]:
                stems.append(stem[:-1])
    irregular = _IRREGULAR.get(token)
    return (*stems, irregular) if irregular else tuple(stems)


_IRREGULAR: Final = {
    **dict.fromkeys(("sat", "seated"), "sit"),
    **dict.fromkeys(("stood",), "stand"),
    **dict.fromkeys(("lying", "lain", "laid"), "lie"),
    **dict.fromkeys(("ran", "running"), "run"),
    **dict.fromkeys(("went", "gone"), "go"),
    **dict.fromkeys(("threw", "thrown"), "throw"),
    **dict.fromkeys(("knelt",), "kneel"),
    **dict.fromkeys(("rose", "risen"), "rise"),
    **dict.fromkeys(("kept",), "keep"),
    **dict.fromkeys(("held",), "hold"),
    **dict.fromkeys(("bent",), "bend"),
    **dict.fromkeys(("spun",), "spin"),
    **dict.fromkeys(("crept", "crawled"), "crawl"),
}
_SWAPS: Final = (
    ("left", "right"),
    ("lefthand", "righthand"),
    ("lefthanded", "righthanded"),
    ("leftward", "rightward"),
    ("leftwards", "rightwards"),
    ("counterclockwise", "clockwise"),
    ("counter-clockwise", "clockwise"),
    ("anticlockwise", "clockwise"),
)
_SWAP: Final = {
    **{b: a for a, b in reversed(_SWAPS)},
    **dict(_SWAPS),
}
_SIDE: Final = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _SWAP), key=len, reverse=True)) + r")\b"
)
