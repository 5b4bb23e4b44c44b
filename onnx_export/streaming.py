"""The motion encoder as it runs live: every member's rows side by side, the past from outside.

Same numbers as `training.network.Encoders` gives of a whole sequence. A convolution is one product
for all members; a member's dense layers are products of its own, which the runtime packs once.
Two graphs of the same weights: `StepEncoder` for one new frame, which reads no row of the past that
its convolutions do not meet, and `ChunkEncoder` for any number of frames.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from training import network


class _Joined(nn.Module):
    """Members side by side: member m owns the m-th part of a row's columns."""

    mean: Tensor
    scale: Tensor

    def __init__(self, encoders: network.Encoders) -> None:
        super().__init__()
        self.members = encoders.members
        blocks = list(zip(*(member.blocks for member in self.members), strict=True))
        self.dilations = [same[0].dilation for same in blocks]
        self.gain = _frozen(torch.cat([own.gain for own in same]) for same in blocks)
        self.register_buffer("mean", torch.cat([member.mean for member in self.members]))
        self.register_buffer("scale", torch.cat([member.scale for member in self.members]))

    def stem(self, features: Tensor) -> Tensor:
        """Features `(n, F)` to rows `(n, W)`."""
        each = network.normal(features.repeat(1, len(self.members)), self.mean, self.scale)
        return torch.cat([member.stem(own) for member, own in self._apart(each)], dim=1)

    def after(self, block: int, rows: Tensor, mixed: Tensor) -> Tensor:
        """Rows `(n, W)` after a block, from what its convolution made of them."""
        new = [member.blocks[block].dense(own) for member, own in self._apart(mixed)]
        return rows + self.gain[block] * torch.cat(new, dim=1)

    def end(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Rows `(n, W)` to unit values `(n, D)` and attention `(n,)`."""
        normed = [(member, member.norm(own)) for member, own in self._apart(rows)]
        values = torch.stack([member.value(own) for member, own in normed], dim=1)
        logits = torch.cat([member.attention(own) for member, own in normed], dim=1)
        joined = network.unit(values) * len(self.members) ** -0.5
        return joined.flatten(1), network.calm(logits).mean(dim=1)

    def taps_of(self, block: int) -> Tensor:
        """Taps `(kernel, W)` of all members, the oldest row's first."""
        return torch.cat([member.blocks[block].taps for member in self.members], dim=1).detach()

    def _apart(self, rows: Tensor) -> list[tuple[Any, Tensor]]:
        """Each member with its own columns of rows `(n, W)`."""
        parts = rows.split(rows.shape[1] // len(self.members), dim=1)
        return list(zip(self.members, parts, strict=True))


class StepEncoder(_Joined):
    """One frame: features `(B, F)` and the rows of the past that it meets `(blocks * met, B, W)`.

    These are, block by block, the rows 4, 3, 2 and 1 times its dilation ago (for a kernel of 5).
    Gives unit values `(B, D)`, attention `(B,)` and the new rows `(B, blocks * W)`.
    """

    ones: Tensor

    def __init__(self, encoders: network.Encoders) -> None:
        super().__init__(encoders)
        taps = torch.stack([self.taps_of(block) for block in range(len(self.dilations))])
        self.met = taps.shape[1] - 1
        self.old = nn.Parameter(taps[:, :-1].flatten(0, 1)[:, None])
        self.new = _frozen(taps[:, -1])
        self.register_buffer("ones", torch.ones(1, 1, self.met))

    def forward(self, features: Tensor, past: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        people, blocks = features.shape[0], len(self.dilations)
        # A product with ones: the runtime takes four times as long for a sum over an outer axis.
        met = self.ones @ (past * self.old).reshape(blocks, self.met, -1)
        rows, seen = self.stem(features), []
        for block, before in enumerate(met.reshape(blocks, people, -1).unbind()):
            seen.append(rows)
            rows = self.after(block, rows, before + rows * self.new[block])
        return *self.end(rows), torch.cat(seen, dim=1)


class ChunkEncoder(_Joined):
    """Frames: features `(T, B, F)` and each block's rows before them `(reach, B, W)`.

    Gives unit values `(T, B, D)`, attention `(T, B)` and the new rows `(T, B, blocks * W)`.
    """

    def __init__(self, encoders: network.Encoders) -> None:
        super().__init__(encoders)
        self.taps = _frozen(self.taps_of(block) for block in range(len(self.dilations)))

    def forward(self, features: Tensor, past: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        frames, people, count = features.shape
        rows, seen = self.stem(features.reshape(-1, count)), []
        for block, before in enumerate(past):
            seen.append(rows.reshape(frames, people, -1))
            mixed = self._convolved(block, torch.cat([before, seen[-1]]), frames)
            rows = self.after(block, rows, mixed.flatten(0, 1))
        values, attention = self.end(rows)
        return (
            values.reshape(frames, people, -1),
            attention.reshape(frames, people),
            torch.cat(seen, dim=2),
        )

    def _convolved(self, block: int, both: Tensor, frames: int) -> Tensor:
        """Rows of the past and new ones `(reach + T, B, W)`, mixed for each new one `(T, B, W)`."""
        taps, dilation = self.taps[block], self.dilations[block]
        mixed = both[:frames] * taps[0]
        for tap in range(1, len(taps)):
            mixed = mixed + both[tap * dilation : tap * dilation + frames] * taps[tap]
        return mixed


def _frozen(parts: Iterable[Tensor]) -> nn.ParameterList:
    return nn.ParameterList(nn.Parameter(part.detach().clone()) for part in parts)
