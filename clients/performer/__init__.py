"""A synthetic performer: it walks, waves, squats and kicks without end, like a rig at 60 Hz.

Nobody is recorded here: the clips in `routine.npz` were made by `training/synth/routine.py`. Time
is computed, never read from a clock, and a seed gives the same performance every time. Pure after
the clips are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.motion.skeleton import JOINT

NAME = "synthetic performer"
ROUTINE = Path(__file__).parent / "routine.npz"
FADE_S = 0.3
JITTER_S = 0.0015
NOISE_M = 0.001
DROP_SHARE = 0.003
_HIPS = (JOINT["left_hip"], JOINT["right_hip"])


class Frame(NamedTuple):
    """One pose. `seq` counts captured frames and skips the dropped ones; `joints` (22, 3) float32
    in metres, canonical skeleton; `action` is the prompt that is being performed."""

    seq: int
    time_s: float
    joints: np.ndarray
    action: str


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """One action at `Routine.rate_hz`: joints (T, 22, 3), from one base posture to another."""

    action: str
    start: str
    end: str
    joints: np.ndarray


@dataclass(frozen=True, slots=True)
class Routine:
    """All clips."""

    clips: tuple[Clip, ...]
    rate_hz: float


@lru_cache(maxsize=1)
def routine() -> Routine:
    """Read the clips that come with the package."""
    with np.load(ROUTINE) as stored:
        bounds = stored["bounds"]
        joints = stored["about_pelvis"] * float(stored["unit_m"]) + stored["pelvis"][:, None]
        clips = [
            Clip(str(action), str(start), str(end), joints[a:b])
            for action, start, end, a, b in zip(
                stored["actions"],
                stored["starts"],
                stored["ends"],
                bounds[:-1],
                bounds[1:],
                strict=True,
            )
        ]
        return Routine(tuple(clips), float(stored["rate_hz"]))


class Performer:
    """An endless performance. Iterating starts it from the beginning, the same for one seed."""

    name = NAME

    def __init__(self, seed: int, rate_hz: float = 60.0) -> None:
        """`rate_hz` is the rate of frames, in hertz. Raises ValueError unless it is positive."""
        if not rate_hz > 0:
            raise ValueError(f"rate_hz is {rate_hz}: give a positive number of frames per second.")
        self.seed = seed
        self.rate_hz = rate_hz
        self.actions = tuple(clip.action for clip in routine().clips)

    def __iter__(self) -> Iterator[Frame]:
        """Frames with jittered times, small noise and now and then a missing one."""
        random = np.random.default_rng([self.seed, 1])
        jitter_s = min(JITTER_S, 0.1 / self.rate_hz)
        for seq, (joints, action) in enumerate(self._resampled()):
            shift_s = float(np.clip(random.normal(0.0, jitter_s), -3 * jitter_s, 3 * jitter_s))
            noise = random.normal(0.0, NOISE_M, joints.shape)
            if random.random() >= DROP_SHARE:
                time_s = max(0.0, seq / self.rate_hz + shift_s)
                yield Frame(seq, time_s, (joints + noise).astype(np.float32), action)

    def _resampled(self) -> Iterator[tuple[np.ndarray, str]]:
        """Clean frames (22, 3) at `rate_hz`, between the clips' own frames."""
        frames = self._clean()
        before = after = next(frames)
        at, step = 0.0, routine().rate_hz / self.rate_hz
        yield before
        while True:
            at += step
            while at > 0.0:
                before, after = after, next(frames)
                at -= 1.0
            yield before[0] * -at + after[0] * (1.0 + at), after[1]

    def _clean(self) -> Iterator[tuple[np.ndarray, str]]:
        """Frames of clips in random order, each beginning where the last one left off."""
        random = np.random.default_rng([self.seed, 0])
        fade = round(FADE_S * routine().rate_hz)
        clip = self._next("stand", "", random)
        joints = clip.joints
        while True:
            for frame in joints[: len(joints) - fade]:
                yield frame, clip.action
            tail, last = joints[-fade:], clip
            clip = self._next(last.end, last.action, random)
            joints = moved(clip.joints, tail[0])
            for i in range(fade):
                part = (i + 1) / (fade + 1)
                part = part * part * (3 - 2 * part)
                action = last.action if 2 * i < fade else clip.action
                yield tail[i] * (1 - part) + joints[i] * part, action
            joints = joints[fade:]

    @staticmethod
    def _next(posture: str, but: str, random: np.random.Generator) -> Clip:
        """A random clip that starts in a base posture and is not the last one again."""
        fitting = [c for c in routine().clips if c.start == posture and c.action != but]
        return fitting[int(random.integers(len(fitting)))]


def moved(joints: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """Joints (T, 22, 3) turned and shifted over the floor so that frame 0 stands as `onto`."""
    angle = _heading(onto) - _heading(joints[0])
    cos, sin = np.cos(angle), np.sin(angle)
    local = joints - joints[0, 0] * [1.0, 0.0, 1.0]
    out = local.copy()
    out[..., 0] = cos * local[..., 0] + sin * local[..., 2]
    out[..., 2] = -sin * local[..., 0] + cos * local[..., 2]
    shifted: np.ndarray = out + onto[0] * [1.0, 0.0, 1.0]
    return shifted


def _heading(joints: np.ndarray) -> float:
    """Which way a pose (22, 3) faces, in radians about y; 0 is +z."""
    left = joints[_HIPS[0]] - joints[_HIPS[1]]
    return float(np.arctan2(-left[2], left[0]))
