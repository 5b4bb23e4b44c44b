"""What one client has asked to look for: on its way to the model, and in force. Pure.

Most configurations go straight to the model. An instruction may have to be split by a language
model first: until the answer is there, frames go on under the configuration in force, and when it
comes, the kept window is labelled anew. A newer configuration makes one that waits void. The last
job waits for the answer, so that a recording that was sent in one go gets its labels.

Once labels are in force, the language model may describe them; they are labelled anew when it has.
Nothing waits for that. One such question at a time: what is newest then is asked next.
"""

from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from engines.errors import LivegroundError
from stream import prompts
from stream.config import Config
from stream.errors import LanguageModelFailed, LimitExceeded
from stream.jobs import (
    Adopt,
    Change,
    Describe,
    Described,
    Done,
    Finish,
    InForce,
    Relabel,
    Show,
    Wanted,
)
from stream.messages import Configure, Configured, Enrol, Message, Model, Notice
from stream.refusals import error_message
from stream.states import Action, Expand, Infer, Partition, Send
from stream.teaching import Teaching

FALLBACK_TEXT: Final = (
    " The instruction was split by the grammar: look at `configured.labels`, and send `steps` if "
    "they are not what is meant."
)
EXPANSION_TEXT: Final = " What it has not described is looked for by its words and the dictionary."
REPLACED_TEXT: Final = (
    "A newer configuration came before the instruction of the older one was split: the older one "
    "will not be answered."
)


@dataclass(frozen=True, slots=True)
class _Open:
    """A configuration whose instruction the language model is splitting."""

    question: int
    wanted: Wanted


class Configuring:
    """Configurations and examples of one client."""

    def __init__(self, config: Config, model: Model) -> None:
        self.in_force: Configured | None = None
        self._config = config
        self._model_lookahead_s = model.lookahead_s
        self._teaching = Teaching(config, model)
        self._questions = 0
        self._unanswered = 0
        self._void = 0
        self._open: _Open | None = None
        self._newest: Wanted | None = None
        self._described: Wanted | None = None
        self._expanding: Wanted | None = None
        self._finishing = False
        self._over = False

    @property
    def waiting(self) -> bool:
        """Whether a configuration has no answer yet."""
        return self._unanswered > 0

    @property
    def told(self) -> list[Message]:
        """What holds now, for a client that comes back."""
        return [each for each in (self.in_force, self._teaching.enrolled) if each is not None]

    # ------------------------------------------------------------------ what the client says

    def take(self, message: Configure) -> list[Action]:
        """A new configuration. Raises PromptError or LimitExceeded, and then nothing changes."""
        self._check_room()
        wanted = prompts.read(message, self._config, self._model_lookahead_s)
        actions = self._replace()
        self._unanswered += 1
        if message.instruction is None or not self._config.partition.url or not wanted.labels:
            return [*actions, *self._go(wanted)]
        self._questions += 1
        self._open = _Open(self._questions, wanted)
        instruction = " ".join(message.instruction.split())
        return [*actions, Partition(self._questions, instruction)]

    def enrol(self, message: Enrol) -> list[Action]:
        """Examples. Raises PromptError, LimitExceeded or ModelError, and then nothing changes."""
        self._check_room()
        return [Infer(self._teaching.take(message, self.in_force))]

    def finish(self) -> list[Action]:
        """The client is done: the last job, once nothing waits for the language model."""
        self._over = True
        self._finishing = self._open is not None
        return [] if self._finishing else [Infer(Finish())]

    def settle(self) -> list[Action]:
        """There is no more time for the language model."""
        if self._open is None:
            return []
        self._void += 1
        return self._by_grammar(LanguageModelFailed("The server stops.", kind="stop"))

    # ------------------------------------------------------------------ what the models say

    def partitioned(
        self, question: int, answer: tuple[str, ...] | LanguageModelFailed
    ) -> list[Action]:
        """The language model's answer to a `Partition`."""
        if self._open is None or self._open.question != question:
            self._void -= 1
            return []
        try:
            if isinstance(answer, LanguageModelFailed):
                raise answer
            wanted = prompts.with_labels(self._open.wanted, answer, self._config)
        except LivegroundError as error:
            return self._by_grammar(error)
        return self._go(wanted)

    def described(self, answer: Described) -> list[Action]:
        """The language model's answer to an `Expand`."""
        asked, self._expanding = self._expanding, None
        if asked is None or asked is not self._newest or self._over:
            return self._expand()
        self._described = asked
        actions: list[Action] = []
        if answer.failure is not None:
            actions.append(_undescribed(answer.failure))
        if answer.descriptions:
            actions.append(Infer(Describe(asked, answer.descriptions)))
        return actions

    def answered(self, done: Done) -> list[Action]:
        """The model has taken what was asked for, or refused it."""
        job = done.job
        assert isinstance(job, Change)
        self._unanswered -= isinstance(job, Relabel)
        if done.error is not None:
            return self._refused(job, done.error)
        actions: list[Action] = []
        if done.updates or isinstance(job, Relabel | Describe):
            self.in_force = self._configured(job, done.in_force)
            actions.append(Send(self.in_force))
        if isinstance(job, Show | Adopt):
            actions.append(Send(self._teaching.taken(done.in_force)))
        return actions + self._expand()

    # ------------------------------------------------------------------ in between

    def _refused(self, job: Change, error: Exception) -> list[Action]:
        match job:
            case Show() | Adopt():
                self._teaching.refused()
            case Describe():
                return [_undescribed(error)]
            case Relabel(wanted) if wanted is self._newest:
                self._newest = None
        return [Send(error_message(error))]

    def _check_room(self) -> None:
        limit = self._config.max_waiting_configures
        if self._unanswered + self._teaching.waiting + self._void >= limit:
            raise LimitExceeded(
                f"{limit} configurations and examples wait for their answer. Wait for "
                "`configured` or `enrolled`.",
                limit="max_waiting_configures",
                value=limit,
            )

    def _replace(self) -> list[Action]:
        if self._open is None:
            return []
        self._open = None
        self._unanswered -= 1
        self._void += 1
        return [Send(Notice(code="configure_replaced", text=REPLACED_TEXT))]

    def _by_grammar(self, error: LivegroundError) -> list[Action]:
        assert self._open is not None
        notice = Notice(code="partition_fallback", text=f"{error}{FALLBACK_TEXT}")
        return [Send(notice), *self._go(self._open.wanted)]

    def _go(self, wanted: Wanted) -> list[Action]:
        self._open = None
        self._newest = wanted
        last: list[Action] = [Infer(Finish())] if self._finishing else []
        return [Infer(Relabel(wanted)), *last]

    def _expand(self) -> list[Action]:
        """Ask for descriptions of the newest labels, unless they are not in force yet."""
        newest = self._newest
        describes = self._config.partition.url and self._config.partition.describe
        if not describes or self._over or self._unanswered > (self._open is not None):
            return []
        if newest is None or self._expanding is not None or newest is self._described:
            return []
        self._expanding = newest
        return [Expand(newest.labels)]

    def _configured(self, job: Change, in_force: InForce) -> Configured:
        number = 1 if self.in_force is None else self.in_force.config + 1
        cause: Literal["configure", "example", "descriptions"]
        match job:
            case Relabel(wanted):
                cause = "configure"
            case Describe(wanted):
                cause = "descriptions"
            case _:
                assert self.in_force is not None
                return msgspec.structs.replace(
                    self.in_force,
                    config=number,
                    labels=list(in_force.labels),
                    cause="example",
                    since_s=in_force.since_s,
                )
        return Configured(
            config=number,
            mode=wanted.mode,
            labels=list(in_force.labels),
            lookahead_s=wanted.lookahead_s,
            horizon_s=wanted.horizon_s,
            cause=cause,
            since_s=in_force.since_s,
        )


def _undescribed(error: BaseException) -> Action:
    text = f"{error}{EXPANSION_TEXT}"
    return Send(Notice(code="expansion_fallback", text=text))
