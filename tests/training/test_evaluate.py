"""The bundled model keeps what docs/models.md says of it, on real motion that it never saw."""

from pathlib import Path

import pytest

from training import measure, sets


@pytest.fixture(scope="module")
def runner() -> measure.Runner:
    return measure.Runner("bundled")


@pytest.mark.parametrize(("name", "each", "least"), [("hdm05", 2, 0.8), ("utkinect", 4, 0.45)])
def test_segments_of_held_out_sets_are_named(
    shared: Path,
    monkeypatch: pytest.MonkeyPatch,
    runner: measure.Runner,
    name: str,
    each: int,
    least: float,
) -> None:
    """Streaming, exported, top-1 among all classes of the set (every second or fourth clip)."""
    monkeypatch.setenv("LIVEGROUND_SHARED", str(shared))
    clips = sets.load(name)
    score = measure.score(runner, clips[::each], measure.prompts(clips))
    assert score.segment_top1 >= least, str(score)


@pytest.mark.parametrize("name", ["hdm05", "utkinect"])
def test_measuring_sets_are_not_in_training(name: str) -> None:
    """What is measured on is never among what is trained on."""
    assert name in sets.MEASURE
    assert name not in sets.SHIP
