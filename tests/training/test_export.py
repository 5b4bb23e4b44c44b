"""What a manifest says it was made from is what training reads, with every licence's condition."""

import json

import pytest

pytest.importorskip("torch")

from engines import models, places
from training import __main__ as command
from training import corpus, export, sets


def test_every_set_that_is_trained_on_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set that is added is told; two exports of one database are one source."""
    found = export.sources(corpus.SENTENCE_NAME)
    for each in sets.SHIP.values():
        assert models.Source(each.name, each.licence) in found
    assert len(set(found)) == len(found) == 5
    more = sets.Source("Somebody's recordings", "CC BY 4.0", sets.SHIP["cmu"].read)
    monkeypatch.setitem(sets.SHIP, "more", more)
    named = models.Source("Somebody's recordings", "CC BY 4.0")
    assert set(export.sources(corpus.SENTENCE_NAME)) == {*found, named}


def test_the_bundled_manifest_says_so() -> None:
    """Names, licences and order; CMU's condition is in it."""
    manifest = models.find("bundled").motion()
    assert manifest.sources == export.sources(manifest.text.sentence_model)
    raw = json.loads((places.BUNDLED / places.DEFAULT_MOTION / places.MANIFEST).read_text())
    (cmu,) = [
        each for each in raw["sources"] if "Carnegie" in each["name"] or "CMU" in each["name"]
    ]
    assert "no resale of the data" in cmu["licence"]


def test_nothing_measured_is_a_source() -> None:
    """Sets for measuring are in no manifest."""
    names = {source.name for source in export.sources(corpus.SENTENCE_NAME)}
    assert not names & {each.name for each in sets.MEASURE.values()}


@pytest.mark.parametrize(
    ("words", "seeds"),
    [
        (["train"], [1, 2]),
        (["export", "--out", "x"], [1, 2]),
        (["all"], [1, 2]),
        (["--seed", "4", "export", "--out", "x", "--members", "2"], [4, 5]),
    ],
)
def test_what_is_exported_is_what_was_trained(words: list[str], seeds: list[int]) -> None:
    """The same seeds, whether the steps are run one by one or all."""
    assert list(command._seeds(command._parser().parse_args(words))) == seeds
