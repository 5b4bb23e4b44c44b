"""The film of `liveground demo`: rendered scenes that nothing was trained on, and what is done in
them. `python -m training.scenes.showreel` writes it anew."""

from pathlib import Path
from typing import Final

import cv2
import msgspec
import numpy as np

from training.scenes import scene, vocabulary

FOLDER: Final = Path(__file__).resolve().parents[2] / "clients" / "performer"
SEEDS: Final = (1, 2, 3)
SCENE_S: Final = 4.0
RATE_HZ: Final = 30.0
SIZE_PX: Final = 288


def main() -> None:
    """Write scenes.mp4, and scenes.json: of each scene its labels, of each frame its boxes, left,
    top, right, bottom in shares of the picture."""
    path = FOLDER / "scenes.mp4"
    size = SIZE_PX, SIZE_PX
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), RATE_HZ, size)
    told = []
    for seed in SEEDS:
        drawn = scene.draw(np.random.default_rng([79, seed]), "test", actors=2)
        boxes = []
        for number in range(round(SCENE_S * RATE_HZ)):
            frame = drawn.frame(number / RATE_HZ, SIZE_PX)
            writer.write(cv2.cvtColor(frame.image, cv2.COLOR_RGB2BGR))
            boxes.append(np.round(frame.boxes / SIZE_PX, 3).tolist())
        told.append({"labels": [vocabulary.label(pair) for pair in drawn.pairs], "boxes": boxes})
    writer.release()
    truth = {"rate_hz": RATE_HZ, "scenes": told}
    (FOLDER / "scenes.json").write_bytes(msgspec.json.encode(truth) + b"\n")


if __name__ == "__main__":
    main()
