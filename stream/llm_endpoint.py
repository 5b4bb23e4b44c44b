"""A server of OpenAI's chat completions: one request, one retry when it stumbles, bounded answers.

On the event loop, which it never blocks. The key comes from the environment and goes nowhere but
into the request.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

import httpx

from stream.errors import ConfigError, LanguageModelFailed
from stream.llm_answer import MAX_BODY_BYTES
from stream.partition_settings import PartitionSettings

MAX_CONNECTIONS: Final = 8
"""To the endpoint; further questions wait, within their time limit."""
TRIES: Final = 2
RETRY_DELAY_S: Final = 0.1


class Endpoint:
    """One server. Raises ConfigError when the variable that should hold the key does not."""

    def __init__(self, settings: PartitionSettings, environ: Mapping[str, str]) -> None:
        self._url = settings.url.rstrip("/") + "/chat/completions"
        self._http = httpx.AsyncClient(
            headers=_headers(settings, environ),
            timeout=settings.timeout_s,
            limits=httpx.Limits(max_connections=MAX_CONNECTIONS),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def ask(self, body: object) -> bytes:
        """Body of the answer. Raises LanguageModelFailed or TimeoutError."""
        for left in reversed(range(TRIES)):
            try:
                return await self._post(body)
            except httpx.TimeoutException:
                raise TimeoutError from None
            except httpx.HTTPError:
                failure = LanguageModelFailed("The language model is down.", kind="unreachable")
            except _Stumbled as stumble:
                failure = _status(stumble.status)
            if left:
                await asyncio.sleep(RETRY_DELAY_S)
        raise failure

    async def _post(self, body: object) -> bytes:
        async with self._http.stream("POST", self._url, json=body) as response:
            if response.status_code == 429 or response.status_code >= 500:
                raise _Stumbled(response.status_code)
            if response.status_code != 200:
                raise _status(response.status_code)
            answer = bytearray()
            async for piece in response.aiter_raw():
                answer += piece
                if len(answer) > MAX_BODY_BYTES:
                    raise LanguageModelFailed(
                        f"The language model's answer is longer than {MAX_BODY_BYTES} bytes.",
                        kind="schema",
                    )
            return bytes(answer)


class _Stumbled(Exception):
    """The server may do better in a moment."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _status(status: int) -> LanguageModelFailed:
    text = f"The language model's server answered with HTTP status {status}."
    return LanguageModelFailed(text, kind="http")


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
