"""Whether running means of maps gain by being carried to the new key frame first, by optical flow.

`python -m benchmarks.video.carrying [--scenes N]`: rendered films of two or three people, watched
by a camera that stands or pans; how often the highest place lies in the box of whoever does it.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from benchmarks.table import table
from engines.video import carry, fusion
from engines.video.engine import HALF_LIFE_S, Looked, VideoEngine
from training.clip.commands import NAME
from training.scenes import scene, vocabulary

SEED: Final = 91
KEYS: Final = 7
UNCOUNTED: Final = 2
"""First key frames, of which there is no mean yet."""
RATES_HZ: Final = (10.0, 4.0)
PANS: Final = (0.0, 0.5)
"""Widths of the picture that the camera turns by in a second."""
SIZE_PX: Final = 288
WINDOW_PX: Final = 200
WAYS: Final = ("each frame alone", "mean", "mean, carried")
Shot = tuple[np.ndarray, np.ndarray]


def shots(drawn: scene.Scene, rate_hz: float, pan: float) -> Iterator[Shot]:
    """Key frames `(H, W, 3)` and the boxes in them, in pixels."""
    room_px = SIZE_PX - WINDOW_PX
    for number in range(KEYS):
        frame = drawn.frame(number / rate_hz, SIZE_PX)
        if not pan:
            yield frame.image, frame.boxes
            continue
        turned_px = pan * WINDOW_PX * (number - KEYS / 2) / rate_hz
        left, top = int(np.clip(room_px / 2 + turned_px, 0, room_px)), room_px // 2
        window = frame.image[top : top + WINDOW_PX, left : left + WINDOW_PX]
        boxes = np.clip(frame.boxes - [left, top, left, top], 0, WINDOW_PX)
        yield np.ascontiguousarray(window), boxes


def cosines(
    engine: VideoEngine, looked: Looked, film: list[Shot], rate_hz: float
) -> Iterator[dict[str, np.ndarray]]:
    """Maps `(n, h, w)` of every key frame, by way."""
    kept = np.float32(0.5 ** (1 / rate_hz / HALF_LIFE_S))
    means: dict[str, np.ndarray] = {}
    before = None
    for image, _ in film:
        encoded = engine.heatmaps.encode(engine.prepare(image)[None])
        alone = engine.heatmaps.maps(encoded, looked.text)[0]
        grey = carry.grey(image)
        if before is None:
            means = dict.fromkeys(WAYS, alone)
        else:
            moved = carry.carried(means[WAYS[2]], carry.flow(before, grey))
            means = {
                WAYS[0]: alone,
                WAYS[1]: kept * means[WAYS[1]] + (1 - kept) * alone,
                WAYS[2]: kept * moved + (1 - kept) * alone,
            }
        before = grey
        yield means


def hits(looked: Looked, maps: np.ndarray, boxes: np.ndarray, size_px: int) -> list[float]:
    """Of each prompt whose actor is to be seen, whether its highest place is in the box."""
    heats = fusion.fuse_maps(maps[looked.rows], looked.given)
    found = fusion.peak_points(heats, size_px, size_px)
    return [
        float(box[0] <= x <= box[2] and box[1] <= y <= box[3])
        for (x, y), box in zip(found, boxes, strict=True)
        if box[2] - box[0] >= 8
    ]


def measure(engine: VideoEngine, scenes: int) -> dict[tuple[float, float, str], list[float]]:
    """Hits by rate, pan and way, in the same order for all ways."""
    tally: dict[tuple[float, float, str], list[float]] = defaultdict(list)
    for seed in range(scenes):
        drawn = scene.draw(np.random.default_rng([SEED, seed]), "test", actors=2 + seed % 2)
        looked = engine.look_for([vocabulary.label(pair) for pair in drawn.pairs])
        for rate_hz in RATES_HZ:
            for pan in PANS:
                film = list(shots(drawn, rate_hz, pan))
                for number, maps in enumerate(cosines(engine, looked, film, rate_hz)):
                    image, boxes = film[number]
                    for way in WAYS if number >= UNCOUNTED else ():
                        tally[rate_hz, pan, way] += hits(looked, maps[way], boxes, len(image))
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.video.carrying")
    parser.add_argument("--scenes", type=int, default=40)
    given = parser.parse_args()
    tally = measure(VideoEngine.load(NAME), given.scenes)
    rows = []
    for rate_hz in RATES_HZ:
        for pan in PANS:
            all_ways = [np.array(tally[rate_hz, pan, way]) for way in WAYS]
            gain = all_ways[2] - all_ways[1]
            error = gain.std() / len(gain) ** 0.5
            rows.append(
                [f"{rate_hz:g}", f"{pan:g}", str(len(gain))]
                + [f"{100 * each.mean():.1f}" for each in all_ways]
                + [f"{100 * gain.mean():+.1f} ({100 * error:.1f})"]
            )
    header = ["key frames/s", "pan, widths/s", "prompts", *WAYS, "carried, points (s.e.)"]
    print(table(header, rows))


if __name__ == "__main__":
    main()
