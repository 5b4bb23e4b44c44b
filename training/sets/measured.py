"""Sets for measuring only: HDM05 (optical) and UTKinect (depth camera). Never trained on."""

from pathlib import Path

import numpy as np

from training.data import Sequence, Span
from training.sets.wording import FPS, resample
from training.synth.phrases import mirror_text

HDM05_PROMPTS: dict[str, str] = {
    "depositFloorR": "a person puts something down on the floor with the right hand",
    "elbowToKnee1RepsLelbowStart": "a person brings an elbow to the opposite knee",
    "grabHighR": "a person grabs something high up with the right hand",
    "hopBothLegs1hops": "a person hops on both legs",
    "jogLeftCircle4StepsRstart": "a person jogs in a circle to the left",
    "kickLFront1Reps": "a person kicks forward with the left foot",
    "lieDownFloor": "a person lies down on the floor",
    "rotateArmsBothBackward1Reps": "a person rotates both arms backward",
    "sneak2StepsLStart": "a person sneaks",
    "squat1Reps": "a person does a squat",
    "throwBasketball": "a person throws a basketball",
}
"""HDM05's class names in plain English: one prompt for each class."""


def _span(start: int, end: int, text: str, kind: str) -> Span:
    return Span(start, end, (text,), (mirror_text(text),), kind)


def load_hdm05(folder: Path) -> list[Sequence]:
    """Cut clips, one action each; tags name the actor."""
    found = []
    for path in sorted((folder / "motion/hdm05").glob("*.npz")):
        with np.load(path) as clip:
            name = str(clip["text"])
            time_s = np.arange(len(clip["joints"])) / float(clip["fps"])
            joints = resample(clip["joints"], time_s)
        span = _span(0, len(joints), HDM05_PROMPTS[name], name)
        actor = path.stem.split("_")[1]
        found.append(Sequence(joints, (span,), f"hdm05/{path.stem}", (f"actor {actor}", "optical")))
    return found


def load_utkinect(folder: Path) -> list[Sequence]:
    """Whole recordings with timed segments of ten actions; irregular clock made regular."""
    found = []
    for path in sorted((folder / "motion/utkinect").glob("*.npz")):
        with np.load(path) as clip:
            time_s = clip["time_s"].astype(np.float64)
            fresh = np.concatenate([[True], np.diff(np.maximum.accumulate(time_s)) > 0])
            joints = resample(clip["joints"][fresh], time_s[fresh])
            begin = time_s[fresh][0]
            rows = zip(clip["start_s"], clip["end_s"], clip["text"], clip["name"], strict=True)
            spans = []
            for start_s, end_s, text, name in sorted(rows, key=lambda row: row[0]):
                start = round((start_s - begin) * FPS)
                end = min(len(joints), round((end_s - begin) * FPS))
                if end - start >= 4:
                    spans.append(_span(max(0, start), end, str(text), str(name)))
        subject = path.stem.split("_")[0]
        tags = (f"subject {subject}", "depth")
        found.append(Sequence(joints, tuple(spans), f"utkinect/{path.stem}", tags))
    return found
