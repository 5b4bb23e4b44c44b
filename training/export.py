"""Checkpoints to a bundled model folder: export, calibrate through the graphs, export again."""

from pathlib import Path
from typing import Any, Final

import msgspec

from engines.models import Calibration, MotionManifest
from onnx_export import folders
from training import calibrate, network, sets, synth
from training.measure import Runner

HELD_OUT_SEED: Final = 90_001
HELD_OUT: Final = 200
NEUTRAL: Final = Calibration(0.1, 0.1, 0.0, 0.0, 0.0, 0.0)
SOURCES: Final = (
    ("motion and captions synthesised by training/synth", "Apache-2.0"),
    ("CMU Graphics Lab Motion Capture Database, subjects 01-11", "free for all uses"),
    ("KayKit character animations", "CC0-1.0"),
    ("Mesh2Motion animations", "CC0-1.0"),
    (folders.MINILM.name, folders.MINILM.licence),
)


def run(checkpoints: Path, out: Path, *, version: str) -> MotionManifest:
    """Write the folder, from one of members. Nothing it is calibrated on was trained on."""
    model = network.load(checkpoints)
    notes: dict[str, Any] = {
        "version": version,
        "sources": [{"name": name, "licence": licence} for name, licence in SOURCES],
        "calibration": msgspec.to_builtins(NEUTRAL),
    }
    folders.write_motion(model, notes, out)
    made = list(synth.sequences(HELD_OUT, seed=HELD_OUT_SEED))
    recorded = [clip for name in sets.SHIP for clip in sets.held_out(sets.load(name))]
    found = calibrate.run(Runner(out), [made, recorded], seed=HELD_OUT_SEED)
    return folders.write_motion(model, {**notes, "calibration": msgspec.to_builtins(found)}, out)
