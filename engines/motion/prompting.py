"""From a label to the one unit vector that masks and read-out look for. Pure.

A prompt is said in words, described limb by limb, and shown by examples; each of the three gives a
unit vector, and the prompt is their weighted mean. The less a model knows a text, the more its
description counts. docs/methods.md says how the weights were found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from engines import lexicon
from engines.errors import PromptError
from engines.motion import expansion, familiarity
from engines.motion.encoder import pool, unit
from engines.motion.examples import ExampleSet
from engines.motion.labelling import LabelSettings
from engines.motion.timeline import Mode

Floats = NDArray[np.float32]

DESCRIPTION_WEIGHT: Final = 1.3
"""Of all descriptions together, against 1 for the plain words, where these are new to the model;
the dictionary's weigh less where they are of a part of the prompt only."""
GIVEN: Final = 0.5
"""How new a text counts as, at least, whose descriptions somebody gave: they want them to count."""
EXAMPLE_WEIGHT: Final = 1.0
"""Of one example, against 1 for the plain words; n examples weigh sqrt(n) times as much."""
BACKGROUND: Final = 0.5
"""How much of what a person does anyway is taken out of an example."""
MAX_DESCRIPTIONS: Final = 8
MAX_LABELS: Final = 256
MAX_LABEL_CHARS: Final = 2000


class Texts(Protocol):
    """A model's texts: unit rows, and those of texts that it was trained on, if it says which."""

    known: Floats | None

    def encode(self, texts: Sequence[str]) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Request:
    """What one person is looked at for: checked labels, and descriptions by plain label."""

    labels: tuple[str, ...]
    mode: Mode
    settings: LabelSettings
    descriptions: Mapping[str, tuple[str, ...]]

    def names(self, name: str) -> bool:
        """Whether a name is one of the labels, whatever its case and white space."""
        return lexicon.plain(name) in map(lexicon.plain, self.labels)

    def with_label(self, name: str) -> "Request":
        """The request with one more prompt, unless it has it. Raises PromptError if it is full."""
        if self.names(name):
            return self
        return replace(self, labels=check_labels((*self.labels, name)))


def vectors(texts: Texts, request: Request, examples: ExampleSet) -> Floats:
    """Unit rows `(K, D)` of a request's labels; `encode` is called once, for all texts."""
    return rows(texts, request.labels, request.descriptions, examples)


def rows(
    texts: Texts,
    labels: Sequence[str],
    descriptions: Mapping[str, Sequence[str]],
    examples: ExampleSet,
) -> Floats:
    """Unit rows `(K, D)` of checked labels, with descriptions by plain label; where a label has
    none, the built-in dictionary's."""
    prompts = []
    for label, said in zip(labels, _said(texts, labels, descriptions), strict=True):
        shown = examples.get(label)
        if shown is None:
            prompts.append(unit(said))
            continue
        taught = EXAMPLE_WEIGHT * np.float32(len(shown.vectors) ** 0.5) * shown.mean
        prompts.append(unit(said + taught if shown.words else taught))
    return np.stack(prompts)


def _said(
    texts: Texts, labels: Sequence[str], descriptions: Mapping[str, Sequence[str]]
) -> list[Floats]:
    """What the words of each label and its descriptions say together `(D,)`, of any length."""
    given = [descriptions.get(lexicon.plain(label)) for label in labels]
    described = [own or expansion.describe(label) for label, own in zip(labels, given, strict=True)]
    verbs = [expansion.verbs(label) for label in labels]
    subjects = [f"a person {v}" if v else label for v, label in zip(verbs, labels, strict=True)]
    every = [*labels, *subjects, *(text for group in described for text in group)]
    once = list(dict.fromkeys(every))
    encoded = dict(zip(once, texts.encode(once), strict=True))
    plain, named = (np.stack([encoded[text] for text in group]) for group in (labels, subjects))
    new = familiarity.novelty(plain, texts.known)
    both_new = np.minimum(new, familiarity.novelty(named, texts.known))
    said = list(familiarity.drawn(plain, new, texts.known))
    for at, (label, own, group) in enumerate(zip(labels, given, described, strict=True)):
        if group:
            weight = max(new[at], GIVEN) if own else both_new[at] * expansion.share(label)
            parts = unit(sum(encoded[text] for text in group))
            said[at] = said[at] + np.float32(DESCRIPTION_WEIGHT * weight) * parts
    return said


def example(values: Floats, attention: Floats, around: Floats) -> Floats:
    """Unit vector `(D,)` of what was shown: values `(n, D)` with attention `(n,)`.

    Half of the mean of `around (m, D)`, the frames kept of the same stretch, is taken off: what all
    of a person's motion has in common would make the prompt match too much.
    """
    return unit(pool(values, attention) - np.float32(BACKGROUND) * around.mean(axis=0))


def check_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels without white space around them. Raises PromptError if they cannot be used."""
    if isinstance(labels, str):
        raise PromptError("steps or prompts must be a list of texts, not one text")
    if not 1 <= len(labels) <= MAX_LABELS:
        raise PromptError(
            f"got {len(labels)} steps or prompts, expected 1 to {MAX_LABELS}: "
            "name at least one action, and split long lists"
        )
    return tuple(_checked(f"step or prompt {n}", label) for n, label in enumerate(labels, 1))


def check_name(name: str) -> str:
    """A name to teach, without white space around it. Raises PromptError if it cannot be used."""
    return _checked("the name of the example", name)


def check_descriptions(
    descriptions: Mapping[str, Sequence[str]] | None, labels: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Descriptions by plain label. Raises PromptError for texts that cannot be used, or for a
    label that is not among `labels`."""
    known = {lexicon.plain(label) for label in labels}
    checked = {}
    for label, texts in (descriptions or {}).items():
        if lexicon.plain(label) not in known:
            raise PromptError(
                f"descriptions of {label!r}, which is no label: name one of the labels"
            )
        if isinstance(texts, str) or len(texts) > MAX_DESCRIPTIONS:
            raise PromptError(
                f"the descriptions of {label!r} must be a list of at most {MAX_DESCRIPTIONS} texts"
            )
        what = f"a description of {label!r}"
        checked[lexicon.plain(label)] = tuple(_checked(what, text) for text in texts)
    return checked


def _checked(what: str, text: str) -> str:
    checked = text.strip() if isinstance(text, str) else ""
    if not 1 <= len(checked) <= MAX_LABEL_CHARS:
        raise PromptError(
            f"{what} has {len(checked)} characters, expected a text of 1 to "
            f"{MAX_LABEL_CHARS}: say in a few words what the person does"
        )
    return checked
