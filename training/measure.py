"""Accuracy of an exported model on captioned sequences, by the way the live service takes.

Frames go one small push after the other through `FeatureStream`, `MotionEncoder` and `TextEncoder`.
No torch.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engines import models
from engines.motion.encoder import MotionEncoder, pool
from engines.motion.features import FeatureStream
from engines.text import TextEncoder
from training.data import Sequence

CHUNK = 3  # frames a push


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """Top-1 of segments and frames over closed classes; confusion (true, guessed) of segments."""

    classes: tuple[str, ...]
    confusion: np.ndarray
    frames_right: int
    frames: int

    @property
    def segment_top1(self) -> float:
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def frame_top1(self) -> float:
        return self.frames_right / self.frames

    @property
    def class_mean(self) -> float:
        """Mean over classes of each one's top-1."""
        counts = self.confusion.sum(axis=1)
        return float((np.diag(self.confusion) / np.maximum(counts, 1))[counts > 0].mean())

    def __str__(self) -> str:
        return (
            f"segment top-1 {self.segment_top1:.3f}, mean over classes {self.class_mean:.3f}, "
            f"frame arg-max {self.frame_top1:.3f}, chance {1 / len(self.classes):.3f} "
            f"({self.confusion.sum()} segments, {len(self.classes)} classes)"
        )


class Runner:
    """An exported model folder, run as the live service runs it."""

    def __init__(self, folder: str | Path) -> None:
        found = models.find(folder)
        self.encoder = MotionEncoder.load(found)
        self.text = TextEncoder(found)

    def encode(self, joints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Joints (T, 22, 3) to unit values (T, D) and attention (T), row t for frame t."""
        stream, states = FeatureStream(), [self.encoder.initial_state()]
        ahead = self.encoder.lookahead_frames
        held = np.concatenate([joints, np.repeat(joints[-1:], ahead, axis=0)])
        pieces = [stream.push(held[i : i + CHUNK]) for i in range(0, len(held), CHUNK)]
        values, attention = [], []
        for rows in [*pieces, stream.flush()]:
            if len(rows):
                out = self.encoder.step(rows[None], states)
                states = out.states
                values.append(out.values[0])
                attention.append(out.attention[0])
        return np.concatenate(values)[ahead:], np.concatenate(attention)[ahead:]


def score(runner: Runner, sequences: Iterable[Sequence], prompts: Mapping[str, str]) -> Score:
    """Classify every span among all prompts (kind of span -> text)."""
    classes = tuple(prompts)
    texts = runner.text.encode(list(prompts.values()))
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    right = frames = 0
    for sequence in sequences:
        values, attention = runner.encode(sequence.joints)
        for span in sequence.spans:
            true = classes.index(span.kind)
            inside = slice(span.start, span.end)
            guess = int((texts @ pool(values[inside], attention[inside])).argmax())
            confusion[true, guess] += 1
            right += int(((values[inside] @ texts.T).argmax(axis=1) == true).sum())
            frames += len(values[inside])
    return Score(classes, confusion, right, frames)


def prompts(sequences: Iterable[Sequence]) -> dict[str, str]:
    """The plain text of every kind of span: its first caption."""
    found = {span.kind: span.captions[0] for clip in sequences for span in clip.spans}
    return dict(sorted(found.items()))
