"""One person's labels: encoded frames in, updates out. Masks, read-out and the contract of finals
together.

Frame by frame: refine the masks, find the path (watch: the best through the masks; script: where
the follower believes the person to be), commit the frame that has left the horizon. A segment is
final once a frame behind it has been committed to something else; finals never change. A script's
horizon may be long, since following is cheap: its masks settle after `MASKS_S`. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engines.models import Calibration
from engines.motion import everyday
from engines.motion.following import Follower, ScriptSettings
from engines.motion.masks import Floats, MaskSettings, SoftMasks
from engines.motion.runs import Run, name
from engines.motion.segments import Belief, Grammar, Ints, Lattice, ReadoutSettings
from engines.motion.skeleton import MODEL_FPS
from engines.motion.tally import Tally
from engines.motion.timeline import NOTHING, UNKNOWN, Mode, Segment, Update

RESEND_S: Final = 0.5
"""A segment that merely goes on is sent again this often."""
MASKS_S: Final = 2.0
"""Masks of a script settle at this age, however long its horizon: their cost grows with it."""


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """Everything that one configuration of one person needs besides the texts."""

    masks: MaskSettings
    readout: ReadoutSettings
    script: ScriptSettings
    horizon_frames: int
    """Frames that stay open behind the newest one."""
    mask_frames: int
    """The same of the masks; no more than those."""
    extra_frames: int
    """Labels speak of the frame this many before the newest encoded one."""


def settings_for(
    calibration: Calibration, mode: Mode, *, horizon_frames: int, extra_frames: int
) -> LabelSettings:
    """Settings of a mode for a model; docs/methods.md says how they were found."""
    script = mode == "script"
    masks = MaskSettings(
        temperature=calibration.frame_temperature,
        pooled_temperature=calibration.temperature,
        unknown_frame=calibration.unknown_frame_cosine,
        unknown_pooled=calibration.unknown_cosine,
        background=-1.5 if script else -1.4,
    )
    readout = ReadoutSettings(switch=10.0, lowest=-12.0, minimum_frames=10)
    follower = ScriptSettings(calibration.frame_temperature, calibration.unknown_frame_cosine)
    horizon_frames = max(horizon_frames, extra_frames + 1)
    mask_frames = horizon_frames
    if script:
        mask_frames = min(horizon_frames, max(round(MASKS_S * MODEL_FPS), extra_frames + 1))
    return LabelSettings(masks, readout, follower, horizon_frames, mask_frames, extra_frames)


class Labelling:
    """The timeline of one person under one configuration."""

    def __init__(
        self,
        texts: NDArray[np.float32],
        labels: tuple[str, ...],
        mode: Mode,
        settings: LabelSettings,
        first_id: int,
        *,
        beside: NDArray[np.float32] = everyday.NOTHING,
        masks: Callable[..., SoftMasks] = SoftMasks,
    ) -> None:
        """`texts (K, D)` unit rows of `labels`; segment ids count up from `first_id`.

        `beside (R, D)`: unit rows of what else people do, which counts as unknown.
        `masks` makes the masks of every stretch; the benchmark measures others than the shipped.
        """
        self._new_masks = masks
        self.labels = labels
        self.next_id = first_id
        self._texts = texts
        self._beside = beside
        self._settings = settings
        count = len(labels)
        self._follower: Follower | None = None
        if mode == "script":
            states = np.arange(2 * count + 1)
            self._index = np.where(states % 2, states // 2, -1)
            self._follower = Follower(count, settings.script, MODEL_FPS)
        else:
            self._index = np.append(np.arange(count), -1)
        self._rows = np.where(self._index < 0, count, self._index)
        self._grammar = Grammar(count, settings.readout)
        self._told: dict[int, Segment] = {}
        self._reported = 0
        self._begin()

    def push(self, value: NDArray[np.float32], attention: float, time_s: float) -> Update:
        """Take the next encoded frame: unit `value (D,)`, its attention logit and capture time."""
        masks = self._masks
        level = self._settings.masks.unknown_frame
        masks.append(value, attention, everyday.against(self._beside, value, level))
        masks.refine()
        self._times_s.append(time_s)
        if self._follower is not None:
            self._follower.push(masks.texts @ value)
        columns = np.exp(masks.log_masks)
        self._tally.append(masks.values[-1])
        self._tally.free(columns)
        path = self._path()
        spoken = len(path) - 1 - self._settings.extra_frames
        runs = self._runs(path)
        if len(masks) > self._settings.mask_frames:
            self._settle()
        finals: list[Segment] = []
        if len(path) > self._settings.horizon_frames:
            finals = self._commit(path, runs)
        told = self._tell(runs, finals)
        if spoken < 0:
            return self._silent(told)
        return self._update(
            path[spoken], columns[:, spoken - len(path)], self._spoken_s(spoken, len(path)), told
        )

    def cut(self, pause_s: float = inf) -> list[Update]:
        """End the stretch, after which nothing was captured for `pause_s`: everything becomes
        final, but for a script whose horizon is longer. A script goes on where it stood."""
        if self._follower is not None and pause_s * MODEL_FPS < self._settings.horizon_frames:
            self._starts.append(len(self._times_s))
            return []
        finals: list[Segment] = []
        last: tuple[int, Floats, float] | None = None
        if self._times_s:
            path = self._path(closing=True)
            last = int(path[-1]), np.exp(self._masks.log_masks[:, -1]), self._times_s[-1]
            while len(path):
                finals += self._commit(path, self._runs(path))
                path = path[1:]
            if self._follower is not None:
                self._follower.rest()
        if self._open is not None:
            finals.append(self._segment(self._open, final=True))
        told = self._tell([], finals)
        self._begin()
        if last is None:
            return [self._silent(told)]
        return [self._update(*last, told)]

    def retract(self) -> tuple[int, ...]:
        """Take back all provisional segments; their ids."""
        ids = tuple(self._told)
        self._told.clear()
        return ids

    def _begin(self) -> None:
        settings = self._settings
        capacity = settings.mask_frames + 1
        self._masks = self._new_masks(self._texts, settings.masks, capacity, MODEL_FPS)
        self._tally = Tally(len(self._texts) + 1, self._texts.shape[1])
        self._times_s: list[float] = []
        self._starts: list[int] = []  # places in the window at which a stretch starts
        self._belief: Belief | None = None
        self._open: Run | None = None
        self._shown: list[Run] = []

    def _settle(self) -> None:
        """The oldest frame that is free in the masks is so no more."""
        self._masks.commit()
        self._tally.settle()

    def _path(self, *, closing: bool = False) -> Ints:
        """State of each frame of the window. Watch: the best path; its belief in the past is kept
        for when the oldest frame leaves. Script: what is believed; what was told is held."""
        if self._follower is not None:
            return np.maximum(self._follower.path(), self._reported)
        lattice = Lattice(self._grammar, self._masks.log_masks, self._belief)
        path = lattice.path(closing=closing)
        if len(path) > self._settings.horizon_frames and not closing:
            self._belief = lattice.belief(1).known(int(path[0]))
        return path

    def _runs(self, path: Ints) -> list[Run]:
        """Prompt stretches of open segment and window, oldest first, with stable ids."""
        changes = (np.flatnonzero(np.diff(path)) + 1).tolist()
        edges = sorted({0, *changes, *self._starts, len(path)})
        runs = []
        if self._open is not None and not self._goes_on(int(path[0])):
            runs.append(self._open)
        for first, last in pairwise(edges):
            state = int(path[first])
            if self._index[state] < 0:
                continue
            if first == 0 and self._open is not None and self._goes_on(state):
                run = replace(self._open)
            else:
                run = Run(
                    0, state, self._times_s[first], 0.0, 0, 0.0, np.zeros(self._texts.shape[1])
                )
            run.first, run.last, run.ended = first, last, last < len(path)
            run.end_s = self._times_s[last - 1] + 1 / MODEL_FPS
            run.frames += last - first
            weight, pooled = self._tally.between(first, last, self._rows[state])
            run.weight += weight
            run.pooled = run.pooled + pooled
            runs.append(run)
        self.next_id = name(runs, self._shown, self.next_id)
        self._shown = runs
        return runs

    def _goes_on(self, state: int) -> bool:
        """Whether the open segment goes on in the window's oldest frame, which is in `state`."""
        return self._open is not None and self._open.state == state and 0 not in self._starts

    def _commit(self, path: Ints, runs: list[Run]) -> list[Segment]:
        """Freeze the window's oldest frame in its state; the segment that it ends, if it ends
        one."""
        state = int(path[0])
        goes_on = self._goes_on(state)
        time_s = self._times_s.pop(0)
        self._starts = [edge - 1 for edge in self._starts if edge]
        if not self._tally.settled:
            self._settle()
        column, value = self._tally.pop()
        if self._follower is not None:
            self._follower.commit()
        finals = []
        if self._open is not None and not goes_on:
            finals.append(self._segment(self._open, final=True))
            del runs[0]
            self._open = None
        if self._index[state] >= 0:
            if self._open is None:
                known = next(run.id for run in runs if run.first == 0 and run.last > 0)
                self._open = Run(known, state, time_s, 0.0, 0, 0.0, np.zeros_like(value))
            self._open.end_s = time_s + 1 / MODEL_FPS
            self._open.frames += 1
            self._open.weight += float(column[self._rows[state]])
            self._open.pooled += value
        self._reported = state
        return finals

    def _segment(self, run: Run, *, final: bool) -> Segment:
        index = int(self._index[run.state])
        norm = float(np.linalg.norm(run.pooled)) or 1.0
        settings = self._settings.masks
        cosine = float(self._texts[index] @ run.pooled) / norm
        match = 1 / (1 + np.exp((settings.unknown_pooled - cosine) / settings.pooled_temperature))
        score = float(match * run.weight / max(run.frames, 1))
        return Segment(run.id, index, self.labels[index], run.start_s, run.end_s, score, final)

    def _tell(
        self, runs: list[Run], finals: list[Segment]
    ) -> tuple[tuple[Segment, ...], tuple[int, ...]]:
        """What is new, revised or final, and which ids are no more."""
        told = list(finals)
        for run in runs:
            segment, old = self._segment(run, final=False), self._told.get(run.id)
            if (
                old is None
                or old.start_s != segment.start_s
                or (run.ended and segment.end_s != old.end_s)
                or segment.end_s - old.end_s >= RESEND_S - 0.5 / MODEL_FPS
            ):
                told.append(segment)
                self._told[run.id] = segment
        alive = {run.id for run in runs}
        ended = {segment.id for segment in finals}
        retracted = tuple(key for key in self._told if key not in alive and key not in ended)
        for key in (*retracted, *ended):
            self._told.pop(key, None)
        return tuple(told), retracted

    def _silent(self, told: tuple[tuple[Segment, ...], tuple[int, ...]]) -> Update:
        scores = (0.0,) * len(self.labels)
        return replace(NOTHING, scores=scores, segments=told[0], retracted=told[1])

    def _spoken_s(self, spoken: int, frames: int) -> float:
        return self._times_s[spoken - (frames - len(self._times_s))]

    def _update(
        self,
        state: int,
        column: Floats,
        time_s: float,
        told: tuple[tuple[Segment, ...], tuple[int, ...]],
    ) -> Update:
        index = int(self._index[state])
        return Update(
            time_s=time_s,
            index=index,
            label=self.labels[index] if index >= 0 else UNKNOWN,
            score=float(column[self._rows[state]]),
            scores=tuple(column[:-1].tolist()),
            segments=told[0],
            retracted=told[1],
        )
