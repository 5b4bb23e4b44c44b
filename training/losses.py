"""What is minimised: contrast of segments and of frames against captions.

L_c of ZOMG 1.1 in both directions over pooled segments, the same over single frames, and a sigmoid
loss (after SigLIP) that gives cosines an absolute meaning for "none of these". Captions that mean
the same are no negatives; the same caption with left and right swapped always is one.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.network import MotionText

NOISE = 0.35  # length of what is added to sentence embeddings, whose own is one
ALIKE = 0.93  # cosine of sentence embeddings above which captions count as saying the same


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """A batch on the torch side; texts are columns: first captions, second, opposites, bank.

    sentence (N, 384), words (N, L), text_kind (N); fits (P, N): is the caption one of the span's
    own? Spans as in `batches.Batch`.
    """

    sentence: Tensor
    words: Tensor
    text_kind: Tensor
    sequence: Tensor
    start: Tensor
    end: Tensor
    kind: Tensor
    fits: Tensor


class Objective(nn.Module):
    """The loss and its own few parameters: temperatures, scale and bias of the sigmoid."""

    def __init__(self) -> None:
        super().__init__()
        self.log_temperature = nn.Parameter(torch.tensor([-2.6, -2.3]))  # segments, frames
        self.scale = nn.Parameter(torch.tensor(2.3))
        self.bias = nn.Parameter(torch.tensor(-6.0))

    def forward(
        self, model: MotionText, values: Tensor, attention: Tensor, targets: Targets
    ) -> dict[str, Tensor]:
        """Values (B, T, D) and attention (B, T), already aligned with the spans' frames."""
        sentence = targets.sentence
        if self.training:
            sentence = sentence + torch.randn_like(sentence) * (NOISE * sentence.shape[1] ** -0.5)
        words = targets.words
        if self.training:
            words = words * (torch.rand(len(words), 1) > 0.1)
        text = model.adapter(functional.normalize(sentence, dim=1), words)
        same = _same(targets)
        inside = _inside(targets, values.shape[1])
        pooled = pool(values[targets.sequence], attention[targets.sequence], inside)
        warm = self.log_temperature.clamp(-3.7, -1.5).exp()
        cosine = pooled @ text.T
        frames, owner = _frames(values, targets)
        return {
            "segment": _rows(cosine / warm[0], same) + _columns(cosine / warm[0], same),
            "frame": _rows(frames @ text.T / warm[1], same[owner], owner),
            "sigmoid": self._sigmoid(cosine, same),
        }

    def _sigmoid(self, cosine: Tensor, same: Tensor) -> Tensor:
        count = len(cosine)
        logits = self.scale.exp() * cosine + self.bias
        own = _own(count, cosine.shape[1])
        positive = functional.logsigmoid(logits[own]).mean()
        negative = functional.logsigmoid(-logits[~same]).sum() / count / 20
        return -(positive + negative)


def pool(values: Tensor, attention: Tensor, inside: Tensor) -> Tensor:
    """Attention pooling over the frames inside (P, T): (P, T, D) -> unit (P, D)."""
    weights = attention.masked_fill(~inside, -1e4).softmax(dim=1)
    return functional.normalize(torch.einsum("pt,ptd->pd", weights, values), dim=1)


def _inside(targets: Targets, count: int) -> Tensor:
    frame = torch.arange(count)
    return (frame >= targets.start[:, None]) & (frame < targets.end[:, None])


def _same(targets: Targets) -> Tensor:
    """(P, N): does caption n fit span p? By kind, by its captions, or by being worded alike."""
    count = len(targets.kind)
    sentence, words = targets.sentence, targets.words
    alike = (sentence[:count] @ sentence.T > ALIKE) & (torch.cdist(words[:count], words) < 0.5)
    return (targets.kind[:, None] == targets.text_kind[None]) | alike | targets.fits


def _own(count: int, width: int) -> Tensor:
    """(P, N): the two captions drawn for each span."""
    own = torch.zeros(count, width, dtype=torch.bool)
    index = torch.arange(count)
    own[index, index] = own[index, index + count] = True
    return own


def _rows(logits: Tensor, same: Tensor, owner: Tensor | None = None) -> Tensor:
    """Which caption belongs to this motion? Either of its own two, others alike left out."""
    count = len(logits)
    owner = torch.arange(count) if owner is None else owner
    spans = int(owner.max()) + 1
    masked = logits.masked_fill(same, -1e4)
    total = 0.0
    for shift in (0, spans):
        place = (owner + shift)[:, None]
        total = total + functional.cross_entropy(
            masked.scatter(1, place, logits.gather(1, place)), place[:, 0]
        )
    return total / 2


def _columns(logits: Tensor, same: Tensor) -> Tensor:
    """Which motion belongs to this caption?"""
    count = len(logits)
    index = torch.arange(count)
    total = 0.0
    for shift in (0, count):
        block, alike = logits[:, shift : shift + count].T, same[:, shift : shift + count].T
        block = block.masked_fill(alike & ~torch.eye(count, dtype=torch.bool), -1e4)
        total = total + functional.cross_entropy(block, index)
    return total / 2


def _frames(values: Tensor, targets: Targets, each: int = 6) -> tuple[Tensor, Tensor]:
    """Frames drawn from the inner part of every span: rows (P * each, D) and whose they are."""
    length = (targets.end - targets.start).float()
    where = targets.start[:, None] + length[:, None] * (0.15 + 0.8 * torch.rand(len(length), each))
    owner = torch.arange(len(length))[:, None].expand(-1, each).reshape(-1)
    frames = where.long().reshape(-1).clamp(max=values.shape[1] - 1)
    return values[targets.sequence[owner], frames], owner
