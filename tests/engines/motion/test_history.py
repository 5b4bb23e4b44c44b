"""Histories are values: whatever grows from them, they hold what they held."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.motion.history import SPARE, History, Layout, nothing_yet

DILATIONS, TAPS, WIDTH = (1, 3, 2), 2, 4
LAYOUT = Layout(DILATIONS, TAPS, WIDTH)


def frames(count: int, begin: int) -> np.ndarray:
    """Rows `(count, blocks, W)`, each number of them another one."""
    shape = (count, len(DILATIONS), WIDTH)
    return np.arange(begin, begin + np.prod(shape), dtype=np.float32).reshape(shape) + 1


def holds(history: History, known: np.ndarray) -> None:
    """A history against all that the person's blocks ever saw."""
    padded = np.concatenate([np.zeros((9, *known.shape[1:]), np.float32), known])
    for block, dilation in enumerate(DILATIONS):
        reach = TAPS * dilation
        assert np.array_equal(history.past(block), padded[-reach:, block])
    met = history.met().reshape(len(DILATIONS), TAPS, WIDTH)
    for block, dilation in enumerate(DILATIONS):
        for tap in range(TAPS):
            assert np.array_equal(met[block, tap], padded[-(TAPS - tap) * dilation, block])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 2 * SPARE)), max_size=25))
def test_growing_changes_no_history(steps: list[tuple[int, int]]) -> None:
    """Each grows from any of those before it, so many frames."""
    histories = [nothing_yet(LAYOUT)]
    known = [np.zeros((0, len(DILATIONS), WIDTH), np.float32)]
    for number, (chosen, count) in enumerate(steps):
        parent, rows = chosen % len(histories), frames(count, 1000 * number)
        histories.append(histories[parent].grown(rows))
        known.append(np.concatenate([known[parent], rows]))
    for history, rows in zip(histories, known, strict=True):
        holds(history, rows)


def test_rows_given_may_be_written_to_afterwards() -> None:
    """They are copied."""
    rows = frames(2, 0)
    history = nothing_yet(LAYOUT).grown(rows)
    kept = rows.copy()
    rows[:] = -1
    holds(history, kept)
