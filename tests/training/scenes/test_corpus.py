"""Arrays of rendered scenes."""

from pathlib import Path

import numpy as np

from training.scenes import corpus, scene, vocabulary


def test_written_scenes_are_read_back(tmp_path: Path) -> None:
    """What is written is what `example` makes, whatever else is made with it."""
    corpus.write(tmp_path, 5, seed=3, processes=0)
    stored = corpus.read(tmp_path)
    assert len(stored) == 5
    image, cover, pairs = corpus.example(np.random.default_rng([3, 4]), "train")
    np.testing.assert_array_equal(stored.images[4], image)
    np.testing.assert_array_equal(stored.cover[4], cover)
    np.testing.assert_array_equal(stored.pairs[4], pairs)


def test_cover_counts_pixels() -> None:
    """A patch half covered has half of 255."""
    mask = np.zeros((scene.SIZE_PX, scene.SIZE_PX), bool)
    mask[: corpus.PATCH_PX // 2, : corpus.PATCH_PX] = True
    cells = corpus.covered(mask)
    assert cells.shape == (corpus.GRID, corpus.GRID)
    assert cells[0, 0] in (127, 128)
    assert cells.sum() == cells[0, 0]


def test_an_object_is_part_of_its_actor() -> None:
    """An actor's cover holds that of the object, and pairs name what the scene shows."""
    for index in range(6):
        rng = np.random.default_rng([1, index])
        _, cover, pairs = corpus.example(rng, "train")
        assert (cover[:, 0] >= cover[:, 1].astype(int) - 1).all()
        assert pairs.max() < len(vocabulary.TRAINED)
        for actor in np.flatnonzero(pairs >= 0):
            assert cover[actor, 0].sum() > 255
