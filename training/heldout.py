"""What training never sees although it could, so that it can be measured. All of it stands here.

- VOCABULARY (heldout.toml): per family one to three words; no caption with one of them is trained
  on, in any form.
- Wordings: of each primitive one phrase, in all its forms, is kept back, for all primitives that
  share it: one of its own where they are FEWEST or more, else one of `training.synth.sayings`.
  Which one is fixed by the phrases themselves.
- SUBJECTS: people of the recorded sets, with all their trials; of the others one trial in
  TRIALS_ONE_IN. All people of HDM05 and UTKinect are unseen: those sets are only measured on.

`python -m benchmarks.motion` measures what they cost; docs/models.md says it. Ten actions removed
for a second model stand in `training.removed`. Pure.
"""

import re
import tomllib
import zlib
from collections.abc import Iterable
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

from training.synth import moves as _moves  # noqa: F401  (fills the registry)
from training.synth import poses, sayings
from training.synth.phrases import conjugate, expand, forms, sided
from training.synth.registry import REGISTRY

VOCABULARY: Final[dict[str, tuple[str, ...]]] = {
    family: tuple(words)
    for family, words in tomllib.loads(
        Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    ).items()
}
"""Family -> words that are in its phrases and kept out of every caption, other families' too."""
FEWEST: Final = 5
SUBJECTS: Final = frozenset({"subject 03"})
"""Of CMU: walks on uneven ground, in both exports."""
TRIALS_ONE_IN: Final = 7

_WORDS: Final = re.compile(
    r"\b("
    + "|".join(sorted({f for w in chain(*VOCABULARY.values()) for f in forms(w)}, key=len)[::-1])
    + r")\b"
)


def has_word(text: str) -> bool:
    """Whether a caption or a phrase has a word of VOCABULARY in any form."""
    return bool(_WORDS.search(text.lower().replace("~", "")))


def left_out(phrase: str) -> bool:
    """Whether a spelt-out phrase, noun or label is kept back from training."""
    said = f"do {phrase[1:]}" if phrase[0] == "#" else phrase.lstrip("=")
    return has_word(phrase) or conjugate(said, "base", "the") in _wordings()


@cache
def kept_back(name: str) -> str:
    """The phrase that a primitive is never called in training: of the later, less plain half of its
    own, or of its further ones if those are too few, the one with the lowest checksum."""
    says = REGISTRY[name].says
    own = says[len(says) // 2 :] if len(says) >= FEWEST else ()
    free = [*filter(_may_be_kept, own)] or [*filter(_may_be_kept, sayings.of(name))]
    return min(free, key=lambda phrase: zlib.crc32(phrase.encode()))


def _may_be_kept(phrase: str) -> bool:
    """Whether keeping a phrase back leaves every plainest caption and own label as it is."""
    return "~" in phrase and not has_word(phrase) and not _bare([phrase]) & _said_anyway()


@cache
def _said_anyway() -> frozenset[str]:
    """The plainest phrases, labels as they stand and what poses are called."""
    says = chain.from_iterable(primitive.says for primitive in REGISTRY.values())
    labels = [phrase[1:] for phrase in says if phrase[0] == "="]
    plain = [primitive.says[0] for primitive in REGISTRY.values()]
    return _bare([*plain, *labels, *poses.phrases()])


@cache
def _wordings() -> frozenset[str]:
    """All phrases kept back, as commands and as labels."""
    return _bare(map(kept_back, REGISTRY))


def _bare(phrases: Iterable[str]) -> frozenset[str]:
    """Phrases with choices and sides made and "the" for every possessive: "kick", "kicking"."""
    said = list(phrases)
    texts = [text for side in ("left", "right") for p in sided(said, side) for text in expand(p)]
    return frozenset(conjugate(text, form, "the") for text in texts for form in ("base", "gerund"))


def is_held_out(source: str, tags: Iterable[str]) -> bool:
    """Whether a recording is never trained on: by person, and by trial, so that parts and other
    exports of one trial stay on one side. `source` is `set/trial#part`."""
    trial = source.split("/", 1)[-1].split("#")[0]
    return bool(SUBJECTS & set(tags)) or zlib.crc32(trial.encode()) % TRIALS_ONE_IN == 0
