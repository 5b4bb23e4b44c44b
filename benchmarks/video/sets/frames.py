"""Annotated frames of a data set that lies on disk: pictures, or seconds of videos."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from benchmarks.video.sets import Annotation, scaled
from training.scenes.questions import Picture, Query

VIDEOS = ("", ".mp4", ".mkv", ".webm", ".avi")


class Frames:
    """Frames below a folder, one after the other.

    Those that cannot be read are left out, as published; `missing` names them.
    """

    def __init__(self, annotations: Iterable[Annotation], folder: Path) -> None:
        self._annotations, self._folder = annotations, folder
        self.missing: list[str] = []

    def __iter__(self) -> Iterator[Picture]:
        groups = groupby(self._annotations, key=lambda each: (each.video, each.frame, each.second))
        for (video, frame, second), same in groups:
            together = list(same)
            image = _image(together[0], self._folder)
            if image is None:
                self.missing.append(frame or f"{video} at {second} s")
            else:
                yield Picture(image, tuple(_query(each, *image.shape[:2]) for each in together))


def _query(asked: Annotation, height: int, width: int) -> Query:
    boxes = tuple(scaled(box, asked.within, width, height) for box in asked.boxes)
    return Query(asked.label, boxes, parts=asked.parts)


def _image(wanted: Annotation, folder: Path) -> np.ndarray | None:
    if wanted.frame is not None:
        path = folder / wanted.frame
        image = cv2.imread(str(path)) if path.is_file() else None
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
