"""The sets by name. Where a set's data is absent, loading raises FileNotFoundError and says where
it was looked for."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.motion.recordings import Recording, RecordingSet, Span

BESIDE = Path(__file__).resolve().parents[3] / "shared"


def folder(name: str) -> Path:
    """The folder of a recorded set beside the checkout, or under LIVEGROUND_SHARED."""
    path = Path(os.environ.get("LIVEGROUND_SHARED", BESIDE)) / "data" / "motion" / name
    if not path.is_dir():
        raise FileNotFoundError(f"no data at {path}: name the folder with LIVEGROUND_SHARED")
    return path


def utkinect(limit: int | None) -> RecordingSet:
    """Whole Kinect recordings, unlabelled time between the actions included."""
    files = sorted(folder("utkinect").glob("*.npz"))
    arrays = [np.load(path) for path in files]
    prompts = tuple(dict.fromkeys(str(text) for file in arrays for text in file["text"]))
    recordings = []
    for path, file in zip(files[:limit], arrays, strict=False):
        rows = zip(file["start_s"], file["end_s"], file["text"], strict=True)
        spans = [Span(str(text), float(start_s), float(end_s)) for start_s, end_s, text in rows]
        spans.sort(key=lambda span: span.start_s)
        joints = file["joints"].astype(np.float32)
        recordings.append(Recording(path.stem, joints, file["time_s"], tuple(spans), prompts))
    note = (
        "UTKinect: whole Kinect v1 recordings at about 8 fps, 10 actions each in its own order, "
        "63 % of the time unlabelled (walking back, standing, waiting). Never trained on."
    )
    return RecordingSet("utkinect", tuple(recordings), note)


SETS: dict[str, Callable[[int | None], RecordingSet]] = {"utkinect": utkinect}
