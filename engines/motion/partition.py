"""Language semantic partition by grammar: an instruction becomes ordered sub-actions. Pure.

ZOMG asks a language model for units that are complete (understandable alone) and temporally
decomposable; this is the part that needs no model. Sentences and lists are cut into units at words
of order, and at commas and `and` where a new verb of the same form begins; what happens at the
same time stays together, nouns are never parted, `after` and `before` turn the order round, and
what a unit leaves out is taken from the one before. Words stay as said; nothing is invented.
"""

import re
from typing import Final

from engines.motion.partition_words import (
    ADVERBS,
    ARTICLES,
    BASE,
    DIRECTIONS,
    FORMS,
    LIGHT,
    NEEDS_OBJECT,
    OWNERS,
    PAIRS,
    PERSONS,
    PREPOSITIONS,
    Form,
)

MAX_STEPS: Final = 12

_PERSON: Final = "|".join(PERSONS)
_SUBJECT: Final = re.compile(
    rf"(?:(?:(?:a|an|the|this|that|one|another)\s+)?(?:(?!(?:left|right)\b)[\w-]+\s+){{0,2}}?(?:{_PERSON})"
    r"|he|she|they|you|i|we|it|someone|somebody|everyone)\s+"
    r"(?:who\s+)?(?=[a-z])",
    re.IGNORECASE,
)
_AUXILIARY: Final = re.compile(
    r"(?:should|will|must|can|could|would|may|shall|(?:is|are|am)\s+going\s+to|(?:has|have|needs?)\s+to"
    r"|is|are|was|were|am|has|have|had|having|been|being)\s+(?=[a-z])",
    re.IGNORECASE,
)
_FILLER: Final = re.compile(
    r"(?:please|now|okay|ok|so|and|but|to\s+(?:begin|start|finish)(?:\s+with)?|first(?:ly)?|second(?:ly)?"
    r"|third(?:ly)?|fourth(?:ly)?|fifth(?:ly)?|last(?:ly)?|finally|then|step\s+\d+)\b\s*[,:.]?\s+",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(
    r"(?:^|(?<=\s))(?:step\s+\d+\s*[:.)-]|\(?\d+[.):](?!\d)|[a-h]\)|[-*•–](?=\s))\s*",
    re.IGNORECASE | re.MULTILINE,
)
_STOP: Final = re.compile(r"\n+|;|[.!?]+(?!\d)|\s*(?:->|=>|→|>)\s*")
_THEN: Final = re.compile(
    r"\s*[,:]?\s*\b(?:and\s+|but\s+)?(?:then|(?<!the\s)(?<!a\s)next(?!\s+to)|afterwards?|(?:after|following)\s+(?:that|this|which)"
    r"|after\s+an?\s+(?:[a-z]+\s+)?(?:while|moment|break|pause|rest)"
    r"|subsequently|thereafter|finally|lastly|at\s+last|(?:at|in)\s+the\s+end(?!\s+of)|eventually"
    r"|followed\s+by|later(?:\s+on)?|(?<=,\s)(?:second|third|fourth|fifth|last)(?:ly)?)\b\s*,?\s*",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(r"\s*,\s*(?:and\s+|but\s+)?|\s+(?:and|but|&)\s+", re.IGNORECASE)
_TOGETHER: Final = re.compile(
    r"\b(?:at\s+the\s+same\s+time|simultaneously|meanwhile)\b", re.IGNORECASE
)
_DURING: Final = re.compile(r"(?:while|as|whilst)\s+(?!soon\b)", re.IGNORECASE)
_EARLIER: Final = re.compile(r"(?:after|once|as\s+soon\s+as|having|when)\s+", re.IGNORECASE)
_LATER: Final = re.compile(r"before\s+", re.IGNORECASE)
_ORDER: Final = re.compile(
    r"(?P<main>.+?)\s*,?\s+(?P<word>before|after)\s+(?P<other>.+)", re.IGNORECASE
)
_REPEAT: Final = re.compile(r"(?:do\s+(?:it|this|that)\s+again|repeats?)\b", re.IGNORECASE)


def split(instruction: str) -> list[str]:
    """Ordered steps of an instruction, 1 to 12, each understandable alone; [] without words."""
    text = instruction.replace("\u2019", "'").strip()
    if len(_ITEM.findall(text)) > 1:
        text = _ITEM.sub("\n", text)
    steps: list[str] = []
    for sentence in _STOP.split(text):
        steps += _sentence(sentence)
    steps = [step for step in map(_tidy, steps) if re.search(r"\w", step)]
    if not steps and re.search(r"\w", text):
        return [text]
    return (
        steps
        if len(steps) <= MAX_STEPS
        else [*steps[: MAX_STEPS - 1], ", ".join(steps[MAX_STEPS - 1 :])]
    )


def _sentence(sentence: str) -> list[str]:
    sentence = _bare_start(sentence)
    for opening, later in ((_LATER, True), (_EARLIER, False)):
        match = opening.match(sentence)
        parts = match and _opening_clause(sentence[match.end() :])
        if parts:
            clause, rest = _chunk(parts[0]), _sentence(parts[1])
            return rest + clause if later else clause + rest
    steps: list[str] = []
    for chunk in _THEN.split(sentence):
        units = _chunk(chunk)
        if units and steps:
            units[0] = _completed(units[0], steps[-1])
        if units and steps and _REPEAT.match(units[0]):
            steps[-1] += ", " + units.pop(0)
        steps += units
    return steps


def _opening_clause(text: str) -> tuple[str, str] | None:
    """`sitting down, he waves` -> clause and rest, parted at the comma or at the next subject."""
    clause, comma, rest = text.partition(",")
    if comma:
        return clause, rest
    for match in _SUBJECT.finditer(text):
        if match.start() > 0 and text[match.start() - 1] == " ":
            return text[: match.start()], text[match.start() :]
    return None


def _chunk(text: str) -> list[str]:
    """Units of a stretch without words of order, but perhaps with `before` and `after` inside."""
    units: list[str] = []
    for unit in _coordinated(text):
        match = _ORDER.fullmatch(unit)
        if not match or not _clause_like(match["other"]):
            units.append(_unit(unit))
        elif match["word"].lower() == "before":
            units += [_unit(match["main"]), *_chunk(match["other"])]
        else:
            units += [*_chunk(match["other"]), _unit(match["main"])]
    return [unit for unit in units if unit]


def _coordinated(text: str) -> list[str]:
    """Cut at commas and `and` where a new verb of the same form begins."""
    progressive = re.search(r"\b(?:is|are|was|were)\b", text.split(",")[0])
    text = _unit(text)
    finite: set[Form] = {"third", "past"} if progressive else set()
    form = _head_forms(text) | finite
    units: list[str] = []
    start = 0
    for joint in _JOINT.finditer(text):
        left, right = text[start : joint.start()], text[joint.end() :]
        following = _JOINT.split(right, maxsplit=1)[0]
        if left and _begins_unit(left, right, following, form):
            units.append(left)
            start = joint.end()
    return [*units, text[start:]]


def _begins_unit(left: str, right: str, following: str, form: set[Form]) -> bool:
    if _TOGETHER.search(following) or (_DURING.match(left) and "," not in left):
        return False
    bare = _unit(right)
    words, before = _words(bare), _words(_unit(left))
    if not words or not before:
        return False
    if _SUBJECT.match(_without_adverbs(right)):
        return bool(FORMS.get(words[0]))
    if not _is_verb(words, form):
        return False
    head, new = BASE.get(before[0], ""), BASE.get(words[0], "")
    if head in LIGHT and any(word in FORMS for word in before[1:]) and len(words) == 1:
        return False
    return not (len(before) == 1 and (head in NEEDS_OBJECT or (head, new) in PAIRS))


def _is_verb(words: list[str], form: set[Form]) -> bool:
    """The words begin with a verb of one of these forms; unknown words count if an object
    follows."""
    known = FORMS.get(words[0])
    if known is not None:
        return bool(known & form)
    unknown_s = words[0].endswith("s") and "third" in form and words[0] not in OWNERS
    follows = words[1] if len(words) > 1 else ""
    return unknown_s and (follows in OWNERS or follows in ("a", "an") or follows in DIRECTIONS)


def _head_forms(text: str) -> set[Form]:
    """Forms that the first verb of a chunk can have."""
    words = _words(text)
    if _DURING.match(text) and "," in text:
        words = _words(_unit(text.partition(",")[2]))
    for word in words[:1] or [""]:
        if word in FORMS:
            return FORMS[word]
        if word.endswith("ing"):
            return {"gerund"}
        if word.endswith("ed"):
            return {"past"}
        if word.endswith("s") and word not in OWNERS:
            return {"third"}
    finite = next((FORMS[w] for w in words if w in FORMS and FORMS[w] & {"third", "past"}), None)
    return finite or {"base"}


def _clause_like(text: str) -> bool:
    """What follows `before` or `after` is an action, not a time or a place."""
    words = _words(_unit(text))
    if not words:
        return False
    if _SUBJECT.match(text) or re.match(r"having\s", text):
        return True
    return words[0].endswith("ing") and len(words[0]) > 4


def _completed(unit: str, before: str) -> str:
    """A unit that leaves out its verb takes it, and what stands with it, from the unit before.

    `raises the left arm` + `the right arm`; `turns left` + `right`; `waves with his left hand` +
    `his right`.
    """
    words, past = _words(unit), _words(before)
    if not words or not past or _is_verb(words, {"base", "third", "gerund", "past"}):
        return unit
    if any(FORMS.get(word, set()) & {"third", "past"} for word in words[1:]):
        return unit
    if BASE.get(past[0]) in words:
        return unit
    for kind in (PREPOSITIONS - DIRECTIONS, DIRECTIONS, OWNERS, ARTICLES):
        if words[0] not in kind and not (kind is ARTICLES and words[0].isdigit()):
            continue
        sought = DIRECTIONS - PREPOSITIONS if kind is DIRECTIONS else kind
        if words[1:] == ["other"]:
            sought = OWNERS | ARTICLES
        places = [i for i, word in enumerate(past) if i and (word in sought or word.isdigit())]
        if kind not in (OWNERS, ARTICLES, DIRECTIONS):
            places = [i for i in places if past[i] == words[0]]
        if not places:
            continue
        noun = ""
        if words[-1] in ("left", "right") and len(words) > 1:
            sides = [i for i, word in enumerate(past[:-1]) if word in ("left", "right")]
            noun = f" {past[sides[-1] + 1]}" if sides else ""
        return " ".join(before.split()[: places[-1]]) + f" {unit}{noun}"
    return unit


def _bare_start(text: str) -> str:
    text = text.strip(" \t,:")
    while match := _FILLER.match(text):
        text = text[match.end() :]
    return text


def _unit(text: str) -> str:
    """Without fillers, a person as subject and auxiliaries; a `while` clause keeps its own."""
    text = _bare_start(text)
    if _DURING.match(text):
        clause, comma, rest = text.partition(",")
        return f"{clause}, {_unit(rest)}" if comma else text
    if match := _SUBJECT.match(text):
        text = text[match.end() :]
    while match := _AUXILIARY.match(text):
        text = text[match.end() :]
    return text


def _without_adverbs(text: str) -> str:
    words = text.split()
    while len(words) > 1 and (words[0].lower() in ADVERBS or words[0].lower().endswith("ly")):
        words.pop(0)
    return " ".join(words)


def _words(text: str) -> list[str]:
    """Lower-case words, leading adverbs left out."""
    return re.findall(r"[\w'-]+", _without_adverbs(text).lower())


def _tidy(step: str) -> str:
    step = step.strip(" \t,.:;!?\"'")
    return step if step.startswith(("I ", "I'")) else step[:1].lower() + step[1:]
