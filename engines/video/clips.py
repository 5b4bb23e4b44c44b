"""The newest frames of one camera, as models take them that see several at once (ViCLIP). Pure.

Published clips are eight frames, a quarter of a second apart at most (VideoGEM, arXiv 2503.20348).
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SPAN_S: Final = 2.0
"""What was longer ago is not in the clip: it is not what is being done."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """At most `length` frames of one shape with their capture times, oldest first."""

    length: int
    times_s: tuple[float, ...] = ()
    frames: tuple[Floats, ...] = ()

    def then(self, pixels: Floats, time_s: float) -> "Clip":
        """The clip that ends with this frame, not copied."""
        kept = [
            (each_s, frame)
            for each_s, frame in zip(self.times_s, self.frames, strict=True)
            if each_s <= time_s < each_s + SPAN_S and frame.shape == pixels.shape
        ]
        newest = [*kept, (time_s, pixels)][-self.length :]
        times_s, frames = zip(*newest, strict=True)
        return replace(self, times_s=times_s, frames=frames)

    def pixels(self) -> Floats:
        """`(length, 3, S, S)`; the first frame is repeated while there are fewer."""
        missing = self.length - len(self.frames)
        return np.stack([*self.frames[:1] * missing, *self.frames])

    @property
    def settles_s(self) -> float | None:
        """From this time on, the next frame is a clip of its own; None if the newest is one."""
        return self.times_s[-1] + SPAN_S if len(self.frames) > 1 else None
