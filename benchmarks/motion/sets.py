"""The sets by name. Where a set's data is absent, loading raises FileNotFoundError and says where
it was looked for."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.motion import canonical
from benchmarks.motion.joining import Clip, joined, sequences
from benchmarks.motion.recordings import FRAME_S, Recording, RecordingSet, Span
from training import sets as recorded
from training import synth
from training.data import Sequence

SYNTH_SEED = 777_001
"""Neither training nor calibration draws from it."""
SYNTH_COUNT = 60
SYNTH_PROMPTS = 10
JOINING_SEED = 4
JOINED_CLIPS = 8


def utkinect(limit: int | None) -> RecordingSet:
    """Whole Kinect recordings, unlabelled time between the actions included."""
    folder = recorded.shared() / "data" / "motion" / "utkinect"
    if not folder.is_dir():
        raise FileNotFoundError(f"no UTKinect in {recorded.shared()}: set LIVEGROUND_SHARED")
    note = (
        "UTKinect: whole Kinect v1 recordings at about 8 fps, 10 actions each in its own order, "
        "63 % of the time unlabelled (walking back, standing, waiting). Never trained on."
    )
    return replace(canonical.load(folder, limit), note=note)


def hdm05(limit: int | None) -> RecordingSet:
    """Clips of single actions, joined to sequences of one actor each."""
    actors: dict[str, list[Clip]] = defaultdict(list)
    for sequence in recorded.load("hdm05"):
        actors[sequence.tags[0]] += _clips(sequence, {})
    prompts = tuple(sorted({clip.text for clips in actors.values() for clip in clips}))
    note = (
        f"HDM05: optical clips of {len(prompts)} actions, up to {JOINED_CLIPS} of one actor joined "
        f"to a sequence (seed {JOINING_SEED}), turned and moved to fit, cross-faded over 0.3 s: "
        "boundaries are known, transitions are made up. No clip of HDM05 was trained on."
    )
    return RecordingSet("hdm05", tuple(_joined(actors, prompts)[:limit]), note)


def held_out(limit: int | None) -> RecordingSet:
    """Held-out trials of the sets that were trained on, joined within each set."""
    found = {name: recorded.held_out(recorded.load(name)) for name in recorded.SHIP}
    texts = texts_of(sequence for group in found.values() for sequence in group)
    groups = {
        name: [clip for sequence in group for clip in _clips(sequence, texts)]
        for name, group in found.items()
    }
    prompts = tuple(sorted({clip.text for clips in groups.values() for clip in clips}))
    note = (
        f"Held-out trials of the ship sets {', '.join(groups)}: of {len(prompts)} texts up to "
        f"{JOINED_CLIPS} joined as HDM05's are (seed {JOINING_SEED}), people of a set mixed. Other "
        "trials of the same sets, with the same wordings, were trained on, and half of what the "
        "bundled model's temperatures and thresholds were calibrated on are these trials."
    )
    return RecordingSet("held-out", tuple(_joined(groups, prompts)[:limit]), note)


def _clips(sequence: Sequence, texts: dict[str, str]) -> list[Clip]:
    """One clip a span that is long enough to be joined; a kind's text, or the span's only one."""
    return [
        Clip(sequence.joints[s.start : s.end], texts.get(s.kind) or s.captions[0])
        for s in sequence.spans
        if s.end - s.start >= 12
    ]


def _joined(groups: dict[str, list[Clip]], prompts: tuple[str, ...]) -> list[Recording]:
    """Sequences of every group, all with the same prompts."""
    rng = np.random.default_rng(JOINING_SEED)
    return [
        joined(f"{name} {number}", clips, prompts)
        for name, group in groups.items()
        for number, clips in enumerate(sequences(group, JOINED_CLIPS, rng))
    ]


def synthesised(limit: int | None) -> RecordingSet:
    """Sequences that training did not draw: new bodies, tempos, noise; the same primitives."""
    count = min(limit or SYNTH_COUNT, SYNTH_COUNT)
    made = [synth.sequence(SYNTH_SEED, index) for index in range(SYNTH_COUNT)]
    texts = texts_of(made)
    recordings = [
        recording(f"synth {index:02d} {made[index].tags[0]}", made[index], texts, index)
        for index in range(count)
    ]
    note = (
        f"Synthesised: sequences of training/synth, seed {SYNTH_SEED}, which training does not "
        "use; its primitives and wordings are training's. Watch mode looks for the sequence's own "
        f"texts among {SYNTH_PROMPTS}."
    )
    return RecordingSet("synth", tuple(recordings), note)


def texts_of(made: Iterable[Sequence]) -> dict[str, str]:
    """One caption for each kind, the plainest (they come first) that no other kind has."""
    texts: dict[str, str] = {}
    for sequence in made:
        for span in sequence.spans:
            if span.kind not in texts:
                free = [text for text in span.captions if text not in texts.values()]
                texts[span.kind] = (free or span.captions)[0]
    return texts


def recording(name: str, sequence: Sequence, texts: dict[str, str], seed: int) -> Recording:
    """A captioned sequence; its prompts are its own texts and others', drawn by the seed."""
    spans = tuple(
        Span(texts[span.kind], span.start * FRAME_S, span.end * FRAME_S) for span in sequence.spans
    )
    own = dict.fromkeys(span.text for span in spans)
    families = {_family(span.kind) for span in sequence.spans}
    others = sorted({text for kind, text in texts.items() if _family(kind) not in families})
    drawn = np.random.default_rng(seed).permutation(len(others))
    more = [others[place] for place in drawn[: max(0, SYNTH_PROMPTS - len(own))]]
    times_s = np.arange(len(sequence.joints)) * FRAME_S
    return Recording(name, sequence.joints, times_s, spans, (*own, *more))


def _family(kind: str) -> str:
    """A kind without its side and what it is laid over."""
    return kind.split(":")[0]


SETS: dict[str, Callable[[int | None], RecordingSet]] = {
    "utkinect": utkinect,
    "hdm05": hdm05,
    "held-out": held_out,
    "synth": synthesised,
}


def load(name: str, limit: int | None) -> RecordingSet:
    """A set of `SETS` by name, or a folder of recordings in the canonical format.

    Raises FileNotFoundError if its data is absent, ShapeError if it is of another format.
    """
    return SETS[name](limit) if name in SETS else canonical.load(Path(name), limit)


def absent(names: Iterable[str] = tuple(SETS)) -> list[str]:
    """What cannot be measured here, and why."""
    result = []
    for name in names:
        try:
            load(name, 1)
        except FileNotFoundError as error:
            result.append(f"{name}: {str(error).rstrip('.')}")
    return result
