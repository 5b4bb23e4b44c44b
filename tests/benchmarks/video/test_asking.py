"""What a query asks for: its label, its parts, or what the picture chooses."""

import numpy as np
import pytest

from benchmarks.video import ablation, asking
from engines.video import head
from engines.video.engine import VideoEngine
from engines.video.head import Encoded
from engines.video.prompts import Parts
from training.clip.commands import NAME
from training.scenes import questions
from training.scenes.questions import Query


@pytest.fixture(scope="module")
def engine() -> VideoEngine:
    return VideoEngine.load(NAME)


@pytest.fixture(scope="module")
def picture() -> questions.Picture:
    return next(questions.pictures(1, "train"))


@pytest.fixture(scope="module")
def encoded(engine: VideoEngine, picture: questions.Picture) -> Encoded:
    return engine.heatmaps.encode(engine.prepare(picture.image)[None])


def test_a_label_is_the_grammars_and_parts_are_kept(engine: VideoEngine, encoded: Encoded) -> None:
    """Only where a data set brings none is the label read by our grammar."""
    own = Parts("standing up chair", "standing", "up chair")
    assert asking.prompt(engine, encoded, Query("kicks a ball", ())) == "kicks a ball"
    assert asking.prompt(engine, encoded, Query("kicks a ball", (), parts=(own,))) == own


def test_the_picture_chooses_verb_and_object(engine: VideoEngine, encoded: Encoded) -> None:
    """Each by its own text's cosine with the whole image, also where there are very many."""
    verbs = ["kicks", "drinks", "reads", "waves"]
    things = ["ball", "book", "cup", *(f"thing {i}" for i in range(30))]
    ways = tuple(Parts("does it", verb, thing) for verb in verbs for thing in things)
    chosen = asking.prompt(engine, encoded, Query("does it", (), parts=ways))
    assert isinstance(chosen, Parts)
    for part, mine in (("verb", verbs), ("object", things)):
        texts = {each.texts()[1 if part == "verb" else 2] or "" for each in ways}
        rows = engine._texts.encode(sorted(texts))
        best = sorted(texts)[int(np.argmax(head.image_similarity(encoded, rows)[0]))]
        assert getattr(chosen, part) in mine
        assert best == chosen.texts()[1 if part == "verb" else 2]


def test_the_ablation_asks_for_parts(
    engine: VideoEngine, picture: questions.Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The texts that it looks for are those of the parts, not of the label."""
    own = Parts("standing up chair", "standing", "up chair")
    queries = (Query("kicks a ball", picture.everybody[:1], parts=(own,)),)
    asked: list[object] = []
    look_for = engine.look_for
    monkeypatch.setattr(engine, "look_for", lambda given: asked.extend(given) or look_for(given))
    ablation.measure(engine, [questions.Picture(picture.image, queries)])
    assert asked == [own]
