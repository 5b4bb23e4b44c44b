"""Laws of sequences: exact boundaries, reproducible, captions of the right side, both worlds."""

from itertools import pairwise

import numpy as np
import pytest

from engines.motion.skeleton import MODEL_FPS
from training import synth
from training.data import Sequence
from training.synth import compose, sequence, sequences
from training.synth.bases import BASES
from training.synth.phrases import mirror_text
from training.synth.poses import composition
from training.synth.registry import REGISTRY


@pytest.fixture(scope="module")
def made() -> list[Sequence]:
    """A hundred sequences."""
    return list(sequences(100, seed=11, processes=0))


def test_seeds_reproduce(made: list[Sequence]) -> None:
    """The same seed gives the same arrays and captions, another one does not."""
    again = list(sequences(3, seed=11, processes=0))
    for one, other in zip(made, again, strict=False):
        assert np.array_equal(one.joints, other.joints)
        assert one.spans == other.spans
    assert not np.array_equal(made[0].joints[:20], sequence(12, 0).joints[:20])


def test_workers_change_nothing(made: list[Sequence]) -> None:
    """Made in other processes, the sequences and their order are the same."""
    for one, other in zip(made, sequences(70, seed=11, processes=2), strict=False):
        assert np.array_equal(one.joints, other.joints)


def test_sequences_are_well_formed(made: list[Sequence]) -> None:
    """Canonical float32 joints, at most 20 s at the usual pace, spans that tile them in order."""
    for each in made:
        count = len(each.joints)
        assert each.joints.shape == (count, 22, 3)
        assert each.joints.dtype == np.float32
        assert np.isfinite(each.joints).all()
        assert count <= 20 * synth.SLOWEST * MODEL_FPS + 1
        edges = [each.spans[0].start, *(span.end for span in each.spans)]
        assert edges[0] == 0
        assert edges[-1] == count
        assert all(a.end == b.start for a, b in zip(each.spans, each.spans[1:], strict=False))


def test_captions_and_their_mirrors_belong_together(made: list[Sequence]) -> None:
    """The mirrored captions are the same ones with left and right swapped, in order."""
    for each in made:
        for span in each.spans:
            assert len(span.captions) == len(span.mirrored) > 3
            assert tuple(map(mirror_text, span.captions)) == span.mirrored


def test_equal_kinds_share_their_captions(made: list[Sequence]) -> None:
    """One kind, one meaning: the plainest caption is the same wherever the kind comes up."""
    first: dict[str, str] = {}
    for each in made:
        for span in each.spans:
            assert first.setdefault(span.kind, span.captions[0]) == span.captions[0]


def test_boundaries_are_where_the_actions_change() -> None:
    """Raised arms are up inside their span and down outside, to a few frames of cross-fade."""
    rng = np.random.default_rng(4)
    names = ["stand_idle", "raise_both", "stand_idle", "squat", "stand_idle"]
    items = [compose.perform(name, rng) for name in names]
    rows, frames = compose.play(items)
    motion = compose.body_joints(rows, rng)
    up = motion[:, 20:22, 1].min(axis=1) > motion[:, 16, 1]
    (start, end), (squat, after) = frames[1], frames[3]
    inside = np.flatnonzero(up[:squat])
    assert start < inside[0]
    assert inside[-1] < end
    low = np.flatnonzero(motion[:, 0, 1] < motion[0, 0, 1] - 0.2)
    assert squat < low[0]
    assert low[-1] < after
    assert [b for _, b in frames[:-1]] == [a for a, _ in frames[1:]]


def test_joints_do_not_jump_where_actions_meet() -> None:
    """Cross-fades leave no step: no joint moves more than 0.75 m in a twentieth of a second."""
    for seed in range(12):
        rng = np.random.default_rng(seed)
        rows, _ = compose.play(compose.program(rng))
        motion = compose.body_joints(rows, rng)
        assert np.linalg.norm(np.diff(motion[:, :12], axis=0), axis=-1).max() < 0.75


def test_postures_are_followed_through() -> None:
    """Nothing that needs standing is done lying down: each action starts where the last ended."""
    for seed in range(30):
        items = compose.program(np.random.default_rng(seed))
        for before, after in pairwise(items):
            name = after.kind.split(":")[0]
            at = after.kind.split("@")[1] if "@" in after.kind else ""
            start = at or (REGISTRY[name].base if name in REGISTRY else "stand")
            assert start == before.end


def test_all_primitives_start_and_end_in_known_postures() -> None:
    """Tables agree with each other, and there are several hundred primitives."""
    assert len(REGISTRY) > 350
    for p in REGISTRY.values():
        assert p.base in BASES
        assert (p.to or p.base) in BASES
        assert bool(p.gait) != bool(p.keys or p.cycle)


def test_numbered_poses_always_mean_the_same() -> None:
    """A number gives one pose and one set of captions, which name its sides."""
    for number in range(50):
        primitive, texts = composition(number)
        assert composition(number)[1] is texts
        assert primitive.name == f"pose{number}"
        assert len(texts) >= 3
