"""Training batches from a corpus: crops, mirrored half of the time, captions drawn afresh."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engines.motion import layout
from training.corpus import Corpus

LOOSEST = 16  # frames that a span may reach into its neighbours
TIGHTEST = 0.3  # share of a span that may be missing at either end
PLAINER = 1.5  # captions come plainest first: the larger, the more often those are drawn
DESCRIBED = 0.35  # share of second captions and of the bank that say what the limbs do
SHORTEST = 6  # frames; shorter remains of a span are not used


class Said(NamedTuple):
    """All that fits a span: ids of its captions, and of facts that its descriptions may have."""

    captions: list[int]
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """features (B, T, F); per span: sequence (P), start, end, kind, and caption ids.

    positive (P, 2): two captions of it; opposite (P): a caption of its mirror image, or -1.
    other (P): kind of the mirror image. bank (N): captions of anything; bank_kind (N).
    said: what fits each span.
    """

    features: np.ndarray
    sequence: np.ndarray
    start: np.ndarray
    end: np.ndarray
    kind: np.ndarray
    other: np.ndarray
    positive: np.ndarray
    opposite: np.ndarray
    bank: np.ndarray
    bank_kind: np.ndarray
    said: list[Said]


class Sampler:
    """Batches without end, the same for the same seed."""

    def __init__(
        self, corpus: Corpus, *, seed: int, frames: int, ahead: int, real_share: float
    ) -> None:
        self._corpus = corpus
        self._random = np.random.default_rng(seed)
        self._frames, self._ahead = frames, ahead
        usable = np.diff(corpus.span_bounds) > 0
        self._synthetic = np.flatnonzero(usable & ~corpus.real)
        self._real = np.flatnonzero(usable & corpus.real)
        self._real_share = real_share if len(self._real) else 0.0

    def draw(self, size: int, bank: int) -> Batch:
        """A batch of `size` crops and `bank` extra captions."""
        random = self._random
        rows = np.zeros((size, self._frames + self._ahead, len(layout.COLUMNS)), np.float32)
        spans: list[tuple[int, ...]] = []
        said: list[Said] = []
        for index in range(size):
            pool = self._real if random.random() < self._real_share else self._synthetic
            spans += self._crop(index, int(pool[random.integers(len(pool))]), rows[index], said)
        extra = [self._any() for _ in range(bank)]
        table = np.array(spans, np.int64).reshape(-1, 9)
        return Batch(
            features=rows,
            sequence=table[:, 0],
            start=table[:, 1],
            end=table[:, 2],
            kind=table[:, 3],
            other=table[:, 4],
            positive=table[:, 5:7],
            opposite=table[:, 7],
            bank=np.array([caption for caption, _ in extra], np.int64),
            bank_kind=np.array([kind for _, kind in extra], np.int64),
            said=said,
        )

    def _any(self) -> tuple[int, int]:
        """A caption of any span, and its kind."""
        at = int(self._random.integers(len(self._corpus.spans)))
        captions, _, kind, _ = self._corpus.meanings[self._corpus.spans[at, 3]]
        described = self._corpus.limbs[at][0].descriptions
        known = described if described and self._random.random() < DESCRIBED else captions
        return known[self._random.integers(len(known))], kind

    def _crop(
        self, index: int, chosen: int, out: np.ndarray, said: list[Said]
    ) -> list[tuple[int, ...]]:
        """Fill one row of the batch; give its spans, and add what can be said of each."""
        corpus, random = self._corpus, self._random
        begin, end = corpus.bounds[chosen], corpus.bounds[chosen + 1]
        slack = max(int(end - begin) - self._frames, 0)
        shift = int(random.integers(slack + 1))
        stored = corpus.features[begin + shift : min(begin + shift + len(out), end)]
        piece = np.asarray(stored, np.float32)
        mirrored = random.random() < 0.5
        out[: len(piece)] = piece[:, layout.MIRROR] * layout.MIRROR_SIGNS if mirrored else piece
        out[len(piece) :] = out[len(piece) - 1]
        rows = []
        first, last = corpus.span_bounds[chosen], corpus.span_bounds[chosen + 1]
        for at in range(first, last):
            _, start, stop, meaning = corpus.spans[at]
            low, high = max(start - shift, 0), min(stop - shift, self._frames)
            if high - low < max(SHORTEST, 0.5 * (stop - start)):
                continue
            low, high = self._loose(low, high)
            rows.append((index, low, high, *self._words(at, mirrored), 0))
            said.append(Said(corpus.meanings[meaning][mirrored], corpus.limbs[at][mirrored].facts))
        return rows

    def _loose(self, low: int, high: int) -> tuple[int, int]:
        """Boundaries as people set them: a third of the time something before and after is inside,
        a third of the time getting ready and getting back are not."""
        random = self._random
        way = random.random()
        if way < 1 / 3:
            before, after = random.integers(min(LOOSEST, (high - low) // 3) + 1, size=2)
            return max(low - int(before), 0), min(high + int(after), self._frames)
        if way < 2 / 3 and high - low >= 2 * SHORTEST:
            before, after = (random.random(2) * TIGHTEST * (high - low)).astype(int)
            tight = low + int(before), high - int(after)
            return tight if tight[1] - tight[0] >= SHORTEST else (low, high)
        return low, high

    def _words(self, at: int, mirrored: bool) -> tuple[int, ...]:
        """Kind, kind of the mirror image, two captions, one caption of the mirror image or -1."""
        captions, swapped, kind, other = self._corpus.meanings[self._corpus.spans[at, 3]]
        limbs, turned = self._corpus.limbs[at]
        if mirrored:
            captions, swapped, kind, other = swapped, captions, other, kind
            limbs, turned = turned, limbs
        random = self._random
        one, two = (len(captions) * random.random(2) ** PLAINER).astype(int)
        first, second, opposite = captions[one], captions[two], swapped[one]
        if limbs.descriptions and random.random() < DESCRIBED:
            two = int(random.integers(len(limbs.descriptions)))
            second = limbs.descriptions[two]
            opposite = opposite if opposite != first else turned.descriptions[two]
        return kind, other, first, second, -1 if opposite in (first, second) else opposite


def fits(captions: np.ndarray, said: list[Said], corpus: Corpus) -> np.ndarray:
    """(P, N): whether caption n is one of span p's own, or a description whose facts all hold."""
    made_of = corpus.caption_facts[captions]
    describes = (made_of >= 0).any(axis=1)
    return np.stack(
        [
            np.isin(captions, own) | describes & np.isin(made_of, (*facts, -1)).all(axis=1)
            for own, facts in said
        ]
    )
