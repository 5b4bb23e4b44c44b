"""What is usual of a person is taken off their frames."""

import numpy as np

from engines.motion.usual import SHARE, Usual


def rows(count: int, seed: int = 0) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal((count, 16)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_each_frame_loses_a_share_of_the_mean_so_far() -> None:
    """Frame by frame it is what the whole recording's running mean gives."""
    values, usual = rows(50), Usual()
    streamed = np.stack([usual.off(value) for value in values])
    means = np.cumsum(values, axis=0) / np.arange(1, 51)[:, None]
    wanted = values - SHARE * means
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    np.testing.assert_allclose(streamed, wanted, atol=1e-6)
    assert streamed.dtype == np.float32


def test_who_does_one_thing_alone_stays_as_they_are() -> None:
    """A motion that never changes keeps its direction."""
    value, usual = rows(1)[0], Usual()
    for _ in range(100):
        np.testing.assert_allclose(usual.off(value), value, atol=1e-6)


def test_what_two_actions_have_in_common_counts_less() -> None:
    """After both were seen, their frames are less alike than before."""
    shared, one, other = rows(3, seed=1)
    first, second = (shared + part for part in (one, other))
    first, second = first / np.linalg.norm(first), second / np.linalg.norm(second)
    usual = Usual()
    for _ in range(20):
        a, b = usual.off(first), usual.off(second)
    assert a @ b < first @ second
