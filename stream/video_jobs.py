"""What crosses from a session about video to the models' threads, and back. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engines.video.engine import Grounding
from engines.video.prompts import Parts
from engines.video.scene import Scene
from stream.frames import Frame
from stream.jobs import Mark
from stream.video_messages import Heat


@dataclass(frozen=True, slots=True)
class Ask:
    """Look for these prompts from now on. Gives the key frame's grounding, if there is one.

    `parts`: how prompts are taken apart that the grammar is not to take apart.
    """

    prompts: tuple[str, ...]
    parts: Mapping[str, Parts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """Ground the prompts in a frame, RGB `(H, W, 3)`. Gives its grounding."""

    picture: NDArray[np.uint8]
    time_s: float
    mark: Mark


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Take a frame's pixels, follow it, carry the maps along. Gives a view.

    Without a `frame`, only the maps are carried into the newest one: new ones have come.
    """

    frame: Frame | None
    time_s: float
    mark: Mark
    scene: Scene | None


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A frame and what is read off its maps; `picture` is RGB, at the size that the model needs."""

    scene: Scene
    picture: NDArray[np.uint8] | None
    heats: tuple[Heat, ...]


VideoJob = Ask | Key | Look


@dataclass(frozen=True, slots=True, eq=False)
class VideoDone:
    """A job's result, or the error that it met."""

    job: VideoJob
    result: Grounding | View | None = None
    error: Exception | None = None
