"""What a language model is asked for: steps of an instruction, descriptions of labels, verb and
object of video prompts.

On the event loop; the disk is read in a thread. One time limit for a question, its retry included;
equal questions at the same time are asked once, and answers are kept on disk.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from stream import decomposition_answer, expansion_answer, llm_answer, partition_answer
from stream.errors import LanguageModelFailed
from stream.jobs import Described
from stream.llm_cache import AnswerCache, default_folder
from stream.llm_endpoint import Endpoint
from stream.partition_settings import PartitionSettings

Answer = tuple[str, ...] | LanguageModelFailed
"""Texts, or why there are none."""

LABELS_AT_ONCE: Final = 4
"""Labels that are asked about at a time: half of the connections stay free for instructions."""
HOPELESS: Final = ("timeout", "unreachable", "http")
"""Failures after which the other labels are not asked about."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of question about one text."""

    name: Literal["partition", "description", "decomposition"]
    version: int
    question: Callable[[str, str], Any]
    """Model's name, text -> body of the request."""
    read: Callable[[str | bytes, str], tuple[str, ...]]
    """Answer or what was kept of it, text -> checked texts."""
    keep: Callable[[tuple[str, ...]], bytes]


PARTITION: Final = Task(
    "partition",
    partition_answer.PROMPT_VERSION,
    partition_answer.question,
    partition_answer.steps_in,
    partition_answer.kept,
)
DESCRIPTION: Final = Task(
    "description",
    expansion_answer.PROMPT_VERSION,
    expansion_answer.question,
    expansion_answer.descriptions_in,
    expansion_answer.kept,
)
DECOMPOSITION: Final = Task(
    "decomposition",
    decomposition_answer.PROMPT_VERSION,
    decomposition_answer.question,
    decomposition_answer.parts_in,
    decomposition_answer.kept,
)


class LanguageModel:
    """One endpoint, and the answers that it has given. `observe(task, outcome)` is told each."""

    def __init__(
        self,
        settings: PartitionSettings,
        observe: Callable[[str, str], None],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """Raises ConfigError when the variable that should hold the key does not."""
        self._settings = settings
        self._observe = observe
        self._endpoint = Endpoint(settings, environ)
        folder = settings.cache_folder
        self._cache = AnswerCache(Path(folder) if folder else default_folder(environ))
        self._asking: dict[tuple[str, str], asyncio.Task[Answer]] = {}
        self._room = asyncio.Semaphore(LABELS_AT_ONCE)

    async def split(self, instruction: str) -> Answer:
        """Steps of an instruction, or the reason why the grammar must split it."""
        return await self._once(PARTITION, instruction)

    async def describe(self, labels: Sequence[str]) -> Described:
        """What the limbs do, for as many labels as possible; and why not for the others."""
        return await self._about(DESCRIPTION, labels)

    async def decompose(self, prompts: Sequence[str]) -> Described:
        """Verb and object, for as many prompts as possible; and why not for the others."""
        return await self._about(DECOMPOSITION, prompts)

    async def close(self) -> None:
        """Drop all questions under way and the connections."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await self._endpoint.close()

    async def _about(self, task: Task, labels: Sequence[str]) -> Described:
        found = await asyncio.to_thread(self._all_kept, task, labels)
        for _ in found:
            self._observe(task.name, "cached")
        failures: list[LanguageModelFailed] = []

        async def ask(label: str) -> None:
            async with self._room:
                if any(failure.kind in HOPELESS for failure in failures):
                    return
                answer = await self._once(task, label)
            if isinstance(answer, LanguageModelFailed):
                failures.append(answer)
            else:
                found[label] = answer

        await asyncio.gather(*(ask(label) for label in labels if label not in found))
        return Described(found, failures[0] if failures else None)

    async def _once(self, task: Task, text: str) -> Answer:
        key = (task.name, text)
        asking = self._asking.get(key)
        if asking is None:
            asking = asyncio.create_task(self._answer(task, text))
            self._asking[key] = asking
            asking.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(asking)

    async def _answer(self, task: Task, text: str) -> Answer:
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                kept = await asyncio.to_thread(self._kept, task, text)
                if kept is not None:
                    self._observe(task.name, "cached")
                    return kept
                body = await self._endpoint.ask(task.question(self._settings.model, text))
                answer = task.read(llm_answer.text_of(body), text)
        except TimeoutError:
            limit_s = self._settings.timeout_s
            late = f"The language model did not answer within {limit_s:g} s."
            return self._failed(task, LanguageModelFailed(late, kind="timeout"))
        except LanguageModelFailed as failure:
            return self._failed(task, failure)
        await asyncio.to_thread(self._cache.put, task.keep(answer), *self._key(task, text))
        self._observe(task.name, "answered")
        return answer

    def _all_kept(self, task: Task, labels: Sequence[str]) -> dict[str, tuple[str, ...]]:
        kept = {label: self._kept(task, label) for label in labels}
        return {label: answer for label, answer in kept.items() if answer is not None}

    def _kept(self, task: Task, text: str) -> tuple[str, ...] | None:
        answer = self._cache.get(*self._key(task, text))
        if answer is None:
            return None
        try:
            return task.read(answer, text)
        except LanguageModelFailed:
            log.warning("A kept answer is damaged; it is asked anew.")
            return None

    def _key(self, task: Task, text: str) -> tuple[str | int, ...]:
        return (task.name, self._settings.url, self._settings.model, task.version, text)

    def _failed(self, task: Task, failure: LanguageModelFailed) -> LanguageModelFailed:
        log.warning("The language model failed at a %s: %s", task.name, failure)
        self._observe(task.name, failure.kind)
        return failure
