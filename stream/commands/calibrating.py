"""Teaches a video model when an action is absent, on pictures whose truth is known."""

from pathlib import Path
from typing import Final

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from engines import models, places
from engines.errors import ImageError, ModelError
from engines.video import presence
from engines.video.engine import VideoEngine

PICTURES: Final = (".jpg", ".jpeg", ".png")
FEWEST: Final = 20
"""Pictures: with fewer a threshold means nothing."""

Labelled = list[tuple[str, Path]]


def labelled(folder: Path) -> Labelled:
    """Pictures with what is done in them: the name of the folder that each lies in.

    Raises ImageError unless there are two such folders and enough pictures.
    """
    found = [
        (path.parent.name.replace("_", " "), path)
        for path in sorted(folder.glob("*/*"))
        if path.suffix.lower() in PICTURES
    ]
    actions = {label for label, _ in found}
    if len(actions) < 2 or len(found) < FEWEST:
        raise ImageError(
            f"{folder} has {len(found)} pictures of {len(actions)} actions. Expected {FEWEST} or "
            'more, in a folder for each action with its words as its name ("cuts an onion").'
        )
    return found


def calibrate(folder: models.ModelFolder, pictures: Labelled) -> models.Presence:
    """Fit presence on pictures, each of which shows one of the actions and none of the others, and
    write it into the model's manifest.

    Raises ModelError for a bundled model or one that cannot be written, ImageError for a picture
    that cannot be read.
    """
    if folder.root.parent == places.BUNDLED:
        raise ModelError(f"{folder.root.name} is bundled and calibrated: add a model, or copy it")
    engine = VideoEngine(folder)
    labels = sorted({label for label, _ in pictures})
    rows = [_weighed(engine, labels, path) for _, path in pictures]
    truth = [[label == own for label in labels] for own, _ in pictures]
    fitted = presence.calibrate(np.concatenate(rows), np.array(truth).ravel())
    manifest = msgspec.structs.replace(folder.clip(), presence=fitted)
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    try:
        (folder.root / places.MANIFEST).write_bytes(text + b"\n")
    except OSError as error:
        raise ModelError(f"{folder.root} cannot be written: {error}") from error
    return fitted


def _weighed(engine: VideoEngine, labels: list[str], path: Path) -> NDArray[np.float32]:
    """Evidence for each label in a picture."""
    picture = cv2.imread(str(path))
    if picture is None:
        raise ImageError(f"{path} cannot be read as a picture: take it out, or write it anew.")
    return engine.weigh(np.ascontiguousarray(picture[..., ::-1], np.uint8), labels)
