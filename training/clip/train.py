"""The training loop of the bundled CLIP: rendered scenes in, checkpoints and a log out.

Runs for a given time, so that it fits whatever machine is there; the learning rate follows the
share of it that has passed. First with the patches around actors and the cheap self-attention,
then with the exact one, at last with all patches.
"""

import copy
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.clip import network, texts
from training.clip.losses import Objective, Targets, composed, composing
from training.optimising import average, half_cosine, set_rate
from training.scenes.corpus import Corpus

WEIGHTS = {
    "point": 1.0, "name": 0.5, "peak": 0.7, "image": 0.7, "bound": 0.7, "plain": 0.3,
    "compose": 1.0,
}  # fmt: skip

COMPOSED = 0.5
"""Share of the actions that are said by their parts."""


@dataclass(frozen=True, slots=True)
class Stage:
    """From a share of the time on: scenes a step, patches kept (0 for all), exact GEM or not."""

    begins: float
    size: int
    patches: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard."""

    minutes: float = 38.0
    rate: float = 4e-4
    warm_steps: int = 200
    decay: float = 0.05
    average: float = 0.998
    log_every: int = 50
    save_every: int = 200
    stages: tuple[Stage, ...] = (
        Stage(0.0, 96, 72, False),
        Stage(0.6, 64, 72, True),
        Stage(0.82, 48, 0, True),
    )

    def stage(self, done: float) -> Stage:
        """The stage after a share of the time."""
        return [stage for stage in self.stages if stage.begins <= done][-1]


@dataclass(frozen=True, slots=True)
class Batch:
    """pixels (B, 3, S, S), keep (B, M) or None, targets of the patches kept."""

    pixels: Tensor
    keep: Tensor | None
    targets: Targets


def run(corpus: Corpus, out: Path, *, seed: int, plan: Plan, start: Path | None = None) -> Path:
    """Train, from the weights of `start` if given; gives the last checkpoint (averaged weights)."""
    torch.manual_seed(seed)
    out.mkdir(parents=True, exist_ok=True)
    model = network.Clip(network.CONFIG)
    if start is not None:
        model.load_state_dict(load(start).state_dict())
    objective = Objective(model.vision.width)
    averaged = copy.deepcopy(model)
    parameters = [*model.parameters(), *objective.parameters()]
    optimiser = torch.optim.AdamW(_decayed(parameters, plan.decay), lr=plan.rate, fused=True)
    rng, bank, pairs = np.random.default_rng(seed), texts.bank(), texts.compositions()
    generator = torch.Generator().manual_seed(seed)
    begun, seen, step, done, views = time.monotonic(), [], 0, 0.0, 0
    with (out / "log.jsonl").open("w") as log:
        while done < 1.0:
            stage = plan.stage(done)
            warmth = min(1.0, (step + 1) / plan.warm_steps)
            set_rate(optimiser, plan.rate * warmth * half_cosine(done))
            batch = draw(corpus, stage, rng)
            text, whole = (torch.from_numpy(each.draw(rng)) for each in (bank, pairs.bank))
            parts = _losses(model, objective, batch, text, stage, generator)
            parts["compose"] = composing(
                model.adapter(whole), model.adapter(text), torch.from_numpy(pairs.parts)
            )
            loss = sum(WEIGHTS[name] * part for name, part in parts.items())
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            average(averaged, model, min(plan.average, step / (step + 10)))
            seen.append({name: part.item() for name, part in parts.items()})
            step, views = step + 1, views + stage.size
            done = (time.monotonic() - begun) / (60 * plan.minutes)
            if step % plan.log_every == 0:
                line = {"step": step, "views": views, "done": round(done, 3), **_means(seen)}
                print(json.dumps(line), file=log, flush=True)
                seen = []
            if step % plan.save_every == 0 or done >= 1.0:
                save(averaged, out / "last.pt", step=step, views=views, seed=seed)
    return out / "last.pt"


def save(model: network.Clip, path: Path, **notes: int) -> None:
    """Write weights and notes."""
    torch.save({"config": model.config, "state": model.state_dict(), "notes": notes}, path)


def load(path: Path) -> network.Clip:
    """The model of a checkpoint."""
    stored = torch.load(path, weights_only=True)
    model = network.Clip(stored["config"])
    model.load_state_dict(stored["state"])
    return model.eval()


def draw(corpus: Corpus, stage: Stage, rng: np.random.Generator) -> Batch:
    """Random scenes, half of them mirrored, each in another light."""
    chosen = np.sort(rng.integers(len(corpus), size=stage.size))
    images, cover = corpus.images[chosen], corpus.cover[chosen]
    flipped = rng.random(stage.size) < 0.5
    images[flipped] = images[flipped, :, ::-1]
    cover[flipped] = cover[flipped][..., ::-1]
    shares = torch.from_numpy(cover.astype(np.float32) / 255).flatten(3)
    keep = None
    if stage.patches:
        wanted = (shares[:, :, 0].amax(1) > 0.02).float() + torch.from_numpy(
            rng.random((stage.size, shares.shape[-1]), np.float32)
        )
        keep = wanted.topk(stage.patches, dim=1).indices
        shares = shares.gather(3, keep[:, None, None].expand(-1, *shares.shape[1:3], -1))
    pixels = _relit(network.normalised(torch.from_numpy(images)), rng)
    classes = torch.from_numpy(texts.classes_of(corpus.pairs[chosen]))
    return Batch(pixels, keep, Targets(shares, classes))


def _relit(pixels: Tensor, rng: np.random.Generator) -> Tensor:
    count = len(pixels)
    gain = np.exp(rng.normal(0, 0.18, (count, 1, 1, 1))) * rng.normal(1, 0.08, (count, 3, 1, 1))
    shift = rng.normal(0, 0.2, (count, 1, 1, 1)) + rng.normal(0, 0.08, (count, 3, 1, 1))
    return pixels * torch.from_numpy(gain.astype(np.float32)) + torch.from_numpy(
        shift.astype(np.float32)
    )


def _losses(
    model: network.Clip,
    objective: Objective,
    batch: Batch,
    sentence: Tensor,
    stage: Stage,
    generator: torch.Generator,
) -> dict[str, Tensor]:
    weights = network.layer_weights(len(batch.pixels), generator)
    with torch.autocast("cpu", torch.bfloat16):
        seen = model(batch.pixels, weights, keep=batch.keep, exact=stage.exact)
        text = composed(model.adapter(sentence), COMPOSED, generator)
        parts: dict[str, Tensor] = objective(seen, text, batch.targets)
    return parts


def _decayed(parameters: list[torch.nn.Parameter], decay: float) -> list[dict[str, object]]:
    """Matrices decay; norms, biases and temperatures do not."""
    return [
        {"params": [p for p in parameters if p.ndim >= 2], "weight_decay": decay},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]


def _means(seen: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(float(np.mean([each[name] for each in seen])), 4) for name in seen[0]}
