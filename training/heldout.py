"""What training never sees although it could, so that it can be measured. All of it stands here.

- VOCABULARY: per family one or two words; no caption with one of them is trained on.
- Wordings: of each primitive with FEWEST phrases or more one phrase, in all its forms, is kept
  back, for all primitives that share it. Which one is fixed by the phrases themselves.
- SUBJECTS: people of the recorded sets, with all their trials; of the others one trial in
  TRIALS_ONE_IN. All people of HDM05 and UTKinect are unseen: those sets are only measured on.

`python -m benchmarks.motion` measures what they cost; docs/models.md says it. Ten actions removed
for a second model stand in `training.removed`. Pure.
"""

import re
import zlib
from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import Final

from training.synth import moves as _moves  # noqa: F401  (fills the registry)
from training.synth import poses
from training.synth.phrases import expand, forms, sided
from training.synth.registry import REGISTRY

VOCABULARY: Final[dict[str, tuple[str, ...]]] = {
    "carry": ("lug",),
    "catch": ("snatch",),
    "clap": ("applaud", "applause"),
    "climb": ("clamber",),
    "cover_face": ("weep",),
    "cut_food": ("slice",),
    "dig": ("shovel",),
    "dodge": ("evade",),
    "drink": ("sip",),
    "fall": ("tumble",),
    "hammer": ("pound",),
    "hug": ("embrace",),
    "jump": ("spring",),
    "kick": ("boot",),
    "kneel": ("genuflect",),
    "leap": ("bound",),
    "lie_down": ("recline",),
    "limp": ("hobble",),
    "look_side": ("glance",),
    "look_up": ("gaze",),
    "march": ("parade",),
    "pick_up": ("stoop",),
    "pull": ("tug", "yank"),
    "punch": ("jab",),
    "push": ("shove",),
    "run": ("sprint", "trot"),
    "shiver": ("tremble",),
    "sneak": ("creep", "prowl"),
    "spin": ("twirl", "pirouette"),
    "stagger": ("wobble",),
    "throw": ("hurl", "fling", "chuck"),
    "walk": ("stroll", "amble"),
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


@cache
def wordings() -> frozenset[str]:
    """All phrases kept back, spelt out for both sides."""
    plain = _spelt(primitive.says[:1] for primitive in REGISTRY.values())
    return _spelt((kept_back(name),) for name in REGISTRY if kept_back(name)) - plain


@cache
def kept_back(name: str) -> str:
    """The phrase that a primitive is never called in training, "" if it has too few: of the later,
    less plain half the one with the lowest checksum."""
    says = REGISTRY[name].says
    later = [p for p in says[len(says) // 2 :] if "~" in p and not has_word(p)]
    free = [p for p in later if not _said_anyway() & {text.replace("~", "") for text in expand(p)}]
    if len(says) < FEWEST or not free:
        return ""
    return min(free, key=lambda phrase: zlib.crc32(phrase.encode()))


@cache
def _said_anyway() -> frozenset[str]:
    """Labels as they stand and what poses are called: a phrase kept back must not say the same."""
    says = chain.from_iterable(primitive.says for primitive in REGISTRY.values())
    labels = [phrase[1:] for phrase in says if phrase[0] == "="]
    return frozenset(
        text.replace("~", "") for phrase in [*labels, *poses.phrases()] for text in expand(phrase)
    )


def _spelt(groups: Iterable[Iterable[str]]) -> frozenset[str]:
    phrases = list(chain(*groups))
    both = [*sided(phrases, "left"), *sided(phrases, "right")]
    return frozenset(text for phrase in both for text in expand(phrase))


def left_out(text: str) -> bool:
    """Whether a spelt-out phrase is kept back from training."""
    return has_word(text) or text in wordings()


def is_held_out(source: str, tags: Iterable[str]) -> bool:
    """Whether a recording is never trained on: by person, and by trial, so that parts and other
    exports of one trial stay on one side. `source` is `set/trial#part`."""
    trial = source.split("/", 1)[-1].split("#")[0]
    return bool(SUBJECTS & set(tags)) or zlib.crc32(trial.encode()) % TRIALS_ONE_IN == 0
