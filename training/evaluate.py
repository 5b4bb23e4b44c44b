"""Scores of an exported model on sets that it never saw, chance beside them."""

from pathlib import Path
from typing import Final

from training import measure, sets

SETS: Final = ("hdm05", "utkinect")


def run(folder: str | Path, *, confusion: bool) -> dict[str, measure.Score]:
    """Print and give the score of every set."""
    runner = measure.Runner(folder)
    scores = {}
    for name in SETS:
        clips = sets.load(name)
        scores[name] = measure.score(runner, clips, measure.prompts(clips))
        print(f"{name}: {scores[name]}")
        if confusion:
            print(_table(scores[name]))
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
