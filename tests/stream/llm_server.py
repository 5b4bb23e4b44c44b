"""A small server of OpenAI's chat-completions protocol for tests. There is no language model in it.

It is strict about requests, as hosted servers are: 401 without the key, 404 for another model, 400
for what the protocol or strict JSON schemas do not allow. It answers what the test put down.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

MODEL = "no-model-at-all"
KEY = "sk-a-key-for-tests"


class LlmServer:
    """`answers` are given in order, the last one again and again: texts of the model's message, or
    whole responses. `described` by label comes before them. `gate`: nobody is answered while it is
    closed."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[str | Response] = []
        self.described: dict[str, str | Response] = {}
        self.asked: list[dict[str, Any]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def complete(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return refusal(401, "no such key")
        body = await request.json()
        wrong = fault(body)
        if wrong:
            return refusal(400, wrong)
        if body["model"] != MODEL:
            return refusal(404, "no such model")
        self.asked.append(body)
        await self.gate.wait()
        answer = self.described.get(label_of(body))
        if answer is None:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return completion(answer) if isinstance(answer, str) else answer

    def drip(self) -> Response:
        """A response that begins at once and goes on when the gate opens."""

        async def pieces() -> AsyncIterator[bytes]:
            yield b'{"choices": '
            self.gate.clear()
            await self.gate.wait()

        return StreamingResponse(pieces(), media_type="application/json")


def instruction_of(body: dict[str, Any]) -> str:
    """What a request asks to split."""
    return str(json.loads(body["messages"][-1]["content"])["instruction"])


def label_of(body: dict[str, Any]) -> str:
    """What a request asks to describe; empty for an instruction to split."""
    return str(json.loads(body["messages"][-1]["content"]).get("action", ""))


def parts(verb: str, thing: str) -> str:
    """A message as the schema of video prompts wants it."""
    return json.dumps({"parts": [verb, thing]})


def descriptions(*texts: str) -> str:
    """A message as the other schema wants it."""
    return json.dumps({"descriptions": texts})


def steps(*texts: str) -> str:
    """A message as the schema wants it."""
    return json.dumps({"steps": texts})


def completion(content: str) -> Response:
    message = {"role": "assistant", "content": content, "refusal": None}
    return JSONResponse(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_790_000_000,
            "model": MODEL,
            "choices": [
                {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
            ],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    )


def refusal(status: int, text: str) -> Response:
    return JSONResponse({"error": {"message": text, "type": "invalid_request_error"}}, status)


def fault(body: dict[str, Any]) -> str:
    """What a strict server would refuse in a request."""
    if set(body) - {"model", "messages", "response_format"}:
        return "unknown parameter"
    roles = [message["role"] for message in body["messages"]]
    if roles != ["system", "user"]:
        return "expected a system and a user message"
    wanted = body["response_format"]
    if wanted["type"] != "json_schema":
        return "expected a JSON schema"
    named = wanted["json_schema"]
    if not named["name"].isidentifier() or named["strict"] is not True:
        return "expected a strict schema with a name"
    schema = named["schema"]
    if schema["additionalProperties"] is not False:
        return "strict schemas allow no additional properties"
    if schema["required"] != list(schema["properties"]):
        return "strict schemas require all properties"
    return ""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def llm_server(*answers: str | Response) -> AsyncIterator[LlmServer]:
    """Serve on a free port of loopback."""
    here = LlmServer()
    here.answers = list(answers)
    route = Route("/v1/chat/completions", here.complete, methods=["POST"])
    config = uvicorn.Config(
        Starlette(routes=[route]),
        port=0,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    await server.listening.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    here.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield here
    finally:
        here.gate.set()
        server.should_exit = True
        await serving
