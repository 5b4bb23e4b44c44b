"""A pinhole camera that looks at the scene's middle. Pure."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Camera:
    """Where it stands (metres), how it is tilted (radians) and its focal length in image sides."""

    distance_m: float
    height_m: float
    tilt: float
    roll: float
    focal: float
    shift: tuple[float, float]

    @classmethod
    def draw(cls, rng: np.random.Generator, *, across_m: float) -> "Camera":
        """A random camera that sees `across_m` metres at the scene's middle."""
        distance = float(rng.uniform(4.0, 7.0))
        height = float(rng.uniform(0.8, 2.1))
        tilt = float(np.arctan2(height - 1.08, distance)) + float(rng.normal(0, 0.015))
        shift = (float(rng.normal(0, 0.02)), float(rng.normal(0, 0.02)))
        return cls(distance, height, tilt, float(rng.normal(0, 0.03)), distance / across_m, shift)

    def project(self, points: np.ndarray, size_px: int) -> tuple[np.ndarray, np.ndarray]:
        """Pixels (..., 2) and depths in metres (...) of points (..., 3): x right, y up, z near."""
        y, away = points[..., 1] - self.height_m, self.distance_m - points[..., 2]
        cos, sin = np.cos(self.tilt), np.sin(self.tilt)
        up, depth = y * cos + away * sin, np.maximum(away * cos - y * sin, 0.3)
        right = points[..., 0]
        cos, sin = np.cos(self.roll), np.sin(self.roll)
        right, up = right * cos - up * sin, right * sin + up * cos
        x = 0.5 + self.shift[0] + self.focal * right / depth
        y_down = 0.5 + self.shift[1] - self.focal * up / depth
        return np.stack([x, y_down], -1) * size_px, depth

    def scale(self, depth_m: float, size_px: int) -> float:
        """Pixels a metre at a depth."""
        return self.focal * size_px / depth_m
