"""Prompts in any words to the three texts of VideoGEM: the action, its verb, its object. Pure.

Templates as published (arXiv 2503.20348, section 3.3); words stay as said, nothing is inflected.
The grammar finds verb and object in free text; a language model may do it instead (`parts`).
"""

import re
from dataclasses import dataclass
from typing import Final

from engines.errors import PromptError
from engines.motion.partition import split
from engines.video.prompt_words import (
    ENDS,
    HANGING,
    MANNER,
    NOTHING,
    PARTICLES,
    QUALITIES,
    STARTS,
    VERBS,
)

ACTION: Final = "A photo of a person {}."
VERB: Final = "A photo of a person {} something."
OBJECT: Final = "A photo of a person using {}."
NEUTRAL: Final = (
    "A photo of a person.",
    "A photo of a person doing something.",
    "A photo of a person.",
)
"""What action, verb and object are compared with to say whether they are there at all."""
MAX_PROMPT_CHARS: Final = 500
MOST_PARTICLES: Final = 2
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Parts:
    """An action in words, and what of it is verb and object; None where there is none."""

    action: str
    verb: str | None
    object: str | None

    def texts(self) -> tuple[str, str | None, str | None]:
        """Texts of action, verb and object to be encoded; None where there is none."""
        verb = VERB.format(self.verb) if self.verb else None
        thing = OBJECT.format(self.object) if self.object else None
        if self.verb is None and thing is not None:
            return thing, None, thing
        return ACTION.format(self.action), verb, thing


def parts(action: str, verb: str | None, thing: str | None) -> Parts:
    """Parts that somebody else found, such as a language model; every word must be the action's.

    Raises PromptError for words that the action does not have.
    """
    said = set(_words(_CAMEL.sub(" ", _checked(action))))
    found = [part.strip() if part and part.strip() else None for part in (verb, thing)]
    for part in found:
        strange = [word for word in _words(part or "") if word not in said]
        if strange:
            raise PromptError(f"{strange[0]!r} is not in {action!r}: verb and object must be")
    return Parts(_person_left_out(action), *found)


def decompose(prompt: str) -> Parts:
    """Find verb and object of a prompt by grammar. Raises PromptError if it is empty or too long.

    "a man picks up a red cup" -> picks up a red cup, picks up, a red cup; "squat" has no object,
    "the red ball" no verb; `PlayingHarmonica` is read as two words.
    """
    text = _CAMEL.sub(" ", _checked(prompt))
    steps = split(text) or [text]
    found = [_verb_and_object(step) for step in steps]
    both = next((pair for pair in found if all(pair)), found[0])
    return Parts(_person_left_out(text), *both)


def label_parts(label: str) -> Parts:
    """A data set's label "verb object", or `VerbObject`: the first word is the verb, as published.

    A single word is a verb. Raises PromptError if it is empty.
    """
    verb, _, thing = _CAMEL.sub(" ", _checked(label)).replace("_", " ").partition(" ")
    thing = thing.strip()
    return Parts(f"{verb} {thing}".strip(), verb, thing or None)


def _verb_and_object(step: str) -> tuple[str | None, str | None]:
    words = step.split()
    plain = [word.strip(".,;:!?\"'").lower() for word in words]
    while len(plain) > 1 and (plain[0] in MANNER or plain[0].endswith("ly")):
        words, plain = words[1:], plain[1:]
    if not _begins_with_verb(plain):
        if len(plain) > 1 and plain[-1].endswith("ing") and plain[-1] in VERBS:
            return words[-1], " ".join(words[:-1])  # horse riding
        return None, _noun_phrase(words, plain)
    end = 1
    while end <= MOST_PARTICLES and end < len(plain) and _belongs_to_verb(plain, end):
        end += 1
    thing = _noun_phrase(words[end:], plain[end:])
    if thing is None:
        while end > 1 and plain[end - 1] in HANGING:
            end -= 1
    return " ".join(words[:end]), thing


def _begins_with_verb(plain: list[str]) -> bool:
    first, second = plain[0], plain[1] if len(plain) > 1 else ""
    if first in STARTS or (first in QUALITIES and second not in STARTS):
        return False
    if first in VERBS or (first.endswith("ing") and len(first) > 4):
        return True
    return second in STARTS  # an unknown word before an article: flambés the pan


def _belongs_to_verb(plain: list[str], place: int) -> bool:
    word, rest = plain[place], plain[place + 1 :]
    return word in PARTICLES or (word in MANNER and bool(rest) and rest[0] in PARTICLES)


def _noun_phrase(words: list[str], plain: list[str]) -> str | None:
    """The words up to the next preposition, if they name a thing."""
    end = next((i for i, word in enumerate(plain) if word in ENDS and i), len(plain))
    kept = [
        (word.strip(".,;:!?\"'"), low)
        for word, low in zip(words[:end], plain[:end], strict=True)
        if low not in MANNER and not low.endswith("ly")
    ]
    heads = [low for _, low in kept if low not in STARTS]
    if not heads or all(low in NOTHING or low in ("left", "right") for low in heads):
        return None
    return " ".join(word for word, _ in kept)


def _person_left_out(text: str) -> str:
    """The action without its subject, since the templates bring a person."""
    steps = split(text)
    return steps[0] if len(steps) == 1 else text.strip()


def _checked(prompt: str) -> str:
    if not isinstance(prompt, str) or not re.search(r"\w", prompt):
        raise PromptError("a prompt is empty: describe an action, for example 'cuts an onion'")
    if len(prompt) > MAX_PROMPT_CHARS:
        raise PromptError(
            f"a prompt has {len(prompt)} characters, expected at most {MAX_PROMPT_CHARS}"
        )
    return " ".join(prompt.split())


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'-]+", text.lower())
