"""What this machine can do right now: the reference that every benchmark is a ratio to."""

import os
import platform
import time
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Calibration:
    """`gemm_gflops`: best of several float32 1024^3 products by numpy's BLAS, all threads."""

    cores: int
    processor: str
    gemm_gflops: float

    def __str__(self) -> str:
        return (
            f"{self.cores} cores ({self.processor}), "
            f"GEMM {self.gemm_gflops:.0f} GFLOP/s float32 on all of them at the time of the run"
        )


def calibrate(size: int = 1024, repeats: int = 12) -> Calibration:
    """Measure now; the machine may be shared, so every table calibrates for itself."""
    rng = np.random.default_rng(0)
    a = rng.standard_normal((size, size), np.float32)
    b = rng.standard_normal((size, size), np.float32)
    out = np.empty_like(a)
    times_s = [timed_s(lambda: np.matmul(a, b, out=out)) for _ in range(repeats)]
    return Calibration(os.cpu_count() or 1, platform.machine(), 2 * size**3 / min(times_s) / 1e9)


def timed_s(call) -> float:
    start_s = time.perf_counter()
    call()
    return time.perf_counter() - start_s


def median_s(call, repeats: int = 30, warm_up: int = 3) -> float:
    """Median wall time of a call, in seconds."""
    return float(np.median(times_s(call, repeats, warm_up)))


def times_s(call, repeats: int = 30, warm_up: int = 3) -> list[float]:
    """Wall times of a call, in seconds; the shortest is what it takes when nobody disturbs it."""
    for _ in range(warm_up):
        call()
    return [timed_s(call) for _ in range(repeats)]
