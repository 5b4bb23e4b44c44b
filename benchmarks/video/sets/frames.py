"""Annotated frames of a data set that lies on disk: pictures, or seconds of videos."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from benchmarks.video.sets import Annotation, scaled
from training.scenes.questions import Picture, Query

VIDEOS = ("", ".mp4", ".mkv", ".webm", ".avi")


def pictures(annotations: Iterable[Annotation], folder: Path) -> Iterator[Picture]:
    """Frames below the folder that can be read; the others are skipped, as published."""
    for _, same in groupby(annotations, key=lambda each: (each.video, each.frame, each.second)):
        together = list(same)
        image = _image(together[0], folder)
        if image is None:
            continue
        height, width = image.shape[:2]
        yield Picture(
            image,
            tuple(
                Query(each.label, (scaled(each.box, each.size, width, height),))
                for each in together
            ),
        )


def _image(wanted: Annotation, folder: Path) -> np.ndarray | None:
    if wanted.frame is not None:
        image = cv2.imread(str(folder / wanted.frame))
        return None if image is None else image[..., ::-1].copy()
    for suffix in VIDEOS:
        path = folder / f"{wanted.video}{suffix}"
        if path.is_file():
            return _at(path, wanted.second or 0.0)
    return None


def _at(path: Path, second: float) -> np.ndarray | None:
    video = cv2.VideoCapture(str(path))
    try:
        video.set(cv2.CAP_PROP_POS_MSEC, 1000 * second)
        read, image = video.read()
    finally:
        video.release()
    return image[..., ::-1].copy() if read else None
