"""Numbers that turn cosines into decisions, found on sequences that training did not see.

For every span: its cosine to one of its own captions, and to captions of seven other meanings. The
temperature makes the softmax over the eight most likely. A span is kept if its best cosine reaches
the unknown threshold, which is set so that RECALL of the spans are kept when their own caption is
among the eight. No torch.
"""

from collections.abc import Sequence as Many
from dataclasses import dataclass
from typing import Final

import numpy as np

from engines import lexicon
from engines.models import Calibration
from engines.motion.encoder import pool
from training.data import Sequence, Span
from training.measure import Runner

RECALL: Final = 0.9
FOREIGN: Final = 7
TEMPERATURES: Final = np.geomspace(0.02, 0.4, 40)


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """Cosines (N, 1 + FOREIGN) of segments, and of one frame in the middle of each; truth first."""

    segments: np.ndarray
    frames: np.ndarray


def run(runner: Runner, groups: Many[Many[Sequence]], *, seed: int) -> Calibration:
    """Calibrate on groups of sequences (synthesised, recorded...), each of equal weight."""
    found = [trials(runner, group, seed=seed) for group in groups]
    smallest = min(len(group.segments) for group in found)
    random = np.random.default_rng(seed)
    picks = [random.permutation(len(group.segments))[:smallest] for group in found]
    segments = np.concatenate([g.segments[p] for g, p in zip(found, picks, strict=True)])
    frames = np.concatenate([g.frames[p] for g, p in zip(found, picks, strict=True)])
    kept, foreign = segments.max(axis=1), segments[:, 1:].max(axis=1)
    threshold = float(np.quantile(kept, 1 - RECALL))
    return Calibration(
        temperature=_temperature(segments),
        frame_temperature=_temperature(frames),
        unknown_cosine=threshold,
        unknown_frame_cosine=float(np.quantile(frames.max(axis=1), 1 - RECALL)),
        recall=float((kept >= threshold).mean()),
        rejection=float((foreign < threshold).mean()),
    )


def trials(runner: Runner, sequences: Many[Sequence], *, seed: int) -> Trials:
    """Cosines of every span to a caption of its own and to captions of other meanings."""
    random = np.random.default_rng(seed)
    spans = [span for sequence in sequences for span in sequence.spans]
    segments, frames = [], []
    for sequence in sequences:
        values, attention = runner.encode(sequence.joints)
        for span in sequence.spans:
            texts = runner.text.encode(_prompts(span, spans, random))
            inside = slice(span.start, span.end)
            segments.append(texts @ pool(values[inside], attention[inside]))
            frames.append(texts @ values[(span.start + span.end) // 2])
    return Trials(np.stack(segments), np.stack(frames))


def _prompts(span: Span, spans: Many[Span], random: np.random.Generator) -> list[str]:
    """One of its own captions, then captions of FOREIGN other kinds."""
    texts = [span.captions[random.integers(len(span.captions))]]
    kinds = {_plain_kind(span.kind)}
    for index in random.permutation(len(spans)):
        other = spans[index]
        if _plain_kind(other.kind) not in kinds and not set(other.captions) & set(span.captions):
            kinds.add(_plain_kind(other.kind))
            texts.append(other.captions[random.integers(len(other.captions))])
        if len(texts) > FOREIGN:
            return texts
    raise ValueError(f"calibration needs more than {FOREIGN} kinds of action, found {len(kinds)}")


def _plain_kind(kind: str) -> str:
    """A kind without its side or what it is laid over: those are too near to be foreign."""
    return lexicon.plain(kind).split(":")[0]


def _temperature(cosines: np.ndarray) -> float:
    """The temperature under which the truth, in column 0, is likeliest."""

    def surprise(temperature: float) -> float:
        logits = cosines / temperature
        top = logits.max(axis=1)
        total = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
        return float((total - logits[:, 0]).mean())

    return float(min(TEMPERATURES, key=surprise))
