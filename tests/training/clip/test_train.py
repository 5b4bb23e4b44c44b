"""The training loop of the bundled CLIP, on a handful of scenes."""

from pathlib import Path

import numpy as np
import pytest
import torch

from training.clip import texts, train
from training.scenes import corpus


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> corpus.Corpus:
    folder = tmp_path_factory.mktemp("scenes")
    corpus.write(folder, 12, seed=0, processes=0)
    return corpus.read(folder)


def test_kept_patches_hold_the_actors(scenes: corpus.Corpus) -> None:
    """With half of the patches, whoever is in the picture is still nearly whole, even two who fill
    more than half of it."""
    rng = np.random.default_rng(0)
    half = train.draw(scenes, train.Stage(0.0, 8, 72, False), rng)
    whole = train.draw(scenes, train.Stage(0.0, 8, 0, True), np.random.default_rng(0))
    assert half.keep is not None
    assert half.targets.cover.shape == (8, 3, 2, 72)
    kept, all_of = (each.targets.cover[:, :, 0].sum(-1) for each in (half, whole))
    assert (kept >= 0.85 * all_of).all()


def test_classes_follow_the_pairs() -> None:
    """Each actor has an action, a verb and, with an object, an object; nobody has none."""
    classes = texts.classes_of(np.array([[0, -1]]))
    verb, thing = texts.ACTIONS[0]
    assert classes[0, 0, 0] == 0
    assert classes[0, 0, 1] == texts.COUNTS[0] + texts.VERBS.index(verb)
    assert classes[0, 0, 2] == sum(texts.COUNTS[:2]) + texts.OBJECTS.index(thing)
    assert classes[0, 0, 3] == texts.CLASSES - 1
    assert (classes[0, 1] == -1).all()


def test_stages_follow_one_another() -> None:
    """The last stage that has begun is the one that runs."""
    plan = train.Plan()
    assert plan.stage(0.0) == plan.stages[0]
    assert plan.stage(1.0) == plan.stages[-1]


def test_a_checkpoint_is_read_back(scenes: corpus.Corpus, tmp_path: Path) -> None:
    """A run of a moment writes weights that load, with how many views they saw."""
    stages = (train.Stage(0.0, 2, 72, False), train.Stage(0.5, 2, 0, True))
    plan = train.Plan(minutes=0.01, stages=stages, log_every=1)
    path = train.run(scenes, tmp_path, seed=0, plan=plan)
    model = train.load(path)
    assert (tmp_path / "log.jsonl").read_text().count("\n") >= 1
    assert all(torch.isfinite(parameter).all() for parameter in model.parameters())
