"""What is known and what is new to a model."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engines.motion import familiarity
from tests.engines.motion.scenes import DIM, unit


def turned(cosine):
    """A unit row of that cosine with the first axis."""
    return np.array([cosine, -np.sqrt(1 - cosine**2)], np.float32)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_nearer_to_what_is_known_the_less_is_new(one, other):
    """Novelty falls with the nearest cosine, from 1 to 0, and is halfway if nothing is said."""
    known, (low, high) = np.eye(2, dtype=np.float32), sorted((one, other))
    far, near = familiarity.novelty(np.stack([turned(low), turned(high)]), known[:1])
    assert 1 >= far >= near >= 0
    assert far == 1 or low > familiarity.NEW
    assert near == 0 or high < familiarity.KNOWN + 1e-6
    assert familiarity.novelty(known, None).tolist() == [0.5, 0.5]


def test_what_is_known_is_drawn_to_its_kin_and_what_is_new_is_not():
    """Other words for a known text come nearer to it; a new text stays as it is; rows stay unit."""
    rng = np.random.default_rng(0)
    known = unit(rng.standard_normal((50, DIM)))
    near = unit(known[:4] + 0.04 * rng.standard_normal((4, DIM)))
    drawn = familiarity.drawn(near, familiarity.novelty(near, known), known)
    assert ((drawn * known[:4]).sum(axis=1) > (near * known[:4]).sum(axis=1)).all()
    far = unit(rng.standard_normal((4, DIM)))
    new = familiarity.novelty(far, known)
    assert (new == 1).all()
    assert np.allclose(familiarity.drawn(far, new, known), far, atol=1e-6)
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-5)
    assert familiarity.drawn(near, new, None) is near


def test_a_text_does_not_hang_on_the_others():
    """Each is drawn as it would be alone."""
    rng = np.random.default_rng(1)
    known = unit(rng.standard_normal((20, DIM)))
    rows = unit(known[:6] + 0.1 * rng.standard_normal((6, DIM)))
    new = familiarity.novelty(rows, known)
    alone = [familiarity.drawn(rows[at : at + 1], new[at : at + 1], known) for at in range(6)]
    assert np.allclose(familiarity.drawn(rows, new, known), np.concatenate(alone), atol=1e-6)
