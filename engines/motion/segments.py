"""Watch: log masks to a path of states, by Viterbi over the uncommitted window.

Prompts and background follow each other in any order at a price per switch; a segment of a prompt
lasts a minimum of frames. The best path is found in sweeps, one for each further switch, with all
frames and states at once. Pure.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER: Final = -1e18


@dataclass(frozen=True, slots=True)
class ReadoutSettings:
    """What a path costs, in units of one frame's log mask."""

    switch: float
    """Price of every change of state: evidence that one wrong frame cannot raise."""
    lowest: float
    """Log mask that no frame falls below: the most that one frame may say against a state."""
    minimum_frames: int
    """Shortest segment of a prompt; half a second, about the shortest sub-action with a name."""


@dataclass(frozen=True, slots=True)
class Belief:
    """Scores of all pasts before a window: `settled (S,)` in a state that may be left, `young (S,
    A)` in one that was entered 1 to A frames ago and may not."""

    settled: Floats
    young: Floats

    def known(self, state: int) -> "Belief":
        """The same, knowing in which state the past ended."""
        settled, young = np.full_like(self.settled, NEVER), np.full_like(self.young, NEVER)
        settled[state], young[state] = self.settled[state], self.young[state]
        return Belief(settled, young)


class Grammar:
    """The states, prompts 0 to K - 1 and background K, and what moving between them costs."""

    def __init__(self, labels: int, settings: ReadoutSettings) -> None:
        """`labels`: number of prompts, K."""
        self.count: Final = labels + 1
        self.settings = settings
        self.minimum: Ints = np.full(self.count, settings.minimum_frames)
        """Fewest frames in each state."""
        self.minimum[labels] = 1
        self.minima: Final = sorted({1, settings.minimum_frames})

    def emissions(self, log_masks: Floats) -> Floats:
        """`(S, T)` what each frame says for each state."""
        return np.maximum(log_masks, self.settings.lowest)

    def enter(self, best: Floats) -> Floats:
        """Best score `(S, T)` of coming into each state from another whose score is `best (S,
        T)`."""
        top, times = best.argmax(axis=0), np.arange(best.shape[1])
        others = best.copy()
        others[top, times] = NEVER
        result = np.empty_like(best)
        result[:] = best[top, times] - self.settings.switch
        result[top, times] = others.max(axis=0) - self.settings.switch
        return result

    def previous(self, state: int, best: Floats) -> int:
        """The state that `enter` came from, for one column `best (S,)`."""
        best = best.copy()
        best[state] = NEVER
        return int(best.argmax())


class Lattice:
    """All paths through a window of log masks `(K+1, T)`; `belief` None: a stretch begins."""

    def __init__(self, grammar: Grammar, log_masks: Floats, belief: Belief | None) -> None:
        """Find the best score of every state at every time."""
        count, frames = grammar.count, log_masks.shape[1]
        self._opening = belief is None
        if belief is None:
            ages = grammar.minima[-1] - 1
            belief = Belief(np.full(count, NEVER), np.full((count, ages), NEVER))
        self._grammar, self._before = grammar, belief
        self._total = np.zeros((count, frames + 1))
        np.cumsum(grammar.emissions(log_masks), axis=1, out=self._total[:, 1:])
        self._held = self._hold(frames)
        self._any_age = np.maximum(belief.settled, belief.young.max(axis=1, initial=NEVER))
        self._settled, self._entered = self._sweep()

    def path(self, *, closing: bool = False) -> Ints:
        """Best states `(T,)`. The newest segment may be too young, unless the stretch is
        `closing`."""
        grammar, settled, entered = self._grammar, self._settled, self._entered
        last, minima, held = settled[:, -1], grammar.minimum, self._held
        if not closing or last.max() < NEVER / 2:
            last, minima = self._unfinished(), np.ones_like(minima)
            held = np.repeat(self._any_age[:, None], held.shape[1], axis=1)
        state, end = int(last.argmax()), settled.shape[1] - 1
        path = np.empty(end, np.int64)
        minimum = int(minima[state])
        while True:
            since = entered[state, : max(0, end - minimum + 1)]
            start = int(since.argmax()) if len(since) else 0
            if not len(since) or since[start] <= held[state, end]:
                start = 0
            path[start:end] = state
            if start == 0:
                return path
            state, end = grammar.previous(state, settled[:, start]), start
            minimum, held = int(grammar.minimum[state]), self._held

    def _unfinished(self) -> Floats:
        entered = np.maximum(self._entered.max(axis=1), self._any_age)
        result: Floats = self._total[:, -1] + entered
        return result

    def belief(self, frames: int) -> Belief:
        """Scores of all pasts after the window's first `frames` frames, the best one 0."""
        ages = self._before.young.shape[1]
        young = np.full_like(self._before.young, NEVER)
        inside = min(ages, frames)
        young[:, :inside] = self._entered[:, frames - inside : frames][:, ::-1]
        young[:, inside:] = self._before.young[:, : ages - inside]
        young += self._total[:, frames, None]
        settled = self._settled[:, frames]
        best = max(settled.max(), young.max(initial=NEVER))
        return Belief(np.maximum(settled - best, NEVER), np.maximum(young - best, NEVER))

    def _hold(self, frames: int) -> Floats:
        """Score `(S, T+1)`, less emissions, of staying in the state of before until it may be
        left."""
        before = self._before
        held = np.repeat(before.settled[:, None], frames + 1, axis=1)
        ripe = np.maximum.accumulate(before.young[:, ::-1], axis=1)[:, :frames]
        ages = ripe.shape[1]
        held[:, 1 : ages + 1] = np.maximum(held[:, 1 : ages + 1], ripe)
        if ages:
            held[:, ages + 1 :] = held[:, ages, None]
        return held

    def _sweep(self) -> tuple[Floats, Floats]:
        """Score `(S, T+1)` of being in each state after t frames, long enough to leave it; and
        score `(S, T)` of entering it at frame t, less what its frames before t would have
        given."""
        grammar, total = self._grammar, self._total
        settled = fixed = self._held + total
        while True:
            entered = grammar.enter(settled[:, :-1])
            if self._opening:
                entered[:, 0] = 0.0
            entered -= total[:, :-1]
            reached = np.maximum.accumulate(entered, axis=1)
            grown = fixed.copy()
            for minimum in grammar.minima:
                rows = grammar.minimum == minimum
                late = total[rows, minimum:] + reached[rows, : 1 - minimum or None]
                grown[rows, minimum:] = np.maximum(grown[rows, minimum:], late)
            if np.array_equal(grown, settled):
                return settled, entered
            settled = grown
