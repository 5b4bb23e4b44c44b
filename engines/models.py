"""Model folders: a `manifest.json` that promises shapes and hashes, and the files that keep it.

Reading and checking only; ONNX Runtime is in `engines.runtime`.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from engines import places
from engines.errors import ModelError
from engines.places import MANIFEST

FORMAT: Final = 1


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a model folder and the SHA-256 of its bytes."""

    file: str
    sha256: str


class Source(msgspec.Struct, frozen=True):
    """Something that the weights were made from, and its licence."""

    name: str
    licence: str


class Features(msgspec.Struct, frozen=True):
    """What the encoder eats: a layout by name, its width, the look-ahead that making it costs."""

    layout: str
    count: int
    lookahead_frames: int


class Encoder(msgspec.Struct, frozen=True):
    """The streaming encoder: its own look-ahead and embedding width D, and what its blocks need
    of the past: rows of `width` floats, those 1 to `kernel` - 1 times the block's dilation back."""

    lookahead_frames: int
    width: int
    kernel: int
    dilations: tuple[int, ...]
    dim: int


class Text(msgspec.Struct, frozen=True):
    """The text side of a motion model: which sentence model feeds its adapter, and how wide."""

    sentence_model: str
    sentence_dim: int
    lexicon_count: int


class Calibration(msgspec.Struct, frozen=True):
    """Numbers that turn cosines into decisions; how they were found is in docs/models.md.

    `temperature`, `frame_temperature`: divide the cosines of a pooled segment, or of one frame's
    value row, before a softmax over prompts.
    `unknown_cosine`, `unknown_frame_cosine`: if the best cosine is lower it is none of the prompts.
    `recall`: share of segments kept at that threshold when their action is among eight prompts;
    `rejection`: share of segments refused when it is not among seven.
    """

    temperature: float
    frame_temperature: float
    unknown_cosine: float
    unknown_frame_cosine: float
    recall: float
    rejection: float


class MotionManifest(
    msgspec.Struct, tag_field="kind", tag="motion", frozen=True, forbid_unknown_fields=True
):
    """A motion-text model: files `step`, `encoder` and `text`, and perhaps `known`: rows of texts
    that it was trained on, a float16 array of numpy."""

    format: int
    name: str
    version: str
    files: dict[str, File]
    fps: int
    skeleton: str
    features: Features
    encoder: Encoder
    text: Text
    calibration: Calibration
    sources: tuple[Source, ...]
    parity: dict[str, float]


class SentenceManifest(
    msgspec.Struct, tag_field="kind", tag="sentence", frozen=True, forbid_unknown_fields=True
):
    """A sentence encoder: files `model` and `tokenizer`."""

    format: int
    name: str
    version: str
    files: dict[str, File]
    dim: int
    max_tokens: int
    sources: tuple[Source, ...]
    parity: dict[str, float]


class Window(msgspec.Struct, frozen=True):
    """How a window is encoded anew: so many frames, once a stride, with frames after it."""

    frames: int
    stride_frames: int
    ahead_frames: int

    @property
    def lookahead_frames(self) -> int:
        """A stride's first frame waits for the rest of the stride and the frames after it."""
        return self.stride_frames - 1 + self.ahead_frames


class WindowManifest(
    msgspec.Struct, tag_field="kind", tag="window", frozen=True, forbid_unknown_fields=True
):
    """A motion-text model whose encoder sees whole windows both ways, such as TMR.

    Files `encoder`, `model` (texts) and `tokenizer`.
    """

    format: int
    name: str
    version: str
    files: dict[str, File]
    fps: int
    skeleton: str
    features: Features
    window: Window
    dim: int
    max_tokens: int
    calibration: Calibration
    sources: tuple[Source, ...]
    parity: dict[str, float]


class Vision(msgspec.Struct, frozen=True):
    """What a CLIP vision graph eats: RGB, `(value / 255 - mean) / std`, any multiple of the patch.

    `size_px`: the side that frames are squashed to; `grid`: patches a side that the positions were
    trained for; `width`, `dim`: of the tokens and of the embedding; `frames`: of one clip.
    """

    size_px: int
    patch_px: int
    grid: int
    width: int
    dim: int
    frames: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


class Presence(msgspec.Struct, frozen=True):
    """Logistic over a prompt's evidence: how well it fits the frame, and how well anybody does.

    `weights`: of the whole image and of its best patch, then of both for a neutral text;
    `bias`; a prompt is present from a probability of `threshold`. `recall`, `rejection`: shares of
    present prompts kept and of absent ones refused when it was calibrated; None if it never was:
    then probabilities are a guess that only ranks prompts, and nothing is called absent.
    """

    weights: tuple[float, float, float, float]
    bias: float
    threshold: float
    recall: float | None
    rejection: float | None

    @property
    def calibrated(self) -> bool:
        """Whether absent prompts can be told from present ones."""
        return self.recall is not None


class ClipManifest(
    msgspec.Struct, tag_field="kind", tag="clip", frozen=True, forbid_unknown_fields=True
):
    """An image-text model with GEM maps: files `vision`, `text`, `head`, perhaps `tokenizer`.

    `notice`: what whoever sees its results must know; `sentence_model`: the model whose sentence
    vectors `text` adapts, "" where `text` is a tower of its own.
    """

    format: int
    name: str
    version: str
    files: dict[str, File]
    precision: str
    vision: Vision
    max_tokens: int
    presence: Presence
    notice: str
    sources: tuple[Source, ...]
    parity: dict[str, float]
    sentence_model: str = ""


Manifest = MotionManifest | SentenceManifest | WindowManifest | ClipManifest
ManifestT = TypeVar("ManifestT", MotionManifest, SentenceManifest, WindowManifest, ClipManifest)


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose manifest has been read; files are checked when their path is asked for."""

    root: Path
    manifest: Manifest
    sha256: str
    """Hash of the manifest, which holds the hashes of all files: it names the model exactly."""

    def path(self, role: str) -> Path:
        """Path of the file with that role, its hash checked; raises ModelError if damaged.

        The weights of a large graph lie beside it, role `vision_data`: they are checked with it.
        """
        if f"{role}_data" in self.manifest.files:
            self.path(f"{role}_data")
        entry = self.manifest.files.get(role)
        if entry is None:
            raise ModelError(
                f"model {self.manifest.name!r} has no file for {role!r}, "
                f"only {sorted(self.manifest.files)}"
            )
        path = self.root / entry.file
        if path.resolve().parent != self.root.resolve():
            raise ModelError(f"model file {entry.file!r} must lie in the model's own folder")
        if not path.is_file():
            raise ModelError(f"model file {path} is missing: install or copy the model again")
        stat = path.stat()
        if _sha256(path, stat.st_size, stat.st_mtime_ns) != entry.sha256:
            raise ModelError(
                f"model file {path} is damaged: its sha256 is not the one in {MANIFEST}; "
                "install or copy the model again"
            )
        return path

    def motion(self) -> MotionManifest:
        """The manifest of a motion model. Raises ModelError for another kind."""
        return self._expect(MotionManifest, "motion")

    def sentence(self) -> SentenceManifest:
        """The manifest of a sentence model. Raises ModelError for another kind."""
        return self._expect(SentenceManifest, "sentence")

    def window(self) -> WindowManifest:
        """The manifest of a model that encodes windows. Raises ModelError for another kind."""
        return self._expect(WindowManifest, "window")

    def clip(self) -> ClipManifest:
        """The manifest of an image-text model. Raises ModelError for another kind."""
        return self._expect(ClipManifest, "clip")

    def _expect(self, kind: type[ManifestT], name: str) -> ManifestT:
        if not isinstance(self.manifest, kind):
            raise ModelError(f"{self.root} is not a {name} model: use a folder of kind {name!r}")
        return self.manifest


def find(name_or_path: str | Path) -> ModelFolder:
    """Find a model: `"bundled"`, a bundled or added model's name, or the path of a model folder.

    Raises ModelError if there is none, or its manifest cannot be read.
    """
    root = places.locate(name_or_path)
    path = root / MANIFEST
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ModelError(f"no model in {root}: {MANIFEST} cannot be read ({error})") from error
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as error:
        raise ModelError(f"{path} is not a valid manifest: {error}") from error
    if manifest.format != FORMAT:
        raise ModelError(
            f"{path} has format {manifest.format}, this version reads {FORMAT}: update liveground"
        )
    return ModelFolder(root, manifest, hashlib.sha256(raw).hexdigest())


@lru_cache(maxsize=64)
def _sha256(path: Path, size: int, mtime_ns: int) -> str:
    """Size and mtime are only there to make the cache notice a changed file."""
    del size, mtime_ns
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
