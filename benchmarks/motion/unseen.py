"""Words that training never saw, on motion that it knows: what wording costs.

Clips of single primitives are synthesised (seed SEED), one of each primitive and side for its
phrase kept back (`training.heldout`) and one of each that has a word kept back. Each is named by a
caption of its own among FOREIGN plain captions of other families, the same ones for every caption:
by its plainest, by another caption that was trained on, and by one kept back. On real motion the
classes of HDM05 and UTKinect are asked for by the captions of their primitive. Words alone are
measured: prompts are not expanded.
"""

from dataclasses import replace

import numpy as np

from benchmarks.motion.facts import span_cosines
from benchmarks.motion.recordings import Model, Problem
from benchmarks.motion.report import share
from benchmarks.table import table
from engines.motion.encoder import pool
from training.synth import captions, compose, noise
from training.synth.registry import REGISTRY

SEED = 777_020
FOREIGN = 29
TRAINED = 5
"""Position of the other trained caption in its pool: behind the three plainest."""
CLASSES: dict[str, tuple[str, str]] = {
    "a person walks": ("walk", ""),
    "a person sits down": ("sit_down", ""),
    "a person stands up": ("stand_up", ""),
    "a person picks something up": ("pick_up", ""),
    "a person carries something while walking": ("carry", ""),
    "a person throws something": ("throw", "right"),
    "a person pushes something with both hands": ("push", ""),
    "a person pulls something": ("pull", ""),
    "a person waves both hands": ("wave_both", ""),
    "a person claps their hands": ("clap", ""),
    "a person puts something down on the floor with the right hand": ("put_down", "right"),
    "a person brings an elbow to the opposite knee": ("elbow_knee_alt", ""),
    "a person grabs something high up with the right hand": ("grab_high", "right"),
    "a person hops on both legs": ("hop_both", ""),
    "a person jogs in a circle to the left": ("jog_circle", "left"),
    "a person kicks forward with the left foot": ("kick", "left"),
    "a person lies down on the floor": ("lie_down", ""),
    "a person rotates both arms backward": ("arm_circles_backward", ""),
    "a person sneaks": ("sneak", ""),
    "a person does a squat": ("squat", ""),
    "a person throws a basketball": ("basketball_shot", ""),
}
"""Prompts of HDM05 and UTKinect -> primitive and side whose captions are asked for instead."""


def report(model: Model, real: dict[str, list[Problem]]) -> str:
    """Two tables; `real`: watch problems of HDM05 and UTKinect by name, as far as there are any."""
    wordings = [(*pair, captions.unseen(*pair)) for pair in _pairs()]
    vocabulary = [(*pair, captions.unseen_words(*pair)) for pair in _pairs()]
    rows = []
    for title, drawn in (("a phrase", wordings), ("a word", vocabulary)):
        found = [row for row in drawn if row[2]]
        rows.append([f"{title} kept back", len(found), *map(share, _named(model, found))])
    header = ("of primitives with", "clips", "plainest", "another trained", "kept back")
    note = (
        f"Synthesised clips (seed {SEED}), each named among {FOREIGN + 1} captions, chance "
        f"{share(1 / (FOREIGN + 1))}."
    )
    parts = [note, table(header, rows)]
    if real:
        heads = (
            "set",
            "classes",
            "chance",
            "own prompts",
            "a phrase kept back",
            "a word kept back",
        )
        parts.append(
            "Real segments, prompts replaced by captions kept back, for as many classes as have "
            "one (in brackets); the others keep their prompt."
        )
        parts.append(table(heads, [_real_row(model, *item) for item in real.items()]))
    return "\n\n".join(parts)


def _pairs() -> list[tuple[str, str]]:
    pairs = [
        (name, captions.spoken(p, s)) for name, p in REGISTRY.items() for s in captions.sides(p)
    ]
    return list(dict.fromkeys(pairs))


def _named(model: Model, drawn: list[tuple[str, str, tuple[str, ...]]]) -> np.ndarray:
    """Shares of clips, one of each, named right by each of three captions."""
    plain = {name: captions.of(name, side)[0] for name, side in _pairs()}
    rng, hits = np.random.default_rng(SEED), []
    for name, side, texts in drawn:
        family = REGISTRY[name].family or name
        far = [text for n, text in plain.items() if (REGISTRY[n].family or n) != family]
        known = captions.of(name, side)
        foreign = rng.permutation(far)[:FOREIGN].tolist()
        texts_asked = [known[0], known[TRAINED], texts[0], *foreign]
        cosines = model.texts.encode(texts_asked) @ _clip(model, name, side, rng)
        hits.append(cosines[:3] > cosines[3:].max())
    return np.mean(hits, axis=0)


def _clip(model: Model, name: str, side: str, rng: np.random.Generator) -> np.ndarray:
    """Pooled row `(D,)` of one performance."""
    sided = REGISTRY[name].sided
    chosen = side or ("right" if sided else "")
    rows, _ = compose.play([compose.perform(name, rng, side=chosen)])
    joints = noise.sense(compose.body_joints(rows, rng), noise.draw_sensor(rng), rng)
    return pool(*model.stretch(joints))


def _real_row(model: Model, name: str, tasks: list[Problem]) -> list[str]:
    cells = [name, str(len(tasks[0].labels)), share(1 / len(tasks[0].labels))]
    cells.append(_top1(model, tasks, {}))
    for kept_back in (captions.unseen, captions.unseen_words):
        found = {text: kept_back(*CLASSES[text])[:1] for text in tasks[0].labels if text in CLASSES}
        other = {text: texts[0] for text, texts in found.items() if texts}
        cells.append(f"{_top1(model, tasks, other)} ({len(other)})")
    return cells


def _top1(model: Model, tasks: list[Problem], other: dict[str, str]) -> str:
    """Segments named right when some labels are worded otherwise."""
    texts = model.texts.encode([other.get(text, text) for text in tasks[0].labels])
    spans = [span_cosines(replace(task, texts=texts)) for task in tasks]
    right = np.concatenate([cosines.argmax(axis=1) == true for true, cosines in spans])
    return share(float(right.mean()))
