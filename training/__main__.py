"""`python -m training prepare|train|export|evaluate|all`: how the bundled motion model was made.

`python -m training scenes prepare|train|export|evaluate|all`: the same for the video model.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

from engines import places
from engines.errors import ModelError
from training.clip import commands

WORK = Path(__file__).parent.parent / "work"
COUNT = 14_000
STEPS = 2200
MEMBERS = 2


def main() -> None:
    parser = _parser()
    given = parser.parse_args()
    begun = time.monotonic()
    try:
        given.run(given)
    except (ModelError, FileNotFoundError) as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    print(f"{given.step}: {time.monotonic() - begun:.0f} s")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--work", type=Path, default=WORK, help="folder for arrays and runs")
    parser.add_argument("--seed", type=int, default=1, help="the first member's")
    steps = parser.add_subparsers(dest="step", required=True)
    prepare = steps.add_parser("prepare", help="synthesise, read the ship sets, make features")
    prepare.add_argument("--count", type=int, default=COUNT, help="synthesised sequences")
    prepare.add_argument("--without", choices=["ten"], help="leave out training/removed.py's")
    _add_sentence(prepare)
    prepare.set_defaults(run=_prepare)
    train = steps.add_parser("train", help="train on the prepared arrays")
    train.add_argument("--steps", type=int, default=STEPS)
    train.add_argument("--members", type=int, default=MEMBERS, help="of seeds one after the other")
    train.set_defaults(run=_train)
    everything = steps.add_parser("all", help="prepare, train, export, evaluate")
    everything.add_argument("--count", type=int, default=COUNT)
    everything.add_argument("--steps", type=int, default=STEPS)
    everything.add_argument("--members", type=int, default=MEMBERS)
    everything.add_argument("--version", default="1")
    _add_sentence(everything)
    bundled = places.BUNDLED / places.DEFAULT_MOTION
    everything.add_argument("--out", type=Path, default=bundled, help="default: the bundled one")
    everything.set_defaults(run=_all, confusion=False, without=None)
    export = steps.add_parser("export", help="calibrate the members and write a folder")
    export.add_argument("--out", type=Path, required=True)
    export.add_argument("--version", default="1")
    export.add_argument("--members", type=int, default=MEMBERS, help="as many as were trained")
    export.set_defaults(run=_export)
    evaluate = steps.add_parser("evaluate", help="score an exported folder on held-out sets")
    evaluate.add_argument("--model", default="bundled")
    evaluate.add_argument("--confusion", action="store_true", help="print who is taken for whom")
    evaluate.set_defaults(run=_evaluate)
    performer = steps.add_parser("performer", help="write the synthetic performer's clips")
    performer.set_defaults(run=_performer)
    commands.add(steps)
    return parser


def _add_sentence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sentence", metavar="NAME_OR_FOLDER", help="sentence model, default: the bundled one"
    )


def _performer(given: argparse.Namespace) -> None:
    from training.synth import routine

    routine.write()


def _prepare(given: argparse.Namespace) -> None:
    from training import corpus, removed, sets, synth

    out = removed.SETS[given.without] if given.without else removed.NOTHING
    sentence = given.sentence or corpus.SENTENCE_NAME
    writer = corpus.Writer(given.work / "corpus", removed=out, sentence=sentence)
    drawn = synth.sequences(given.count, seed=given.seed, without=out.primitives)
    made = writer.add(drawn, real=False)
    recorded = {name: writer.add(sets.kept(sets.load(name)), real=True) for name in sets.SHIP}
    writer.close()
    print(f"synthesised {made}, recorded {recorded}")


def _train(given: argparse.Namespace) -> None:
    from training import corpus, train

    plan = replace(train.Plan(), steps=given.steps)
    made = corpus.read(given.work / "corpus")
    for seed in _seeds(given):
        train.run(made, given.work / "run", seed=seed, plan=plan)


def _export(given: argparse.Namespace) -> None:
    from training import corpus, export

    run, made = given.work / "run", corpus.read(given.work / "corpus")
    print(export.run(run, made, given.out, seeds=_seeds(given), version=given.version))


def _seeds(given: argparse.Namespace) -> range:
    return range(given.seed, given.seed + given.members)


def _all(given: argparse.Namespace) -> None:
    given.model = given.out
    for step in (_prepare, _train, _export, _evaluate):
        step(given)


def _evaluate(given: argparse.Namespace) -> None:
    from training import evaluate

    evaluate.run(given.model, confusion=given.confusion)


if __name__ == "__main__":
    main()
