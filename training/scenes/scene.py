"""One scene: actors who do different things before a background; rendered at any time.

`draw` decides everything that is random; `Scene.frame(time_s)` only renders. Training scenes hold
seen pairs and training backgrounds; test scenes hold unseen backgrounds and any pair.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from training.scenes import actions, backgrounds, objects, painting, people, vocabulary
from training.scenes.backgrounds import Split
from training.scenes.camera import Camera
from training.scenes.film import Film
from training.synth.body import GROUND, Body, joints
from training.synth.compose import side_move
from training.synth.motion import Move, base_row

SIZE_PX = 144
MOST_ACTORS = 3
_TURN_DEG = 75.0
_TILT_DEG = 110.0


@dataclass(frozen=True, slots=True)
class Prop:
    """An object in its own colours and size; tilted in the picture from how it is held."""

    name: str
    palette: tuple[objects.Colour, objects.Colour]
    size: float
    mirrored: bool
    tilt_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Actor:
    """One person doing one thing somewhere."""

    pair: vocabulary.Pair
    move: Move
    window: tuple[float, float]
    phase: float
    body: Body
    look: people.Look
    place: np.ndarray
    heading_deg: float
    prop: Prop | None


@dataclass(frozen=True, slots=True)
class Frame:
    """image (S, S, 3) uint8 RGB; labels (S, S) uint8: 0 nothing, else 1 + 2 * actor, and one more
    on the actor's object; boxes (A, 4) x0, y0, x1, y1 in pixels of body and object, cut at the
    image.
    """

    image: np.ndarray
    labels: np.ndarray
    boxes: np.ndarray


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything but the time."""

    actors: tuple[Actor, ...]
    clutter: tuple[tuple[Prop, np.ndarray], ...]
    camera: Camera
    film: Film
    split: Split
    seed: int

    @property
    def pairs(self) -> tuple[vocabulary.Pair, ...]:
        """What each actor does."""
        return tuple(actor.pair for actor in self.actors)

    def frame(self, time_s: float = 0.0, size_px: int = SIZE_PX) -> Frame:
        """Render; the same time gives the same picture."""
        fine = size_px * painting.FINER
        backdrop = backgrounds.draw(fine, self.split, np.random.default_rng(self.seed))
        canvas = painting.Canvas(backdrop, np.zeros((fine, fine), np.uint8))
        for prop, place in self.clutter:
            strokes = self._thing(prop, actions.Held(place, actions.UP), -1.0, fine)
            painting.paint(canvas, strokes, body=0, thing=0)
        order = sorted(range(len(self.actors)), key=lambda i: self.actors[i].place[2])
        boxes = np.zeros((len(self.actors), 4))
        for index in order:
            strokes = self._strokes(self.actors[index], time_s, canvas, fine)
            painting.paint(canvas, strokes, body=1 + 2 * index, thing=2 + 2 * index)
            boxes[index] = _box(strokes, fine) / painting.FINER
        image = cv2.resize(canvas.colours, (size_px, size_px), interpolation=cv2.INTER_AREA)
        grain = np.random.default_rng([self.seed, round(time_s * 1000)])
        labels = canvas.labels[:: painting.FINER, :: painting.FINER]
        return Frame(self.film.develop(image, grain), labels, boxes)

    def _strokes(
        self, actor: Actor, time_s: float, canvas: painting.Canvas, fine: int
    ) -> list[painting.Stroke]:
        body = _posture(actor, time_s)
        pixels, depth_m = self.camera.project(body, fine)
        middle = float(depth_m.mean())
        per_m = self.camera.scale(middle, fine)
        self._shadow(canvas, body, fine)
        facing = actions.facing(body)
        strokes = people.strokes(actor.look, pixels, depth_m, per_m, facing)
        if actor.prop is not None:
            how = actions.performance(*actor.pair)
            height = objects.THINGS[actor.prop.name].height_m * actor.prop.size
            held = actions.held(how.grip, body, height_m=height)
            strokes += self._thing(actor.prop, held, how.support, fine)
        return strokes

    def _shadow(self, canvas: painting.Canvas, body: np.ndarray, fine: int) -> None:
        foot = body.mean(axis=0) * (1, 0, 1)
        (x, y), depth_m = self.camera.project(foot, fine)
        wide = int(0.38 * self.camera.scale(float(depth_m), fine))
        if -fine < x < 2 * fine and -fine < y < 2 * fine:
            dark = (
                canvas.colours[min(max(int(y), 0), fine - 1), min(max(int(x), 0), fine - 1)] * 0.7
            )
            cv2.ellipse(
                canvas.colours, (int(x), int(y)), (wide, wide // 4), 0, 0, 360, dark.tolist(), -1
            )

    def _thing(
        self, prop: Prop, held: actions.Held, support: float, fine: int
    ) -> list[painting.Stroke]:
        """Strokes of an object whose supported point is where it is held."""
        thing = objects.THINGS[prop.name]
        ends = np.stack([held.at, held.at + 0.1 * held.axis])
        pixels, depth_m = self.camera.project(ends, fine)
        per_m = self.camera.scale(float(depth_m[0]), fine) * prop.size
        along = pixels[1] - pixels[0]
        foreshortened = float(np.linalg.norm(along)) / (0.1 * per_m / prop.size)
        along = _turned(along / max(float(np.linalg.norm(along)), 1e-6), prop.tilt_deg)
        squeeze = min(max(foreshortened, 0.55), 1.0)
        across = np.array([-along[1], along[0]]) * (-1 if prop.mirrored else 1)
        basis = np.stack([across, along * squeeze]) * per_m
        origin = pixels[0] - support * 0.5 * thing.height_m * basis[1]
        near = float(depth_m[0]) - 0.12
        return [
            painting.Stroke(near - 0.0005 * layer, origin + points @ basis,
                            painting.shade(prop.palette[tone], light), is_object=True)
            for layer, (points, tone, light) in enumerate(thing.parts)
        ]  # fmt: skip


def _turned(along: np.ndarray, angle_deg: float) -> np.ndarray:
    angle = np.deg2rad(angle_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ along


def _posture(actor: Actor, time_s: float) -> np.ndarray:
    """Joints (22, 3) at a time; the act goes to and fro within its plainest part."""
    low, high = (share * actor.move.seconds for share in actor.window)
    turn = (actor.phase + time_s / max(high - low, 0.1)) % 2.0
    at = low + (high - low) * (turn if turn < 1 else 2 - turn)
    rows = actor.move.at(np.array([at]))
    rows[:, GROUND] = 0.0, 0.0, actor.heading_deg
    made = joints(rows, actor.body)[0].astype(np.float64)
    return made + actor.place


def _box(strokes: list[painting.Stroke], fine: int) -> np.ndarray:
    low = np.min([each.points.min(axis=0) - each.width_px / 2 for each in strokes], axis=0)
    high = np.max([each.points.max(axis=0) + each.width_px / 2 for each in strokes], axis=0)
    return np.clip(np.concatenate([low, high]), 0, fine - 1)


def draw(
    rng: np.random.Generator,
    split: Split,
    *,
    actors: int | None = None,
    pairs: tuple[vocabulary.Pair, ...] = vocabulary.SEEN,
) -> Scene:
    """A random scene: one to three actors who do different ones of `pairs`."""
    count = int(rng.choice([1, 2, 3], p=[0.2, 0.45, 0.35])) if actors is None else actors
    chosen = [pairs[i] for i in rng.choice(len(pairs), count, replace=False)]
    across = (2.4, 2.6, 3.2)[count - 1] * float(rng.uniform(1.0, 1.2))
    seats = (np.arange(count) - (count - 1) / 2) * across / (count + 0.15)
    cast = tuple(_cast(pair, float(x), rng) for pair, x in zip(chosen, seats, strict=True))
    seed = int(rng.integers(2**31))
    drawn = Scene(
        cast, _clutter(rng, across), Camera.draw(rng, across_m=across), Film.draw(rng), split, seed
    )
    return _varied(drawn) if split == "train" else drawn


def _varied(drawn: Scene) -> Scene:
    """For training: half of the objects lie askew or are smaller, so that an object is known from
    any side and in any size, not only as people usually hold it."""
    rng = np.random.default_rng([drawn.seed, 1])
    actors = tuple(
        actor if actor.prop is None else replace(actor, prop=_askew(actor.prop, rng))
        for actor in drawn.actors
    )
    clutter = tuple((_askew(prop, rng), place) for prop, place in drawn.clutter)
    return replace(drawn, actors=actors, clutter=clutter)


def _askew(prop: Prop, rng: np.random.Generator) -> Prop:
    tilted, smaller = rng.random(2) < (0.4, 0.25)
    tilt_deg = float(rng.uniform(-_TILT_DEG, _TILT_DEG)) if tilted else 0.0
    size = prop.size * (float(rng.uniform(0.45, 1.0)) if smaller else 1.0)
    return replace(prop, tilt_deg=tilt_deg, size=size)


def _cast(pair: vocabulary.Pair, x: float, rng: np.random.Generator) -> Actor:
    verb, thing = pair
    how = actions.performance(verb, thing)
    side = "" if not how.primitive.sided else ("right", "left")[rng.integers(2)]
    start, end = base_row(how.primitive.base, rng), base_row(how.primitive.base, rng)
    body = Body.draw(rng)
    place = np.array([x + rng.normal(0, 0.1), 0.0, rng.normal(0, 0.3)])
    prop = None if not thing else _prop(thing, rng)
    if prop is not None and how.grip == "seat":
        prop = Prop(thing, prop.palette, 0.42 / objects.THINGS[thing].height_m, prop.mirrored)
    return Actor(
        pair, side_move(how.primitive, side, start, end, rng), how.window, float(rng.uniform(0, 2)),
        body, people.Look.draw(rng), place, float(rng.uniform(-_TURN_DEG, _TURN_DEG)), prop,
    )  # fmt: skip


def _prop(name: str, rng: np.random.Generator) -> Prop:
    """An object in one of its typical colours, a little off."""
    palettes = objects.THINGS[name].palettes
    light, cast = np.exp(rng.normal(0, 0.12)), rng.normal(0, 10, 3)
    first, second = (
        tuple(float(v) for v in np.clip(np.array(each) * light + cast, 0, 255))
        for each in palettes[rng.integers(len(palettes))]
    )
    return Prop(
        name, (first, second), float(np.exp(rng.normal(0.08, 0.12))), bool(rng.random() < 0.5)
    )  # type: ignore[arg-type]


def _clutter(rng: np.random.Generator, across_m: float) -> tuple[tuple[Prop, np.ndarray], ...]:
    """Objects that nobody uses, on the floor behind the actors."""
    made = []
    for _ in range(int(rng.choice([0, 1, 2], p=[0.4, 0.35, 0.25]))):
        name = vocabulary.OBJECTS[rng.integers(len(vocabulary.OBJECTS))]
        place = np.array([rng.uniform(-0.55, 0.55) * across_m, 0.0, rng.uniform(-2.5, -0.6)])
        made.append((_prop(name, rng), place))
    return tuple(made)
