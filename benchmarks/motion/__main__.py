"""`python -m benchmarks.motion`: the tables of the motion model and of every method on it."""

import argparse
from collections.abc import Sequence

from benchmarks.calibration import calibrate
from benchmarks.motion.facts import facts
from benchmarks.motion.methods import METHODS
from benchmarks.motion.recordings import Model, Problem, problem
from benchmarks.motion.report import answered, measure, method_table
from benchmarks.motion.sets import SETS
from benchmarks.motion.timelines import drawn

MODES = ("script", "watch")


def main() -> None:
    given = _parser().parse_args()
    model = Model(given.model)
    machine = calibrate()
    manifest = model.manifest
    print(
        f"Model {manifest.name} {manifest.version}, look-ahead {model.lookahead_frames / 20:.1f} s"
    )
    print(f"Machine: {machine}\n")
    for name in given.set or SETS:
        try:
            found = SETS[name](given.limit)
        except FileNotFoundError as error:
            print(f"### {name}: not measured, {error}\n")
            continue
        encoded = [model.encode(recording) for recording in found.recordings]
        for mode in given.mode or MODES:
            wordings = [
                [
                    problem(model, recording, frames, mode, wording)
                    for recording, frames in zip(found.recordings, encoded, strict=True)
                ]
                for wording in (0, 1, 2)
            ]
            tasks = wordings[given.wording]
            print(f"### {name}, {mode}\n\n{found.note}\n\n{facts(wordings)}\n")
            scores = measure(tasks, model, given.method or list(METHODS))
            print(method_table(scores, machine) + "\n", flush=True)
            if given.timelines:
                _timelines(tasks, model, list(scores))


def _timelines(tasks: Sequence[Problem], model: Model, names: Sequence[str]) -> None:
    for task in tasks:
        print(drawn(task, {name: answered(task, model, name)[0] for name in names}) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.motion", description=__doc__)
    parser.add_argument("--model", default="bundled", help="name or folder of a motion model")
    parser.add_argument("--set", action="append", choices=SETS, help="default: all")
    parser.add_argument("--mode", action="append", choices=MODES, help="default: both")
    parser.add_argument("--method", action="append", choices=METHODS, help="default: all")
    parser.add_argument("--wording", type=int, choices=(0, 1, 2), default=0, help="2 rewordings")
    parser.add_argument("--limit", type=int, help="only the first recordings of each set")
    parser.add_argument("--timelines", action="store_true", help="draw truth and answers as text")
    return parser


if __name__ == "__main__":
    main()
