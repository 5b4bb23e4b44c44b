"""What the bundled CLIP is taught: which patches are whose action, and what an image shows.

Localisation is supervised: the renderer knows which patch is which actor.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.clip import texts
from training.clip.network import Seen

ACTOR = 0.3
"""A patch belongs to an actor who covers that share of it."""
_TABLES = tuple(
    slice(sum(texts.COUNTS[:i]), sum(texts.COUNTS[: i + 1])) for i in range(len(texts.COUNTS))
)

_OBJECT = 2
"""The table of objects."""


@dataclass(frozen=True, slots=True)
class Targets:
    """cover (B, A, 2, N) float: the share of patches that is an actor, their object; classes
    (B, A, 4), -1 none.
    """

    cover: Tensor
    classes: Tensor

    def members(self) -> Tensor:
        """Which classes each actor is of: (B, A, CLASSES) float."""
        hot = F.one_hot(self.classes.clamp_min(0), texts.CLASSES) * (self.classes >= 0)[..., None]
        return hot.sum(2).float()


class Objective(nn.Module):
    """The losses, their temperatures and the heads that only training has."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.sharpness = nn.Parameter(torch.tensor([2.7, 2.7, 2.7]))
        self.bias = nn.Parameter(torch.tensor([-6.0, -4.0, -10.0]))
        self.plain = nn.Linear(width, texts.COUNTS[1] + texts.COUNTS[2] + 2)

    def forward(self, seen: Seen, text: Tensor, targets: Targets) -> dict[str, Tensor]:
        """Losses by name, for unit text rows `(CLASSES, E)`."""
        members = targets.members()
        sharp = self.sharpness.exp().clamp(max=60.0)
        logits = sharp[0] * (seen.patches @ text.T).float()
        present = members.amax(1)
        return {
            "point": _pointing(logits, members, targets.cover[:, :, 0]),
            "name": _naming(logits, targets),
            "peak": _presence(_peak(sharp[1] / sharp[0] * logits) + self.bias[0], present),
            "image": _presence(sharp[2] * (seen.image @ text.T).float() + self.bias[1], present),
            "bound": self._bound(seen, text, members, sharp),
            "plain": self._plain(seen.tokens, targets),
        }

    def _bound(self, seen: Seen, text: Tensor, members: Tensor, sharp: Tensor) -> Tensor:
        """Whether somebody does an action with its object, asked as the engine asks: by the mean of
        action, verb and object, of the best patch and of the image.

        The verb of one actor with the object of another is absent; such near misses count as much
        as all other absent actions.
        """
        parts = torch.from_numpy(texts.parts())
        paired = (parts[:, 0] >= 0).nonzero()[:, 0]
        parts = parts[paired]
        asked = (text[paired] + text[parts].sum(1)) / 3
        logits = _peak(sharp[1] * (seen.patches @ asked.T).float())
        logits = logits + sharp[2] * (seen.image @ asked.T).float() + self.bias[2]
        present = members[:, :, paired].amax(1)
        near = members[:, :, parts].amax((1, 3)) - present
        loss = F.binary_cross_entropy_with_logits(logits, present, reduction="none")
        return _mean(loss, present) + _mean(loss, near) + _mean(loss, 1 - present - near)

    def _plain(self, tokens: Tensor, targets: Targets) -> Tensor:
        """Verb and object of an actor's patches, and what covers a patch, from the plain path."""
        guess = self.plain(tokens).float()
        cover = targets.cover
        occupied = F.binary_cross_entropy_with_logits(
            guess[..., -2:], cover.amax(1).transpose(1, 2).clamp(0, 1)
        )
        total = occupied
        verbs, things = texts.COUNTS[1], texts.COUNTS[2]
        for column, span, start in (
            (1, slice(0, verbs), _TABLES[1].start),
            (2, slice(verbs, verbs + things), _TABLES[2].start),
        ):
            wanted = targets.classes[..., column]
            image, actor, patch = ((cover[:, :, 0] > ACTOR) & (wanted >= 0)[..., None]).nonzero(
                as_tuple=True
            )
            total = total + F.cross_entropy(guess[image, patch, span], wanted[image, actor] - start)
        return total


def composing(whole: Tensor, text: Tensor, parts: Tensor) -> Tensor:
    """A verb with an object should lie between the two: rows (C, E) of pairs, (CLASSES, E) of all.

    This is what carries over to pairs that were never seen.
    """
    between = F.normalize(text[parts].sum(1), dim=-1)
    return 1 - (whole * between).sum(-1).mean()


def composed(text: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Rows (CLASSES, E) with a share of the actions said as the mean of their verb and object.

    Patches then learn to show both parts, and pairs that were never seen are found by them.
    """
    parts = torch.from_numpy(texts.parts())
    chosen = (torch.rand(len(parts), generator=generator) < share) & (parts[:, 0] >= 0)
    between = F.normalize(text[parts.clamp_min(0)].sum(1), dim=-1)
    actions = torch.where(chosen[:, None], between, text[: len(parts)])
    return torch.cat([actions, text[len(parts) :]])


def _pointing(logits: Tensor, members: Tensor, cover: Tensor) -> Tensor:
    """Of a text that fits somebody, the softmax over patches should lie on whom it fits."""
    theirs = torch.einsum("bac,ban->bcn", members, cover).clamp(0, 1)
    image, named = members.amax(1).nonzero(as_tuple=True)
    over = logits[image, :, named]
    inside = over + (theirs[image, named] + 1e-4).log()
    return (over.logsumexp(1) - inside.logsumexp(1)).mean()


def _naming(logits: Tensor, targets: Targets) -> Tensor:
    """Each actor's patches together should tell their action, verb and object from all others.

    Of the object, its own patches count as much as the whole actor, so that it is known by its
    looks, not only by what people do with it.
    """
    cover, thing = targets.cover.unbind(2)
    whole = _shares((cover - 0.1).clamp_min(0))
    pooled = torch.einsum("ban,bnc->bac", whole, logits)
    things = torch.einsum("ban,bnc->bac", _shares(whole + _shares(thing)), logits)
    total = logits.new_zeros(())
    for column, table in enumerate(_TABLES):
        wanted = targets.classes[..., column]
        there = wanted >= 0
        guess = (things if column == _OBJECT else pooled)[there][:, table]
        total = total + F.cross_entropy(guess, wanted[there] - table.start)
    return total / len(_TABLES)


def _shares(cover: Tensor) -> Tensor:
    """Rows (..., N) that sum to one, or nothing but zeros."""
    return cover / cover.sum(-1, keepdim=True).clamp_min(1e-6)


def _peak(logits: Tensor) -> Tensor:
    """A soft maximum over patches: (B, CLASSES)."""
    return logits.logsumexp(1)


def _presence(logits: Tensor, present: Tensor) -> Tensor:
    """Each class is there or not, a few of many: both kinds count the same."""
    loss = F.binary_cross_entropy_with_logits(logits, present, reduction="none")
    return _mean(loss, present) + 2 * _mean(loss, 1 - present)


def _mean(loss: Tensor, chosen: Tensor) -> Tensor:
    """Mean over where `chosen` is 1; 0 if it is nowhere."""
    return (loss * chosen).sum() / chosen.sum().clamp_min(1)
