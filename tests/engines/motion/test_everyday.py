"""What else people do: it counts as unknown, and never against what was asked for."""

import numpy as np
import pytest

from engines.motion import everyday
from engines.motion.engine import MotionEngine
from engines.motion.labelling import Labelling, settings_for
from tests.engines.motion.scenes import CALIBRATION, unit


def test_what_means_the_same_as_a_prompt_does_not_count() -> None:
    """Of four actions, those at right angles to both prompts are left."""
    actions = np.eye(4, 6, dtype=np.float32)
    texts = unit(np.array([[1, 0, 0, 0, 1, 0], [0, 0, 0.2, 0, 0, 1]])).astype(np.float32)
    left = everyday.others(actions, texts)
    np.testing.assert_array_equal(left, actions[1:])
    assert len(everyday.others(actions, actions)) == 0


def test_a_better_fit_counts_more() -> None:
    """Nothing at the level, half of what lies above; none of no actions."""
    actions = np.eye(2, 3, dtype=np.float32)
    value = np.array([0.8, 0.0, 0.6], np.float32)
    assert everyday.against(actions, value, 0.8) == pytest.approx(0, abs=1e-6)
    assert everyday.against(actions, value, 0.2) == pytest.approx(0.3, abs=1e-6)
    assert everyday.against(actions[:0], value, 0.2) == 0


def test_prompts_of_the_list_have_no_rival_of_their_own(engine: MotionEngine) -> None:
    """Every everyday action leaves itself out, and some others in."""
    rows = engine.embed(everyday.ACTIONS)
    for place in range(len(rows)):
        left = everyday.others(rows, rows[place : place + 1])
        assert 10 < len(left) < len(rows)
        assert not (left == rows[place]).all(axis=1).any()


def test_an_unlisted_everyday_action_is_unknown_more_often(engine: MotionEngine) -> None:
    """Somebody who does what the list names, and nobody asked for, is told as unknown for longer
    with the list than without it."""
    rows = engine.embed(["a person claps", *everyday.ACTIONS])
    settings = settings_for(CALIBRATION, "watch", horizon_frames=30, extra_frames=0)
    walking = rows[1 + everyday.ACTIONS.index("a person walks")]
    mixed = unit(walking[None] + 0.8 * rows[:1])[0].astype(np.float32)
    shares = []
    for beside in (everyday.NOTHING, everyday.others(rows[1:], rows[:1])):
        person = Labelling(rows[:1], ("a person claps",), "watch", settings, 1, beside=beside)
        updates = [person.push(mixed, 0.0, n / 20) for n in range(60)]
        shares.append(np.mean([1 - sum(update.scores) for update in updates[20:]]))
    assert shares[1] > shares[0] + 0.02
