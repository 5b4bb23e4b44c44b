"""Recorded and hand-keyed sets as captioned sequences at 20 fps.

`load(name)` reads a set of `SHIP` (weights that are shipped may be trained on it) or of `MEASURE`
(never trained on). Files come from the folder `shared/data` beside the checkout, or the one that
LIVEGROUND_SHARED names. Some people and trials of every ship set are held out, by the rules of
`training.heldout`: `held_out`, `kept`.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from training import heldout
from training.data import Sequence
from training.sets import cmu, measured, rigged


@dataclass(frozen=True, slots=True)
class Source:
    """Where a set comes from and what its licence allows, as manifests tell it."""

    name: str
    licence: str
    read: Callable[[Path], list[Sequence]]


CMU = "CMU Graphics Lab Motion Capture Database, subjects 01-11"
CMU_LICENCE = "free for all uses, but no resale of the data"
SHIP: dict[str, Source] = {
    "cmu": Source(CMU, CMU_LICENCE, cmu.load_npz),
    "cmu_bvh": Source(CMU, CMU_LICENCE, cmu.load_bvh),
    "kaykit": Source("KayKit character animations", "CC0-1.0", rigged.load_kaykit),
    "mesh2motion": Source("Mesh2Motion animations", "CC0-1.0", rigged.load_mesh2motion),
}
MEASURE: dict[str, Source] = {
    "hdm05": Source(
        "HDM05", "CC BY-SA 3.0; held out by choice, for measuring", measured.load_hdm05
    ),
    "utkinect": Source(
        "UTKinect-Action3D", "research use only: never train on it", measured.load_utkinect
    ),
}


def shared() -> Path:
    """The folder of reference data; it need not exist."""
    named = os.environ.get("LIVEGROUND_SHARED")
    return Path(named) if named else Path(__file__).parents[3] / "shared"


def load(name: str) -> list[Sequence]:
    """All sequences of a set. Raises KeyError for unknown names, FileNotFoundError if absent."""
    source = (SHIP | MEASURE)[name]
    folder = shared() / "data"
    if not (folder / "motion" / name).is_dir():
        raise FileNotFoundError(f"{folder / 'motion' / name} is absent: set LIVEGROUND_SHARED.")
    return source.read(folder)


def held_out(sequences: Iterable[Sequence]) -> list[Sequence]:
    """The sequences that are for validation and calibration only."""
    return [
        sequence for sequence in sequences if heldout.is_held_out(sequence.source, sequence.tags)
    ]


def kept(sequences: Iterable[Sequence]) -> list[Sequence]:
    """The sequences that may be trained on."""
    return [
        sequence
        for sequence in sequences
        if not heldout.is_held_out(sequence.source, sequence.tags)
    ]
