"""What each part of the soft masks gives: `python -m benchmarks.motion.smo` (`make bench-smo`).

The live method on UTKinect, HDM05 and held-out trials with one thing changed at a time: the
parametrisation, the weight of a term, steps an update, where a column starts. Everything else,
background and switch price among it, is as shipped. `--write` puts the tables into docs/methods.md.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import page
from benchmarks.arguments import positive
from benchmarks.motion import sets
from benchmarks.motion.masks import WarmMasks, streamed
from benchmarks.motion.prediction import Prediction
from benchmarks.motion.recordings import Model, Problem, problem
from benchmarks.motion.report import Scores, pool_of_workers
from benchmarks.motion.sigmoid import SharedSigmoidMasks, SigmoidMasks
from benchmarks.table import table
from engines.errors import LivegroundError
from engines.models import Calibration
from engines.motion.masks import MaskSettings
from engines.motion.timeline import Mode

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods.md"
COMMAND = "make bench-smo"
NAMES = ("utkinect", "hdm05", "held-out")
SHIPPED = "**as shipped**: softmax with a background row, one step, warm"


class FromSimilarity(WarmMasks):
    """A new column starts at its calibrated similarity alone; older ones stay warm."""

    def append(self, value: NDArray[np.float32], attention: float, against: float = 0.0) -> None:
        super().append(value, attention, against)
        self._log[:, self._last - 1] = self._base[:, self._last - 1]


class Anew(WarmMasks):
    """Every column starts at its calibrated similarity in every update: nothing is kept."""

    def _optimise(self, steps: int | None) -> None:
        self.restart(self.start.copy())
        super()._optimise(steps)


@dataclass(frozen=True, slots=True)
class Variant:
    """Masks of a kind, with other settings than the shipped."""

    kind: type[WarmMasks] = WarmMasks
    changes: dict[str, float] = field(default_factory=dict)

    def masks(
        self, texts: NDArray[np.float32], settings: MaskSettings, capacity: int, fps: int
    ) -> WarmMasks:
        """As `SoftMasks` is made."""
        return self.kind(texts, replace(settings, **self.changes), capacity, fps)


def _set(**changes: float) -> Variant:
    return Variant(changes=changes)


SCRIPT = {
    "coverage .1": _set(coverage=0.1),
    "coverage .5": _set(coverage=0.5),
    "order .2": _set(order=0.2),
    "order 1": _set(order=1.0),
}
WATCH = {
    SHIPPED: Variant(),
    "sigmoids with a background": Variant(SigmoidMasks),
    "the same, background 0 instead of -1.4": Variant(SigmoidMasks, {"background": 0.0}),
    "the same, background -2.8": Variant(SigmoidMasks, {"background": -2.8}),
    "the same, exclusivity 1 instead of .1": Variant(SigmoidMasks, {"exclusivity": 1.0}),
    "sigmoids, read out as one of K + 1": Variant(SharedSigmoidMasks),
    "without contrast": _set(contrast=0.0),
    "without pull": _set(pull=0.0),
    "without both pooled terms": _set(contrast=0.0, pull=0.0),
    "pooled terms three times as strong": _set(contrast=0.3, pull=0.15),
    "without exclusivity": _set(exclusivity=0.0),
    "without smoothness": _set(smoothness=0.0),
    "anchor alone: no optimisation": _set(
        contrast=0.0, pull=0.0, exclusivity=0.0, smoothness=0.0, steps=0
    ),
    **SCRIPT,
    "2 steps an update": _set(steps=2),
    "5 steps an update": _set(steps=5),
    "step .2 instead of .4": _set(step=0.2),
    "step .6": _set(step=0.6),
    "new columns start from similarity": Variant(FromSimilarity),
    "all columns start from it anew, 1 step": Variant(Anew),
    "all columns start from it anew, 5 steps": Variant(Anew, {"steps": 5}),
}
VARIANTS: dict[Mode, dict[str, Variant]] = {
    "watch": WATCH,
    "script": {SHIPPED: Variant(), **SCRIPT},
}
"""Where the masks decide what is said, and where they only score it."""


def scores(
    tasks: Sequence[Problem], model: Model, workers: ProcessPoolExecutor
) -> dict[str, Scores]:
    """Of each variant of the tasks' mode on all of them."""
    run = partial(_answers, calibration=model.calibration, lookahead_frames=model.lookahead_frames)
    answered = list(workers.map(run, tasks))
    result = {name: Scores() for name in VARIANTS[tasks[0].mode]}
    for task, answers in zip(tasks, answered, strict=True):
        for name, answer in answers.items():
            result[name].add(task, answer, 0.0)
    return result


def _answers(
    task: Problem, calibration: Calibration, lookahead_frames: int
) -> dict[str, Prediction]:
    return {
        name: streamed(task, calibration, lookahead_frames, kind=variant.masks)
        for name, variant in VARIANTS[task.mode].items()
    }


MEASURES: dict[Mode, dict[str, Callable[[Scores], float]]] = {
    "watch": {
        "frames": lambda got: float(np.mean(got.frames)),
        "mAP": Scores.mean_precision,
        "edit": lambda got: float(np.mean(got.edit)),
    },
    "script": {"mAP": Scores.mean_precision},
}
"""Script: the follower labels whatever the masks are, so that only mAP can change."""


def report(mode: Mode, reached: dict[str, dict[str, Scores]]) -> str:
    """Table of a mode; `reached`: set -> variant -> scores."""
    header = [mode]
    header += [f"{name} {measure}" for name in reached for measure in MEASURES[mode]]
    rows = []
    for variant in VARIANTS[mode]:
        cells = [variant]
        for got in reached.values():
            cells += [digits(measure(got[variant])) for measure in MEASURES[mode].values()]
        rows.append([*cells, f"{_spent(reached, variant) / _spent(reached, SHIPPED):.1f}"])
    return table([*header, "time"], rows)


def _spent(reached: dict[str, dict[str, Scores]], variant: str) -> float:
    return float(np.mean([seconds for got in reached.values() for seconds in got[variant].masks_s]))


def digits(value: float) -> str:
    """`.643` for 0.643."""
    return f"{value:.3f}".removeprefix("0")


def measured(model: Model, limit: int | None) -> str:
    """Both tables and what they are of."""
    reached: dict[Mode, dict[str, dict[str, Scores]]] = {"watch": {}, "script": {}}
    counts = []
    with pool_of_workers() as workers:
        for name in NAMES:
            recordings = sets.load(name, limit).recordings
            counts.append(f"{len(recordings)} {name}")
            for mode, found in reached.items():
                tasks = [problem(model, one, model.encode(one), mode) for one in recordings]
                found[name] = scores(tasks, model, workers)
    head = (
        f"{model.info.name} {model.info.version}, live, recordings: {', '.join(counts)}. mAP: mean "
        "over tIoU .1 to .7; time: of optimising masks, in that of the shipped ones."
    )
    return "\n\n".join([head, *(report(mode, found) for mode, found in reached.items())])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.motion.smo", description=__doc__)
    parser.add_argument("--model", default="bundled", help="name or folder of a motion model")
    parser.add_argument("--limit", type=positive, help="only the first recordings of each set")
    parser.add_argument("--write", action="store_true", help="into docs/methods.md")
    given = parser.parse_args()
    if given.write and given.limit:
        raise SystemExit("--write is for whole sets: leave --limit out")
    if absent := sets.absent(NAMES):
        raise SystemExit(f"cannot be measured here: {'; '.join(absent)}")
    begun_s = time.monotonic()
    try:
        said = measured(Model(given.model), given.limit)
    except LivegroundError as error:
        raise SystemExit(str(error)) from error
    print(f"{said}\n\n{time.monotonic() - begun_s:.0f} s")
    if given.write:
        page.put(PAGE, COMMAND, said)


if __name__ == "__main__":
    main()
