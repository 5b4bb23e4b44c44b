"""What light, lens and sensor do to a finished picture."""

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True, slots=True)
class Film:
    """Exposure, contrast, colour cast, a light that falls off to one side, blur and grain."""

    exposure: float
    contrast: float
    cast: tuple[float, float, float]
    falloff: tuple[float, float]
    blur_px: float
    grain: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Film":
        """A random light and camera."""
        cast = 1 + rng.normal(0, 0.05, 3)
        falloff = rng.normal(0, 0.12, 2)
        return cls(
            float(np.exp(rng.normal(0, 0.18))),
            float(np.exp(rng.normal(0, 0.12))),
            (float(cast[0]), float(cast[1]), float(cast[2])),
            (float(falloff[0]), float(falloff[1])),
            float(max(0.0, rng.normal(0.1, 0.28))),
            float(rng.uniform(0, 4)),
        )

    def develop(self, image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The picture (H, W, 3) uint8 as this camera gives it; `rng` makes the grain."""
        height, width = image.shape[:2]
        down = np.linspace(-1, 1, height, dtype=np.float32)[:, None, None] * self.falloff[0]
        across = np.linspace(-1, 1, width, dtype=np.float32)[None, :, None] * self.falloff[1]
        gain = np.array(self.cast, np.float32) * self.exposure
        light = (image.astype(np.float32) - 128) * self.contrast + 128
        light = light * ((1 + down + across) * gain)
        if self.grain > 0.5:
            speckle = rng.integers(-128, 128, (height, width, 1), np.int8)
            light += speckle.astype(np.float32) * (self.grain / 64)
        made = np.clip(light, 0, 255).astype(np.uint8)
        return cv2.GaussianBlur(made, (0, 0), self.blur_px) if self.blur_px > 0.2 else made
