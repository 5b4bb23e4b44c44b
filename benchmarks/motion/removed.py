"""Ten actions that a model was never trained on: named, with prompt expansion, after examples.

The model lies beside this file, made by `make train-ten`; its version should be `ten-` and that of
the model that it is measured beside. What is removed stands in `training.removed`. Segments with
true boundaries are named among all classes; every class has a prompt, made as the engine makes it.
After three examples: EXAMPLES segments of each removed action, drawn at random
DRAWS times (seed 0), are shown as a client shows them, and the others are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.motion.recordings import FRAME_S, Model, Recording, Span
from benchmarks.motion.report import share
from benchmarks.motion.sets import SETS
from benchmarks.table import table
from engines.motion import prompting
from engines.motion.encoder import pool
from engines.motion.engine import ModelInfo
from engines.motion.examples import ExampleSet
from engines.motion.track import KEPT_S
from training import measure, removed, synth
from training import sets as recorded
from training.synth import captions, compose, noise
from training.synth.registry import REGISTRY

MODEL = Path(__file__).resolve().parent / "motion-ten"
SEED = 777_010
CLASSES = 60
RECORDINGS = 60
EXAMPLES = 3
DRAWS = 10
TEN = removed.SETS["ten"]
HEADER = ("segments", "of", "chance", "named", "with expansion", f"after {EXAMPLES} examples", "*")


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """True places `(N,)` in `classes`, pooled rows and rows as examples `(N, D)`; `asked`: places
    of the removed classes."""

    classes: tuple[str, ...]
    asked: tuple[int, ...]
    true: np.ndarray
    rows: np.ndarray
    examples: np.ndarray


def others() -> dict[str, str]:
    """Primitives that fill the classes up to CLASSES, no two of a family, and their texts."""
    heads = {p.family or name: name for name, p in reversed(REGISTRY.items())}
    free = sorted(
        name
        for name in heads.values()
        if _standing(name) and name not in TEN.primitives and not TEN.names(_plain(name))
    )
    rng = np.random.default_rng(SEED)
    chosen = sorted(rng.permutation(free)[: CLASSES - len(removed.TEN)].tolist())
    return {name: _plain(name) for name in chosen}


def _standing(name: str) -> bool:
    p = REGISTRY[name]
    return p.base == "stand" and p.to in ("", "stand") and not name.endswith("idle")


def _plain(name: str) -> str:
    side = captions.spoken(REGISTRY[name], captions.sides(REGISTRY[name])[0])
    return captions.of(name, side)[0]


def recordings() -> tuple[list[Recording], tuple[str, ...]]:
    """Synthesised recordings of four actions each, two of them removed ones, and all classes."""
    texts = others()
    classes = (*(action.text for action in removed.TEN), *texts.values())
    made = [_recording(index, texts, classes) for index in range(RECORDINGS)]
    return made, classes


def _recording(index: int, texts: dict[str, str], classes: tuple[str, ...]) -> Recording:
    rng = np.random.default_rng([SEED, index])
    size = len(removed.TEN)
    actions = [removed.TEN[(2 * index + place) % size] for place in (0, 1)]
    said: list[tuple[str, str]] = []
    for action in sorted(actions, key=lambda action: "lie_down" in action.shown):
        name = sorted(texts)[rng.integers(len(texts))]
        said += [(name, texts[name]), (action.shown[rng.integers(len(action.shown))], action.text)]
    items = [compose.perform(name, rng) for name, _ in said]
    rows, frames = compose.play(items, compose.FPS * synth.slowness(rng))
    joints = noise.sense(compose.body_joints(rows, rng), noise.draw_sensor(rng), rng)
    spans = tuple(
        Span(text, start * FRAME_S, end * FRAME_S)
        for (_, text), (start, end) in zip(said, frames, strict=True)
    )
    return Recording(f"ten {index}", joints, np.arange(len(joints)) * FRAME_S, spans, classes)


def real() -> tuple[list[Recording], tuple[str, ...], tuple[str, ...]]:
    """HDM05 and UTKinect, all their classes, and the texts of those that are removed."""
    texts = {}
    for name in ("hdm05", "utkinect"):
        texts |= measure.prompts(recorded.load(name))
    found = [*SETS["hdm05"](None).recordings, *SETS["utkinect"](None).recordings]
    out = tuple(texts[kind] for action in removed.TEN for kind in action.classes)
    return found, tuple(dict.fromkeys(texts.values())), out


def segments(
    model: Model, found: Sequence[Recording], classes: tuple[str, ...], asked: Sequence[str]
) -> Segments:
    """Encode recordings and take the segments of the classes asked for."""
    true, rows, examples = [], [], []
    for recording in found:
        encoded = model.encode(recording)
        for span in recording.spans:
            inside = (encoded.times_s >= span.start_s) & (encoded.times_s < span.end_s)
            if span.text not in asked or not inside.any():
                continue
            kept = (encoded.times_s < span.end_s) & (encoded.times_s >= span.end_s - KEPT_S)
            values, attention = encoded.values[inside], encoded.attention[inside]
            true.append(classes.index(span.text))
            rows.append(pool(values, attention))
            examples.append(prompting.example(values, attention, encoded.values[kept]))
    places = tuple(classes.index(text) for text in asked)
    return Segments(classes, places, np.array(true), np.stack(rows), np.stack(examples))


def guesses(model: Model, found: Segments) -> dict[str, np.ndarray]:
    """Places guessed `(M,)` by way of asking; M is N, or what is left of all draws together.

    Second rows are the true places.
    """
    plain = model.texts.encode(found.classes)
    expanded = model.prompts(found.classes)
    result = {
        name: np.stack([(found.rows @ texts.T).argmax(axis=1), found.true])
        for name, texts in (("named", plain), ("expanded", expanded))
    }
    rng, parts = np.random.default_rng(0), []
    for _ in range(DRAWS):
        shown, used = ExampleSet(model.info), np.zeros(len(found.true), bool)
        for place in found.asked:
            chosen = rng.permutation(np.flatnonzero(found.true == place))[:EXAMPLES]
            used[chosen] = True
            for row in found.examples[chosen]:
                shown = shown.with_example(found.classes[place], row, 1.0)
        texts = model.prompts(found.classes, shown)
        guess = (found.rows[~used] @ texts.T).argmax(axis=1)
        parts.append(np.stack([guess, found.true[~used]]))
    return result | {"shown": np.concatenate(parts, axis=1)}


def absent(folder: Path = MODEL) -> list[str]:
    """Why nothing can be measured here, if so."""
    made = (folder / "manifest.json").exists()
    return [] if made else [f"{folder.name}: there is no such model, make train-ten makes it"]


def report(seen: Model, folder: Path = MODEL) -> str:
    """Tables over all ten and action by action; `seen`: a model that was trained on them."""
    if missing := absent(folder):
        return f"Not measured: {missing[0]}."
    model = Model(str(folder))
    made, classes = recordings()
    asked = tuple(action.text for action in removed.TEN)
    groups = {"synthesised": (made, classes, asked)}
    missing = ""
    try:
        groups["HDM05 and UTKinect"] = real()
    except FileNotFoundError as error:
        missing = f"\n\nHDM05 and UTKinect: not measured, {error}"
    rows, details = [], []
    for name, (found, all_classes, wanted) in groups.items():
        mine = segments(model, found, all_classes, wanted)
        got = guesses(model, mine)
        known = guesses(seen, segments(seen, found, all_classes, wanted))
        cells = [share(_right(pairs)) for pairs in (*got.values(), known["named"])]
        chance = share(1 / len(all_classes))
        rows.append([f"{len(mine.true)} {name}", len(all_classes), chance, *cells])
        details += [[name, *row] for row in _by_class(mine, got)]
    listed = ", ".join(sorted(others()))
    head = (
        "Segments of the ten actions of `training/removed.py`, named among all classes. Chance is "
        f"one in the number of classes. \\*: named by {seen.info.name} {seen.info.version}, which "
        f"was trained on them. Synthesised: seed {SEED}; the other classes are {listed}. "
        f"{_said(model.info, seen.info)}"
    )
    each = ("segments", "action", "number", "named", "expansion", "examples", "taken for, expanded")
    return f"{head}\n\n{table(HEADER, rows)}\n\n{table(each, details)}{missing}"


def _said(model: ModelInfo, seen: ModelInfo) -> str:
    """Name and version, and whether both are of one making."""
    said = f"The model that was not: {model.name} {model.version}"
    if model.version == f"ten-{seen.version}":
        return f"{said}."
    return f"{said}, **of another making than {seen.name} {seen.version}**."


def _right(pairs: np.ndarray) -> float:
    return float((pairs[0] == pairs[1]).mean())


def _by_class(found: Segments, got: dict[str, np.ndarray]) -> list[list[str]]:
    rows = []
    for place in found.asked:
        own = [pairs[:, pairs[1] == place] for pairs in got.values()]
        wrong = own[1][0][own[1][0] != place]
        often = np.bincount(wrong).argmax() if len(wrong) else -1
        taken = f"{found.classes[often]} ({(wrong == often).sum()})" if len(wrong) else "-"
        count = str(int((found.true == place).sum()))
        rows.append([found.classes[place], count, *(share(_right(p)) for p in own), taken])
    return rows
