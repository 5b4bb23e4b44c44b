"""The prompts of the recorded sets in other words: `training.rewordings`."""

from collections.abc import Iterable

from training.rewordings import BY_ANOTHER_HAND, REWORDED

NAMES = (
    "own words",
    "reworded",
    "reworded again",
    "by another hand",
    "by another hand again",
)
"""The prompts as they are, reworded twice, and twice by another hand."""
WORDINGS = len(NAMES)


def reworded(text: str, wording: int) -> str:
    """The text itself (0) or one of its four rewordings (1 to 4); others' texts stay."""
    if wording == 0 or text not in REWORDED:
        return text
    return (*REWORDED[text], *BY_ANOTHER_HAND[text])[wording - 1]


def wordings_of(texts: Iterable[str]) -> range:
    """The wordings that all of the texts have; only their own words if one has no rewordings."""
    return range(WORDINGS if set(texts) <= REWORDED.keys() else 1)
