"""Runs methods on a set and makes the table.

Columns. frames: share of labelled frames whose final label is right, mean over recordings; as told:
the same of a live method's labels as first told; with unknown: over all frames, unlabelled ones
should be unknown. edit, F1@IoU, mAP@tIoU: see `metrics`. boundary s: mean error of start and end of
the true segments that have a match, whose share is `matched`. start s, end s: median delay of live
labels, the look-ahead included, computing time not. revised: share of frames whose first label was
not the last. ms, p95: of one update (live) or the whole run over its frames (offline), labelling
alone, with as many of them at work as the machine has cores; GEMM: the median in products of two
1024 x 1024 float32 matrices on all cores of this machine. masks ms: the mean part of an update that
optimises masks, in time of one core. In script mode a follower says which step it is; masks only
score.
"""

import multiprocessing
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from benchmarks.calibration import Calibration as Machine
from benchmarks.motion import metrics
from benchmarks.motion.masks import COLD_STEPS
from benchmarks.motion.methods import METHODS
from benchmarks.motion.prediction import Prediction
from benchmarks.motion.recordings import FRAME_S, Model, Problem
from benchmarks.table import table
from engines.models import Calibration
from engines.motion.timeline import Mode

F1_OVERLAPS = (0.1, 0.25, 0.5)
TIOU = tuple(round(0.1 * n, 1) for n in range(1, 8))
HEADER = (
    *("method", "frames", "as told", "with unknown", "edit", "F1@10", "@25", "@50"),
    *("mAP@.1", "@.2", "@.3", "@.4", "@.5", "@.6", "@.7", "mean"),
    *("boundary s", "matched", "start s", "end s", "revised", "ms", "p95", "GEMM", "masks ms"),
)


@dataclass(slots=True)
class Scores:
    """What one method reached on one set in one mode; lists hold one entry a recording."""

    frames: list[float] = field(default_factory=list)
    with_unknown: list[float] = field(default_factory=list)
    edit: list[float] = field(default_factory=list)
    hits: dict[float, list[tuple[int, int, int]]] = field(default_factory=dict)
    boundary_s: list[float] = field(default_factory=list)
    spans: int = 0
    delays_s: list[tuple[float, float]] = field(default_factory=list)
    revised: list[float] = field(default_factory=list)
    first_frames: list[float] = field(default_factory=list)
    update_s: list[float] = field(default_factory=list)
    masks_s: list[float] = field(default_factory=list)
    queries: dict[str, list[metrics.Found]] = field(default_factory=dict)
    truth: dict[str, list[tuple[str, float, float]]] = field(default_factory=dict)

    def add(self, task: Problem, answer: Prediction, took_s: float) -> None:
        """Measure one recording."""
        found = metrics.segments(answer.frames, task.encoded.times_s, FRAME_S)
        self.frames.append(metrics.frame_accuracy(task.frames, answer.frames))
        self.with_unknown.append(metrics.frame_accuracy_with_unknown(task.frames, answer.frames))
        self.edit.append(metrics.edit_score(task.spans, found))
        for threshold in F1_OVERLAPS:
            hits = metrics.hits(task.spans, found, threshold)
            self.hits.setdefault(threshold, []).append(hits)
        self.boundary_s += metrics.boundary_errors_s(task.spans, found)
        self.spans += len(task.spans)
        for label, start_s, end_s in task.spans:
            self.truth.setdefault(task.labels[label], []).append((task.name, start_s, end_s))
        for s in answer.segments:
            guess = metrics.Found(task.name, s.start_s, s.end_s, s.score)
            self.queries.setdefault(task.labels[s.label], []).append(guess)
        if answer.live is None:
            self.update_s.append(took_s / len(task.frames))
            return
        live = answer.live
        self.delays_s += metrics.delays_s(task.spans, live.first, task.encoded.times_s, live.told_s)
        self.revised.append(metrics.revision_rate(live.first, answer.frames))
        self.first_frames.append(metrics.frame_accuracy(task.frames, live.first))
        self.update_s += live.update_s.tolist()
        self.masks_s.append(live.masks_s)

    def precision(self, threshold: float) -> float:
        """mAP over the texts that occur."""
        return float(
            np.mean(
                [
                    metrics.average_precision(true, self.queries.get(text, []), threshold)
                    for text, true in self.truth.items()
                ]
            )
        )

    def mean_precision(self) -> float:
        """mAP, mean over tIoU."""
        return float(np.mean([self.precision(threshold) for threshold in TIOU]))

    def row(self, title: str, machine: Machine) -> list[str]:
        """Cells of the table."""
        precision = [self.precision(threshold) for threshold in TIOU]
        f1 = [metrics.f1(self.hits[threshold]) for threshold in F1_OVERLAPS]
        told = share(float(np.mean(self.first_frames))) if self.first_frames else "-"
        shares = [np.mean(self.with_unknown), np.mean(self.edit), *f1]
        boundary = f"{np.mean(self.boundary_s):.2f}" if self.boundary_s else "-"
        matched = share(len(self.boundary_s) / self.spans)
        live = ["-", "-", "-"]
        if self.revised:
            delays = np.median(self.delays_s, axis=0) if self.delays_s else np.full(2, np.nan)
            live = [f"{delays[0]:+.2f}", f"{delays[1]:+.2f}", f"{np.mean(self.revised):.0%}"]
        p50_s, p95_s = np.percentile(self.update_s, [50, 95])
        gemm_s = 2 * 1024**3 / machine.gemm_gflops / 1e9
        masks = f"{np.mean(self.masks_s) * 1e3:.3f}" if self.masks_s else "-"
        cost = [f"{p50_s * 1e3:.3f}", f"{p95_s * 1e3:.3f}", f"{p50_s / gemm_s:.3f}x", masks]
        return [
            *(title, share(float(np.mean(self.frames))), told),
            *map(share, shares),
            *map(share, [*precision, np.mean(precision)]),
            *(boundary, matched, *live, *cost),
        ]


def share(value: float) -> str:
    """`.64` for 0.64."""
    return f"{value:.2f}".removeprefix("0")


Answers = dict[str, list[tuple[Prediction, float]]]
"""Method -> a prediction for each recording, and the wall time that it took."""


def answers(
    tasks: Sequence[Problem], model: Model, names: Sequence[str], workers: ProcessPoolExecutor
) -> Answers:
    """Run each method that can run in the tasks' mode on every recording, the longest first."""
    able = [name for name in names if tasks[0].mode in METHODS[name].modes]
    given = (model.calibration, model.lookahead_frames)
    pending = {
        name: [workers.submit(_answered, task, *given, name) for task in tasks]
        for name in sorted(able, key=lambda name: name not in ("live-20s", "live-cold"))
    }
    return {name: [future.result() for future in pending[name]] for name in able}


def measure(tasks: Sequence[Problem], answered: Answers) -> dict[str, Scores]:
    """Scores of each method that ran."""
    result = {name: Scores() for name in answered}
    for name, scores in result.items():
        for task, (answer, took_s) in zip(tasks, answered[name], strict=True):
            scores.add(task, answer, took_s)
    return result


def pool_of_workers() -> ProcessPoolExecutor:
    """A process for each core, one thread each."""
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    return ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn"))


def _answered(
    task: Problem, calibration: Calibration, lookahead_frames: int, name: str
) -> tuple[Prediction, float]:
    begun_s = time.perf_counter()
    answer = METHODS[name].run(task, calibration, lookahead_frames)
    return answer, time.perf_counter() - begun_s


def method_table(scores: dict[str, Scores], mode: Mode, machine: Machine) -> str:
    """One row a method, and what warm masks save over cold ones."""
    rows = [got.row(METHODS[name].titled(mode), machine) for name, got in scores.items()]
    made = table(HEADER, rows)
    if not {"live", "live-cold"} <= scores.keys():
        return made
    warm, cold = (float(np.mean(scores[name].masks_s)) for name in ("live", "live-cold"))
    return (
        f"{made}\n\nWarm masks take {share(warm / cold)} of the time of cold ones, which need "
        f"{COLD_STEPS} steps of the same optimiser from similarity to come as near the best loss; "
        "`python -m benchmarks.masks` has Adam beside them."
    )
