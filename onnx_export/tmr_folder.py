"""A TMR checkpoint to a model folder of kind `window`: graphs, tokenizer, parity, manifest."""

import shutil
from pathlib import Path
from typing import Final

import torch
from torch import nn

from engines import models
from engines.errors import ModelError
from engines.motion import humanml3d, towers
from engines.motion.skeleton import MODEL_FPS
from onnx_export import folders, tmr, torchvision_operators, verify
from onnx_export.motion import write

DISTILBERT: Final = "distilbert-base-uncased"
MAX_TOKENS: Final = 128
WINDOW: Final = models.Window(frames=40, stride_frames=4, ahead_frames=4)
"""2 s, the shortest clips that TMR was trained on; 0.4 s of look-ahead with the features' own."""
CALIBRATION: Final = models.Calibration(
    temperature=0.1,  # TMR's own in training
    frame_temperature=0.1,
    unknown_cosine=-1.0,  # not measured: nothing is ever unknown
    unknown_frame_cosine=-1.0,
    recall=1.0,
    rejection=0.0,
)
SOURCES: Final = (
    models.Source("TMR, code and architecture (github.com/Mathux/TMR)", "MIT"),
    models.Source(
        "TMR weights, trained on HumanML3D (motions of AMASS)",
        "non-commercial: inherited from the data terms of AMASS and HumanML3D",
    ),
    models.Source(DISTILBERT, "Apache-2.0"),
)


def write_tmr(
    checkpoint: Path, out: Path, *, statistics: Path | None = None, distilbert: Path | None = None
) -> models.WindowManifest:
    """Export a TMR checkpoint. Raises ModelError if a part is missing or does not fit.

    `statistics`: folder of mean.pt and std.pt; `distilbert`: folder of the language model. Without
    them the checkout of TMR around the checkpoint and the local Hugging Face cache are used.
    """
    motion, text = tmr.load(checkpoint)
    tower = tmr.MotionTower(motion, *tmr.statistics(checkpoint, statistics)).eval()
    words, tokenizer = language_model(distilbert)
    texts = tmr.TextTower(words, text).eval()
    out.mkdir(parents=True, exist_ok=True)
    export(tower, texts, out)
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    vocabulary = words.config.vocab_size
    parity = verify.windows(tower, out / "encoder.onnx")
    parity["torch_onnx_text"] = verify.token_texts(texts, out / "text.onnx", vocabulary)
    manifest = models.WindowManifest(
        format=models.FORMAT,
        name=out.resolve().name,
        version="1",
        files=folders.files(
            out, encoder="encoder.onnx", model="text.onnx", tokenizer="tokenizer.json"
        ),
        fps=MODEL_FPS,
        skeleton="canonical22",
        features=models.Features(
            towers.HUMANML3D, humanml3d.FEATURE_COUNT, humanml3d.LOOKAHEAD_FRAMES
        ),
        window=WINDOW,
        dim=tmr.LATENT,
        max_tokens=MAX_TOKENS,
        calibration=CALIBRATION,
        sources=SOURCES,
        parity={**parity, "bound": verify.WINDOW_BOUND},
    )
    folders.write(manifest, out)
    return manifest


def export(tower: nn.Module, texts: nn.Module, out: Path) -> None:
    """Write `encoder.onnx` and `text.onnx`; batch and length are free."""
    width = humanml3d.FEATURE_COUNT
    free = {0: "windows", 1: "frames"}
    write(
        tower,
        {"features": torch.zeros(2, 5, width), "log_mask": torch.zeros(2, 5)},
        {"features": free, "log_mask": free},
        ["latent", "frames"],
        out / "encoder.onnx",
    )
    ids = torch.ones(2, 8, dtype=torch.int64)
    words = {0: "texts", 1: "tokens"}
    write(
        texts,
        {"input_ids": ids, "attention_mask": ids.clone()},
        {"input_ids": words, "attention_mask": words},
        ["sentence"],
        out / "text.onnx",
    )


def language_model(folder: Path | None) -> tuple[nn.Module, Path]:
    """DistilBERT and its `tokenizer.json`, from a folder or the local cache; nothing is fetched.

    Raises ModelError if transformers, the weights or the tokenizer are not there.
    """
    torchvision_operators.declare()
    try:
        from transformers import DistilBertModel
        from transformers.utils import cached_file
    except ImportError as error:
        raise ModelError("transformers is not installed: pip install 'liveground[tmr]'") from error
    place = DISTILBERT if folder is None else str(folder)
    remedy = (
        f"on a machine with a network run `hf download {DISTILBERT} --local-dir FOLDER` and give "
        "that folder by --distilbert"
    )
    try:
        model, report = DistilBertModel.from_pretrained(
            place, local_files_only=True, attn_implementation="eager", output_loading_info=True
        )
        tokenizer = cached_file(place, "tokenizer.json", local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelError(f"no DistilBERT in {place!r} ({reason}): {remedy}") from error
    if report["missing_keys"] or model.config.dim != tmr.TOKEN_WIDTH:
        raise ModelError(f"{place!r} is not {DISTILBERT}: its weights do not fit; {remedy}")
    return model.eval(), Path(tokenizer)
