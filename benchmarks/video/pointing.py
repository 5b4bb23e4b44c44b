"""The pointing game and the two guesses that it is read against. Pure."""

from collections.abc import Sequence

import numpy as np

from training.scenes.questions import Picture

Box = tuple[float, float, float, float]
Point = tuple[float, float]


def hit(point: Point, boxes: Sequence[Box]) -> bool:
    """Whether a point lies in any box; edges count."""
    x, y = point
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in boxes)


def accuracy(hits: Sequence[float]) -> float:
    """Mean over prompts in percent; nan where there are none."""
    return 100 * float(np.mean(hits)) if len(hits) else float("nan")


def centre_hits(picture: Picture) -> list[float]:
    """Pointing at the image's centre, for each query."""
    height, width = picture.image.shape[:2]
    return [float(hit((width / 2, height / 2), query.boxes)) for query in picture.queries]


def actor_hits(picture: Picture) -> list[float]:
    """Pointing at the middle of somebody at random: how often that is right, for each query."""
    middles = [((x0 + x1) / 2, (y0 + y1) / 2) for x0, y0, x1, y1 in picture.everybody]
    return [float(np.mean([hit(m, query.boxes) for m in middles])) for query in picture.queries]
