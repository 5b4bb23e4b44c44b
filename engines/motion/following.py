"""Script: which step a person is in, by Bayesian filtering over steps and their duration.

A step passes through a few phases, so that its duration is gamma-distributed; background may come
before each. How long this person's steps last is not known: some tempos are followed side by side
and weighed by how well each foretells what is seen. Frames of a slow step repeat each other, so the
slower the tempo, the less one frame says. What is told of a moment rests on the frames after it as
well (fixed-lag smoothing). Pure; docs/methods.md has the equations.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STRIDE: Final = 2
"""Frames that are weighed together: a tenth of a second."""
FRESH: Final = 20
"""Newest strides that are smoothed with every stride."""
EVERY: Final = 5
"""Strides after which all are smoothed: what is old hardly changes from one to the next."""
RESCALED: Final = 8
"""Strides after which likelihoods of the future are scaled, so as not to vanish."""


@dataclass(frozen=True, slots=True)
class ScriptSettings:
    """What is assumed of people who follow a script."""

    temperature: float
    """Divides cosines of one frame and a text. From the model's manifest."""
    unknown: float
    """Cosine of one frame and a text below which it is more likely none of the prompts."""
    background: float = -3.5
    """Added to what the unknown threshold says for the background: most frames belong to a step."""
    tempos_s: tuple[float, ...] = (2.0, 8.0)
    """Mean durations of a step that are followed side by side."""
    believed: tuple[float, ...] = (0.1, 0.9)
    """How likely each of them is before anything is seen: seconds show that steps are short, while
    that they are long shows late."""
    phases: int = 5
    """Of a step: a duration's standard deviation is its mean over the root of this."""
    pause: float = 0.4
    """Share of steps that background comes before; it lasts as long as a step."""
    skip: float = 0.001
    """Share of steps that are left out."""
    evidence: float = 4.0
    """Independent frames that a step is worth, however long it is."""
    common: float = 0.03
    """The same for weighing tempos, a frame: one measure for all, or the fast would always win."""
    sure: float = 0.85
    """How likely a step has begun by now if it is told for good: that cannot be taken back, while
    a step told late can follow."""
    prior_s: float = 30.0
    """Seconds for which a text must be seen until half of its own level is believed; and about as
    many of a step itself count."""
    memory_s: float = 60.0
    """Half-life of what is known of a text's level."""


class Follower:
    """Belief about one person's place in a script, and a window of it that is still open.

    States are numbered 0 to 2K: background before the first step, first step, background...
    """

    def __init__(self, steps: int, settings: ScriptSettings, fps: int) -> None:
        """`steps`: number of them, K; at the beginning of the script."""
        self._settings = settings
        self._prior = settings.prior_s * fps
        self._decay = 0.5 ** (1 / (settings.memory_s * fps))
        self._level, self._seen, self._shown = np.zeros((3, steps))
        means = np.array(settings.tempos_s)[:, None, None] * fps
        self._tempers = np.minimum(settings.evidence / means, 1.0)
        self._leave = np.full((len(means), steps + 1, settings.phases + 1), 1.0) / means
        self._leave[:, :, 1:] *= settings.phases
        self._leave = np.minimum(self._leave * STRIDE, 1.0)
        self._leave[:, steps] = 0.0
        self._stay = 1 - self._leave
        self._pause = np.full(steps + 1, settings.pause)
        self._pause[steps] = 1.0
        self._onto = _successors(steps, settings.skip)
        self._weights = np.array(settings.believed)
        self._now = np.zeros_like(self._leave)
        self._now[:, 0, 0], self._now[:, 0, 1] = settings.pause, 1 - settings.pause
        self._begun = False
        self.rest()

    def rest(self) -> None:
        """The window becomes empty; the place in the script stays. Capture was interrupted."""
        self._beliefs: list[Floats] = []
        self._likelihoods: list[Floats] = []
        self._chances: Floats = np.empty((0, 2, len(self._pause)))
        self._unsmoothed, self._unsmoothed_old = 0, EVERY
        self._frames = self._gone = self._waiting = 0
        self._sum = np.zeros_like(self._level)

    def push(self, cosines: Floats) -> None:
        """Take the next frame's cosines `(K,)` with the texts."""
        self._sum += self._evidence(cosines)
        self._frames += 1
        self._waiting += 1
        if self._waiting == STRIDE:
            self._advance()
            self._sum = np.zeros_like(self._level)
            self._waiting = 0

    def commit(self) -> None:
        """The window's oldest frame leaves it."""
        self._frames -= 1
        self._gone += 1
        if self._gone == STRIDE and self._beliefs:
            del self._beliefs[0], self._likelihoods[0]
            self._chances = self._chances[1:]
            self._gone = 0

    def path(self) -> Ints:
        """State of each frame of the window `(T,)`, never going back.

        The oldest frames, which are about to be told for good, begin a step only when it is sure.
        """
        if not self._beliefs:
            return np.zeros(self._frames, np.int64)
        if self._unsmoothed:
            self._smooth()
        doing, idle = self._chances[:, 0], self._chances[:, 1]
        begun = _from(doing + idle) - idle
        sure = np.full(len(self._level), self._settings.sure)
        sure[0] = 0.5
        certain = int((begun[-1, :-1] > sure).cumprod().sum())
        count = (begun[:, :-1] > 0.5).sum(axis=1)
        count[0] = min(count[0], certain)
        rows = np.arange(len(count))
        later = _from(doing + idle)[rows, count]
        over = (count > 0) & (idle[rows, count] > 1 - later)
        states = np.maximum.accumulate(np.maximum(2 * count - 1, 0) + over)
        path = np.repeat(states, STRIDE)[self._gone :]
        held = np.full(max(self._frames - len(path), 0), states[-1])
        return np.concatenate([path, held])[: self._frames]

    def _evidence(self, cosines: Floats) -> Floats:
        """What one frame says for each step against the unknown threshold `(K,)`.

        Texts have levels of their own that depend on sensor and person: a text's mean distance from
        the others is taken off. Of the frames that are thought to show it only some seconds count,
        or a step that lasts for minutes would come to look like nothing.
        """
        settings = self._settings
        level = self._level / (self._seen + self._prior)
        doing = np.tensordot(self._weights, self._now[:, :-1, 1:].sum(axis=2), 1)
        counted = 1 - doing * np.minimum(self._shown / self._prior, 1.0)
        self._level = self._decay * self._level + counted * (cosines - cosines.mean())
        self._seen = self._decay * self._seen + counted
        self._shown = self._decay * self._shown + doing
        return (cosines - level - settings.unknown) / settings.temperature

    def _advance(self) -> None:
        """One stride: move, weigh the tempos, and take in what was seen."""
        log = np.full(self._leave.shape[1:], self._settings.background * STRIDE)
        log[:-1, 1:] = self._sum[:, None]
        log -= log.max()
        before = self._move(self._now) if self._begun else self._now
        self._begun = True
        foreseen = (before * np.exp(self._settings.common * log)).sum(axis=(1, 2))
        self._weights = self._weights * foreseen
        self._weights = np.maximum(self._weights / self._weights.sum(), 1e-12)
        likelihood = np.exp(self._tempers * log)
        self._now = _shares(before * likelihood)
        self._beliefs.append(self._now)
        self._likelihoods.append(likelihood)
        self._unsmoothed += 1
        self._unsmoothed_old += 1

    def _move(self, belief: Floats) -> Floats:
        """Belief `(R, K+1, P+1)` one stride on, before anything is seen."""
        leaving = belief * self._leave
        result: Floats = belief - leaving
        result[:, :, 1:] += leaving[:, :, :-1]
        entered = leaving[:, :-1, -1] @ self._onto
        result[:, :, 0] += entered * self._pause
        result[:, :, 1] += entered * (1 - self._pause)
        return result

    def _foretold(self, ahead: Floats) -> Floats:
        """The transpose of `_move`: likelihood of the future one stride earlier."""
        entered = ahead[:, :, 1] + (ahead[:, :, 0] - ahead[:, :, 1]) * self._pause
        result: Floats = ahead * self._stay
        result[:, :, :-1] += self._leave[:, :, :-1] * ahead[:, :, 1:]
        result[:, :-1, -1] += self._leave[:, :-1, -1] * (entered @ self._onto.T)
        return result

    def _smooth(self) -> None:
        """Bring the chances up to date: of all strides now and then, else of the newest."""
        start = max(len(self._beliefs) - FRESH, 0)
        if self._unsmoothed_old >= EVERY:
            start = 0
        self._chances = np.concatenate([self._chances[:start], self._smoothed(start)])
        self._unsmoothed = 0
        if start == 0:
            self._unsmoothed_old = 0

    def _smoothed(self, start: int) -> Floats:
        """Chances `(T, 2, K+1)` in each stride from `start` on: of doing each step, and of
        background before it."""
        ahead = np.ones_like(self._now)
        future = np.empty((len(self._beliefs) - start, *ahead.shape))
        for place in range(len(self._beliefs) - 1, start - 1, -1):
            future[place - start] = ahead
            ahead = self._foretold(ahead * self._likelihoods[place])
            if place % RESCALED == 0:
                ahead /= ahead.max(axis=(1, 2), keepdims=True)
        joint = future * self._beliefs[start:]
        joint *= (self._weights / joint.sum(axis=(2, 3)))[:, :, None, None]
        whole = joint.sum(axis=1) / self._weights.sum()
        return np.stack([whole[:, :, 1:].sum(axis=2), whole[:, :, 0]], axis=1)


def _successors(steps: int, skip: float) -> Floats:
    """`(K, K+1)`: after step k usually k + 1, or one more for each that is left out."""
    past = np.arange(steps + 1) - np.arange(steps)[:, None] - 1
    result = np.where(past >= 0, (1 - skip) * skip ** np.maximum(past, 0.0), 0.0)
    result[:, steps] = skip ** np.arange(steps - 1, -1, -1.0)
    return result


def _shares(joint: Floats) -> Floats:
    result: Floats = joint / joint.sum(axis=(1, 2), keepdims=True)
    return result


def _from(rows: Floats) -> Floats:
    """Sums of columns from each to the last."""
    return np.cumsum(rows[:, ::-1], axis=1)[:, ::-1]
