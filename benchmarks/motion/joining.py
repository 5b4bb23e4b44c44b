"""Clips of single actions, joined to ordered sequences with known boundaries. Pure.

The next clip is turned and moved to where the last one ended, and the two are cross-faded in joint
space over `FADE_S`; the boundary is the middle of the fade. No action comes twice in a sequence, so
that the texts in order are a script.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.motion.recordings import FRAME_S, Recording, Span
from engines.motion.skeleton import JOINT, MODEL_FPS

FADE_S = 0.3
FADE_FRAMES = round(FADE_S * MODEL_FPS)


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Joints `(T, 22, 3)` at 20 fps of one action, and its text."""

    joints: np.ndarray
    text: str


def sequences(clips: Sequence[Clip], length: int, rng: np.random.Generator) -> Iterator[list[Clip]]:
    """Draw without putting back: up to `length` clips of different texts at a time, more of the
    texts that have more clips; ends when fewer than three texts are left."""
    left: dict[str, list[Clip]] = {}
    for place in rng.permutation(len(clips)):
        left.setdefault(clips[place].text, []).append(clips[place])
    while len(left) >= 3:
        texts = sorted(left, key=lambda text: -len(left[text]))[:length]
        yield [left[texts[place]].pop() for place in rng.permutation(len(texts))]
        left = {text: rest for text, rest in left.items() if rest}


def joined(name: str, clips: Sequence[Clip], prompts: tuple[str, ...]) -> Recording:
    """One recording of clips done one after the other, each at least two fades long."""
    whole = clips[0].joints.astype(np.float32)
    edges = [0.0]
    for clip in clips[1:]:
        following = placed(clip.joints, whole[-FADE_FRAMES])
        share = (np.arange(FADE_FRAMES) + 0.5) / FADE_FRAMES
        share = (share * share * (3 - 2 * share))[:, None, None]
        faded = whole[-FADE_FRAMES:] * (1 - share) + following[:FADE_FRAMES] * share
        edges.append((len(whole) - FADE_FRAMES / 2) * FRAME_S)
        whole = np.concatenate([whole[:-FADE_FRAMES], faded, following[FADE_FRAMES:]])
        whole = whole.astype(np.float32)
    edges.append(len(whole) * FRAME_S)
    spans = tuple(
        Span(clip.text, start_s, end_s)
        for clip, start_s, end_s in zip(clips, edges[:-1], edges[1:], strict=True)
    )
    return Recording(name, whole, np.arange(len(whole)) * FRAME_S, spans, prompts)


def placed(joints: np.ndarray, pose: np.ndarray) -> np.ndarray:
    """Joints turned about the vertical and moved over the ground so that the first frame stands
    where `pose (22, 3)` stands and faces where it faces."""
    turn = heading(pose) - heading(joints[0])
    cos, sin = np.cos(turn), np.sin(turn)
    about = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    root = joints[0, JOINT["pelvis"]] * (1, 0, 1)
    return (joints - root) @ about.T + pose[JOINT["pelvis"]] * (1, 0, 1)


def heading(pose: np.ndarray) -> float:
    """Angle of the facing direction from +z towards +x; a body that faces +z has its left at +x."""
    across = pose[JOINT["left_hip"]] - pose[JOINT["right_hip"]]
    return float(np.arctan2(-across[2], across[0]))
