"""Stretches of one state in one person's window, and the ids by which they are told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class Run:
    """A stretch of one state: what is committed of it, then window frames `first` to `last`.

    `weight`: sum of its shares of the mask; `pooled (D,)`: sum of its values. `id` 0 has no name
    yet; `ended`: another state follows in the window.
    """

    id: int
    state: int
    start_s: float
    end_s: float
    frames: int
    weight: float
    pooled: NDArray[np.float64]
    first: int = 0
    last: int = 0
    ended: bool = True


def name(runs: Sequence[Run], shown: Sequence[Run], next_id: int) -> int:
    """Give each run the id of the run shown before that it continues, else a new one; returns the
    next id that is free."""
    free = {run.id: run for run in shown}
    for run in runs:
        free.pop(run.id, None)
    for run in runs:
        if run.id:
            continue
        overlap = {
            old.id: min(old.end_s, run.end_s) - max(old.start_s, run.start_s)
            for old in free.values()
            if old.state == run.state
        }
        best = max(overlap, key=overlap.__getitem__, default=0)
        if best and overlap[best] > 0:
            run.id = best
            del free[best]
        else:
            run.id = next_id
            next_id += 1
    return next_id
