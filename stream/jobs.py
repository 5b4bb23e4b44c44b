"""What crosses from a session to the model's thread, and back. Data only."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.motion.timeline import Mode, Update


class Mark(NamedTuple):
    """An input frame: its place in the order of arrival, and the number that the client gave it."""

    ordinal: int
    seq: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A configuration that has been checked."""

    labels: tuple[str, ...]
    mode: Mode
    lookahead_s: float
    horizon_s: float


@dataclass(frozen=True, slots=True)
class Relabel:
    """Look for these labels from now on, and in the kept window."""

    config: int
    wanted: Wanted


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Model frames: `joints` (n, 22, 3) float32 metres and `times_s` (n,).

    `marks`: for each, the newest input frame that it is made of.
    """

    joints: NDArray[np.float32]
    times_s: NDArray[np.float64]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A new stretch begins: what came before becomes final."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The last job: everything becomes final."""


Job = Relabel | Frames | Cut | Finish


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """A job's result: its updates, or the error that it met.

    Of Frames there is one update for each model frame once the look-ahead is full, so the updates
    belong to the newest of the frames.
    """

    job: Job
    updates: tuple[Update, ...] = ()
    error: Exception | None = None
