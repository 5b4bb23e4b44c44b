"""Ids of stretches: kept while a stretch goes on, never given twice."""

from dataclasses import replace

import numpy as np

from engines.motion.runs import Run, name


def run(state: int, start_s: float, end_s: float, *, id: int = 0) -> Run:
    return Run(id, state, start_s, end_s, 1, 1.0, np.zeros(2))


def test_a_stretch_keeps_its_id_while_its_ends_move() -> None:
    """The one that it overlaps most, of its own state."""
    shown = [run(1, 0.0, 2.0, id=5), run(1, 4.0, 9.0, id=6), run(2, 2.0, 4.0, id=7)]
    runs = [run(1, 1.0, 8.0), run(2, 8.0, 9.0)]
    assert name(runs, shown, 8) == 9
    assert [each.id for each in runs] == [6, 8]


def test_ids_are_given_once() -> None:
    """Two stretches of one state that were one: the first goes on as it, the other is new."""
    shown = [run(3, 0.0, 6.0, id=1)]
    runs = [run(3, 0.0, 2.0), run(3, 3.0, 6.0)]
    assert name(runs, shown, 2) == 3
    assert [each.id for each in runs] == [1, 2]


def test_one_that_has_its_id_already_leaves_it_to_nobody_else() -> None:
    """The open segment has its name: what overlaps it is another one."""
    kept = run(1, 0.0, 3.0, id=4)
    runs = [kept, run(1, 2.0, 5.0)]
    assert name(runs, [replace(kept)], 5) == 6
    assert [each.id for each in runs] == [4, 5]
