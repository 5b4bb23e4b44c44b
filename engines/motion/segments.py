"""Read-out: log masks to a path of states, by Viterbi over the uncommitted window.

Script: background and steps alternate left to right, each step at most once, the path may stop
anywhere. Watch: prompts and background in any order at a price per switch. A segment lasts a
minimum of frames. The best path is found in sweeps, one for each further switch, with all frames
and states at once. Pure.
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
    skip: float
    """Script: price of every step that is left out. People do what they were told, mostly."""
    lowest: float
    """Log mask that no frame falls below: the most that one frame may say against a state."""
    minimum_frames: int
    """Shortest segment of a prompt; 0.3 s is about the shortest sub-action with a name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the committed path stands: a state, and for how many frames it has held."""

    state: int
    age: int


class Grammar:
    """The states of a mode and what moving between them costs."""

    def __init__(self, labels: int, *, script: bool, settings: ReadoutSettings) -> None:
        """`labels`: number of steps or prompts."""
        self.script = script
        self.settings = settings
        if script:
            states = np.arange(2 * labels + 1)
            self.index = np.where(states % 2, states // 2, -1)
            whole = states.astype(np.float64)[:, None]
            self._left: Floats = np.floor((whole + 1) / 2) * settings.skip
            self._entered: Floats = np.floor(whole / 2) * settings.skip + settings.switch
            self._entered[states % 2 == 0] -= settings.switch / 2
        else:
            self.index = np.append(np.arange(labels), -1)
        self.rows: Ints = np.where(self.index < 0, labels, self.index)
        """Row of the log masks that each state reads."""
        self.minimum: Ints = np.where(self.index < 0, 1, settings.minimum_frames)
        """Fewest frames in each state."""
        self.minima: Final = sorted({1, settings.minimum_frames})

    def emissions(self, log_masks: Floats) -> Floats:
        """`(S, T)` what each frame says for each state. In a script a step that is over, done
        again, is no step: it counts for the background behind it."""
        if self.script:
            masks = np.exp(log_masks)
            past = np.cumsum(masks[:-2], axis=0)
            result = log_masks[self.rows]
            result[4::2] = np.log(masks[-1] + past)
            return np.maximum(result, self.settings.lowest, out=result)
        return np.maximum(log_masks, self.settings.lowest)

    def opening(self) -> Floats:
        """`(S,)` score of beginning in each state."""
        if not self.script:
            return np.zeros(len(self.index))
        opening: Floats = -self._entered[:, 0]
        return opening

    def enter(self, best: Floats) -> Floats:
        """Best score `(S, T)` of coming into each state from another whose score is `best (S,
        T)`."""
        result = np.full_like(best, NEVER)
        if self.script:
            result[1:] = np.maximum.accumulate(best + self._left, axis=0)[:-1] - self._entered[1:]
            return result
        if len(best) < 2:
            return result
        top = best.argmax(axis=0)[None]
        others = best.copy()
        np.put_along_axis(others, top, NEVER, axis=0)
        result[:] = np.take_along_axis(best, top, axis=0)
        np.put_along_axis(result, top, others.max(axis=0)[None], axis=0)
        return result - self.settings.switch

    def previous(self, state: int, best: Floats) -> int:
        """The state that `enter` came from, for one column `best (S,)`."""
        if self.script:
            return int((best + self._left[:, 0])[:state].argmax())
        best = best.copy()
        best[state] = NEVER
        return int(best.argmax())


def decode(
    grammar: Grammar, log_masks: Floats, place: Place | None, *, closing: bool = False
) -> Ints:
    """Best path `(T,)` of states for log masks `(K+1, T)`, going on from `place` (None: a new
    stretch).

    The newest segment may be younger than the minimum, unless the stretch is `closing`.
    """
    total = np.zeros((len(grammar.index), log_masks.shape[1] + 1))
    np.cumsum(grammar.emissions(log_masks), axis=1, out=total[:, 1:])
    settled, entered = _sweep(grammar, total, place)
    last, youngest = settled[:, -1], grammar.minimum
    if not closing or last.max() < NEVER / 2:
        last, youngest = total[:, -1] + entered.max(axis=1), np.ones_like(youngest)
        if place is not None:
            last[place.state] = max(last[place.state], total[place.state, -1])
    state, end = int(last.argmax()), log_masks.shape[1]
    path = np.empty(end, np.int64)
    minimum = int(youngest[state])
    while True:
        since = entered[state, : max(0, end - minimum + 1)]
        start = int(since.argmax()) if len(since) else 0
        stays = place is not None and place.state == state and (not len(since) or since[start] <= 0)
        start = 0 if stays else start
        path[start:end] = state
        if start == 0:
            return path
        state, end = grammar.previous(state, settled[:, start]), start
        minimum = int(grammar.minimum[state])


def _sweep(grammar: Grammar, total: Floats, place: Place | None) -> tuple[Floats, Floats]:
    """Score `(S, T+1)` of being in each state after t frames, long enough to leave it; and score
    `(S, T)` of entering it at frame t, less what its frames before t would have given."""
    fixed = np.full_like(total, NEVER)
    if place is not None:
        ready = max(0, int(grammar.minimum[place.state]) - place.age)
        fixed[place.state, ready:] = total[place.state, ready:]
    settled = fixed
    while True:
        entered = grammar.enter(settled[:, :-1])
        if place is None:
            entered[:, 0] = grammar.opening()
        entered -= total[:, :-1]
        reached = np.maximum.accumulate(entered, axis=1)
        grown = fixed.copy()
        for minimum in grammar.minima:
            rows = grammar.minimum == minimum
            grown[rows, minimum:] = np.maximum(
                grown[rows, minimum:],
                (total[rows, minimum:] + reached[rows, : 1 - minimum or None]),
            )
        if np.array_equal(grown, settled):
            return settled, entered
        settled = grown
