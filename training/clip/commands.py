"""`python -m training scenes prepare|train|export|evaluate|all`: the bundled video model."""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

from engines import places

COUNT: Final = 80_000
MINUTES: Final = 38.0
NAME: Final = "scenes-clip"


def add(steps: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the sub-command to those of the motion model."""
    scenes = steps.add_parser("scenes", help="the video model: render, train, export, evaluate")
    what = scenes.add_subparsers(dest="what", required=True)
    for name, run, told in (
        ("prepare", _prepare, "render training scenes"),
        ("train", _train, "train on the rendered scenes"),
        ("export", _export, "calibrate the last checkpoint and write a folder"),
        ("evaluate", _evaluate, "print benchmarks.video of a folder"),
        ("all", _all, "all of these, into engines/bundled"),
    ):
        part = what.add_parser(name, help=told)
        part.set_defaults(run=run)
        if name in ("prepare", "all"):
            part.add_argument("--count", type=int, default=COUNT, help="scenes")
        if name in ("train", "all"):
            part.add_argument("--minutes", type=float, default=MINUTES, help="how long to train")
            part.add_argument("--start", type=Path, help="checkpoint to go on from")
        if name != "prepare" and name != "train":
            part.add_argument("--out", type=Path, default=places.BUNDLED / NAME, help="folder")


def _prepare(given: argparse.Namespace) -> None:
    from training.scenes import corpus

    corpus.write(given.work / "scenes", given.count, seed=given.seed)


def _train(given: argparse.Namespace) -> None:
    from training.clip import train
    from training.scenes import corpus

    plan = train.Plan(minutes=given.minutes)
    scenes, out = corpus.read(given.work / "scenes"), given.work / "clip"
    train.run(scenes, out, seed=given.seed, plan=plan, start=given.start)


def _export(given: argparse.Namespace) -> None:
    from training.clip import export

    print(export.run(given.work / "clip" / "last.pt", given.out))


def _evaluate(given: argparse.Namespace) -> None:
    command = ["-m", "benchmarks.video", "--model", str(given.out)]
    subprocess.run([sys.executable, *command], check=True)


def _all(given: argparse.Namespace) -> None:
    for step in (_prepare, _train, _export, _evaluate):
        step(given)
