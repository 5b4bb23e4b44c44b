"""Scores of an exported model on sets that it never saw, chance beside them."""

from pathlib import Path
from typing import Final

from training import measure, sets

REWORDED: Final[dict[str, dict[str, str]]] = {
    "hdm05": {
        "depositFloorR": "setting an object on the ground with the right hand",
        "elbowToKnee1RepsLelbowStart": "touching the knee with the other elbow",
        "grabHighR": "reaching for something on a high shelf with the right hand",
        "hopBothLegs1hops": "jumping with the feet together",
        "jogLeftCircle4StepsRstart": "running slowly round in a circle",
        "kickLFront1Reps": "front kick, left leg",
        "lieDownFloor": "getting down to lie on the ground",
        "rotateArmsBothBackward1Reps": "both arms circle backwards",
        "sneak2StepsLStart": "creeping along quietly",
        "squat1Reps": "bending the knees deeply and coming up again",
        "throwBasketball": "shooting a ball at a basket",
    },
    "utkinect": {
        "walk": "strolling along",
        "sitDown": "taking a seat",
        "standUp": "coming up out of the seat",
        "pickUp": "lifting an object from the ground",
        "carry": "walking with an object in the hands",
        "throw": "giving an object a toss",
        "push": "shoving something away",
        "pull": "tugging something closer",
        "waveHands": "both hands greet by waving",
        "clapHands": "applauding",
    },
}
"""The same classes in other words, in no caption bank, to see how much hangs on the wording."""


def run(folder: str | Path, *, confusion: bool) -> dict[str, measure.Score]:
    """Print and give the score of every set, with its own prompts and with other words."""
    runner = measure.Runner(folder)
    scores = {}
    for name, other in REWORDED.items():
        clips = sets.load(name)
        own = measure.prompts(clips)
        wordings = {name: own, f"{name}, reworded": {kind: other[kind] for kind in own}}
        for label, prompts in wordings.items():
            scores[label] = measure.score(runner, clips, prompts)
            print(f"{label}: {scores[label]}", flush=True)
            if confusion:
                print(_table(scores[label]))
    return scores


def _table(score: measure.Score) -> str:
    """One line a class: how many of how many are right, and what the others are taken for."""
    lines = []
    for index, name in enumerate(score.classes):
        row = score.confusion[index]
        wrong = [i for i in row.argsort()[::-1] if row[i] and i != index]
        others = ", ".join(f"{score.classes[i]} {row[i]}" for i in wrong)
        lines.append(f"  {name:32} {row[index]:3}/{row.sum():3}  {others}")
    return "\n".join(lines)
