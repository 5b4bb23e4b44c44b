"""A TMR checkpoint's two towers as torch modules of ours, and the reading of its files.

TMR (Petrovich et al., ICCV 2023, https://github.com/Mathux/TMR, code MIT) encodes motion and text
by a transformer each, in ACTOR's manner: two learnt tokens, for mean and log-variance, stand before
the sequence, and the mean is the embedding. Parameter names are the checkpoint's own.

TMR has no attention pooling. The graph takes `log_mask` instead, added to the attention logits of
the frames as keys, for every query and in every layer: 0 and minus infinity are TMR's own padding
mask, so that a masked window is the truncated one, and values in between make the mask soft.
"""

import math
import pickle
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.errors import ModelError
from engines.motion.humanml3d import FEATURE_COUNT

LATENT: Final = 256
LAYERS: Final = 6
HEADS: Final = 4
FEED_FORWARD: Final = 1024
TOKENS: Final = 2
"""Mean and log-variance."""
TOKEN_WIDTH: Final = 768
"""Width of DistilBERT's token embeddings."""
STD_FLOOR: Final = 1e-12
STATISTICS: Final = Path("stats/humanml3d/guoh3dfeats")
"""Where a checkout of TMR keeps mean.pt and std.pt of its features."""
NAMED: Final = 8
"""So many parameters are named in an error."""


class Attention(nn.Module):
    """Multi-head self-attention with one additive bias `(B, T)` for each key."""

    def __init__(self) -> None:
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.empty(3 * LATENT, LATENT))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * LATENT))
        self.out_proj = nn.Linear(LATENT, LATENT)
        nn.init.xavier_uniform_(self.in_proj_weight)

    def forward(self, rows: Tensor, bias: Tensor) -> Tensor:
        joint = functional.linear(rows, self.in_proj_weight, self.in_proj_bias)
        heads = joint.unflatten(-1, (3, HEADS, LATENT // HEADS)).permute(2, 0, 3, 1, 4)
        query, key, value = heads.unbind(0)  # (B, H, T, D/H)
        seen = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=bias[:, None, None, :]
        )
        return self.out_proj(seen.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """One transformer layer, normalised after each residual, as torch's own by default."""

    def __init__(self) -> None:
        super().__init__()
        self.self_attn = Attention()
        self.linear1 = nn.Linear(LATENT, FEED_FORWARD)
        self.linear2 = nn.Linear(FEED_FORWARD, LATENT)
        self.norm1 = nn.LayerNorm(LATENT)
        self.norm2 = nn.LayerNorm(LATENT)

    def forward(self, rows: Tensor, bias: Tensor) -> Tensor:
        rows = self.norm1(rows + self.self_attn(rows, bias))
        return self.norm2(rows + self.linear2(functional.gelu(self.linear1(rows))))


class Actor(nn.Module):
    """One of TMR's encoders: sequence `(B, T, width)`, log mask `(B, T)` to mean and rows."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.projection = nn.Linear(width, LATENT)
        self.tokens = nn.Parameter(torch.randn(TOKENS, LATENT))
        self.seqTransEncoder = nn.ModuleDict(
            {"layers": nn.ModuleList(Layer() for _ in range(LAYERS))}
        )

    def forward(self, sequence: Tensor, log_mask: Tensor) -> tuple[Tensor, Tensor]:
        tokens = self.tokens.expand(sequence.shape[0], TOKENS, LATENT)
        rows = torch.cat([tokens, self.projection(sequence)], dim=1)
        rows = rows + _positions(rows.shape[1])
        bias = functional.pad(log_mask, (TOKENS, 0))
        for layer in self.seqTransEncoder["layers"]:
            rows = layer(rows, bias)
        return rows[:, 0], rows[:, TOKENS:]


class MotionTower(nn.Module):
    """Raw HumanML3D features `(B, T, 263)` and log mask to latent `(B, 256)`, frames."""

    def __init__(self, actor: Actor, mean: Tensor, std: Tensor) -> None:
        super().__init__()
        self.actor = actor
        self.register_buffer("mean", mean.float())
        self.register_buffer("std", std.float() + STD_FLOOR)

    def forward(self, features: Tensor, log_mask: Tensor) -> tuple[Tensor, Tensor]:
        return self.actor((features - self.mean) / self.std, log_mask)


class TextTower(nn.Module):
    """DistilBERT's token ids and attention mask `(B, T)` int64 to unit latent `(B, 256)`."""

    def __init__(self, words: nn.Module, actor: Actor) -> None:
        super().__init__()
        self.words = words
        self.actor = actor

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        tokens = self.words(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        log_mask = torch.zeros_like(tokens[..., 0]).masked_fill(attention_mask == 0, -math.inf)
        return functional.normalize(self.actor(tokens, log_mask)[0], dim=-1)


def _positions(count: int) -> Tensor:
    """Sines and cosines in turn, `(count, 256)`: computed, so that no length is the longest."""
    pace = torch.exp(torch.arange(0, LATENT, 2).float() * (-math.log(10000.0) / LATENT))
    angle = torch.arange(count).float()[:, None] * pace
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


def load(checkpoint: Path) -> tuple[Actor, Actor]:
    """Motion and text encoder of a TMR checkpoint, ready to run.

    `checkpoint`: a run's folder, its `last_weights` folder, or Lightning's `.ckpt` file. Raises
    ModelError if it is missing, no checkpoint, or of another architecture.
    """
    states = _states(checkpoint)
    return (
        _filled(Actor(FEATURE_COUNT), states["motion_encoder"], f"{checkpoint}: motion_encoder"),
        _filled(Actor(TOKEN_WIDTH), states["text_encoder"], f"{checkpoint}: text_encoder"),
    )


def statistics(checkpoint: Path, folder: Path | None = None) -> tuple[Tensor, Tensor]:
    """Mean and deviation `(263,)` that the checkpoint's features were normalised by.

    Looked for in `folder`, else in the checkout of TMR around the checkpoint. Raises ModelError.
    """
    beside = [parent / STATISTICS for parent in checkpoint.resolve().parents]
    places = beside if folder is None else [folder]
    names = ("mean", "std")
    whole = [p for p in places if all((p / f"{name}.pt").is_file() for name in names)]
    found = next(iter(whole), None)
    if found is None:
        raise ModelError(
            f"no mean.pt and std.pt of TMR's features in {folder or 'a checkout around it'}: give "
            f"the folder {STATISTICS} of TMR's repository by --statistics"
        )
    parts = [_read(found / f"{name}.pt") for name in names]
    for part in parts:
        if not (isinstance(part, Tensor) and part.shape == (FEATURE_COUNT,)):
            raise ModelError(
                f"{found} does not hold {FEATURE_COUNT} means and deviations: give the ones of "
                f"HumanML3D ({STATISTICS} in TMR's repository)"
            )
    return parts[0], parts[1]


def _states(checkpoint: Path) -> dict[str, object]:
    names = ("motion_encoder", "text_encoder")
    if checkpoint.is_dir():
        inside = checkpoint / "last_weights"
        folder = inside if inside.is_dir() else checkpoint
        return {name: _read(folder / f"{name}.pt") for name in names}
    whole = _read(checkpoint)
    state = whole.get("state_dict") if isinstance(whole, dict) else None
    if not isinstance(state, dict):
        raise ModelError(
            f"{checkpoint} is not a TMR checkpoint: it has no 'state_dict'; give a run's folder, "
            "its last_weights folder (TMR's extract.py makes it) or its last.ckpt"
        )
    return {
        name: {
            key.removeprefix(f"{name}."): value
            for key, value in state.items()
            if key.startswith(f"{name}.")
        }
        for name in names
    }


def _read(path: Path) -> object:
    """A file of tensors. Code in it is never run: pickles of anything else are refused."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise ModelError(
            f"{path} is missing: give a TMR run's folder with last_weights/motion_encoder.pt and "
            "text_encoder.pt (TMR's extract.py makes them), or its last.ckpt"
        ) from None
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "it is empty"
        raise ModelError(
            f"{path} is not a file of tensors ({reason}): download it again, or make "
            "last_weights with TMR's extract.py and give that folder"
        ) from error


def _filled(actor: Actor, state: object, name: str) -> Actor:
    """Load the weights. Raises ModelError that lists what does not fit."""
    if not (isinstance(state, dict) and all(isinstance(v, Tensor) for v in state.values())):
        raise ModelError(f"{name} is not a table of tensors: make it with TMR's extract.py")
    wanted = {key: tuple(value.shape) for key, value in actor.state_dict().items()}
    given = {key: tuple(value.shape) for key, value in state.items()}
    shapes = [
        f"{key} {given[key]} instead of {wanted[key]}"
        for key in sorted(wanted.keys() & given.keys())
        if wanted[key] != given[key]
    ]
    wrong = [
        _listed("missing", sorted(wanted.keys() - given.keys())),
        _listed("unexpected", sorted(given.keys() - wanted.keys())),
        _listed("of another shape", shapes),
    ]
    if any(wrong):
        raise ModelError(
            f"{name} is not of TMR's architecture ({LAYERS} layers, latent {LATENT}, feed-forward "
            f"{FEED_FORWARD}, mean and log-variance tokens, {wanted['projection.weight'][1]} "
            f"inputs): {'; '.join(filter(None, wrong))}. Use a TMR model trained on HumanML3D"
        )
    actor.load_state_dict(state)
    return actor.eval()


def _listed(what: str, keys: list[str]) -> str:
    more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    return f"{what}: {', '.join(keys[:NAMED])}{more}" if keys else ""
