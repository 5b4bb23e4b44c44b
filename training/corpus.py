"""Prepared training data: features and captions of many sequences as flat arrays in one folder.

Made once from `training.data.Sequence`s, then read memory-mapped by the trainer. No torch.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines import lexicon, models, places
from engines.motion import features
from engines.text import SentenceEncoder
from onnx_export.folders import SENTENCE_NAME
from training.data import Description, Sequence, Span
from training.removed import NOTHING, Removal
from training.synth.kinematics import MOST
from training.synth.phrases import mirror_text


class Limbs(NamedTuple):
    """What is said of the limbs in a span: caption ids of its descriptions, ids of all facts that
    a description may be made of."""

    descriptions: tuple[int, ...]
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """All sequences, one after the other.

    features (N, F) float16; bounds (S + 1) rows where sequences start; spans (P, 4): sequence,
    start, end (rows within the sequence), meaning; span_bounds (S + 1) into spans; real (S) bool.
    meanings: per meaning the caption ids, the mirrored caption ids, and the ids of both kinds.
    limbs: for each span what is said of the limbs and of their mirror image.
    captions, sentence (U, width of the sentence model) float16, words (U, LEXICON_COUNT) float32,
    caption_facts (U, `MOST`) int32: what a description is made of, -1 for nothing.
    sentence_model: name or path of the model behind `sentence`. sha256: of all but the features,
    which tells one preparation from another.
    """

    features: np.ndarray
    bounds: np.ndarray
    spans: np.ndarray
    span_bounds: np.ndarray
    real: np.ndarray
    meanings: list[tuple[list[int], list[int], int, int]]
    limbs: list[tuple[Limbs, Limbs]]
    captions: list[str]
    caption_facts: np.ndarray
    sentence: np.ndarray
    words: np.ndarray
    sentence_model: str
    sha256: str


class _Table:
    """Ids in order of appearance."""

    def __init__(self) -> None:
        self.ids: dict[object, int] = {}

    def __getitem__(self, name: object) -> int:
        return self.ids.setdefault(name, len(self.ids))


class Writer:
    """Collects sequences and writes the folder; spans and captions of `removed` are left out.

    `sentence`: the sentence model, by name or as a folder. Raises ModelError if it is none.
    """

    def __init__(
        self, folder: Path, *, removed: Removal = NOTHING, sentence: str = SENTENCE_NAME
    ) -> None:
        self._encoder = models.find(sentence)
        self._encoder.sentence()
        known = sentence in (*places.bundled(), *places.added())
        self._sentence = sentence if known else str(Path(sentence).resolve())
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._removed = removed
        self._features = (folder / "features.f16").open("wb")
        self._bounds, self._span_bounds = [0], [0]
        self._spans: list[tuple[int, int, int, int]] = []
        self._real: list[bool] = []
        self._captions, self._meanings, self._kinds = _Table(), _Table(), _Table()
        self._facts = _Table()
        self._limbs: list[tuple[Limbs, Limbs]] = []
        self._caption_facts: dict[int, list[int]] = {}

    def add(self, sequences: Iterable[Sequence], *, real: bool) -> int:
        """Compute features as the live service does; gives the number of sequences added."""
        before = len(self._real)
        for sequence in sequences:
            rows = features.offline(sequence.joints[None].astype(np.float32))[0]
            self._features.write(rows.astype(np.float16).tobytes())
            index = len(self._real)
            for span in filter(None, map(self._removed.kept, sequence.spans)):
                self._spans.append((index, span.start, span.end, self._meaning(span)))
                self._limbs.append((self._said(span, str), self._said(span, mirror_text)))
            self._bounds.append(self._bounds[-1] + len(rows))
            self._span_bounds.append(len(self._spans))
            self._real.append(real)
        return len(self._real) - before

    def _meaning(self, span: Span) -> int:
        captions = tuple(self._captions[text] for text in span.captions)
        mirrored = tuple(self._captions[text] for text in span.mirrored)
        own = self._kinds[span.kind.lower()]
        swapped = lexicon.mirror(span.kind)
        if captions != mirrored and swapped == span.kind.lower():
            swapped = f"mirror of {swapped}"
        other = own if captions == mirrored else self._kinds[swapped]
        return self._meanings[(captions, mirrored, own, other)]

    def _said(self, span: Span, swap: Callable[[str], str]) -> Limbs:
        """What is said of a span's limbs, with left and right as `swap` turns them."""
        descriptions = [self._description(said, swap) for said in span.descriptions]
        return Limbs(tuple(descriptions), tuple(self._facts[swap(fact)] for fact in span.facts))

    def _description(self, said: Description, swap: Callable[[str], str]) -> int:
        caption = self._captions[swap(said.text)]
        self._caption_facts[caption] = [self._facts[swap(fact)] for fact in said.facts]
        return caption

    def close(self) -> None:
        """Embed the captions and write everything."""
        self._features.close()
        texts = [str(text) for text in self._captions.ids]
        facts = np.full((len(texts), MOST), -1, np.int32)
        for caption, made_of in self._caption_facts.items():
            facts[caption, : len(made_of)] = made_of
        np.savez(
            self._folder / "arrays.npz",
            bounds=np.array(self._bounds, np.int64),
            spans=np.array(self._spans, np.int32).reshape(-1, 4),
            span_bounds=np.array(self._span_bounds, np.int64),
            real=np.array(self._real),
            sentence=_embed(texts, self._encoder, self._folder.parent / "sentences.npz"),
            words=lexicon.features(texts),
            caption_facts=facts,
        )
        said = {"captions": texts, "meanings": list(self._meanings.ids)}
        said |= {"limbs": self._limbs, "sentence_model": self._sentence}
        (self._folder / "texts.json").write_text(json.dumps(said))


def _embed(texts: list[str], encoder: models.ModelFolder, known: Path) -> np.ndarray:
    """Sentence embeddings (n, width) float16; those that the same model made before are read from
    the file `known`."""
    table: dict[str, np.ndarray] = {}
    if known.exists():
        with np.load(known) as stored:
            if "sha256" in stored and stored["sha256"].item() == encoder.sha256:
                table = dict(zip(stored["texts"].tolist(), stored["rows"], strict=True))
    new = sorted({lexicon.plain(text) for text in texts} - table.keys())
    if new:
        rows = SentenceEncoder(encoder, threads=2).encode(new)
        table.update(zip(new, rows.astype(np.float16), strict=True))
        found = {"texts": np.array(list(table)), "rows": np.stack(list(table.values()))}
        np.savez(known, sha256=np.array(encoder.sha256), **found)
    return np.stack([table[lexicon.plain(text)] for text in texts])


def read(folder: Path) -> Corpus:
    """Open a prepared folder."""
    with np.load(folder / "arrays.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    said = (folder / "texts.json").read_bytes()
    texts = json.loads(said)
    rows = np.memmap(folder / "features.f16", np.float16, "r").reshape(-1, features.FEATURE_COUNT)
    digest = hashlib.sha256(said)
    for name in ("bounds", "spans", "sentence", "caption_facts"):
        digest.update(arrays[name].tobytes())
    return Corpus(
        features=rows,
        meanings=[tuple(meaning) for meaning in texts["meanings"]],
        limbs=[(Limbs(*own), Limbs(*mirror)) for own, mirror in texts["limbs"]],
        captions=texts["captions"],
        sentence_model=texts.get("sentence_model", SENTENCE_NAME),
        sha256=digest.hexdigest(),
        **arrays,
    )
