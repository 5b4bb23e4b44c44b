"""Soft masks: the shipped live method, the same with cold starts, and offline.

`live` runs `engines.motion.labelling` over the encoded frames one by one, with the contract that
the service keeps; `tests/benchmarks` hold it to what `MotionGrounder` says on the same recording.
"""

import time
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise

import numpy as np

from benchmarks.motion.metrics import UNKNOWN
from benchmarks.motion.prediction import Live, Prediction, Scored, painted
from benchmarks.motion.recordings import FRAME_S, Problem
from engines.models import Calibration
from engines.motion import everyday
from engines.motion.engine import HORIZON_S, MAX_HORIZON_S
from engines.motion.following import Follower
from engines.motion.labelling import Labelling, LabelSettings, settings_for
from engines.motion.masks import SoftMasks
from engines.motion.segments import Grammar, Lattice
from engines.motion.skeleton import MODEL_FPS
from engines.motion.timeline import Update

COLD_STEPS = 3
"""Of the shipped optimiser from similarity: as near the best loss as the one warm step comes. On
UTKinect's windows both have a median of .01 % above it, one cold step .15 %, two .05 %."""
OFFLINE_STEPS = 60


class WarmMasks(SoftMasks):
    """The shipped masks, with the time that their optimisation took on one core."""

    spent_s = 0.0

    def refine(self, steps: int | None = None) -> None:
        begun_s = time.thread_time()
        self._optimise(steps)
        self.spent_s += time.thread_time() - begun_s

    def _optimise(self, steps: int | None) -> None:
        super().refine(steps)


class ColdMasks(WarmMasks):
    """Forgets the masks of the update before and optimises the whole window anew."""

    def _optimise(self, steps: int | None) -> None:
        self.restart(self.start.copy())
        super()._optimise(COLD_STEPS)


def settings(
    task: Problem, calibration: Calibration, lookahead_frames: int, horizon_s: float | None = None
) -> LabelSettings:
    """As `MotionEngine.configure` makes them."""
    horizon_s = HORIZON_S[task.mode] if horizon_s is None else horizon_s
    frames = round(horizon_s * MODEL_FPS) - lookahead_frames
    return settings_for(calibration, task.mode, horizon_frames=frames, extra_frames=0)


def streamed(
    task: Problem,
    calibration: Calibration,
    lookahead_frames: int,
    *,
    horizon_s: float | None = None,
    kind: type[WarmMasks] = WarmMasks,
) -> Prediction:
    """Frame by frame; a stretch that ends is cut, as the session does after a gap."""
    encoded, chosen = task.encoded, settings(task, calibration, lookahead_frames, horizon_s)
    made: list[WarmMasks] = []

    def new_masks(*given) -> WarmMasks:
        made.append(kind(*given))
        return made[-1]

    beside = everyday.others(task.everyday, task.texts)
    labelling = Labelling(
        task.texts, task.labels, task.mode, chosen, 1, beside=beside, masks=new_masks
    )
    first = np.full(len(encoded.times_s), UNKNOWN)
    update_s, finals = np.zeros(len(first)), []

    def note(updates: Iterable[Update]) -> None:
        finals.extend(s for update in updates for s in update.segments if s.final)

    for now, (value, weight) in enumerate(zip(encoded.values, encoded.attention, strict=True)):
        if now and encoded.begins[now]:
            note(labelling.cut(float(encoded.times_s[now] - encoded.times_s[now - 1])))
        begun_s = time.perf_counter()
        update = labelling.push(value, float(weight), float(encoded.times_s[now]))
        update_s[now] = time.perf_counter() - begun_s
        first[now] = update.index
        note([update])
    note(labelling.cut())
    masks_s = sum(masks.spent_s for masks in made) / len(first)
    told_s = encoded.times_s + lookahead_frames * FRAME_S
    segments = tuple(Scored(s.index, s.start_s, s.end_s, s.score) for s in finals)
    return Prediction(painted(task, segments), segments, Live(first, told_s, update_s, masks_s))


live = streamed
live_long: Callable[..., Prediction] = partial(streamed, horizon_s=MAX_HORIZON_S)
live_cold: Callable[..., Prediction] = partial(streamed, kind=ColdMasks)


def offline(task: Problem, calibration: Calibration, lookahead_frames: int) -> Prediction:
    """One optimisation over the whole recording from cold, read out as the live method does."""
    encoded, frames = task.encoded, len(task.encoded.times_s)
    chosen = settings(task, calibration, lookahead_frames)
    masks = SoftMasks(task.texts, chosen.masks, frames, MODEL_FPS)
    beside, level = everyday.others(task.everyday, task.texts), chosen.masks.unknown_frame
    for value, weight in zip(encoded.values, encoded.attention, strict=True):
        masks.append(value, float(weight), everyday.against(beside, value, level))
    masks.refine(OFFLINE_STEPS)
    labels = _followed(task, chosen) if task.mode == "script" else _best(masks, chosen)
    weights = np.exp(masks.log_masks)
    segments = tuple(_segments(task, masks, labels, weights))
    return Prediction(labels, segments)


def _followed(task: Problem, chosen: LabelSettings) -> np.ndarray:
    """Script: what is believed of every frame once all have been seen."""
    follower = Follower(len(task.labels), chosen.script, MODEL_FPS)
    for cosines in task.cosines.T:
        follower.push(cosines)
    states = follower.path()
    return np.where(states % 2, states // 2, UNKNOWN)


def _best(masks: SoftMasks, chosen: LabelSettings) -> np.ndarray:
    """Watch: the best path through the masks."""
    grammar = Grammar(len(masks.texts), chosen.readout)
    path = Lattice(grammar, masks.log_masks, None).path(closing=True)
    return np.where(path < len(masks.texts), path, UNKNOWN)


def _segments(
    task: Problem, masks: SoftMasks, labels: np.ndarray, weights: np.ndarray
) -> list[Scored]:
    """Scored as the live read-out scores: mean mask weight times the match of the pooled motion."""
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    times_s, chosen, result = task.encoded.times_s, masks.settings, []
    for first, last in pairwise(edges):
        label = int(labels[first])
        if label == UNKNOWN:
            continue
        pooled = masks.values[first:last].sum(axis=0)
        cosine = float(task.texts[label] @ pooled / (np.linalg.norm(pooled) or 1.0))
        match = 1 / (1 + np.exp((chosen.unknown_pooled - cosine) / chosen.pooled_temperature))
        score = float(match * weights[label, first:last].mean())
        end_s = float(times_s[last - 1]) + FRAME_S
        result.append(Scored(label, float(times_s[first]), end_s, score))
    return result
