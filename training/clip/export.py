"""A checkpoint of the bundled CLIP to a model folder: graphs, parity, presence calibrated."""

from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import onnx
import torch

from engines import models
from engines.runtime import Graph
from engines.video import presence
from engines.video.engine import VideoEngine
from onnx_export import clip_folder, clip_graphs, clip_verify, manifests, motion, quantise
from onnx_export.folders import MINILM, SENTENCE_NAME
from training.clip import network, train
from training.scenes import questions

NOTICE: Final = "trained on rendered scenes; for real cameras: liveground models add clip"
SOURCES: Final = (
    models.Source("scenes rendered by training/scenes, motion by training/synth", "Apache-2.0"),
    MINILM,
)
VERSION: Final = "1.7"
PRECISION: Final = "int8"
"""Of the stored weights only: they are scaled back when loaded and products run in float32."""
CALIBRATION_SCENES: Final = 400
TRIALS: Final = 4


def run(checkpoint: Path, out: Path, *, scenes: int = CALIBRATION_SCENES) -> models.ClipManifest:
    """Write the folder, check it against torch, calibrate presence; gives the manifest."""
    clip = train.load(checkpoint).requires_grad_(False)
    out.mkdir(parents=True, exist_ok=True)
    _write_graphs(clip, out)
    manifest = _manifest(clip, out)
    manifests.write(manifest, out)
    frames = [each.image for each in questions.pictures(TRIALS, "train")]
    pixels = network.normalised(torch.from_numpy(np.stack(frames))).contiguous().numpy()
    parity = {
        **clip_verify.maps(clip.vision, out, PRECISION, pixels),
        "text": _adapter_parity(clip, out),
        "bound": clip_verify.BOUNDS[PRECISION],
    }
    manifests.write(msgspec.structs.replace(manifest, parity=parity), out)
    clip_folder.calibrated(out, calibrate(out, scenes))
    return models.find(out).clip()


def calibrate(folder: Path, scenes: int) -> models.Presence:
    """Fit presence on scenes of seen pairs before backgrounds that nothing else has."""
    engine = VideoEngine.load(folder)
    rows, truth = [], []
    for picture in questions.pictures(scenes, "calibration"):
        asked = [query.label for query in picture.queries]
        rows.append(engine.weigh(picture.image, [*asked, *picture.absent]))
        truth += [True] * len(asked) + [False] * len(picture.absent)
    return presence.calibrate(np.concatenate(rows), np.array(truth))


def _write_graphs(clip: network.Clip, out: Path) -> None:
    path = out / "vision.onnx"
    clip_graphs.write_vision(clip.vision, path)
    onnx.save(quantise.quantise(onnx.load(path)), path)
    clip_graphs.write_head(clip.vision, out / "head.npz")
    trial = {"sentence": torch.zeros(2, network.SENTENCE_DIM)}
    motion.write(clip.adapter, trial, {"sentence": {0: "texts"}}, ["text"], out / "text.onnx")


def _manifest(clip: network.Clip, out: Path) -> models.ClipManifest:
    tower = clip.config["vision_cfg"]
    return models.ClipManifest(
        format=models.FORMAT,
        name=out.resolve().name,
        version=VERSION,
        files=manifests.files(out, vision="vision.onnx", text="text.onnx", head="head.npz"),
        precision=PRECISION,
        vision=models.Vision(
            size_px=tower["image_size"],
            patch_px=tower["patch_size"],
            grid=tower["image_size"] // tower["patch_size"],
            width=tower["width"],
            dim=clip.config["embed_dim"],
            frames=1,
            mean=network.MEAN,
            std=network.STD,
        ),
        max_tokens=models.find(SENTENCE_NAME).sentence().max_tokens,
        presence=models.Presence((1.0, 0.0, -1.0, 0.0), 0.0, 0.5, None, None),
        notice=NOTICE,
        sources=SOURCES,
        parity={},
        sentence_model=SENTENCE_NAME,
    )


def _adapter_parity(clip: network.Clip, out: Path) -> float:
    """Largest deviation of the adapter's graph from torch."""
    rows = np.random.default_rng(0).standard_normal((5, network.SENTENCE_DIM)).astype(np.float32)
    given = Graph(out / "text.onnx").run(sentence=rows)["text"]
    with torch.inference_mode():
        wanted = clip.adapter(torch.from_numpy(rows)).numpy()
    return float(np.abs(wanted - given).max())
