"""What both training loops do to an optimiser and to averaged weights."""

import math

import torch
from torch import nn


def half_cosine(done: float) -> float:
    """Share of the full rate when a share of the way is done: from 1 down to 0.01."""
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done))


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """The learning rate of all parameters from now on."""
    for group in optimiser.param_groups:
        group["lr"] = rate


@torch.no_grad()
def average(averaged: nn.Module, model: nn.Module, keep: float) -> None:
    """Move averaged weights towards a model's, in place."""
    for mean, new in zip(averaged.parameters(), model.parameters(), strict=True):
        mean.lerp_(new, 1 - keep)
