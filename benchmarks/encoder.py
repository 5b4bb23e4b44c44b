"""What one model frame costs, encoder to labels, for 1 to 64 people in a batch."""

import numpy as np

from benchmarks.calibration import calibrate, median_s, times_s
from benchmarks.table import table
from clients.performer import Performer
from engines import models
from engines.motion.encoder import MotionEncoder
from engines.motion.engine import MotionEngine
from engines.motion.skeleton import MODEL_FPS

PEOPLE = (1, 8, 32, 64)
PROMPTS = ("walk", "wave with the right hand", "squat", "kick with the left foot")
WARM_UP_FRAMES = 80


def motion(frames: int, seed: int) -> np.ndarray:
    """Frames `(n, 22, 3)` of the synthetic performer, thinned to the model's rate."""
    performer = iter(Performer(seed=seed, rate_hz=float(MODEL_FPS)))
    return np.stack([next(performer).joints for _ in range(frames)])


def encoder_flop(folder: models.ModelFolder) -> float:
    """Operations of one frame: each weight, two bytes of their file, is used in one multiplication
    and one addition."""
    return 2 * folder.path("encoder_data").stat().st_size / 2


def encoder_s(folder: models.ModelFolder, people: int) -> list[float]:
    """Calls of the encoder, one new frame of each person, one thread."""
    encoder = MotionEncoder.load(folder)
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((people, 1, encoder.feature_count)).astype(np.float32)
    states = [encoder.initial_state() for _ in range(people)]

    def step() -> None:
        nonlocal states
        states = encoder.step(rows, states).states

    return times_s(step, repeats=200)


def update_s(people: int) -> float:
    """One engine step for all people: features, encoder, masks, read-out, update."""
    engine = MotionEngine.load()
    tracks = [engine.new_track() for _ in range(people)]
    frames = [motion(WARM_UP_FRAMES + 64, seed) for seed in range(people)]
    for track in tracks:
        engine.configure(track, PROMPTS, "watch")
    clock = iter(range(WARM_UP_FRAMES + 64))

    def step() -> None:
        now = next(clock)
        times_s = np.array([now / MODEL_FPS])
        jobs = [(t, f[now : now + 1], times_s) for t, f in zip(tracks, frames, strict=True)]
        assert all(result.error is None for result in engine.step(jobs))

    for _ in range(WARM_UP_FRAMES):
        step()
    return median_s(step, repeats=60)


def report() -> str:
    """The section of docs/benchmarks.md."""
    calibration = calibrate()
    folder = models.find("bundled")
    floor_s = encoder_flop(folder) / (calibration.gemm_gflops / calibration.cores * 1e9)
    rows = []
    for people in PEOPLE:
        calls_s, whole_s = encoder_s(folder, people), update_s(people)
        call_s = float(np.median(calls_s))
        rows.append(
            [
                str(people),
                f"{call_s * 1e3:.2f}",
                f"{min(calls_s) * 1e3:.2f}",
                f"{call_s / (floor_s * people):.1f}x",
                f"{whole_s * 1e3:.2f}",
                f"{whole_s / people * MODEL_FPS:.1%}",
            ]
        )
    header = [
        "people",
        "encoder ms",
        "fastest",
        "of its GEMM floor",
        "whole update ms",
        "core per person",
    ]
    return (
        f"## One update\n\nOne new frame of each person, {MODEL_FPS} a second, "
        f"{len(PROMPTS)} prompts, one thread: {calibration}.\n"
        f"Medians, and the fastest of 200 calls. "
        f"The floor is the encoder's multiplications at this machine's speed now, on one core.\n\n"
        + table(header, rows)
        + "\n"
    )
