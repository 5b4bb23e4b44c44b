"""What a key frame costs: ViT-B/16 at 224 px, random weights, against this machine's GEMM.

`python -m benchmarks.clip [--write] [--models DIR]`; with `--models` the exported graphs are kept
there and used again. All times of a table are taken in turns, so that other work on the machine
falls on all of them alike; ratios are of the medians.
"""

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from threadpoolctl import ThreadpoolController

from benchmarks.calibration import calibrate, timed_s
from benchmarks.table import table
from engines.runtime import Graph
from engines.video import head
from engines.video.heatmaps import Heatmaps
from engines.video.weights import DEPTH

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- benchmarks.clip -->\n", "<!-- end of benchmarks.clip -->\n"
VIT_B_16: Final[dict[str, Any]] = {
    "embed_dim": 512,
    "vision_cfg": {"image_size": 224, "layers": 12, "width": 768, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 512, "width": 128, "heads": 2, "layers": 1},
}
"""The vision tower is ViT-B/16's own; the text tower takes no part and is small."""
PROMPTS: Final = (1, 10, 100)
ROUNDS: Final = 15
GEMM: Final = 1024
THREADS: Final = 2


def multiplications(config: dict[str, Any], size_px: int) -> float:
    """Multiplications of one key frame: what the products of the graph need, nothing else."""
    tower, embed = config["vision_cfg"], config["embed_dim"]
    width, layers, patch = tower["width"], tower["layers"], tower["patch_size"]
    patches = (size_px // patch) ** 2
    tokens = patches + 1
    linear, pairs = tokens * width**2, tokens**2 * width
    plain = (layers - 1) * (12 * linear + 2 * pairs) + 3 * linear  # of the last block only CLS
    gem = DEPTH * (10 * pairs + linear)
    stem = patches * 3 * patch**2 * width
    tail = patches * 5 * (width * embed + 5 * (width + embed))
    return float(plain + gem + stem + tail)


def folders(root: Path) -> dict[str, Path]:
    """Export what is not there yet: float32, and int8 made dynamically."""
    from onnx_export import clip_folder

    out = {precision: root / f"vit-b-16-{precision}" for precision in ("fp32", "int8")}
    if all((each / "manifest.json").is_file() for each in out.values()):
        return out
    clip = random_clip()
    for precision, folder in out.items():
        clip_folder.write_clip(clip, folder, precision=precision)  # type: ignore[arg-type]
    return out


def random_clip(tokenizer: Any = None) -> Any:
    """`onnx_export.clip_sources.Clip` of VIT_B_16's shape with random weights, always the same."""
    import torch

    from onnx_export import clip_sources
    from onnx_export.clip import Text, Vision

    torch.manual_seed(0)
    vision, text = Vision(VIT_B_16), Text(VIT_B_16)
    state = {f"visual.{key}": value for key, value in vision.state_dict().items()}
    state |= text.state_dict()
    for key, value in state.items():
        value.normal_(0.0, 0.02)
        if ".ln_" in f".{key}" and key.endswith("weight"):
            value.add_(1.0)
    return clip_sources.assemble("vit-b-16", VIT_B_16, state, tokenizer=tokenizer, sources=())


def product_graph(weight: np.ndarray, path: Path) -> Graph:
    """One product with a constant matrix, by the runtime that the models run on."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    size = len(weight)
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", size]) for name in "xy"]
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    tensors = [numpy_helper.from_array(weight, "w")]
    graph = helper.make_graph([node], "gemm", ends[:1], ends[1:], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, path)
    return Graph(path, threads=THREADS, spin=True)


def in_turns(calls: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, list]:
    """Seconds of every call in every round."""
    for call in calls.values():
        call()
    times_s: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            times_s[name].append(timed_s(call))
    return times_s


def report(root: Path) -> str:
    """The section of docs/benchmarks.md."""
    random = np.random.default_rng(0)
    engines = {
        precision: Heatmaps.load(folder, threads=THREADS, spin=True)
        for precision, folder in folders(root).items()
    }
    pixels = random.standard_normal((1, 3, 224, 224)).astype(np.float32)
    text = random.standard_normal((max(PROMPTS), 512)).astype(np.float32)
    text /= np.linalg.norm(text, axis=1, keepdims=True)
    encoded = engines["fp32"].encode(pixels)
    factor = random.standard_normal((GEMM, GEMM)).astype(np.float32)
    gemm = product_graph(factor, root / "gemm.onnx")
    calls: dict[str, Callable[[], object]] = {
        "gemm": lambda: gemm.run(x=factor),
        "numpy": lambda: factor @ factor,
    }
    for precision, engine in engines.items():
        calls[precision] = lambda engine=engine: engine.encode(pixels)
    numpys = ThreadpoolController()

    def answered(count: int) -> None:
        with numpys.limit(limits=1, user_api="blas"):  # as in a server, see stream/loading.py
            head.similarity(encoded, text[:count], "static_dynamic")

    for count in PROMPTS:
        calls[f"{count} prompts"] = partial(answered, count)
    times_s = in_turns(calls)
    return _tables(times_s)


def _tables(times_s: dict[str, list]) -> str:
    floor = multiplications(VIT_B_16, 224) / GEMM**3
    median = {name: float(np.median(values)) for name, values in times_s.items()}
    least = {name: min(values) for name, values in times_s.items()}
    rows = []
    for name in ("fp32", "int8"):
        rows.append(
            [
                name,
                f"{median[name] * 1e3:.0f}",
                f"{least[name] * 1e3:.0f}",
                f"{median[name] / (floor * median['gemm']):.2f}x",
                f"{least[name] / (floor * least['gemm']):.2f}x",
                f"{median[name] / (floor * median['numpy']):.2f}x",
                f"{median['fp32'] / median[name]:.2f}x",
            ]
        )
    header = ["vision pass", "median ms", "best ms", "of the floor", "best of best"]
    header += ["of numpy's", "faster"]
    heads = [
        [str(count), f"{median[f'{count} prompts'] * 1e3:.2f}", f"{median['fp32'] * 1e3:.0f}"]
        for count in PROMPTS
    ]
    return (
        "## A key frame\n\n"
        f"ViT-B/16 at 224 px, random weights, one frame, two threads: {calibrate()}.\n"
        f"The floor is its {multiplications(VIT_B_16, 224) / 1e9:.1f} G multiplications at the "
        f"speed of a {GEMM}^3 product by ONNX Runtime, or numpy, in the same {ROUNDS} rounds.\n\n"
        + table(header, rows)
        + "\n\nPrompts are not part of the pass; the head is numpy:\n\n"
        + table(["prompts", "head ms", "vision ms (the same pass)"], heads)
        + "\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clip", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--models", type=Path, help="folder to keep the exported graphs in")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = report(given.models or Path(folder))
    print(text)
    if given.write:
        before, rest = PAGE.read_text().split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
