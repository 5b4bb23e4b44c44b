"""Asking a server that is not ours: `transformers serve`, with tiny models made on the spot.

Nothing here says how well a language model splits. What is checked is that protocol, request,
answer and fall-back work against a real server of the protocol, which takes no JSON schema and
answers nonsense as readily as sense.
"""

import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from engines.motion.engine import MotionEngine
from engines.motion.partition import split
from stream.config import Config
from stream.language_model import LanguageModel
from stream.messages import Configure, Configured, Notice
from stream.partition_settings import PartitionSettings
from tests.stream.client import house
from tests.stream.llm_server import steps
from tests.stream.rig import HELLO, of

NEEDED = ("torch", "transformers", "fastapi", "openai", "accelerate")
INSTRUCTION = "walks in, then sits"
GOOD = ("the person walks in", "the person sits")
STARTED_WITHIN_S = 90.0
"""On a machine that is busy otherwise; alone it takes 5 to 10 s."""
ANSWERED_WITHIN_S = 20.0

missing = [name for name in NEEDED if find_spec(name) is None]
pytestmark = pytest.mark.skipif(
    bool(missing),
    reason=f"transformers serve cannot be started without {', '.join(missing)}: "
    "pip install 'transformers[serving]'",
)


@dataclass(frozen=True, slots=True)
class Served:
    """A running server and where its models are."""

    url: str
    folder: Path

    def settings(self, model: str, tmp_path: Path, timeout_s: float) -> PartitionSettings:
        return PartitionSettings(
            url=self.url,
            model=str(self.folder / model),
            timeout_s=timeout_s,
            describe=False,
            cache_folder=str(tmp_path / "cache"),
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("models")
    command = [sys.executable, "-m", "tests.stream.transformers_server", folder, steps(*GOOD)]
    with subprocess.Popen(
        command,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        late = threading.Timer(STARTED_WITHIN_S, process.kill)
        late.start()
        try:
            yield Served(_address(process), folder)
        finally:
            late.cancel()
            process.kill()


def _address(process: subprocess.Popen[str]) -> str:
    """Base of the API, as the server tells it once it listens."""
    assert process.stderr is not None
    told = []
    for line in process.stderr:
        told.append(line)
        if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
            return f"{found[1]}/v1"
    raise AssertionError("transformers serve ended before it listened:\n" + "".join(told[-20:]))


async def test_its_answer_is_taken_and_kept(served: Served, tmp_path: Path) -> None:
    """It takes our request, its completion is read, and the same is not asked again."""
    outcomes: Counter[str] = Counter()
    model = LanguageModel(
        served.settings("speaker", tmp_path, ANSWERED_WITHIN_S),
        lambda _, outcome: outcomes.update([outcome]),
    )
    try:
        for _ in range(2):
            assert await model.split(INSTRUCTION) == GOOD
    finally:
        await model.close()
    assert outcomes == {"answered": 1, "cached": 1}


@pytest.mark.parametrize(
    ("model", "timeout_s", "outcome"),
    [
        ("speaker", ANSWERED_WITHIN_S, "answered"),
        ("babbler", ANSWERED_WITHIN_S, "malformed"),
        ("no model", ANSWERED_WITHIN_S, "http"),
        ("babbler", 0.05, "timeout"),
    ],
)
async def test_a_session_has_its_steps_whatever_it_answers(
    engine: MotionEngine, served: Served, tmp_path: Path, model: str, timeout_s: float, outcome: str
) -> None:
    """The answer's where it is of use, else the grammar's with a notice; either is counted."""
    config = Config(partition=served.settings(model, tmp_path, timeout_s))
    async with house(engine, config) as home:
        client = home.connect()
        await client.send(HELLO, Configure(instruction=INSTRUCTION))
        configured = await client.until(Configured)
        await client.finish()
        told = home.service.metrics.partitions.labels(outcome)
        assert told._value.get() == 1
    notices = [notice.code for notice in of(Notice, client.log)]
    if outcome == "answered":
        assert (tuple(configured.labels), notices) == (GOOD, [])
    else:
        assert configured.labels == split(INSTRUCTION)
        assert notices == ["partition_fallback"]
