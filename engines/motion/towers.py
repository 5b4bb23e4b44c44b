"""What a model folder brings to the engine, by its kind: features, encoder, texts, calibration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from engines import models
from engines.errors import ModelError
from engines.motion import features, humanml3d, layout, reference_body
from engines.motion.encoder import MotionEncoder
from engines.motion.reencoding import ReEncoder
from engines.motion.skeleton import MODEL_FPS
from engines.text import TextEncoder

Floats = NDArray[np.float32]

HUMANML3D: Final = "humanml3d"


class Features(Protocol):
    """A module that makes features; a person's state, None at first, is never changed."""

    def check(self, state: Any, joints: Floats) -> None: ...

    def together(self, people: Sequence[tuple[Any, Floats]]) -> list[tuple[Floats, Any]]: ...


@dataclass(frozen=True, slots=True)
class Towers:
    """Loaded and warm; holds nobody's state."""

    encoder: MotionEncoder | ReEncoder
    texts: TextEncoder
    calibration: models.Calibration
    features: Features
    lookahead_frames: int
    """Of features and encoder together."""


def load(folder: models.ModelFolder, *, threads: int = 1) -> Towers:
    """Load a motion model's parts. Raises ModelError if they cannot be used here."""
    manifest = folder.manifest
    streaming = not isinstance(manifest, models.WindowManifest)
    known = manifest if isinstance(manifest, models.WindowManifest) else folder.motion()
    wanted = layout.NAME if streaming else HUMANML3D
    if known.features.layout != wanted or known.fps != MODEL_FPS:
        raise ModelError(
            f"model {known.name!r} wants features {known.features.layout!r} at "
            f"{known.fps} fps; this engine makes {wanted!r} at {MODEL_FPS}"
        )
    encoder = (
        MotionEncoder.load(folder, threads=threads)
        if streaming
        else ReEncoder(folder, threads=threads)
    )
    ahead = features.LOOKAHEAD_FRAMES if streaming else humanml3d.LOOKAHEAD_FRAMES
    return Towers(
        encoder,
        TextEncoder(folder, threads=threads),
        known.calibration,
        features if streaming else reference_body,
        ahead + encoder.lookahead_frames,
    )
