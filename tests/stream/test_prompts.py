"""What a client may ask for, and the clear answer where it may not."""

import pytest

from engines.errors import PromptError
from engines.motion import engine
from stream import prompts
from stream.config import Config
from stream.errors import LimitExceeded
from stream.messages import Configure

LOOKAHEAD_S = 0.4


def read(**fields):
    return prompts.read(Configure(**fields), Config(), LOOKAHEAD_S)


@pytest.mark.parametrize(
    ("fields", "labels", "mode"),
    [
        ({"steps": ["walks", "sits", "walks"]}, ("walks", "sits", "walks"), "script"),
        ({"steps": ["walks", "sits"], "mode": "watch"}, ("walks", "sits"), "watch"),
        ({"prompts": ["  waves \n twice "]}, ("waves twice",), "watch"),
        ({"prompts": ["waves"], "mode": "watch"}, ("waves",), "watch"),
        ({"instruction": "runs"}, ("runs",), "script"),
        ({"instruction": "walk\nsit down\nwave"}, ("walk", "sit down", "wave"), "script"),
    ],
)
def test_what_may_be_asked(fields, labels, mode) -> None:
    """Texts are trimmed; steps are a script and prompts a watch unless said otherwise."""
    wanted = read(**fields)
    assert (wanted.labels, wanted.mode) == (labels, mode)
    assert (wanted.lookahead_s, wanted.horizon_s) == (LOOKAHEAD_S, engine.HORIZON_S[mode])


@pytest.mark.parametrize(
    ("asked", "config", "horizon_s"),
    [
        ({"steps": ["walks"], "horizon_s": 3.0}, Config(horizon_s=5.0), 3.0),
        ({"steps": ["walks"]}, Config(horizon_s=5.0), 5.0),
        ({"prompts": ["walks"]}, Config(max_horizon_s=1.0), 1.0),
        ({"steps": ["walks"]}, Config(max_horizon_s=6.0), 6.0),
    ],
)
def test_the_nearest_word_on_the_horizon_counts(asked, config, horizon_s) -> None:
    """The client's, else the server's, else the engine's for the mode, within what is allowed."""
    assert prompts.read(Configure(**asked), config, LOOKAHEAD_S).horizon_s == horizon_s


def test_an_instruction_becomes_ordered_steps() -> None:
    """The built-in partition splits it."""
    assert len(read(instruction="walk forward, then sit down").labels) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"steps": ["a"], "prompts": ["b"]},
        {"instruction": "a", "steps": ["b"]},
        {"instruction": ""},
        {"instruction": "  \t "},
        {"instruction": "..."},
        {"steps": []},
        {"prompts": ["waves", " "]},
        {"prompts": ["waves", "Waves"]},
        {"steps": ["waves", "waves"], "mode": "watch"},
        {"prompts": ["waves"], "mode": "script"},
    ],
)
def test_what_cannot_be_used(fields) -> None:
    """None or several kinds of text, empty texts, duplicates in a watch, prompts as a script."""
    with pytest.raises(PromptError):
        read(**fields)


@pytest.mark.parametrize(
    ("fields", "limit"),
    [
        ({"instruction": "x" * 10_000}, "max_text_chars"),
        ({"prompts": ["x" * 1001]}, "max_text_chars"),
        ({"steps": [f"step {n}" for n in range(500)]}, "max_prompts"),
        ({"prompts": ["a"], "lookahead_s": 0.1}, "min_lookahead_s"),
        ({"prompts": ["a"], "lookahead_s": 1e9}, "max_horizon_s"),
        ({"prompts": ["a"], "horizon_s": 21.0}, "max_horizon_s"),
        ({"prompts": ["a"], "horizon_s": -1.0}, "max_horizon_s"),
    ],
)
def test_limits_are_named_with_their_value(fields, limit: str) -> None:
    """The error carries the limit's name and value, for the client's own message."""
    with pytest.raises(LimitExceeded) as caught:
        read(**fields)
    assert caught.value.limit == limit
    expected = LOOKAHEAD_S if limit == "min_lookahead_s" else getattr(Config(), limit)
    assert caught.value.value == expected
    assert f"{expected:g}" in str(caught.value)


def test_the_server_asks_no_more_than_the_engine_takes() -> None:
    """No default limit is beyond the engine's own."""
    config = Config()
    assert config.max_prompts <= engine.MAX_LABELS
    assert config.max_text_chars <= engine.MAX_LABEL_CHARS
    assert config.max_horizon_s <= engine.MAX_HORIZON_S
