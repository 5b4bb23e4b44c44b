"""What is drawn into a picture: heat where it is, for actions that are present, and the model."""

import msgspec
import numpy as np
import pytest

from stream.messages import Heat, Heatmap, Peak
from stream.overlay import COLOURS, Caption, draw, enlarged

PICTURE = np.full((240, 320, 3), 100, np.uint8)
CAPTION = Caption(("waves", "手を振る"), "")


def heatmap(*present: bool) -> Heatmap:
    """The first prompt at the right of the lower half, the second at its left."""
    heats = []
    for index, there in enumerate(present):
        grid = np.zeros((4, 4), np.uint8)
        grid[2, 3 - 3 * index] = 255
        x = 0.875 - 0.75 * index
        box = [x - 0.125, 0.5, x + 0.125, 0.75]
        heats.append(
            Heat(
                index=index,
                present=there,
                presence=0.9 if there else 0.1,
                peaks=[Peak(x=x, y=0.625, score=1.0, box=box)],
                low=0.1,
                high=0.3,
                grid=grid.tobytes(),
            )
        )
    return Heatmap(
        config=1, seq=0, time_s=1.0, key_time_s=0.9, age_ms=20, columns=4, rows=4, heats=heats
    )


def lower(picture: np.ndarray) -> np.ndarray:
    """Where no text is, how far each half was changed: left, right."""
    changed = np.abs(picture[110:225].astype(int) - 100).mean(axis=(0, 2))
    return np.array([changed[:160].mean(), changed[160:].mean()])


def test_heat_is_drawn_where_it_is() -> None:
    """In the prompt's colour, and the rest of the picture stays; the given one is not touched."""
    drawn = draw(PICTURE, heatmap(True, False), CAPTION)
    left, right = lower(drawn)
    assert left == 0 < right
    around = drawn[140:165, 300:318].reshape(-1, 3).mean(axis=0)
    assert np.argmax(around) == np.argmax(COLOURS[0])
    assert (PICTURE == 100).all()


def test_absent_actions_are_not_drawn() -> None:
    """A map always has a highest place; without the action it means nothing."""
    assert (lower(draw(PICTURE, heatmap(False, False), CAPTION)) == 0).all()
    left, right = lower(draw(PICTURE, heatmap(True, True), CAPTION))
    assert min(left, right) > 0


def test_the_model_is_named_in_the_picture() -> None:
    """At the bottom, before the first heatmap too."""
    noted = draw(PICTURE, None, Caption(("waves",), "trained on rendered scenes"))
    plain = draw(PICTURE, None, Caption(("waves",), ""))
    assert (noted[220:] != plain[220:]).any()
    assert (noted[:200] == plain[:200]).all()


@pytest.mark.parametrize("size", [(240, 320), (1280, 720), (720, 1280)])
@pytest.mark.parametrize("label", ["a person " * 30, "a person squats, a person stretches"])
def test_long_texts_stay_inside(label: str, size: tuple[int, int]) -> None:
    """They are written smaller."""
    picture = np.full((*size, 3), 100, np.uint8)
    drawn = draw(picture, heatmap(False), Caption((label,), "x" * 200))
    assert (drawn[:, -4:] == 100).all()


def test_words_say_how_sure_it_is_only_where_that_means_something() -> None:
    """A model that was not calibrated shows no percentages; an absent action is said to be so."""
    sure, absent = (draw(PICTURE, heatmap(there), CAPTION)[:60] for there in (True, False))
    guess = draw(PICTURE, heatmap(True), Caption(CAPTION.labels, "", calibrated=False))[:60]
    written = [int((each != 100).sum()) for each in (guess, sure, absent)]
    assert written == sorted(written)
    assert len(set(written)) == 3


def test_tags_of_peaks_in_one_place_do_not_hide_each_other() -> None:
    """One below the other; both colours are there."""
    told = heatmap(True, True)
    heats = [msgspec.structs.replace(told.heats[0], index=index) for index in (0, 1)]
    drawn = draw(
        PICTURE, msgspec.structs.replace(told, heats=heats), Caption(("waves", "bows"), "")
    )
    shown = [(drawn[110:] == COLOURS[index]).all(axis=2).sum() for index in (0, 1)]
    assert min(shown) > 100


def test_small_pictures_are_enlarged() -> None:
    """By whole times, only where words could not be read."""
    assert enlarged(PICTURE).shape == (480, 640, 3)
    large = np.zeros((720, 480, 3), np.uint8)
    assert enlarged(large) is large
