"""The bundled CLIP as it is trained: onnx_export's vision tower with gradients, and the adapter.

The tower's own forward is for export; here the same weights give what losses need, for a part of
the patches if wished (FLIP, arXiv 2212.00794).
"""

from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.video.weights import DEPTH, DYNAMIC_LAYERS, STATIC
from onnx_export.clip import Block, Vision, sharpness_of

SENTENCE_DIM: Final = 384
CONFIG: Final[dict[str, Any]] = {
    "embed_dim": 192,
    "quick_gelu": False,
    "vision_cfg": {
        "image_size": 144, "patch_size": 12, "layers": 8, "width": 192, "head_width": 32,
        "mlp_ratio": 4.0,
    },
}  # fmt: skip
MEAN: Final = (0.5, 0.5, 0.5)
STD: Final = (0.25, 0.25, 0.25)
SHARPER: Final = 4.0
"""GEM's temperature follows the token norm and is too flat at small widths: norms before attention
start that much larger and their weights that much smaller, which leaves the plain ViT as it was."""


class Adapter(nn.Module):
    """Sentence vectors to the joint space; linear, so that parts of a sentence stay parts."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.linear = nn.Linear(SENTENCE_DIM, dim)

    def forward(self, sentence: Tensor) -> Tensor:
        """Unit rows `(P, 384)` to unit rows `(P, dim)`."""
        return F.normalize(self.linear(sentence), dim=-1)


@dataclass(frozen=True, slots=True)
class Seen:
    """Unit patch embeddings `(B, M, E)` of the GEM path, unit image embeddings `(B, E)`, and the
    plain path's tokens before the last block `(B, M, C)`.
    """

    patches: Tensor
    image: Tensor
    tokens: Tensor


class Clip(nn.Module):
    """Vision tower and text adapter in one space."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.config = config
        self.vision = Vision(config)
        self.adapter = Adapter(config["embed_dim"])
        self._begin()

    def forward(
        self, pixels: Tensor, weights: Tensor, *, keep: Tensor | None = None, exact: bool = True
    ) -> Seen:
        """Look at normalised `pixels (B, 3, S, S)` with layer weights `(B, 8)`.

        `keep (B, M)` names the patches to run; None runs all. Not `exact`: each patch attends to
        itself alone, which is GEM at its sharpest and costs next to nothing.
        """
        vision = self.vision
        grid = pixels.shape[-1] // vision.patch
        x = vision.tokens(pixels, vision.positional_embedding[1:].reshape(grid, grid, -1))
        if keep is not None:
            chosen = torch.cat([torch.zeros_like(keep[:, :1]), keep + 1], dim=1)
            x = x.gather(1, chosen[..., None].expand(-1, -1, x.shape[-1]))
        x, blocks = vision.ln_pre(x.transpose(0, 1)), vision.transformer.resblocks
        first = len(blocks) - DEPTH
        mixed, tokens = torch.zeros_like(x), x
        for index, block in enumerate(blocks):
            y = block.ln_1(x)
            q, k, v = block.attn.split(y)
            if index == first:
                mixed = weights[:, 0, None] * x
            if index >= first:
                share = weights[:, index - first + 1, None]
                mixed = mixed + share * _to_self(block, y, (q, k, v), exact=exact)
            tokens = x
            x = block.finish(x, block.attn.attend(q, k, v))
        patches = F.normalize(vision.ln_post(mixed) @ vision.proj, dim=-1)
        image = F.normalize(vision.ln_post(x[0]) @ vision.proj, dim=-1)
        return Seen(patches[1:].transpose(0, 1), image, tokens[1:].transpose(0, 1))

    def _begin(self) -> None:
        """Initial weights, as open_clip draws them, with sharper self-self attention."""
        vision = self.vision
        width = vision.width
        nn.init.trunc_normal_(vision.conv1.weight, std=(3 * vision.patch**2) ** -0.5)
        for parameter in (vision.class_embedding, vision.positional_embedding, vision.proj):
            nn.init.normal_(parameter, std=width**-0.5)
        for block in vision.transformer.resblocks:
            nn.init.normal_(block.attn.in_proj_weight, std=width**-0.5 / SHARPER)
            nn.init.constant_(block.ln_1.weight, SHARPER)
            nn.init.zeros_(block.attn.in_proj_bias)
            for linear in (block.attn.out_proj, block.mlp.c_proj):
                nn.init.normal_(linear.weight, std=width**-0.5 * 0.25)
                nn.init.zeros_(linear.bias)
            nn.init.normal_(block.mlp.c_fc.weight, std=(2 * width) ** -0.5)
            nn.init.zeros_(block.mlp.c_fc.bias)


def _to_self(block: Block, y: Tensor, qkv: tuple[Tensor, ...], *, exact: bool) -> Tensor:
    """GEM's self-self attention `(N, B, C)` of a block, from the parts of its plain attention."""
    q, k, v = qkv
    if not exact:
        return block.attn.join(v)
    return block.attn.attend_to_self(q, k, v, sharpness_of(y, q))


def layer_weights(count: int, generator: torch.Generator) -> Tensor:
    """Layer weights `(B, 8)` of every kind that the engine knows, drawn for each image.

    The dynamic part, which depends on the prompt, is drawn evenly from all shares.
    """
    static = torch.tensor(STATIC).expand(count, -1)
    flat = torch.rand(count, 1, generator=generator) < 0.3
    base = torch.where(flat, torch.ones_like(static), static)
    cuts = torch.rand(count, DYNAMIC_LAYERS, generator=generator).clamp_min(1e-6).log()
    moved = cuts / cuts.sum(1, keepdim=True) - 1 / DYNAMIC_LAYERS
    moving = torch.rand(count, 1, generator=generator) < 0.5
    added = torch.where(moving, moved, torch.zeros_like(moved))
    return torch.cat([base[:, :-DYNAMIC_LAYERS], base[:, -DYNAMIC_LAYERS:] + added], dim=1)


def normalised(images: Tensor) -> Tensor:
    """uint8 RGB `(B, S, S, 3)` to float32 pixels `(B, 3, S, S)`."""
    mean, std = torch.tensor(MEAN) * 255, torch.tensor(STD) * 255
    return ((images.float() - mean) / std).permute(0, 3, 1, 2)
