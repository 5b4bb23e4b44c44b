"""Texts to unit vectors in a motion model's space: tokenizer, sentence model, lexicon, adapter.

The sentence model is frozen and shared; the adapter belongs to one motion model. Used by one
thread at a time.
"""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from engines import lexicon, models
from engines.errors import ModelError, PromptError
from engines.runtime import Graph

Floats = npt.NDArray[np.float32]
BATCH: Final = 64
CACHE_SIZE: Final = 4096


class SentenceEncoder:
    """A frozen sentence model: texts `(n)` to unit rows `(n, dim)`."""

    def __init__(self, folder: models.ModelFolder, *, threads: int = 1) -> None:
        """Load. Raises ModelError if the folder has no text tower of its own or is damaged."""
        manifest = folder.manifest
        if not isinstance(manifest, models.WindowManifest):
            manifest = folder.sentence()
        self.dim = manifest.dim
        self._graph = Graph(folder.path("model"), threads=threads)
        self._tokenizer = Tokenizer.from_file(str(folder.path("tokenizer")))
        self._tokenizer.enable_truncation(manifest.max_tokens)
        self._tokenizer.enable_padding()

    def encode(self, texts: Sequence[str]) -> Floats:
        """Embed texts, in batches of similar length so that padding stays short."""
        rows = np.empty((len(texts), self.dim), np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            encodings = self._tokenizer.encode_batch([texts[index] for index in batch])
            ids = np.array([encoding.ids for encoding in encodings], np.int64)
            mask = np.array([encoding.attention_mask for encoding in encodings], np.int64)
            rows[batch] = self._graph.run(input_ids=ids, attention_mask=mask)["sentence"]
        return rows


class TextEncoder:
    """Texts to unit rows of a motion model's embedding space, cached by text.

    `known`: unit rows `(N, D)` of texts that the model was trained on, None if it does not say.
    """

    def __init__(self, folder: models.ModelFolder, *, threads: int = 1) -> None:
        """Load a motion model's adapter and the sentence model that it names, or its text tower.

        Raises ModelError if a folder is missing or damaged, or made for another lexicon.
        """
        self._cache: OrderedDict[str, Floats] = OrderedDict()
        self.known: Floats | None = None
        self._adapter: Graph | None = None
        if isinstance(folder.manifest, models.WindowManifest):
            self._sentences = SentenceEncoder(folder, threads=threads)
            self.dim = self._sentences.dim
            return
        manifest = folder.motion()
        if manifest.text.lexicon_count != lexicon.LEXICON_COUNT:
            raise ModelError(
                f"model {manifest.name!r} was made with {manifest.text.lexicon_count} lexicon "
                f"features, this version has {lexicon.LEXICON_COUNT}: use the model of this version"
            )
        self.dim = manifest.encoder.dim
        self._sentences = SentenceEncoder(
            models.find(manifest.text.sentence_model), threads=threads
        )
        self._adapter = Graph(folder.path("text"), threads=threads)
        if "known" in manifest.files:
            self.known = _rows(folder.path("known"), self.dim)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows `(n, D)` of texts. Raises PromptError for an empty text."""
        if any(not text.strip() for text in texts):
            raise PromptError("a text is empty: describe an action, for example 'waves'")
        known = {text: self._cache[text] for text in texts if text in self._cache}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._embed(new), strict=True))
        self._remember(known)
        rows = [known[text] for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dim), np.float32)

    def _embed(self, texts: list[str]) -> Floats:
        if self._adapter is None:
            return self._sentences.encode(texts)
        sentence = self._sentences.encode([lexicon.plain(text) for text in texts])
        rows: Floats = self._adapter.run(sentence=sentence, lexicon=lexicon.features(texts))["text"]
        return rows

    def _remember(self, rows: dict[str, Floats]) -> None:
        for text, row in rows.items():
            self._cache[text] = row
            self._cache.move_to_end(text)
        while len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)


def _rows(path: Path, dim: int) -> Floats:
    """Rows `(N, dim)` of a file. Raises ModelError if it holds anything else."""
    try:
        rows = np.load(path)
    except ValueError as error:
        raise ModelError(f"model file {path} is no numpy array: {error}") from error
    if rows.ndim != 2 or rows.shape[1] != dim or not len(rows):
        raise ModelError(f"model file {path} has the shape {rows.shape}, expected (N, {dim})")
    floats: Floats = rows.astype(np.float32)
    return floats
