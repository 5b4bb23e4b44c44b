"""Incremental soft mask optimisation: ZOMG's test-time step, made live.

K prompts and one background row share every frame: `M = softmax(A)` over K+1 rows. Only the frames
of the last seconds (the window) are free; older ones are committed and enter as running sums, so
that an update costs the same however long the stream is. Everything the optimiser needs from the
encoder is a dot product, kept between updates: frame with frame (Gram), frame with text, frame
with committed sum.

The loss, its gradient and what is the paper's are in docs/methods.md. A step is mirror descent:
with the anchor's weight as step length it moves each column towards the fixed point `A = B -
(others' gradient)`, which is why one or two steps an update are enough. Pure numpy, float64, no
clock.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LOWEST: Final = -12.0
"""Log masks are kept above this, so that no row is ever lost for good."""
TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class MaskSettings:
    """Weights of the terms; every one is per frame, so they do not depend on the window's
    length."""

    temperature: float
    """Divides cosines of one frame and a text: how much one frame may say. From the model's
    manifest."""
    pooled_temperature: float
    """The same for a pooled mask and a text in the contrastive term."""
    unknown_frame: float
    """Cosine of one frame and a text at which the prompt and the background are equally likely."""
    unknown_pooled: float
    """The same for a pooled mask."""
    background: float = 0.0
    """Added to the background's logit; below 0 where most frames belong to a prompt."""
    anchor: float = 1.0
    """KL to the calibrated similarity. The unit of all others; also makes the problem well
    conditioned."""
    contrast: float = 0.1
    """Contrastive term over pooled masks [R]: a mask's motion must match its own text best."""
    pull: float = 0.05
    """Pooled motion towards its text; the only pooled term that says something when K = 1."""
    exclusivity: float = 0.1
    """Two prompts should not share a frame [R]."""
    smoothness: float = 2.0
    """Squared change from frame to frame [R]; squared, since the read-out makes the edges sharp."""
    coverage: float = 0.0
    """Squared background: the prompts should explain the frames. 0 as shipped: compared only."""
    order: float = 0.0
    """Later steps before earlier ones, as a share of the window. 0 as shipped: a script's order is
    kept by the follower."""
    memory_s: float = 10.0
    """Half-life of committed frames in a mask's pooled motion: bounded, and follows a tiring
    person."""
    step: float = 0.4
    """Share of the way to the fixed point in one step; 1 oscillates with strong smoothness."""
    steps: int = 1
    """Steps in one update."""


class SoftMasks:
    """Masks of one person for one list of texts."""

    def __init__(
        self, texts: NDArray[np.float32], settings: MaskSettings, capacity: int, fps: int
    ) -> None:
        """`texts (K, D)` unit rows; `capacity`: most frames that are uncommitted at one time."""
        self.settings = settings
        self.texts = texts.astype(np.float64)
        self._capacity = capacity
        self._decay = 0.5 ** (1.0 / (settings.memory_s * fps))
        self._first = self._last = 0
        count, dim = texts.shape
        size = 2 * capacity
        self._values = np.zeros((size, dim))
        self._weights = np.zeros(size)
        self._match = np.zeros((size, count))
        self._gram = np.zeros((size, size))
        self._cross = np.zeros((count, size))
        self._base = np.zeros((count + 1, size))
        self._log = np.zeros((count + 1, size))
        self._sum = np.zeros((count, dim))
        self._mass = np.zeros(count)
        self._edge: Floats | None = None

    def __len__(self) -> int:
        """Number of uncommitted frames, T."""
        return self._last - self._first

    @property
    def log_masks(self) -> Floats:
        """`(K+1, T)` log masks of the uncommitted frames, background last. A view."""
        return self._log[:, self._first : self._last]

    @property
    def values(self) -> Floats:
        """`(T, D)` attention-weighted values of the uncommitted frames. A view."""
        return self._values[self._first : self._last]

    @property
    def start(self) -> Floats:
        """`(K+1, T)` log of the calibrated similarity: where columns start and what the anchor
        holds."""
        return self._base[:, self._first : self._last]

    def append(self, value: NDArray[np.float32], attention: float, against: float = 0.0) -> None:
        """Add the newest frame: unit `value (D,)` and its attention logit; `against`: a cosine that
        speaks for the background here.

        Its column starts where similarity and the column before it would agree.
        """
        if self._last == len(self._weights):
            self._rewind()
        now, window = self._last, slice(self._first, self._last + 1)
        self._last += 1
        weight = float(np.exp(attention))
        self._weights[now] = weight
        self._values[now] = value
        match = self.texts @ self._values[now]
        self._values[now] *= weight
        self._match[now] = match * weight
        row = self._values[window] @ self._values[now]
        self._gram[now, window] = self._gram[window, now] = row
        self._cross[:, now] = self._sum @ self._values[now]
        settings = self.settings
        self._base[:-1, now] = (match - settings.unknown_frame) / settings.temperature
        self._base[-1, now] = settings.background + against / settings.temperature
        _normalise(self._base[:, now : now + 1])
        column = self._base[:, now]
        if now > self._first:
            before = np.exp(self._log[:, now - 1])
            column = column + settings.smoothness / settings.anchor * (before - np.exp(column))
        self._log[:, now] = column
        _normalise(self._log[:, now : now + 1])

    def refine(self, steps: int | None = None) -> None:
        """Run `steps` (default: the settings') steps on all uncommitted frames."""
        log = self.log_masks
        rate = self.settings.step / self.settings.anchor
        for _ in range(self.settings.steps if steps is None else steps):
            direction, _loss = self._direction(np.exp(log))
            direction *= rate
            log -= direction
            _normalise(log)

    def commit(self) -> Floats:
        """Freeze the oldest frame; return its masks `(K+1,)`."""
        first, window = self._first, slice(self._first + 1, self._last)
        column = np.exp(self._log[:, first])
        prompts = column[:-1]
        self._sum *= self._decay
        self._sum += prompts[:, None] * self._values[first]
        self._mass *= self._decay
        self._mass += prompts
        self._cross[:, window] *= self._decay
        self._cross[:, window] += prompts[:, None] * self._gram[first, window]
        self._edge = column
        self._first += 1
        return column

    def restart(self, log_masks: Floats) -> None:
        """Set the uncommitted columns, for cold starts and gradient checks."""
        self.log_masks[:] = log_masks
        _normalise(self.log_masks)

    def loss(self) -> float:
        """The loss per frame at the present masks; never negative."""
        return self._direction(np.exp(self.log_masks))[1]

    def gradient(self) -> Floats:
        """Derivative of `loss` by the logits of all uncommitted columns, `(K+1, T)`."""
        masks = np.exp(self.log_masks)
        direction, _ = self._direction(masks)
        gradient: Floats = masks * (direction - (masks * direction).sum(axis=0)) / masks.shape[1]
        return gradient

    def _direction(self, masks: Floats) -> tuple[Floats, float]:
        """Derivative of T times the loss by the masks (up to a constant a column), and the loss."""
        settings, prompts, rest = self.settings, masks[:-1], masks[-1]
        gap = self.log_masks - self.start
        loss = settings.anchor * float(np.vdot(masks, gap))
        direction = settings.anchor * gap
        loss += self._pooled(prompts, rest, direction)
        shared = prompts.sum(axis=0)
        loss += (
            settings.exclusivity * 0.5 * float(np.vdot(shared, shared) - np.vdot(prompts, prompts))
        )
        direction[:-1] += settings.exclusivity * (shared - prompts)
        loss += settings.coverage * float(np.vdot(rest, rest))
        direction[-1] += 2 * settings.coverage * rest
        loss += self._smooth(masks, direction)
        if settings.order:
            loss += self._order(prompts, direction)
        return direction, loss / masks.shape[1]

    def _pooled(self, prompts: Floats, rest: Floats, direction: Floats) -> float:
        """Contrast and pull of each mask's pooled motion, weighed by the mask's mass. Adds to
        direction.

        A background frame pays the price of a match at the unknown threshold: a prompt that is
        absent has nothing to win by grabbing frames.
        """
        settings, window = self.settings, slice(self._first, self._last)
        match, count = self._match[window], len(prompts)
        with_window = prompts @ self._gram[window, window]
        cross = self._cross[:, window]
        norm2 = (prompts * (with_window + 2 * cross)).sum(axis=1) + (self._sum**2).sum(axis=1)
        norm = np.sqrt(norm2 + TINY)
        cosine = (prompts @ match + self._sum @ self.texts.T) / norm[:, None]
        logits = cosine / settings.pooled_temperature
        logits -= logits.max(axis=1, keepdims=True)
        share = np.exp(logits)
        whole = share.sum(axis=1)
        share /= whole[:, None]
        own = np.arange(count)
        price = settings.contrast * (np.log(whole) - logits[own, own])
        scale = settings.pull / settings.pooled_temperature
        price += scale * (1 - cosine[own, own])
        slope = share * (settings.contrast / settings.pooled_temperature)
        slope[own, own] -= settings.contrast / settings.pooled_temperature + scale
        mass = prompts.sum(axis=1) + self._mass
        lever = (mass / norm)[:, None]
        along = (slope * cosine).sum(axis=1) / norm
        direction[:-1] += price[:, None] + lever * (
            slope @ match.T - along[:, None] * (with_window + cross)
        )
        idle = settings.contrast * np.log(max(count, 1)) * 0.5 + scale * (
            1 - settings.unknown_pooled
        )
        direction[-1] += idle
        return float(mass @ price + idle * rest.sum())

    def _smooth(self, masks: Floats, direction: Floats) -> float:
        """Half the squared change between neighbours, the committed edge included. Adds to
        direction."""
        weight = self.settings.smoothness
        change = masks[:, 1:] - masks[:, :-1]
        loss = float(np.vdot(change, change))
        change *= weight
        direction[:, 1:] += change
        direction[:, :-1] -= change
        if self._edge is not None:
            edge = masks[:, 0] - self._edge
            loss += float(edge @ edge)
            direction[:, 0] += weight * edge
        return 0.5 * weight * loss

    def _order(self, prompts: Floats, direction: Floats) -> float:
        """Mass of later steps before earlier ones, as a share of the window. Adds to direction."""
        frames = prompts.shape[1]
        weight = self.settings.order / frames
        before = np.zeros_like(prompts)
        np.cumsum(prompts[:, :-1], axis=1, out=before[:, 1:])
        after = before[:, -1:] + prompts[:, -1:] - before - prompts
        before += np.minimum(self._mass, frames)[:, None]
        later = np.zeros_like(before)
        np.cumsum(before[:0:-1], axis=0, out=later[-2::-1])
        earlier = np.zeros_like(after)
        np.cumsum(after[:-1], axis=0, out=earlier[1:])
        direction[:-1] += weight * (later + earlier)
        return float(weight * np.vdot(prompts, later))

    def _rewind(self) -> None:
        """Move the window to the front of its buffers; happens once in `capacity` frames."""
        count, old = len(self), slice(self._first, self._last)
        assert count < self._capacity + 1
        for buffer in (self._values, self._weights, self._match):
            buffer[:count] = buffer[old].copy()
        for buffer in (self._cross, self._base, self._log):
            buffer[:, :count] = buffer[:, old].copy()
        self._gram[:count, :count] = self._gram[old, old].copy()
        self._first, self._last = 0, count


def _normalise(log: Floats) -> None:
    """Make each column of log masks sum to one in place, none lower than LOWEST."""
    log -= log.max(axis=0)
    np.maximum(log, LOWEST, out=log)
    log -= np.log(np.exp(log).sum(axis=0))
