"""Whether an action that nobody does is said to be absent."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engines.models import Presence
from engines.video import presence
from engines.video.engine import VideoEngine
from training.scenes.questions import Picture
from training.scenes.vocabulary import SEEN, label

RECALL = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Evidence (n, 4) of prompts as the engine weighs it, whether each is there (n,), and whether
    its pair was seen in training (n,).
    """

    rows: np.ndarray
    present: np.ndarray
    seen: np.ndarray


def gather(engine: VideoEngine, pictures: Iterable[Picture]) -> Evidence:
    """Evidence of every prompt that is there and every one that is not."""
    rows, present, seen = [], [], []
    familiar = {label(pair) for pair in SEEN}
    for picture in pictures:
        labels = [query.label for query in picture.queries]
        rows.append(engine.weigh(picture.image, [*labels, *picture.absent]))
        present += [True] * len(labels) + [False] * len(picture.absent)
        seen += [each in familiar for each in (*labels, *picture.absent)]
    return Evidence(np.concatenate(rows), np.array(present), np.array(seen))


def rejection(scores: np.ndarray, present: np.ndarray, *, recall: float = RECALL) -> float:
    """Percent of absent prompts refused where the threshold keeps that share of present ones."""
    threshold = np.quantile(scores[present], 1 - recall)
    return 100 * float((scores[~present] < threshold).mean())


def as_calibrated(found: Evidence, calibration: Presence) -> tuple[float, float]:
    """Percent of present prompts kept and of absent ones refused at the manifest's threshold."""
    said = presence.probability(found.rows, calibration) >= calibration.threshold
    return 100 * float(said[found.present].mean()), 100 * float((~said)[~found.present].mean())
