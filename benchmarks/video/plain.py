"""CLIP's own attention, without GEM: what the ablation starts from. Needs the torch weights."""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from training.clip import train


class PlainMaps:
    """Last-layer patch embeddings of a checkpoint of `python -m training scenes train`."""

    def __init__(self, checkpoint: Path) -> None:
        self._vision = train.load(checkpoint).vision

    def similarity(self, pixels: np.ndarray, text: np.ndarray) -> np.ndarray:
        """Cosine maps `(B, P, h, w)` of `pixels (B, 3, S, S)` with unit rows `(P, E)`."""
        vision = self._vision
        side = pixels.shape[-1] // vision.patch
        with torch.inference_mode():
            positions = vision.positional_embedding[1:].reshape(side, side, -1)
            x = vision.ln_pre(vision.tokens(torch.from_numpy(pixels), positions))
            for block in vision.transformer.resblocks:
                qkv = block.attn.split(block.ln_1(x)).chunk(3, dim=1)
                x = block.finish(x, block.attn.attend(*qkv))
            patches = F.normalize(vision.ln_post(x[:, 1:]) @ vision.proj, dim=-1)
            cosines = patches @ torch.from_numpy(text).T
        return cosines.transpose(1, 2).reshape(len(pixels), -1, side, side).numpy()
