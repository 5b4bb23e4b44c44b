"""What a client asks for: one `configure` message checked and turned into labels. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from engines.errors import PromptError
from engines.motion import partition
from engines.motion.engine import HORIZON_S
from engines.motion.timeline import Mode
from stream.config import Config
from stream.errors import LimitExceeded
from stream.jobs import Wanted
from stream.messages import Configure


def read(message: Configure, config: Config, model_lookahead_s: float) -> Wanted:
    """Check a configuration. Raises PromptError or LimitExceeded; the text says what to do."""
    labels, mode = _labels(message, config)
    _check(labels, mode, config)
    lookahead_s = model_lookahead_s if message.lookahead_s is None else message.lookahead_s
    horizon_s = message.horizon_s
    if horizon_s is None:
        horizon_s = default_horizon_s(mode, config)
    if lookahead_s < model_lookahead_s:
        raise LimitExceeded(
            f"lookahead_s is {lookahead_s:g}; this model needs at least {model_lookahead_s:g}.",
            limit="min_lookahead_s",
            value=model_lookahead_s,
        )
    for name, value_s in (("lookahead_s", lookahead_s), ("horizon_s", horizon_s)):
        if not 0 <= value_s <= config.max_horizon_s:
            raise LimitExceeded(
                f"{name} is {value_s:g}; expected 0 to {config.max_horizon_s:g} seconds.",
                limit="max_horizon_s",
                value=config.max_horizon_s,
            )
    return Wanted(labels, mode, lookahead_s, horizon_s)


def default_horizon_s(mode: Mode, config: Config) -> float:
    """The age at which segments become final where the client does not say."""
    horizon_s = HORIZON_S[mode] if config.horizon_s is None else config.horizon_s
    return min(horizon_s, config.max_horizon_s)


def with_labels(wanted: Wanted, labels: tuple[str, ...], config: Config) -> Wanted:
    """The same with other labels. Raises PromptError or LimitExceeded."""
    _texts("instruction", labels, config)
    _check(labels, wanted.mode, config)
    return replace(wanted, labels=labels)


def _check(labels: Sequence[str], mode: Mode, config: Config) -> None:
    if len(labels) > config.max_prompts:
        raise LimitExceeded(
            f"{len(labels)} labels; the limit is {config.max_prompts}. Send fewer.",
            limit="max_prompts",
            value=config.max_prompts,
        )
    if mode == "watch":
        _refuse_duplicates(labels)


def _labels(message: Configure, config: Config) -> tuple[tuple[str, ...], Mode]:
    given = [message.instruction, message.steps, message.prompts]
    if sum(value is not None for value in given) != 1:
        raise PromptError("Give exactly one of `instruction`, `steps` and `prompts`.")
    if message.prompts is not None:
        if message.mode == "script":
            raise PromptError("Prompts have no order: send them as `steps` for mode script.")
        return _texts("prompts", message.prompts, config), "watch"
    mode = message.mode or "script"
    if message.steps is not None:
        return _texts("steps", message.steps, config), mode
    instruction = message.instruction or ""
    _texts("instruction", [instruction], config)
    steps = tuple(" ".join(step.split()) for step in partition.split(instruction))
    if not steps:
        raise PromptError("`instruction` holds no words. Say what the person will do.")
    return steps, mode


def _texts(field: str, texts: Sequence[str], config: Config) -> tuple[str, ...]:
    if not texts:
        raise PromptError(f"`{field}` is empty. Send at least one.")
    if len(texts) > config.max_prompts:
        raise LimitExceeded(
            f"`{field}` has {len(texts)} texts; the limit is {config.max_prompts}. Send fewer.",
            limit="max_prompts",
            value=config.max_prompts,
        )
    cleaned = tuple(" ".join(text.split()) for text in texts)
    for index, text in enumerate(cleaned):
        if not text:
            raise PromptError(
                f"`{field}` holds an empty text (number {index}). Say what to look for."
            )
        if len(text) > config.max_text_chars:
            raise LimitExceeded(
                f"`{field}` holds a text of {len(text)} characters (number {index}); "
                f"the limit is {config.max_text_chars}. Send shorter ones.",
                limit="max_text_chars",
                value=config.max_text_chars,
            )
    return cleaned


def _refuse_duplicates(labels: Sequence[str]) -> None:
    seen: set[str] = set()
    for label in labels:
        if label.casefold() in seen:
            raise PromptError(f"{label!r} is given twice. Each prompt of mode watch once.")
        seen.add(label.casefold())
