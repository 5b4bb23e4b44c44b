"""What one client has asked to look for and has not been answered yet. Pure.

Most configurations go straight to the model. An instruction may have to be split by a language
model first: until the answer is there, frames go on under the configuration in force, and when it
comes, the kept window is labelled anew. A newer configuration makes one that waits void. The last
job waits for the answer, so that a recording that was sent in one go gets its labels.
"""

from typing import Final

from engines.errors import LivegroundError
from stream import prompts
from stream.config import Config
from stream.errors import LimitExceeded, PartitionFailed
from stream.jobs import Finish, Relabel
from stream.messages import Configure, Notice
from stream.states import Action, Infer, Partition, Send

FALLBACK_TEXT: Final = (
    " The instruction was split by the grammar: look at `configured.labels`, and send `steps` if "
    "they are not what is meant."
)
REPLACED_TEXT: Final = (
    "A newer configuration came before the instruction of the older one was split: configuration "
    "{config} will not be answered."
)


class Configuring:
    """Configurations on their way to the model."""

    def __init__(self, config: Config, model_lookahead_s: float) -> None:
        self._config = config
        self._model_lookahead_s = model_lookahead_s
        self._asked = 0
        self._unanswered = 0
        self._void = 0
        self._open: Relabel | None = None
        self._finishing = False

    @property
    def waiting(self) -> bool:
        """Whether a configuration has no answer yet."""
        return self._unanswered > 0

    def take(self, message: Configure) -> list[Action]:
        """A new configuration. Raises PromptError or LimitExceeded, and then nothing changes."""
        limit = self._config.max_waiting_configures
        if self._unanswered + self._void >= limit:
            raise LimitExceeded(
                f"{limit} configurations wait for their answer. Wait for `configured`.",
                limit="max_waiting_configures",
                value=limit,
            )
        wanted = prompts.read(message, self._config, self._model_lookahead_s)
        actions = self._replace()
        self._asked += 1
        self._unanswered += 1
        relabel = Relabel(self._asked, wanted)
        if message.instruction is None or not self._config.partition.url or not wanted.labels:
            return [*actions, Infer(relabel)]
        self._open = relabel
        instruction = " ".join(message.instruction.split())
        return [*actions, Partition(relabel.config, instruction)]

    def partitioned(self, config: int, answer: tuple[str, ...] | PartitionFailed) -> list[Action]:
        """The language model's answer to a `Partition`."""
        if self._open is None or self._open.config != config:
            self._void -= 1
            return []
        try:
            if isinstance(answer, PartitionFailed):
                raise answer
            wanted = prompts.with_labels(self._open.wanted, answer, self._config)
        except LivegroundError as error:
            return self._by_grammar(error)
        return self._go(Relabel(config, wanted))

    def relabelled(self) -> None:
        """The model has taken a configuration, or refused it."""
        self._unanswered -= 1

    def finish(self) -> list[Action]:
        """The client is done: the last job, once nothing waits for the language model."""
        self._finishing = self._open is not None
        return [] if self._finishing else [Infer(Finish())]

    def settle(self) -> list[Action]:
        """There is no more time for the language model."""
        if self._open is None:
            return []
        self._void += 1
        return self._by_grammar(PartitionFailed("The server stops.", kind="stop"))

    def _replace(self) -> list[Action]:
        if self._open is None:
            return []
        text = REPLACED_TEXT.format(config=self._open.config)
        self._open = None
        self._unanswered -= 1
        self._void += 1
        return [Send(Notice(code="configure_replaced", text=text))]

    def _by_grammar(self, error: LivegroundError) -> list[Action]:
        assert self._open is not None
        notice = Notice(code="partition_fallback", text=f"{error}{FALLBACK_TEXT}")
        return [Send(notice), *self._go(self._open)]

    def _go(self, relabel: Relabel) -> list[Action]:
        self._open = None
        last: list[Action] = [Infer(Finish())] if self._finishing else []
        return [Infer(relabel), *last]
