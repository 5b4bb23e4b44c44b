"""Teach by showing: `enrol` checked and turned into a job, and what is told of the result. Pure."""

from collections import deque
from collections.abc import Sequence

from engines import lexicon
from engines.errors import PromptError
from engines.motion.engine import ModelInfo
from engines.motion.examples import ExampleSet
from stream.config import Config
from stream.errors import LimitExceeded
from stream.jobs import Adopt, InForce, Show
from stream.messages import Configured, Enrol, Enrolled, Model

FORMS = "Give either `name`, `start_s` and `end_s`, or `examples`, the content of a file."


class Teaching:
    """Examples on their way to the model, and those that it has."""

    def __init__(self, config: Config, model: Model) -> None:
        self._config = config
        self._model = ModelInfo(
            model.name, model.version, model.sha256, model.lookahead_s, round(model.fps)
        )
        self._known = ExampleSet(self._model)
        self._asked: deque[Show | Adopt] = deque()
        self.enrolled: Enrolled | None = None
        """What was told last."""

    @property
    def waiting(self) -> int:
        """Examples and files that have no answer yet."""
        return len(self._asked)

    def take(self, message: Enrol, in_force: Configured | None) -> Show | Adopt:
        """One message as a job. Raises PromptError, LimitExceeded, and ModelError for examples of
        another model; then nothing changes."""
        shown = (message.name, message.start_s, message.end_s)
        job: Show | Adopt
        match shown, message.examples:
            case (None, None, None), str(content):
                job = Adopt(self._read(content))
            case (str(name), float(start_s), float(end_s)), None:
                job = Show(self._name(name), start_s, end_s, message.words)
                self._check(job, in_force)
            case _:
                raise PromptError(FORMS)
        count = sum(map(_count, (*self._asked, job))) + _size(self._known)
        if count > self._config.max_examples:
            raise LimitExceeded(
                f"These would be {count} examples; the limit is {self._config.max_examples}. "
                "A few of each action are enough.",
                limit="max_examples",
                value=self._config.max_examples,
            )
        self._asked.append(job)
        return job

    def refused(self) -> None:
        """The model could not use the oldest one that waits."""
        self._asked.popleft()

    def taken(self, in_force: InForce) -> Enrolled:
        """The model has taken the oldest one that waits."""
        job = self._asked.popleft()
        assert in_force.examples is not None
        self._known = in_force.examples
        self.enrolled = Enrolled(
            name=job.name if isinstance(job, Show) else "",
            seconds=round(_seconds(job), 3),
            counts={shown.name: len(shown.vectors) for shown in self._known},
            labels=list(in_force.labels),
            examples=self._known.encoded().decode(),
        )
        return self.enrolled

    def _read(self, content: str) -> ExampleSet:
        examples = ExampleSet.decoded(content.encode(), model=self._model, source="`examples`")
        for shown in examples:
            self._name(shown.name)
        return examples

    def _name(self, name: str) -> str:
        cleaned = " ".join(name.split())
        if not lexicon.plain(cleaned):
            raise PromptError("`name` says nothing. Say what the action is called.")
        limit = self._config.max_text_chars
        if len(cleaned) > limit:
            raise LimitExceeded(
                f"`name` has {len(cleaned)} characters; the limit is {limit}. Send a shorter one.",
                limit="max_text_chars",
                value=limit,
            )
        return cleaned

    def _check(self, job: Show, in_force: Configured | None) -> None:
        limit_s = self._config.max_example_s
        if job.end_s - job.start_s > limit_s:
            raise LimitExceeded(
                f"The example lasts {job.end_s - job.start_s:g} s; the limit is {limit_s:g}. Show "
                "the action once.",
                limit="max_example_s",
                value=limit_s,
            )
        if in_force is None or in_force.mode == "script":
            return
        names = [each.name for each in self._asked if isinstance(each, Show)]
        if _different([*in_force.labels, *names, job.name]) > self._config.max_prompts:
            raise LimitExceeded(
                f"{job.name!r} would be one prompt more than {self._config.max_prompts}, the "
                "limit. Configure fewer, then show it.",
                limit="max_prompts",
                value=self._config.max_prompts,
            )


def _different(labels: Sequence[str]) -> int:
    return len(set(map(lexicon.plain, labels)))


def _size(examples: ExampleSet) -> int:
    return sum(len(shown.vectors) for shown in examples)


def _count(job: Show | Adopt) -> int:
    return _size(job.examples) if isinstance(job, Adopt) else 1


def _seconds(job: Show | Adopt) -> float:
    if isinstance(job, Show):
        return job.end_s - job.start_s
    return sum(sum(shown.seconds) for shown in job.examples)
