"""Truth and answers of one recording as lines of text, one character a fraction of a second."""

from collections.abc import Mapping

from benchmarks.motion.prediction import Prediction
from benchmarks.motion.recordings import Problem

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STEP_FRAMES = 10


def drawn(task: Problem, answers: Mapping[str, Prediction]) -> str:
    """A line for the truth and for each answer, two characters a second; `.` is unknown."""
    rows = {"truth": task.frames}
    for name, answer in answers.items():
        rows[name] = answer.frames
        if answer.live is not None:
            rows[f"{name} first"] = answer.live.first
    lines = [task.name, *(f"{'':14} {_letter(k)} {text}" for k, text in enumerate(task.labels))]
    for name, labels in rows.items():
        right = (labels == task.frames)[task.frames >= 0].mean()
        line = "".join(_letter(int(k)) for k in labels[STEP_FRAMES // 2 :: STEP_FRAMES])
        lines.append(f"{name:14} {line} {right:.2f}")
    return "\n".join(lines)


def _letter(label: int) -> str:
    return "." if label < 0 else LETTERS[label % len(LETTERS)]
