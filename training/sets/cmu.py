"""CMU mocap: canonical arrays, and the same lab's trials as BVH of a character rig.

Wordings were chosen by reading the index and looking at the clips. Trials whose text lists several
actions without times are used as weakly named windows, or left out.
"""

import csv
from pathlib import Path

import numpy as np

from clients.rigs import bvh
from training.data import Sequence
from training.sets.wording import Wording, resample, whole, windows

_WALK = {"walk", "walk on uneven terrain"}
_CLEAR: dict[str, Wording] = {
    "run/jog": "jog",
    "slow walk": "walk_slow",
    "brisk walk": "walk_fast",
    "basketball - forward dribble": (
        "dribble~ a [ball|basketball] [while walking forward|forward]", "walk~ forward bouncing a ball",
        "=basketball dribble", "=dribble", "play~ basketball", "move~ forward dribbling a ball",
    ),
    "basketball - backward dribble": (
        "dribble~ a [ball|basketball] [while walking backward|backward]", "walk~ backward bouncing a ball",
        "=basketball dribble", "=dribble", "play~ basketball",
    ),
    "basketball - sideways dribble": (
        "dribble~ a [ball|basketball] [while moving sideways|sideways]", "step~ sideways bouncing a ball",
        "=basketball dribble", "=dribble", "play~ basketball",
    ),
}  # fmt: skip
_LOOSE: dict[str, Wording] = {
    "punch/strike": "punch_combo",
    "swordplay": ("fight~ with a sword", "swing~ a sword", "=swordplay", "=sword fighting", "fence~", "slash~ with a [sword|blade]", "practice~ with a sword"),
    "wash self": ("wash~ {them}self", "clean~ {their} body", "scrub~ {their} body", "=washing", "take~ a shower", "rub~ {their} body with both hands"),
    "dance": ("dance~ ballet", "dance~ [gracefully|]", "=ballet", "=dancing", "=dance", "do~ ballet steps", "perform~ a ballet dance"),
    "climb": ("climb~ [|on a playground|on a climbing frame]", "=climbing", "=climb", "clamber~ [around|on a frame]", "play~ on a [playground|climbing frame]"),
    "basketball": ("play~ basketball", "dribble~ a [ball|basketball]", "=dribbling", "bounce~ a ball", "=basketball"),
    "bend over, scoop up, rise, lift arm": ("bend~ over, scoop~ something up and lift~ it", "pick~ something up from the floor and raise~ {their} arm", "scoop~ something up", "bend~ down, pick~ something up and stand~ up"),
}  # fmt: skip
_LEFT_OUT = {"playground - forward jumps, turn around", "jump, balance"}


def _sequence(joints: np.ndarray, text: str, trial: str, name: str) -> list[Sequence]:
    tags = (f"subject {trial.split('_')[0]}", "optical")
    source = f"{name}/{trial}"
    if text in _LEFT_OUT or len(joints) < 20:
        return []
    if text in _WALK or text in _CLEAR:
        wording = "walk" if text in _WALK else _CLEAR[text]
        if len(joints) > 200:
            return [windows(joints, wording, source, tags, seconds=5.0)]
        return [whole(joints, wording, source, tags)]
    head = text.split(" - ")[0]
    wanted = "climb" if head == "playground" else text if text in _LOOSE else head
    return [windows(joints, _LOOSE[wanted], source, tags)] if wanted in _LOOSE else []


def load_npz(folder: Path) -> list[Sequence]:
    """Trials of subjects 01-03 as canonical arrays."""
    found: list[Sequence] = []
    for path in sorted((folder / "motion/cmu").glob("*.npz")):
        with np.load(path) as clip:
            joints = clip["joints"]
            time_s = np.arange(len(joints)) / float(clip["fps"])
            found += _sequence(resample(joints, time_s), str(clip["text"]), path.stem, "cmu")
    return found


def index(folder: Path) -> dict[str, str]:
    """Trial (`02_03`) to its free-text description."""
    with (folder / "captions/cmu_index.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        return {
            f"{int(r['Subject']):02d}_{int(r['Trial #']):02d}": r["Motion Description"].strip()
            for r in rows
            if (r["Subject"] or "").strip().isdigit() and (r["Trial #"] or "").strip().isdigit()
        }


def load_bvh(folder: Path) -> list[Sequence]:
    """Trials of subjects 01-11 on a character rig."""
    texts = index(folder)
    found: list[Sequence] = []
    for path in sorted((folder / "motion/cmu_bvh").glob("*.bvh")):
        subject, take = path.stem.split("_")
        trial = f"{int(subject):02d}_{int(take):02d}"
        recording = bvh.load(path)
        joints = resample(recording.joints, recording.time_s)
        found += _sequence(joints, texts.get(trial, ""), trial, "cmu_bvh")
    return found
