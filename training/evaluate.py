"""Scores of an exported model on sets that it never saw, chance beside them."""

from pathlib import Path

from training import measure, sets
from training.rewordings import BY_KIND


def run(folder: str | Path, *, confusion: bool) -> dict[str, measure.Score]:
    """Print and give the score of every set, with its own prompts and with other words."""
    runner = measure.Runner(folder)
    scores = {}
    for name, other in BY_KIND.items():
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
