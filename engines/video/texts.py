"""Texts to unit rows of a CLIP model, cached by text: tokenizer and text tower, or an adapter of
sentence vectors.

Used by one thread at a time; needs neither torch nor the library that the model came from.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from engines import models
from engines.errors import ModelError, PromptError
from engines.runtime import Graph
from engines.text import SentenceEncoder

Floats = NDArray[np.float32]
BATCH: Final = 32
CACHE_SIZE: Final = 4096


class ClipTexts:
    """The text side of a CLIP model."""

    def __init__(self, folder: models.ModelFolder, *, threads: int = 1, gpu: bool = False) -> None:
        """Load, and the sentence model, always for the CPU, if the manifest names one.

        Raises ModelError if a folder is missing, of another kind or damaged, or CUDA is not there
        for `gpu`.
        """
        manifest = folder.clip()
        self.dim = manifest.vision.dim
        self._name = manifest.name
        self._graph = Graph(folder.path("text"), threads=threads, gpu=gpu)
        self._cache: OrderedDict[str, Floats] = OrderedDict()
        self._sentences: SentenceEncoder | None = None
        if manifest.sentence_model:
            self._sentences = SentenceEncoder(models.find(manifest.sentence_model), threads=threads)
        self._tokenizer: Tokenizer | None = None
        if "tokenizer" in manifest.files:
            self._tokenizer = Tokenizer.from_file(str(folder.path("tokenizer")))
            self._tokenizer.enable_truncation(manifest.max_tokens)
            self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows `(n, E)`.

        Raises PromptError for an empty text, ModelError if the model has no tokenizer.
        """
        if any(not text.strip() for text in texts):
            raise PromptError("a text is empty: describe an action, for example 'cuts an onion'")
        known = {text: self._cache[text] for text in texts if text in self._cache}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            known.update(zip(batch, self._rows(batch), strict=True))
        self._remember(known)
        rows = [known[text] for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dim), np.float32)

    def tokens(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Token ids `(n, T)`, zeros behind the end, and the places of the end tokens `(n,)`."""
        if self._tokenizer is None:
            raise ModelError(
                f"model {self._name!r} came without a tokenizer: export it again with --tokenizer "
                "tokenizer.json, or give text rows instead of texts"
            )
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        rows = np.zeros((len(ids), max(2, *map(len, ids)) if ids else 2), np.int64)
        for row, tokens in zip(rows, ids, strict=True):
            row[: len(tokens)] = tokens
        return rows, np.array([len(tokens) - 1 for tokens in ids], np.int64)

    def embed(self, tokens: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
        """Unit rows `(n, E)` of token ids, padded behind their end tokens."""
        rows: Floats = self._graph.run(tokens=tokens, ends=ends)["text"]
        return rows

    def _rows(self, texts: list[str]) -> Floats:
        if self._sentences is None:
            return self.embed(*self.tokens(texts))
        rows: Floats = self._graph.run(sentence=self._sentences.encode(texts))["text"]
        return rows

    def _remember(self, rows: dict[str, Floats]) -> None:
        for text, row in rows.items():
            self._cache[text] = row
            self._cache.move_to_end(text)
        while len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
