"""The demo's film: its truth fits it, and peaks are judged by it."""

import io

import numpy as np
import pytest
from rich.console import Console

from clients.footage import Footage, Shot
from stream.commands.cinema import COLUMNS, Cinema, Film, Scene, film
from stream.messages import Heat, Heatmap, Peak
from stream.overlay import Caption

TRUTH = Film(
    rate_hz=10.0,
    scenes=[
        Scene(labels=["waves", "squat"], boxes=[[[0, 0, 0.4, 1], [0.6, 0, 1, 1]]] * 10),
        Scene(labels=["kick book"], boxes=[[[0.3, 0.3, 0.7, 0.7]]] * 10),
    ],
)
PICTURE = np.full((60, 60, 3), 90, np.uint8)


def heat(index: int, x: float, *, present: bool = True) -> Heat:
    return Heat(
        index=index,
        present=present,
        presence=0.9,
        peaks=[Peak(x=x, y=0.5, score=1.0, box=[0, 0, 1, 1])],
        low=0,
        high=1,
        grid=bytes(4),
    )


def heatmap(*heats: Heat) -> Heatmap:
    return Heatmap(
        config=1, seq=0, time_s=0, key_time_s=0, age_ms=0, columns=2, rows=2, heats=list(heats)
    )


def test_the_film_and_its_truth_belong_together() -> None:
    """As many frames as boxes, two people a scene, every box inside the picture."""
    path, truth = film()
    footage = Footage(path)
    shots = list(footage)
    footage.close()
    assert footage.rate_hz == pytest.approx(truth.rate_hz)
    assert len(shots) == sum(len(scene.boxes) for scene in truth.scenes)
    for shot in shots:
        boxes = truth.boxes(shot.time_s)
        assert len(boxes) == 2
        assert set(boxes) <= set(truth.prompts)
        for left, top, right, bottom in boxes.values():
            assert 0 <= left < right <= 1
            assert 0 <= top < bottom <= 1
    assert truth.boxes(1e3) == {}


async def test_peaks_are_judged_by_the_boxes_of_their_time() -> None:
    """In the box of who does it: right. What nobody does should be called absent."""
    cinema = Cinema(Console(file=io.StringIO()), TRUTH)
    cinema.caption = Caption(TRUTH.prompts, "")
    first = heatmap(heat(0, 0.2), heat(1, 0.2), heat(2, 0.5, present=False))
    await cinema.write([(Shot(PICTURE, 0.5), first), (Shot(PICTURE, 0.6), None)])
    assert (cinema.asked, cinema.right, cinema.absent, cinema.refused) == (2, 1, 1, 1)
    await cinema.write([(Shot(PICTURE, 1.5), first)])
    assert (cinema.asked, cinema.right, cinema.absent, cinema.refused) == (3, 2, 3, 1)
    assert cinema.frames == 3
    assert "2 of 3 peaks" in cinema.verdict()


async def test_a_terminal_shows_the_picture_and_a_pipe_does_not() -> None:
    """Half blocks in colour, and what is present by name."""
    for terminal in (True, False):
        out = io.StringIO()
        cinema = Cinema(Console(file=out, force_terminal=terminal), TRUTH)
        cinema.caption = Caption(TRUTH.prompts, "trained on rendered scenes")
        await cinema.write([(Shot(PICTURE, 0.0), heatmap(heat(0, 0.2)))])
        assert out.getvalue().count("▀") == (COLUMNS * COLUMNS // 2 if terminal else 0)
        assert ("waves 90%" in out.getvalue()) == terminal
