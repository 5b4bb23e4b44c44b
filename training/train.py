"""The training loop: a prepared corpus in, checkpoints and a log out. Same seed, same run."""

import copy
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engines import lexicon
from engines.motion import features, layout
from training import network
from training.batches import Batch, Sampler, fits
from training.corpus import Corpus
from training.losses import Objective, Targets
from training.optimising import average, half_cosine, set_rate

OFFSET, GAIN = 0.2, 0.1  # in standard deviations of a feature; a share
HIDDEN_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard."""

    steps: int = 2200
    width: int = 192
    size: int = 40
    frames: int = 180
    bank: int = 384
    rate: float = 2e-3
    warm: int = 100
    decay: float = 0.02
    average: float = 0.995
    real_share: float = 0.12
    every: int = 150


def run(corpus: Corpus, out: Path, *, seed: int, plan: Plan) -> Path:
    """Train one member; gives the path of its last checkpoint (averaged weights)."""
    torch.manual_seed(seed)
    torch.set_float32_matmul_precision("medium")  # bfloat16 products: a third faster, same result
    out.mkdir(parents=True, exist_ok=True)
    path = network.checkpoint(out, seed)
    shape = network.Shape(
        features.FEATURE_COUNT,
        lexicon.LEXICON_COUNT,
        sentence=corpus.sentence.shape[1],
        dim=plan.width,
        width=plan.width,
    )
    model, objective = network.MotionText(shape), Objective()
    _normalise(model, corpus, seed)
    averaged = copy.deepcopy(model)
    parameters = [*model.parameters(), *objective.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=plan.rate, weight_decay=plan.decay)
    sampler = Sampler(
        corpus,
        seed=seed,
        frames=plan.frames,
        ahead=shape.lookahead_frames,
        real_share=plan.real_share,
    )
    notes = {"seed": seed, "corpus": corpus.sha256, "sentence_model": corpus.sentence_model}
    begun, seen = time.monotonic(), []
    with (out / f"seed-{seed}.jsonl").open("w") as log:
        for step in range(plan.steps):
            set_rate(optimiser, plan.rate * _pace(step, plan))
            parts = _losses(model, objective, sampler.draw(plan.size, plan.bank), corpus, plan)
            loss = parts["segment"] / 2 + parts["frame"] + 0.5 * parts["sigmoid"]
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            average(averaged, model, min(plan.average, step / (step + 10)))
            seen.append({name: part.item() for name, part in parts.items()})
            if (step + 1) % 50 == 0:
                means = {name: float(np.mean([s[name] for s in seen])) for name in seen[0]}
                line = {"step": step + 1, "seconds": round(time.monotonic() - begun), **means}
                print(json.dumps(line), file=log, flush=True)
                seen = []
            if (step + 1) % plan.every == 0 or step + 1 == plan.steps:
                network.save(averaged, path, step=step + 1, **notes)
    return path


def _losses(
    model: network.MotionText, objective: Objective, batch: Batch, corpus: Corpus, plan: Plan
) -> dict[str, Tensor]:
    rows = _otherwise_built(model, torch.from_numpy(batch.features))
    values, attention = model.encoder(rows)
    ahead = model.shape.lookahead_frames
    parts: dict[str, Tensor] = objective(
        model, values[:, ahead:], attention[:, ahead:], targets(batch, corpus)
    )
    return parts


def _otherwise_built(model: network.MotionText, rows: Tensor) -> Tensor:
    """Each crop as another rig would give it: every feature a little off and of another gain."""
    mean, scale = model.encoder.mean, model.encoder.scale
    off = OFFSET * torch.randn(len(rows), 1, rows.shape[2]) / scale
    gain = 1 + GAIN * torch.randn(len(rows), 1, rows.shape[2])
    return mean + (rows - mean) * gain * _seen(len(rows)) + off


def _seen(count: int) -> Tensor:
    """Ones (count, 1, F); zeros for a part of the body that a share of the crops goes without."""
    hidden = PARTS[torch.randint(len(PARTS), (count,))]
    return torch.where(torch.rand(count, 1) < HIDDEN_SHARE, 1 - hidden, 1.0)[:, None]


def _parts() -> Tensor:
    """One row (F,) a part: ones for the features that speak of it."""
    words = {
        "left arm": ("left_upper_arm", "left_forearm", "left_elbow", "left_wrist"),
        "right arm": ("right_upper_arm", "right_forearm", "right_elbow", "right_wrist"),
        "legs": ("thigh", "shin", "foot", "knee", "ankle", "stance"),
        "path": ("root_velocity", "turn"),
        "heights": ("height", "stance"),
    }
    rows = [[any(w in name for w in said) for name in layout.COLUMNS] for said in words.values()]
    return torch.tensor(rows, dtype=torch.float32)


def targets(batch: Batch, corpus: Corpus) -> Targets:
    """Look the captions of a batch up."""
    swapped = batch.opposite >= 0
    captions = np.concatenate([*batch.positive.T, batch.opposite[swapped], batch.bank])
    kinds = np.concatenate([batch.kind, batch.kind, batch.other[swapped], batch.bank_kind])
    return Targets(
        sentence=torch.from_numpy(corpus.sentence[captions].astype(np.float32)),
        words=torch.from_numpy(corpus.words[captions]),
        text_kind=torch.from_numpy(kinds),
        sequence=torch.from_numpy(batch.sequence),
        start=torch.from_numpy(batch.start),
        end=torch.from_numpy(batch.end),
        kind=torch.from_numpy(batch.kind),
        fits=torch.from_numpy(fits(captions, batch.said, corpus)),
    )


def _normalise(model: network.MotionText, corpus: Corpus, seed: int) -> None:
    """Set mean and scale of the features from a sample, the same for a body and its mirror."""
    chosen = np.random.default_rng(seed).integers(len(corpus.features), size=50_000)
    sample = corpus.features[np.sort(chosen)].astype(np.float32)
    swapped = sample[:, features.layout.MIRROR] * features.layout.MIRROR_SIGNS
    both = np.concatenate([sample, swapped])
    model.encoder.mean.copy_(torch.from_numpy(both.mean(axis=0)))
    model.encoder.scale.copy_(torch.from_numpy(1 / (both.std(axis=0) + 0.02)))


def _pace(step: int, plan: Plan) -> float:
    """Share of the full rate: up in a line, down in half a cosine."""
    if step < plan.warm:
        return (step + 1) / plan.warm
    done = (step - plan.warm) / max(plan.steps - plan.warm, 1)
    return half_cosine(done)


PARTS = _parts()
