"""Another parametrisation of the masks: a sigmoid each, and a background that none of them takes.

`M_k = sigmoid(A_k)` for K prompts, `M_0 = prod_k (1 - M_k)`. Nothing but the loss keeps two prompts
off one frame. The terms are the shipped ones on these K + 1 rows. The anchor is the KL of K yes-or-
no questions, `a sum_k KL(M_k || sigmoid(b_k))`, `b_k` the log odds of prompt k against background
in the calibrated similarity, so that a step is again one towards the fixed point `A = b - g / a`;
g holds what each term says of the prompt itself and, by the product, of the background.
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.motion.masks import WarmMasks
from engines.motion.masks import LOWEST, Floats


class SigmoidMasks(WarmMasks):
    """Buffers of the shipped masks, with rows `log M_1 ... log M_K, log M_0`."""

    @property
    def _columns(self) -> Floats:
        """`(K+1, T)` logs of the uncommitted frames. A view."""
        return self._log[:, self._first : self._last]

    def append(self, value: NDArray[np.float32], attention: float, against: float = 0.0) -> None:
        """Add a frame; it starts where its similarity and the column before it would agree."""
        super().append(value, attention, against)
        settings, now = self.settings, self._last - 1
        cosines = self.texts @ value.astype(np.float64) - settings.unknown_frame - against
        odds = cosines / settings.temperature - settings.background
        self._base[:, now] = logs(odds)
        if now > self._first:
            likely, before = np.exp(self._base[:, now]), np.exp(self._log[:, now - 1])
            weight = settings.smoothness / settings.anchor
            odds = odds + weight * by_prompts(before - likely, likely)
        self._log[:, now] = logs(odds)

    def restart(self, log_masks: Floats) -> None:
        """Set the uncommitted columns by the first K rows; the background follows from them."""
        self._columns[:] = logs(odds_of(log_masks))

    def loss(self) -> float:
        """The loss per frame."""
        return self._direction(np.exp(self._columns))[1]

    def gradient(self) -> Floats:
        """Derivative of `loss` by A, `(K, T)`."""
        masks = np.exp(self._columns)
        direction, _ = self._direction(masks)
        result: Floats = masks[:-1] * (1 - masks[:-1]) * direction / masks.shape[1]
        return result

    def _optimise(self, steps: int | None) -> None:
        rate = self.settings.step / self.settings.anchor
        for _ in range(self.settings.steps if steps is None else steps):
            direction, _loss = self._direction(np.exp(self._columns))
            self._columns[:] = logs(odds_of(self._columns) - rate * direction)

    def _direction(self, masks: Floats) -> tuple[Floats, float]:
        """Derivative of T times the loss by the prompts' masks `(K, T)`, and the loss."""
        anchor, count = self.settings.anchor, masks.shape[1]
        direction, loss = super()._direction(masks)
        gap = self.log_masks - self.start
        direction -= anchor * gap
        odds, likely = odds_of(self._columns), odds_of(self.start)
        prompts = masks[:-1]
        apart = prompts * (odds - likely) + np.log1p(-prompts) + np.logaddexp(0, likely)
        loss += anchor * (float(apart.sum()) - float(np.vdot(masks, gap))) / count
        return by_prompts(direction, masks) + anchor * (odds - likely), loss


class SharedSigmoidMasks(SigmoidMasks):
    """The same read out as if exactly one row had the frame: `softmax(A, 0)`."""

    @property
    def log_masks(self) -> Floats:
        """`(K+1, T)` log shares of the uncommitted frames. Not a view."""
        odds = odds_of(self._columns)
        every = np.vstack([odds, np.zeros_like(odds[:1])])
        shares: Floats = every - np.logaddexp.reduce(every, axis=0)
        return shares


def logs(odds: Floats) -> Floats:
    """Log masks of K prompts and of the background that none of them takes."""
    odds = np.clip(odds, LOWEST, -LOWEST)
    free = -np.logaddexp(0, odds)
    return np.concatenate([odds + free, free.sum(axis=0, keepdims=True)])


def odds_of(log_masks: Floats) -> Floats:
    """A of log masks; the background's row is not looked at."""
    odds: Floats = log_masks[:-1] - np.log1p(-np.exp(log_masks[:-1]))
    return odds


def by_prompts(direction: Floats, masks: Floats) -> Floats:
    """Derivative by the prompts alone of what changes with all K+1 rows by `direction`."""
    result: Floats = direction[:-1] - direction[-1] * masks[-1] / (1 - masks[:-1])
    return result
