"""The torch modules that become ONNX graphs: the streaming motion encoder and the text adapter.

Causal all through: a row of output speaks of the input row `lookahead_frames` earlier, which
training arranges by shifting its targets. `onnx_export` imports this module only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.errors import ModelError

CALM = 1.5
"""Bound of the attention logits: no few frames may speak for a whole segment."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the two networks of each member, and how many members stand side by side."""

    features: int
    lexicon: int
    sentence: int = 384
    hidden: int = 768
    dim: int = 192
    width: int = 192
    kernel: int = 5
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1, 4, 2)
    expansion: int = 2
    lookahead_frames: int = 6
    members: int = 1

    @property
    def block_width(self) -> int:
        """Floats of a row in a block, all members side by side."""
        return self.members * self.width

    @property
    def row_size(self) -> int:
        """Floats of a row in the joint space."""
        return self.members * self.dim


class Block(nn.Module):
    """Residual: causal dilated depthwise convolution, norm, two dense layers (after ConvNeXt)."""

    def __init__(self, shape: Shape, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.past = (shape.kernel - 1) * dilation
        self.taps = nn.Parameter(torch.randn(shape.kernel, shape.width) * shape.kernel**-0.5)
        self.norm = nn.LayerNorm(shape.width)
        self.widen = nn.Linear(shape.width, shape.expansion * shape.width)
        self.narrow = nn.Linear(shape.expansion * shape.width, shape.width)
        self.gain = nn.Parameter(torch.full((shape.width,), 0.3))

    def forward(self, rows: Tensor) -> Tensor:
        """Rows (B, T, W) of a whole sequence, zeros before it."""
        count = rows.shape[1]
        both = functional.pad(rows, (0, 0, self.past, 0))
        mixed = both[:, :count] * self.taps[0]
        for tap in range(1, len(self.taps)):
            begin = tap * self.dilation
            mixed = mixed + both[:, begin : begin + count] * self.taps[tap]
        return rows + self.gain * self.dense(mixed)

    def dense(self, mixed: Tensor) -> Tensor:
        """What the block adds to its rows, before its gain."""
        hidden = functional.gelu(self.widen(self.norm(mixed)), approximate="tanh")
        narrowed: Tensor = self.narrow(hidden)
        return narrowed


class Encoder(nn.Module):
    """Features (B, T, F) of whole sequences to unit values (B, T, D) and attention (B, T)."""

    mean: Tensor
    scale: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("mean", torch.zeros(shape.features))
        self.register_buffer("scale", torch.ones(shape.features))
        self.stem = nn.Linear(shape.features, shape.width)
        self.blocks = nn.ModuleList(Block(shape, dilation) for dilation in shape.dilations)
        self.norm = nn.LayerNorm(shape.width)
        self.value = nn.Linear(shape.width, shape.dim)
        self.attention = nn.Linear(shape.width, 1)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        rows = self.stem(normal(features, self.mean, self.scale))
        for block in self.blocks:
            rows = block(rows)
        rows = self.norm(rows)
        return unit(self.value(rows)), calm(self.attention(rows)[..., 0])


class TextAdapter(nn.Module):
    """Sentence embeddings (n, 384) and lexicon features (n, L) to unit rows (n, D)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.sentence = nn.Linear(shape.sentence, shape.dim)
        self.lexicon = nn.Linear(shape.lexicon, shape.dim, bias=False)
        self.both = nn.Sequential(
            nn.Linear(shape.sentence + shape.lexicon, shape.hidden),
            nn.GELU(),
            nn.Dropout(0.3),
            nn.Linear(shape.hidden, shape.dim, bias=False),
        )

    def forward(self, sentence: Tensor, lexicon: Tensor) -> Tensor:
        mixed = self.both(torch.cat([sentence * 8, lexicon], dim=1))
        return unit(self.sentence(sentence * 8) + self.lexicon(lexicon) + mixed)


class Ensemble(nn.Module):
    """Members in one graph, their rows laid side by side: a cosine is the mean of theirs."""

    def __init__(self, members: Iterable[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def joined(self, rows: Sequence[Tensor]) -> Tensor:
        """Unit rows of each member to one unit row."""
        return torch.cat(tuple(rows), dim=-1) * len(rows) ** -0.5


class Encoders(Ensemble):
    """As `Encoder`: attention is the members' mean."""

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        given = [member(features) for member in self.members]
        values, attention = zip(*given, strict=True)
        return self.joined(values), torch.stack(attention).mean(dim=0)


class TextAdapters(Ensemble):
    """As `TextAdapter`."""

    def forward(self, sentence: Tensor, lexicon: Tensor) -> Tensor:
        return self.joined([member(sentence, lexicon) for member in self.members])


class MotionText(nn.Module):
    """Both sides of one member, as they are trained together."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape)
        self.adapter = TextAdapter(shape)


class Model(nn.Module):
    """What is exported: members that were trained apart, from other seeds, as one model."""

    def __init__(self, members: Sequence[MotionText]) -> None:
        super().__init__()
        self.shape = replace(members[0].shape, members=len(members))
        self.encoder = Encoders(member.encoder for member in members)
        self.adapter = TextAdapters(member.adapter for member in members)


def normal(features: Tensor, mean: Tensor, scale: Tensor) -> Tensor:
    """Features as the stem wants them: about as large as each other, none of them wild."""
    return ((features - mean) * scale).clamp(-6, 6)


def unit(rows: Tensor) -> Tensor:
    """Rows of length one."""
    return rows * torch.rsqrt((rows * rows).sum(-1, keepdim=True) + 1e-12)


def calm(logits: Tensor) -> Tensor:
    """Attention logits within `CALM`."""
    return CALM * torch.tanh(logits / CALM)


def save(model: MotionText, path: Path, **notes: Any) -> None:
    """Write a member's checkpoint: shape, weights and notes (plain numbers and texts)."""
    torch.save({"shape": asdict(model.shape), "weights": model.state_dict(), "notes": notes}, path)


def load_member(path: Path) -> tuple[MotionText, dict[str, Any]]:
    """Read a checkpoint: the member in evaluation mode, and its notes."""
    stored = torch.load(path, weights_only=True)
    shape = Shape(**{**stored["shape"], "dilations": tuple(stored["shape"]["dilations"])})
    model = MotionText(shape)
    model.load_state_dict(stored["weights"])
    return model.eval(), stored["notes"]


def checkpoint(folder: Path, seed: int) -> Path:
    """Where the member of a seed lies."""
    return folder / f"seed-{seed}.pt"


def load(folder: Path, seeds: Iterable[int]) -> tuple[Model, dict[str, Any]]:
    """The model of the members of these seeds, and the notes of the first; others in the folder
    are left alone. Raises FileNotFoundError if one is missing, ModelError if they were not trained
    on the same data."""
    paths = [checkpoint(folder, seed) for seed in seeds]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise FileNotFoundError(f"no checkpoint {', '.join(missing)}: train these seeds first")
    members, notes = zip(*map(load_member, paths), strict=True)
    if len({each.get("corpus") for each in notes}) > 1:
        names = ", ".join(path.name for path in paths)
        raise ModelError(f"{names} in {folder} were trained on different data: train all anew")
    return Model(members).eval(), notes[0]
