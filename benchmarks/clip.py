"""What a key frame costs: ViT-B/16 at 224 px, random weights, against its own matrix products.

`python -m benchmarks.clip [--write] [--models DIR]`; with `--models` the exported graphs are kept
there and used again. All times of a table are taken in turns, so that other work on the machine
falls on all of them alike; ratios are medians over rounds and, since other work only ever adds
time, of the best times too. Models run as a server runs them.
"""

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks import page, products
from benchmarks.calibration import Calibration, calibrate, timed_s
from benchmarks.table import table
from engines.video.heatmaps import Heatmaps
from engines.video.prompts import NEUTRAL

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
COMMAND: Final = "benchmarks.clip"
VIT_B_16: Final[dict[str, Any]] = {
    "embed_dim": 512,
    "vision_cfg": {"image_size": 224, "layers": 12, "width": 768, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 512, "width": 128, "heads": 2, "layers": 1},
}
"""The vision tower is ViT-B/16's own; the text tower takes no part and is small."""
SIZE_PX: Final = 224
PRODUCTS: Final = products.of_pass(VIT_B_16, SIZE_PX)
PRECISIONS: Final = ("fp32", "int8")
PROMPTS: Final = (1, 10, 100)
ROUNDS: Final = 40
THREADS: Final = (1, 2)
"""A server's own choice, and both cores of a small machine."""


def folders(root: Path) -> dict[str, Path]:
    """Export what is not there yet: float32, and int8 made dynamically."""
    from onnx_export import clip_folder

    out = {precision: root / f"vit-b-16-{precision}" for precision in PRECISIONS}
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


def in_turns(calls: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, list]:
    """Seconds of every call in every round."""
    for call in calls.values():
        call()
    times_s: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            times_s[name].append(timed_s(call))
    return times_s


def texts_of(prompts: int) -> int:
    """Texts that the engine looks for: the neutral ones, and each prompt's action, verb, object."""
    return len(set(NEUTRAL)) + 3 * prompts


def report(root: Path) -> str:
    """The section of docs/benchmarks.md."""
    machine, exported = calibrate(), folders(root)
    random = np.random.default_rng(0)
    pixels = random.standard_normal((1, 3, SIZE_PX, SIZE_PX)).astype(np.float32)
    text = random.standard_normal((texts_of(max(PROMPTS)), 512)).astype(np.float32)
    text /= np.linalg.norm(text, axis=1, keepdims=True)
    calls: dict[str, Callable[[], object]] = {}
    for threads in THREADS:
        for precision in PRECISIONS:
            with tempfile.TemporaryDirectory() as folder:
                calls[f"{precision} floor {threads}"] = products.Floor(
                    PRODUCTS, Path(folder), threads=threads, integers=precision == "int8"
                )
            engine = Heatmaps.load(exported[precision], threads=threads)
            calls[f"{precision} {threads}"] = partial(engine.encode, pixels)
    engine = Heatmaps.load(exported["fp32"], threads=threads)
    encoded = engine.encode(pixels)
    for count in PROMPTS:
        rows = text[: texts_of(count)]
        calls[f"head {count}"] = partial(engine.maps, encoded, rows)
        calls[f"both {count}"] = partial(engine.similarity, pixels, rows)
    return tables(in_turns(calls), machine)


def tables(times_s: dict[str, list[float]], machine: Calibration) -> str:
    """Seconds of every call in every round as the section's text."""
    giga = sum(each.multiplications for each in PRODUCTS) / 1e9
    times_ms = {name: 1e3 * np.array(values) for name, values in times_s.items()}
    rounds = len(next(iter(times_s.values())))
    numpys_ms = 2e3 * giga / machine.gemm_gflops
    of_numpys = np.median(times_ms[f"fp32 {THREADS[-1]}"]) / numpys_ms
    return (
        "## A key frame\n\n"
        f"ViT-B/16 at {SIZE_PX} px, random weights, one frame: {machine}.\n"
        f"The floor is the pass's own {giga:.1f} G multiplications as bare products of the same "
        "shapes in one graph, each with weights of its own, by ONNX Runtime with the same "
        f"settings, in the same {rounds} rounds. Of int8, the products with weights are of uint8 "
        f"with int8: how much faster that is depends on the processor.\n\n"
        f"{_passes(times_ms)}\n\n"
        f"At the speed of numpy's product above, the floor would be {numpys_ms:.0f} ms: fp32 with "
        f"{THREADS[-1]} threads takes {of_numpys:.2f}x of that.\n\n"
        f"A pass of {THREADS[-1]} threads with its head (numpy, one thread), for more and more "
        f"prompts:\n\n{_heads(times_ms)}\n"
    )


def _passes(times_ms: dict[str, np.ndarray]) -> str:
    """Each precision's floor and pass, beside float32's floor or pass."""
    rows = []
    for threads in THREADS:
        for precision in PRECISIONS:
            for what in (f"{precision} floor", precision):
                mine_ms = times_ms[f"{what} {threads}"]
                floor_ms = times_ms[f"{precision} floor {threads}"]
                fp32_ms = times_ms[f"{what.replace(precision, 'fp32')} {threads}"]
                times = [f"{np.median(mine_ms):.0f}", f"{mine_ms.min():.0f}"]
                ratios = [_both(mine_ms, floor_ms), _both(fp32_ms, mine_ms)]
                rows.append([str(threads), what, *times, *ratios])
    header = ["threads", "vision pass", "median ms", "best ms"]
    return table([*header, "of its floor", "faster than fp32's"], rows)


def _heads(times_ms: dict[str, np.ndarray]) -> str:
    rows = []
    for count in PROMPTS:
        head_ms, both_ms = times_ms[f"head {count}"], times_ms[f"both {count}"]
        head = f"{np.median(head_ms):.2f}, best {head_ms.min():.2f}"
        times = [head, f"{np.median(both_ms):.0f}"]
        ratio = _ratio(both_ms, times_ms[f"both {PROMPTS[0]}"])
        rows.append([str(count), str(texts_of(count)), *times, ratio])
    return table(["prompts", "texts", "head ms", "pass and head ms", "of one prompt's"], rows)


def _both(mine: np.ndarray, other: np.ndarray) -> str:
    """In the median of rounds, and best time by best time."""
    return f"{_ratio(mine, other)}, best {mine.min() / other.min():.2f}x"


def _ratio(mine: np.ndarray, other: np.ndarray) -> str:
    """Round by round, so that a slow one is slow for both."""
    return f"{np.median(mine / other):.2f}x"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clip", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--models", type=Path, help="folder to keep the exported graphs in")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = report(given.models or Path(folder))
    print(text)
    if given.write:
        page.put(PAGE, COMMAND, text)


if __name__ == "__main__":
    main()
