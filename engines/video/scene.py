"""One camera's newest frame and what is known of it: the key frame's maps, carried along. Pure.

Values, never changed: a job takes a scene in and brings the next one out, so a job that is cut off
can simply be made again.
"""

from dataclasses import dataclass, replace

import numpy as np

from engines.video import carry
from engines.video.carry import Floats, Grey
from engines.video.engine import Grounding


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """A key frame: its grey picture, and where each place of the newest frame was in it."""

    grey: Grey
    places: Floats

    def followed(self, last: Floats) -> "Keyed":
        """The same for the next frame, by the flow to it."""
        return Keyed(self.grey, carry.traced(self.places, last))


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The newest frame of one camera.

    `key`: the key frame in force and its `grounding`; `coming`: the key frame that is with the
    encoder. `maps (P, h, w)`: the grounding's, as they lie now; `changed`: whether the picture is
    another than the key frame's.
    """

    grey: Grey
    time_s: float
    key: Keyed | None = None
    coming: Keyed | None = None
    grounding: Grounding | None = None
    maps: Floats | None = None
    changed: bool = True

    @property
    def due(self) -> bool:
        """Whether the model should see the newest frame: the picture is another than the key
        frame's, or has stood still until maps of its own can be had."""
        settles_s = None if self.grounding is None else self.grounding.settles_s
        return self.changed or (settles_s is not None and self.time_s >= settles_s)

    def seen(self, grey: Grey, time_s: float) -> "Scene":
        """The next frame has come: all places are followed into it."""
        if self.key is None and self.coming is None:
            return replace(self, grey=grey, time_s=time_s)
        last = carry.flow(self.grey, grey)
        key, coming = (each and each.followed(last) for each in (self.key, self.coming))
        return replace(self, grey=grey, time_s=time_s, key=key, coming=coming).drawn()

    def drawn(self) -> "Scene":
        """The maps as they lie in the newest frame; where nothing has changed, the key's own."""
        if self.key is None or self.grounding is None or not self.grounding.found:
            return self
        key, changed = self.key, carry.changed(self.key.grey, self.grey)
        if not changed:
            key = Keyed(key.grey, carry.still())
        found = self.grounding.found
        heats = np.stack([each.heat for each in found])
        return replace(self, key=key, changed=changed, maps=carry.carried(heats, key.places))

    def departed(self) -> "Scene":
        """The newest frame goes to the encoder."""
        return replace(self, coming=Keyed(self.grey, carry.still()))

    def returned(self, grounding: Grounding | None) -> "Scene":
        """The encoder has answered about the coming key frame, or has failed and it never comes; or
        the key frame in force was asked for other prompts. Holds once drawn."""
        key = self.coming or self.key
        if grounding is None or key is None:
            return replace(self, coming=None)
        return replace(self, key=key, coming=None, grounding=grounding, maps=None, changed=False)
