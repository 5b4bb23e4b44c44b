"""A question to a language model and the text of its answer: OpenAI's chat completions. Pure."""

import re
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from stream.errors import LanguageModelFailed

MAX_BODY_BYTES: Final = 64 * 1024
"""Of a whole answer: twelve steps and what surrounds them need 5 kB; reasoning may come along."""

_FENCE: Final = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.DOTALL | re.IGNORECASE)


class _Said(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Said


class _Completion(msgspec.Struct):
    choices: Annotated[list[_Choice], Meta(min_length=1)]


def request(model: str, name: str, system: str, given: dict[str, str], listed: Any) -> Any:
    """Body of a request for one list of texts; `given` is data, `listed` the list's JSON Schema.

    No temperature and no token limit: some models refuse them. The cache makes answers repeatable.
    """
    [(field, schema)] = listed.items()
    strict = {
        "type": "object",
        "properties": {field: schema},
        "required": [field],
        "additionalProperties": False,
    }
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": msgspec.json.encode(given).decode()},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": name, "strict": True, "schema": strict},
        },
    }


def text_of(body: bytes) -> str:
    """What the model said. Raises LanguageModelFailed if that cannot be read."""
    try:
        said = msgspec.json.decode(body, type=_Completion).choices[0].message
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise LanguageModelFailed(
            "The language model's server sent no chat completion.", kind="malformed"
        ) from None
    if said.refusal or not said.content:
        raise LanguageModelFailed("The language model refused to answer.", kind="refused")
    fenced = _FENCE.fullmatch(said.content.strip())
    return fenced[1] if fenced else said.content


def read(text: str | bytes, kind: Any) -> Any:
    """The answer as a struct of this kind. Raises LanguageModelFailed if it is none."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError:
        raise LanguageModelFailed(
            "The language model's answer does not keep to the schema.", kind="schema"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise LanguageModelFailed(
            "The language model's answer is no JSON.", kind="malformed"
        ) from None


def cleaned(texts: list[str]) -> tuple[str, ...]:
    """Texts on one line each. Raises LanguageModelFailed for control characters."""
    lines = tuple(" ".join(text.split()) for text in texts)
    if not all(line.isprintable() for line in lines):
        raise LanguageModelFailed(
            "The language model's answer holds control characters.", kind="schema"
        )
    return lines
