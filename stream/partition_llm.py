"""Asks a language model to split instructions: any endpoint that speaks OpenAI's chat completions.

On the event loop, which it never blocks: HTTP is asynchronous, the disk is read in a thread. One
time limit for everything, one retry for a server that stumbles; equal questions at the same time
are asked once. The key comes from the environment and goes nowhere but into the request.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import httpx

from stream.config import PartitionSettings
from stream.errors import ConfigError, PartitionFailed
from stream.partition_answer import (
    MAX_BODY_BYTES,
    PROMPT_VERSION,
    kept,
    question,
    steps_in,
    steps_of,
)
from stream.partition_cache import PartitionCache, default_folder

Answer = tuple[str, ...] | PartitionFailed
"""Steps, or why there are none."""

MAX_CONNECTIONS: Final = 8
"""To the endpoint; further questions wait, within their time limit."""
TRIES: Final = 2
RETRY_DELAY_S: Final = 0.1

log = logging.getLogger(__name__)


class Partitioner:
    """One endpoint, and the answers that it has given. `observe` is told each outcome."""

    def __init__(
        self,
        settings: PartitionSettings,
        observe: Callable[[str], None],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """Raises ConfigError when the variable that should hold the key does not."""
        self._settings = settings
        self._observe = observe
        folder = settings.cache_folder
        self._cache = PartitionCache(Path(folder) if folder else default_folder(environ))
        self._asking: dict[str, asyncio.Task[Answer]] = {}
        self._http = httpx.AsyncClient(
            headers=_headers(settings, environ),
            timeout=settings.timeout_s,
            limits=httpx.Limits(max_connections=MAX_CONNECTIONS),
        )

    async def split(self, instruction: str) -> Answer:
        """Steps of an instruction, or the reason why the grammar must split it."""
        task = self._asking.get(instruction)
        if task is None:
            task = asyncio.create_task(self._answer(instruction))
            self._asking[instruction] = task
            task.add_done_callback(lambda _: self._asking.pop(instruction, None))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Drop all questions under way and the connections."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await self._http.aclose()

    async def _answer(self, instruction: str) -> Answer:
        url, model = self._settings.url, self._settings.model
        key = (url, model, PROMPT_VERSION, instruction)
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                steps = await asyncio.to_thread(self._kept, key)
                if steps is not None:
                    self._observe("cached")
                    return steps
                steps = steps_of(await self._ask(question(model, instruction)), instruction)
        except TimeoutError:
            limit_s = self._settings.timeout_s
            text = f"The language model did not answer within {limit_s:g} s."
            return self._failed(PartitionFailed(text, kind="timeout"))
        except PartitionFailed as failure:
            return self._failed(failure)
        await asyncio.to_thread(self._cache.put, kept(steps), *key)
        self._observe("answered")
        return steps

    def _kept(self, key: tuple[str, str, int, str]) -> tuple[str, ...] | None:
        answer = self._cache.get(*key)
        try:
            return None if answer is None else steps_in(answer, key[-1])
        except PartitionFailed:
            log.warning("A kept answer is damaged; it is asked anew.")
            return None

    def _failed(self, failure: PartitionFailed) -> PartitionFailed:
        log.warning("An instruction is split by the grammar: %s", failure)
        self._observe(failure.kind)
        return failure

    async def _ask(self, body: object) -> bytes:
        for left in reversed(range(TRIES)):
            try:
                return await self._post(body)
            except httpx.TimeoutException:
                raise TimeoutError from None
            except httpx.HTTPError:
                failure = PartitionFailed("The language model is down.", kind="unreachable")
            except _Stumbled as stumble:
                failure = PartitionFailed(_status(stumble.status), kind="http")
            if left:
                await asyncio.sleep(RETRY_DELAY_S)
        raise failure

    async def _post(self, body: object) -> bytes:
        url = self._settings.url.rstrip("/") + "/chat/completions"
        async with self._http.stream("POST", url, json=body) as response:
            if response.status_code == 429 or response.status_code >= 500:
                raise _Stumbled(response.status_code)
            if response.status_code != 200:
                raise PartitionFailed(_status(response.status_code), kind="http")
            answer = bytearray()
            async for piece in response.aiter_raw():
                answer += piece
                if len(answer) > MAX_BODY_BYTES:
                    raise PartitionFailed(
                        f"The language model's answer is longer than {MAX_BODY_BYTES} bytes.",
                        kind="schema",
                    )
            return bytes(answer)


class _Stumbled(Exception):
    """The server may do better in a moment."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _status(status: int) -> str:
    return f"The language model's server answered with HTTP status {status}."


def _headers(settings: PartitionSettings, environ: Mapping[str, str]) -> dict[str, str]:
    plain = {"Accept-Encoding": "identity"}
    if not settings.api_key_env:
        return plain
    key = environ.get(settings.api_key_env, "")
    if not key.isascii() or not key.isprintable() or not key.strip():
        raise ConfigError(
            f"partition.api_key_env names {settings.api_key_env}, and that variable holds no key. "
            "Set it, or leave api_key_env empty for a server without keys."
        )
    return {**plain, "Authorization": f"Bearer {key.strip()}"}
