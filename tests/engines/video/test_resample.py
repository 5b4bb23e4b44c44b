"""Resampling is torch's own, and keeps what is constant."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.video import resample

SIZES = st.integers(1, 40)


@given(SIZES, SIZES)
def test_a_constant_stays_constant(source: int, target: int) -> None:
    """Every output is a weighted mean of inputs."""
    for matrix in (resample.bicubic(source, target), resample.bilinear(source, target)):
        assert matrix.shape == (target, source)
        np.testing.assert_allclose(matrix.sum(axis=1), 1, atol=1e-5)


@given(SIZES)
def test_the_same_size_changes_nothing(size: int) -> None:
    """Both kernels interpolate."""
    for matrix in (resample.bicubic(size, size), resample.bilinear(size, size)):
        np.testing.assert_allclose(matrix, np.eye(size), atol=1e-6)


@pytest.mark.parametrize(("high", "wide"), [(11, 11), (14, 7), (5, 23)])
def test_positions_are_resampled_as_torch_does(high: int, wide: int) -> None:
    """Bicubic with antialias, up and down; bilinear up-sampling without aligned corners."""
    torch = pytest.importorskip("torch")
    image = np.random.default_rng(0).standard_normal((8, 8, 3)).astype(np.float32)
    channels = torch.from_numpy(image).permute(2, 0, 1)[None]
    resize = torch.nn.functional.interpolate
    wanted = resize(channels, size=(high, wide), mode="bicubic", antialias=True)[0]
    found = resample.resize(image, high, wide).transpose(2, 0, 1)
    np.testing.assert_allclose(found, wanted.numpy(), atol=3e-6)
    wanted = resize(channels, size=(40, 56), mode="bilinear")[0]
    found = resample.upsample(image.transpose(2, 0, 1), 40, 56)
    np.testing.assert_allclose(found, wanted.numpy(), atol=3e-6)
