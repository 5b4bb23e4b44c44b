"""The prompts of the recorded sets in other words: `training.rewordings`."""

from training.rewordings import BY_ANOTHER_HAND, REWORDED

WORDINGS = 5
"""The prompts as they are, reworded twice, and twice by another hand."""


def reworded(text: str, wording: int) -> str:
    """The text itself (0) or one of its four rewordings (1 to 4); others' texts stay."""
    if wording == 0 or text not in REWORDED:
        return text
    return (*REWORDED[text], *BY_ANOTHER_HAND[text])[wording - 1]
