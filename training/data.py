"""What the trainer eats: joint sequences with captioned, exactly timed spans.

Made by `training.synth` (synthesised) and `training.sets` (recorded). Data only; no torch.
"""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, slots=True)
class Description:
    """What limbs do, in words, and the facts that it is made of (`training.synth.kinematics`)."""

    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """One sub-action: frames `start` to `end` (exclusive) at 20 fps.

    `captions` are many phrasings of the same thing; `mirrored` the same ones, in the same order,
    for the motion seen in a mirror (left and right swapped). `kind` names the meaning, side
    included: two spans of equal kind mean the same, so one is no negative of the other.
    `descriptions` say what the limbs do, and `facts` is all that may be said so.
    """

    start: int
    end: int
    captions: tuple[str, ...]
    mirrored: tuple[str, ...]
    kind: str
    descriptions: tuple[Description, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """Joints (T, 22, 3) float32, metres, canonical skeleton, 20 fps, and what happens in them."""

    joints: np.ndarray
    spans: tuple[Span, ...]
    source: str
    tags: tuple[str, ...] = field(default=())
    """Facts about the recording for measuring by group: sensor model, subject, licence..."""
