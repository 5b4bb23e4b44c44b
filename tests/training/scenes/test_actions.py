"""Where objects are held."""

import numpy as np
import pytest

from engines.motion.skeleton import JOINT
from training.scenes import actions, vocabulary
from training.synth.body import Body, joints
from training.synth.compose import side_move
from training.synth.motion import base_row


def middle(verb: str, thing: str) -> np.ndarray:
    """Joints (22, 3) in the middle of the act."""
    how = actions.performance(verb, thing)
    rng = np.random.default_rng(0)
    row = base_row(how.primitive.base, rng)
    side = "right" if how.primitive.sided else ""
    move = side_move(how.primitive, side, row, row, rng)
    at = move.seconds * sum(how.window) / 2
    return joints(move.at(np.array([at])), Body())[0]


def test_every_verb_is_performed() -> None:
    """There is a performance for every verb, with a grip where it has objects."""
    assert set(actions.PERFORMANCES) == set(vocabulary.VERBS)
    for name, verb in vocabulary.VERBS.items():
        assert (actions.PERFORMANCES[name].grip == "none") == (not verb.objects)


@pytest.mark.parametrize(
    ("verb", "above"), [("lift", True), ("balance", True), ("grab", False), ("push", False)]
)
def test_objects_are_above_the_head_or_below_the_hips(verb: str, above: bool) -> None:
    """What is lifted or balanced is above the head; what is grabbed or pushed is low."""
    body = middle(verb, "box")
    grip = actions.PERFORMANCES[verb].grip
    at = actions.held(grip, body, height_m=0.4).at
    if above:
        assert at[1] > body[JOINT["head"], 1]
    else:
        assert at[1] < body[JOINT["pelvis"], 1]


def test_facing_turns_with_the_body() -> None:
    """A body that faces +z faces +z; its mirror image through x faces so too."""
    body = middle("read", "book")
    way = actions.facing(body)
    assert way[2] > 0.9
    assert abs(np.linalg.norm(way) - 1) < 1e-6
