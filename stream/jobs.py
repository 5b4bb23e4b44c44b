"""What crosses from a session to the model's thread, and back. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.motion.examples import ExampleSet
from engines.motion.timeline import Mode, Update
from stream.errors import LanguageModelFailed

Descriptions = Mapping[str, tuple[str, ...]]
"""Label -> what the limbs do; of a video prompt, its verb and object."""


@dataclass(frozen=True, slots=True)
class Described:
    """A language model's answer about labels: of some, and why not of the others."""

    descriptions: Descriptions
    failure: LanguageModelFailed | None = None


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

    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Describe:
    """Look for the labels in force by these descriptions too, also in the kept window."""

    wanted: Wanted
    """As it was configured: examples may have added labels since."""
    descriptions: Descriptions


@dataclass(frozen=True, slots=True)
class Show:
    """Take what was done between two capture times as an example."""

    name: str
    start_s: float
    end_s: float
    words: bool


@dataclass(frozen=True, slots=True)
class Adopt:
    """Take the examples of a file beside those that there are."""

    examples: ExampleSet


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
    """A new stretch begins after `pause_s` without frames, inf if nobody knows: what came before
    becomes final, unless a script's horizon is longer."""

    pause_s: float


@dataclass(frozen=True, slots=True)
class Finish:
    """The last job: everything becomes final."""


Change = Relabel | Describe | Show | Adopt
"""Of what is looked for."""
Job = Change | Frames | Cut | Finish


@dataclass(frozen=True, slots=True)
class InForce:
    """What the model looks for after a `Change`.

    `since_s`: capture time of the oldest motion that it keeps.
    """

    labels: tuple[str, ...] = ()
    examples: ExampleSet | None = None
    since_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """A job's result: its updates, or the error that it met.

    Of Frames there is one update for each model frame once the look-ahead is full, so the updates
    belong to the newest of the frames.
    """

    job: Job
    updates: tuple[Update, ...] = ()
    error: Exception | None = None
    in_force: InForce = field(default_factory=InForce)
