"""A cook's sentence to its verbs and objects, of which the picture chooses one each (VideoGEM's
rule for YouCook-Interactions).

Published: every verb and every noun chunk's root with its last adjective, by spaCy's tagger. Here
the words are found by the grammar of `engines.video.prompts`, so a few candidates differ.
"""

import re
from itertools import product

from engines.motion.partition import split
from engines.video.prompt_words import ENDS, MANNER, NOTHING, QUALITIES, STARTS
from engines.video.prompts import Parts, decompose


def ways(sentence: str) -> tuple[Parts, ...]:
    """Each verb with each object. Raises PromptError for a sentence without words."""
    text = " ".join(sentence.lower().split())
    steps = [decompose(step) for step in split(text) or [text]]
    verbs = list(dict.fromkeys(step.verb.split()[0] for step in steps if step.verb))
    things = list(dict.fromkeys(_things(text, set(verbs))))
    return tuple(Parts(text, *pair) for pair in product(verbs or [None], things or [None]))


def _things(text: str, verbs: set[str]) -> list[str]:
    """The last word of every noun phrase, behind the nearest quality before it."""
    found, phrase = [], list[str]()
    for word in [*re.findall(r"[\w'-]+|[^\w\s]", text), "."]:
        if not re.match(r"\w", word) or word in ENDS | verbs | {"of"}:
            if phrase:
                qualities = [each for each in phrase[:-1] if each in QUALITIES]
                found.append(" ".join([*qualities[-1:], phrase[-1]]))
            phrase = []
        elif word not in STARTS | MANNER | NOTHING and not re.search(r"\d|ly$", word):
            phrase.append(word)
    return found
