"""The bundled video model on a few rendered test scenes, method by method."""

import pytest

from benchmarks.video import ablation, absence, pointing
from engines.video.engine import VideoEngine
from training.clip.commands import NAME
from training.scenes import questions


@pytest.fixture(scope="module")
def engine() -> VideoEngine:
    return VideoEngine.load(NAME)


@pytest.fixture(scope="module")
def asked() -> list[questions.Picture]:
    return list(questions.pictures(30, "test"))


def test_the_bundled_model_points_at_who_is_meant(
    engine: VideoEngine, asked: list[questions.Picture]
) -> None:
    """Far better than a random actor or the centre, by every GEM weighting; each prompt counts."""
    tally = ablation.measure(engine, asked)
    prompts = sum(len(picture.queries) for picture in asked)
    assert {len(hits) for hits in tally.hits.values()} == {prompts}
    guess = max(pointing.accuracy(tally.actor), pointing.accuracy(tally.centre))
    for (_, way), hits in tally.hits.items():
        if way != ablation.WAYS[2]:
            assert pointing.accuracy(hits) > guess + 20


def test_absent_actions_have_less_evidence(
    engine: VideoEngine, asked: list[questions.Picture]
) -> None:
    """At nine present of ten kept, more absent ones are refused than chance would."""
    found = absence.gather(engine, asked)
    assert len(found.rows) == len(found.present) == len(found.seen)
    kept, refused = absence.as_calibrated(found, engine.manifest.presence)
    assert kept + refused > 120
