"""Checkpoints to a bundled model folder: export, calibrate through the graphs, export again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from engines import models
from engines.errors import ModelError
from onnx_export import folders
from training import calibrate, known, network, sets, synth
from training.corpus import Corpus
from training.measure import Runner

HELD_OUT_SEED: Final = 90_001
HELD_OUT: Final = 200
NEUTRAL: Final = models.Calibration(0.1, 0.1, 0.0, 0.0, 0.0, 0.0)
SYNTHESISED: Final = models.Source(
    "motion and captions synthesised by training/synth", "Apache-2.0"
)


def sources(sentence_model: str) -> tuple[models.Source, ...]:
    """What a model is made from, each once: synthesis, every set of `sets.SHIP`, and what the
    sentence model is made from. Raises ModelError if there is no such sentence model."""
    recorded = [models.Source(each.name, each.licence) for each in sets.SHIP.values()]
    words = models.find(sentence_model).sentence().sources
    return tuple(dict.fromkeys([SYNTHESISED, *recorded, *words]))


def run(
    checkpoints: Path, corpus: Corpus, out: Path, *, seeds: Iterable[int], version: str
) -> models.MotionManifest:
    """Write the folder from the members of these seeds, which were trained on this corpus. Nothing
    it is calibrated on was trained on.

    Raises ModelError if it is another corpus.
    """
    model, trained = network.load(checkpoints, seeds)
    if trained["corpus"] != corpus.sha256:
        raise ModelError("the members were trained on another corpus than this: train again")
    sentence = trained.get("sentence_model", folders.SENTENCE_NAME)
    notes: dict[str, Any] = {
        "version": version,
        "sentence_model": sentence,
        "sources": sources(sentence),
        "calibration": NEUTRAL,
        "known": known.rows(model, corpus),
    }
    folders.write_motion(model, notes, out)
    made = list(synth.sequences(HELD_OUT, seed=HELD_OUT_SEED))
    recorded = [clip for name in sets.SHIP for clip in sets.held_out(sets.load(name))]
    found = calibrate.run(Runner(out), [made, recorded], seed=HELD_OUT_SEED)
    return folders.write_motion(model, {**notes, "calibration": found}, out)
