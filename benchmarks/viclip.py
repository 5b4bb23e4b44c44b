"""What a clip costs against a single frame: ViCLIP at B/16's size, 8 frames of 224 px.

`python -m benchmarks.viclip`: exports both vision towers with random weights, holds the clip's
graph to torch, and takes CPU seconds of one thread, in turns: other work does not stretch them.
"""

import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from benchmarks.clip import VIT_B_16
from engines.runtime import Graph
from onnx_export import clip_graphs
from onnx_export.clip import Vision

FRAMES: Final = 8
SIZE_PX: Final = 224
ROUNDS: Final = 3


def tower(frames: int) -> Vision:
    """ViT-B/16 with random weights, always the same."""
    torch.manual_seed(0)
    config = {**VIT_B_16, "vision_cfg": {**VIT_B_16["vision_cfg"], "frames": frames}}
    vision = Vision(config).eval().requires_grad_(False)
    for name, value in vision.named_parameters():
        value.normal_(0.0, 0.02)
        if ".ln_" in f".{name}" and name.endswith("weight"):
            value.add_(1.0)
    return vision


def feed(vision: Vision) -> dict[str, np.ndarray]:
    """One clip, or one frame, of noise."""
    shape = (1, *((vision.frames,) if vision.frames > 1 else ()), 3, SIZE_PX, SIZE_PX)
    pixels = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    return {"pixels": pixels, "positions": clip_graphs.positions(vision, (SIZE_PX, SIZE_PX))}


def main() -> None:
    torch.set_num_threads(1)
    times_s: dict[int, list[float]] = {1: [], FRAMES: []}
    runs: dict[int, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for frames in times_s:
            vision = tower(frames)
            path = Path(folder) / f"{frames}.onnx"
            clip_graphs.write_vision(vision, path)
            runs[frames] = Graph(path), feed(vision)
            if frames == FRAMES:
                print(f"largest deviation from torch: {_deviation(vision, *runs[frames]):.1e}")
        for _ in range(ROUNDS):
            for frames, (graph, given) in runs.items():
                start_s = time.process_time()
                graph.run(**given)
                times_s[frames].append(time.process_time() - start_s)
    one, clip = (min(times_s[frames]) for frames in (1, FRAMES))
    print(f"one frame {one * 1e3:.0f} ms of CPU, a clip of {FRAMES} {clip * 1e3:.0f} ms")
    print(f"a clip costs {clip / one:.1f} frames; {clip / one / FRAMES:.2f} of a frame for each")


def _deviation(vision: Vision, graph: Graph, given: dict[str, np.ndarray]) -> float:
    with torch.inference_mode():
        wanted = vision(*(torch.from_numpy(each) for each in given.values()))
    found = graph.run(**given)
    scale = [float(each.abs().max()) for each in wanted]
    pairs = zip(wanted, (found[name] for name in clip_graphs.VISION_OUTPUTS), scale, strict=True)
    return max(float(np.abs(a.numpy() - b).max()) / most for a, b, most in pairs)


if __name__ == "__main__":
    main()
