"""Every ingredient of VideoGEM with and without: hits of the pointing game by method."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from benchmarks.video import asking, pointing
from benchmarks.video.plain import PlainMaps
from engines.video import fusion
from engines.video.engine import Looked, VideoEngine
from engines.video.weights import CHOICES
from training.scenes.questions import Picture

PLAIN = "plain attention"
WAYS = ("action alone", "decomposed, maps", "decomposed, points")
FULL = ("static_dynamic", WAYS[1])
Method = tuple[str, str]


@dataclass(slots=True)
class Tally:
    """Hits (0..1) of each method and guess, prompt by prompt, and which prompts were seen."""

    hits: dict[Method, list[float]] = field(default_factory=lambda: defaultdict(list))
    centre: list[float] = field(default_factory=list)
    actor: list[float] = field(default_factory=list)
    seen: list[bool] = field(default_factory=list)
    actors: list[int] = field(default_factory=list)


def measure(
    engine: VideoEngine, pictures: Iterable[Picture], plain: PlainMaps | None = None
) -> Tally:
    """Ask everything of every picture, with every choice of layer weights and of fusion."""
    tally = Tally()
    for picture in pictures:
        tally.centre += pointing.centre_hits(picture)
        tally.actor += pointing.actor_hits(picture) if picture.everybody else []
        tally.seen += [query.seen for query in picture.queries]
        tally.actors += [len(picture.everybody)] * len(picture.queries)
        pixels = engine.prepare(picture.image)
        encoded = engine.alone(pixels)
        looked = engine.look_for([asking.prompt(engine, encoded, each) for each in picture.queries])
        made = {} if plain is None else {PLAIN: plain.similarity(pixels, looked.text)}
        for choice in CHOICES:
            made[choice] = engine.cosines(encoded, looked, choice)
        for name, cosines in made.items():
            for way in WAYS:
                tally.hits[name, way] += _hits(way, cosines, looked, picture)
    return tally


def _hits(way: str, cosines: np.ndarray, looked: Looked, picture: Picture) -> list[float]:
    height, width = picture.image.shape[:2]
    maps = cosines[looked.rows]
    if way == WAYS[2]:
        three = [fusion.peak_points(each, height, width) for each in maps]
        found = [fusion.fuse_points(p, g) for p, g in zip(three, looked.given, strict=True)]
    else:
        chosen = maps[:, 0] if way == WAYS[0] else fusion.fuse_maps(maps, looked.given)
        found = [(int(x), int(y)) for x, y in fusion.peak_points(chosen, height, width)]
    return [
        float(pointing.hit(point, query.boxes))
        for point, query in zip(found, picture.queries, strict=True)
    ]
