"""Which prompts of a session about video a language model is asked to take apart. Pure.

Prompts are looked for at once, by the verb and the object that the grammar finds. When the language
model has found others, the same prompts are looked for anew; nothing waits for that. One question
at a time: what is newest then is asked next.
"""

from collections.abc import Mapping
from typing import Final

from engines.video.prompts import Parts, decompose
from stream.decomposition_answer import as_parts
from stream.jobs import Described
from stream.messages import Notice
from stream.partition_settings import PartitionSettings
from stream.states import Action, Expand, Send

FALLBACK_TEXT: Final = " What it has not taken apart is looked for as the grammar takes it apart."


class Decomposing:
    """One client's questions."""

    def __init__(self, settings: PartitionSettings) -> None:
        self._asks = bool(settings.url and settings.describe)
        self._newest: tuple[str, ...] | None = None
        self._asked: tuple[str, ...] | None = None

    def replaced(self) -> None:
        """The client asks for other prompts: what is under way is of no use any more."""
        self._newest = None

    def taken(self, prompts: tuple[str, ...]) -> list[Action]:
        """The model looks for these prompts now, and none wait."""
        self._newest = prompts
        return self._go()

    def described(self, answer: Described) -> tuple[list[Action], Mapping[str, Parts]]:
        """The answer to an `Expand`: what is to be done, and the parts that are not as the
        grammar's, by prompt."""
        asked, self._asked = self._asked, None
        if asked is None or asked is not self._newest:
            return self._go(), {}
        self._newest = None
        actions = [] if answer.failure is None else [fallback(answer.failure)]
        found = {prompt: as_parts(prompt, each) for prompt, each in answer.descriptions.items()}
        return actions, {key: parts for key, parts in found.items() if parts != decompose(key)}

    def _go(self) -> list[Action]:
        if not self._asks or not self._newest or self._asked is not None:
            return []
        self._asked = self._newest
        return [Expand(self._newest)]


def fallback(error: BaseException) -> Action:
    """Tell why prompts are taken apart by the grammar."""
    return Send(Notice(code="decomposition_fallback", text=f"{error}{FALLBACK_TEXT}"))
