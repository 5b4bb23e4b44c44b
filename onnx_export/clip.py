"""The towers of a CLIP model as torch modules made for export: prompt-free GEM vision, and text.

Formulas: GEM (arXiv 2312.00878), VideoGEM (arXiv 2503.20348). Prompts and dynamic weights stay
outside: the vision tower gives each patch's projected maps and their Gram sums, from which
`engines.video.head` computes every similarity exactly. Parameter names are open_clip's, so a
state dict loads as it is. The residual stream, norms, softmax and sums are float32 whatever the
weights are; only products with weights and attention run in the weights' own type.

Inside, tokens come first, `(N, B, C)`: the heads of all images are then one axis beside them, and
the runtime reads them where they lie, without a transposition before each product.
"""

from collections import OrderedDict
from itertools import pairwise
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.video.weights import DEPTH, DYNAMIC_LAYERS, STATIC

HEAD_WIDTH: Final = 64
SMALLEST_NORM: Final = 1e-12


class QuickGELU(nn.Module):
    """OpenAI's cheap GELU."""

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(1.702 * x)


class Scale(nn.Module):
    """LayerScale."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.empty(width))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gamma


class Attention(nn.Module):
    """Multi-head attention spelt out, so that queries, keys and values can be had apart."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.empty(3 * width))
        self.out_proj = nn.Linear(width, width)

    def split(self, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`(N, B, C)` to the heads of queries, keys and values, each `(N, B * heads, d)`."""
        y, width = y.to(self.in_proj_weight.dtype), y.shape[-1]
        # Three products, not one: nothing has to be cut apart and copied behind it.
        q, k, v = (self._heads(y, slice(i * width, (i + 1) * width)) for i in range(3))
        return q, k, v

    def attend(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> Tensor:
        """Plain attention of queries `(M, B * heads, d)`, joined and projected: `(M, B, C)`."""
        logits = (q * q.shape[-1] ** -0.5).transpose(0, 1) @ k.permute(1, 2, 0)
        if mask is not None:
            logits = logits + mask
        return self.join((_softmax(logits) @ v.transpose(0, 1)).transpose(0, 1))

    def attend_to_self(self, q: Tensor, k: Tensor, v: Tensor, sharpness: Tensor) -> Tensor:
        """GEM's self-self attention with one iteration; `sharpness (B,)`. Gives `(N, B, C)`."""
        square = sharpness[:, None].expand(-1, self.heads).reshape(-1, 1)
        by_q, by_k, by_v = (_twice_to_self(x, square) for x in (q, k, v))
        attended = (by_q + by_k + by_v) @ v.transpose(0, 1) / 3
        return self.join(attended.transpose(0, 1))

    def join(self, heads: Tensor) -> Tensor:
        """`(N, B * heads, d)` to `(N, B, C)`, projected."""
        width = self.heads * heads.shape[-1]
        return self.out_proj(heads.reshape(heads.shape[0], -1, width)).float()

    def _heads(self, y: Tensor, rows: slice) -> Tensor:
        x = F.linear(y, self.in_proj_weight[rows], self.in_proj_bias[rows])
        return x.reshape(x.shape[0], -1, x.shape[-1] // self.heads)


class Block(nn.Module):
    """A residual block of CLIP."""

    def __init__(self, width: int, heads: int, tower: dict[str, Any], quick_gelu: bool) -> None:
        super().__init__()
        scaled = tower.get("ls_init_value") is not None
        hidden = int(width * tower.get("mlp_ratio", 4.0))
        self.ln_1 = _norm(width, tower)
        self.attn = Attention(width, heads)
        self.ls_1 = Scale(width) if scaled else nn.Identity()
        self.ln_2 = _norm(width, tower)
        act = QuickGELU() if quick_gelu else nn.GELU(**(tower.get("act_kwargs") or {}))
        self.mlp = nn.Sequential(
            OrderedDict(c_fc=nn.Linear(width, hidden), gelu=act, c_proj=nn.Linear(hidden, width))
        )
        self.ls_2 = Scale(width) if scaled else nn.Identity()

    def finish(self, x: Tensor, attended: Tensor) -> Tensor:
        """Residual stream after the block, from what attention gave."""
        x = x + self.ls_1(attended)
        return x + self.ls_2(self.mlp(self.ln_2(x).to(self.mlp.c_fc.weight.dtype)).float())


class Vision(nn.Module):
    """A ViT with CLS: pixels to factorised GEM maps; see `engines.video.head` for their use."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        tower = config["vision_cfg"]
        width, grid = tower["width"], tower["image_size"] // tower["patch_size"]
        heads = max(1, width // tower.get("head_width", HEAD_WIDTH))
        quick = config.get("quick_gelu", False)
        self.patch, self.width = tower["patch_size"], width
        self.frames: int = tower.get("frames", 1)
        self.conv1 = nn.Conv2d(3, width, self.patch, self.patch, bias=False)
        self.class_embedding = nn.Parameter(torch.empty(width))
        self.positional_embedding = nn.Parameter(torch.empty(grid * grid + 1, width))
        if self.frames > 1:
            self.temporal_positional_embedding = nn.Parameter(torch.empty(self.frames, width))
        self.ln_pre = nn.Identity() if tower.get("no_ln_pre") else _norm(width, tower)
        self.transformer = nn.Module()
        self.transformer.resblocks = nn.ModuleList(
            Block(width, heads, tower, quick) for _ in range(tower["layers"])
        )
        self.ln_post = _norm(width, tower)
        self.proj = nn.Parameter(torch.empty(width, config["embed_dim"]))

    def forward(self, pixels: Tensor, positions: Tensor) -> tuple[Tensor, ...]:
        """`pixels (B, 3, H, W)` or clips `(B, frames, 3, H, W)`, normalised; `positions (h, w, C)`.

        Gives `projected (B, 5, N, E)`, `gram (B, N, 5, 5)`, `images (B, N, 5, 5)`, `bias (B, N, 5)`
        and `cls (B, 4, E)`: three leave-one-block-out embeddings, then the image's own. A clip has
        N = h * w * frames, patch by patch.
        """
        stack, path = self.layers(pixels, positions)
        return *self.factors(stack), self.left_out(path)

    def layers(self, pixels: Tensor, positions: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """The eight layers that GEM weighs `(1 + N, B, C)`, and the plain path block by block.

        After the last block the path holds CLS alone: nothing else of it is used.
        """
        x = self.ln_pre(self.tokens(pixels, positions).transpose(0, 1)).float()
        path, stack = [x], []
        blocks = self.transformer.resblocks
        for index, block in enumerate(blocks):
            y = block.ln_1(x)
            q, k, v = block.attn.split(y)
            if index == len(blocks) - DEPTH:
                stack.append(x)
            if index >= len(blocks) - DEPTH:
                stack.append(block.ls_1(block.attn.attend_to_self(q, k, v, sharpness_of(y, q))))
            rows = 1 if index == len(blocks) - 1 else x.shape[0]
            x = block.finish(x[:rows], block.attn.attend(q[:rows], k, v))
            path.append(x)
        return stack, path

    def tokens(self, pixels: Tensor, positions: Tensor) -> Tensor:
        """Patch embeddings with positions, CLS first; `(B, 1 + N, C)`."""
        batch, (high, wide) = pixels.shape[0], positions.shape[:2]
        # Rows, columns, then colours: torch's own convolution sums in this order too. Two moves,
        # of colours inwards and then of a patch's rows, are faster than one of all axes.
        rows = pixels.reshape(batch, self.frames, 3, -1).transpose(2, 3)
        patches = rows.reshape(batch, self.frames, high, self.patch, wide, self.patch * 3)
        patches = patches.permute(0, 2, 4, 1, 3, 5).reshape(
            batch, high * wide, self.frames, 3 * self.patch * self.patch
        )
        kernel = self.conv1.weight.permute(0, 2, 3, 1).reshape(self.width, -1)
        x = F.linear(patches.to(kernel.dtype), kernel).float()
        x = x + positions.reshape(1, high * wide, 1, self.width)
        if self.frames > 1:
            x = x + self.temporal_positional_embedding
        cls = self.class_embedding + self.positional_embedding[0]
        cls = cls.float().expand(batch, 1, self.width)
        return torch.cat([cls, x.reshape(batch, -1, self.width)], dim=1)

    def factors(self, stack: list[Tensor]) -> tuple[Tensor, ...]:
        """What a similarity with any prompt and any layer weights needs of each patch."""
        early = stack[:-DYNAMIC_LAYERS]
        plain = sum(early[1:], early[0])
        static = sum(weight * part for weight, part in zip(STATIC, early, strict=False))
        maps = torch.stack([plain, *stack[-DYNAMIC_LAYERS:], static], dim=2)[1:]  # (N, B, 5, C)
        centred = maps - maps.mean(-1, keepdim=True)
        scaled = (centred * self.ln_post.weight.float()).to(self.proj.dtype)
        projected = (scaled @ self.proj).float()
        bias = self.ln_post.bias.float() @ self.proj.float()
        return (
            projected.permute(1, 2, 0, 3),
            (_gram(centred) / self.width).transpose(0, 1),
            _gram(projected).transpose(0, 1),
            (projected @ bias[:, None])[..., 0].transpose(0, 1),
        )

    def left_out(self, path: list[Tensor]) -> Tensor:
        """Unit CLS embeddings without each of the last blocks, then with all: `(B, 4, E)`."""
        cls = [x[0] for x in path[-DYNAMIC_LAYERS - 1 :]]
        without = [cls[-1] - (after - before) for before, after in pairwise(cls)]
        rows = self.ln_post(torch.stack([*without, cls[-1]], dim=1))
        return _unit((rows.to(self.proj.dtype) @ self.proj).float())


class Text(nn.Module):
    """CLIP's causal text transformer: token ids to unit rows. Padding behind the end is unseen."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        tower = config["text_cfg"]
        width = tower["width"]
        quick = config.get("quick_gelu", False)
        self.token_embedding = nn.Embedding(tower["vocab_size"], width)
        self.positional_embedding = nn.Parameter(torch.empty(tower["context_length"], width))
        self.transformer = nn.Module()
        self.transformer.resblocks = nn.ModuleList(
            Block(width, tower["heads"], tower, quick) for _ in range(tower["layers"])
        )
        self.ln_final = _norm(width, tower)
        self.text_projection = nn.Parameter(torch.empty(width, config["embed_dim"]))

    def forward(self, tokens: Tensor, ends: Tensor) -> Tensor:
        """`tokens (P, T)` int64 and the places of their end tokens `(P,)`; gives `(P, E)`."""
        length = tokens.shape[1]
        x = (self.token_embedding(tokens) + self.positional_embedding[:length]).float()
        x = x.transpose(0, 1)
        place = torch.arange(length, device=tokens.device)
        mask = torch.where(place[None, :] > place[:, None], float("-inf"), 0.0)
        for block in self.transformer.resblocks:
            q, k, v = block.attn.split(block.ln_1(x))
            x = block.finish(x, block.attn.attend(q, k, v, mask.to(q.dtype)))
        rows = x.gather(0, ends[None, :, None].expand(1, -1, x.shape[-1]))[0]
        rows = self.ln_final(rows).to(self.text_projection.dtype)
        return _unit((rows @ self.text_projection).float())


class Norm(nn.LayerNorm):
    """Layer norm in float32."""

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(
            x.float(), self.normalized_shape, self.weight.float(), self.bias.float(), self.eps
        )


def _norm(width: int, tower: dict[str, Any]) -> nn.LayerNorm:
    return Norm(width, **(tower.get("norm_kwargs") or {}))


def sharpness_of(y: Tensor, q: Tensor) -> Tensor:
    """GEM's adaptive inverse temperature of each image `(B,)`, from a block's normed input."""
    return torch.linalg.vector_norm(y.float(), dim=-1).mean(0) * q.shape[-1] ** -0.5


def _unit(x: Tensor, square: Tensor | float = 1.0) -> Tensor:
    """Rows of that squared length."""
    rows = x.float()
    squares = (rows * rows).sum(-1, keepdim=True).clamp_min(SMALLEST_NORM**2)
    return (rows * (square / squares).sqrt()).to(x.dtype)


def _twice_to_self(x: Tensor, sharpness: Tensor) -> Tensor:
    """Attention maps of rows `(N, heads, d)` to each other, of rows that such maps have mixed.

    The sharpness `(heads, 1)` is the rows' squared length, so that their products have it.
    """
    once = _unit(x, sharpness)
    mixed = _softmax(once.transpose(0, 1) @ once.permute(1, 2, 0)) @ once.transpose(0, 1)
    twice = _unit(mixed, sharpness[:, None])
    return _softmax(twice @ twice.transpose(-1, -2))


def _softmax(logits: Tensor) -> Tensor:
    return logits.float().softmax(-1).to(logits.dtype)


def _gram(maps: Tensor) -> Tensor:
    """Products of a patch's maps `(B, N, K, C)` with each other: `(B, N, K, K)`."""
    return maps @ maps.transpose(-1, -2)
