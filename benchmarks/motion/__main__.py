"""`python -m benchmarks.motion`: the tables of the motion model and of every method on it.

Without a choice of sets, modes or methods also: wordings that were kept from training, actions that
were removed from it, retrieval. `--write` puts what is printed into docs/benchmarks.md.
"""

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks import page, retrieval
from benchmarks.arguments import positive
from benchmarks.calibration import Calibration, calibrate
from benchmarks.motion import refusing, removed, rewordings, sets, unseen
from benchmarks.motion.facts import facts
from benchmarks.motion.methods import METHODS
from benchmarks.motion.recordings import Model, Problem, problem
from benchmarks.motion.report import Answers, answers, measure, method_table, pool_of_workers
from benchmarks.motion.sets import SETS
from benchmarks.motion.timelines import drawn
from benchmarks.motion.wordings import NAMES, WORDINGS, wordings_of
from engines.errors import LivegroundError
from engines.motion.engine import MotionEngine

MODES = ("script", "watch")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    given = _parser().parse_args()
    try:
        _run(given)
    except LivegroundError as error:
        raise SystemExit(str(error)) from error


def _run(given: argparse.Namespace) -> None:
    given.mode = modes(given.mode, given.method) if given.mode or given.method else None
    whole = not (given.set or given.mode or given.method or given.limit or given.wording)
    if given.write and not whole:
        raise SystemExit("--write is for the whole benchmark: leave the other options out")
    if given.write and (absent := [*sets.absent(), *removed.absent()]):
        raise SystemExit(f"--write would erase figures; not measured here: {'; '.join(absent)}")
    begun_s, said = time.monotonic(), []
    for part in sections(given, whole=whole):
        print(part + "\n", flush=True)
        said.append(part)
    print(f"{time.monotonic() - begun_s:.0f} s")
    if given.write:
        page.put(PAGE, "make bench-motion", "\n\n".join(said))


def modes(asked: list[str] | None, methods: list[str] | None) -> list[str]:
    """The modes asked for, else all, as far as a method that was asked for can run in them.

    Raises SystemExit for a mode asked for that none of them can run in.
    """
    able = {mode for name in methods or METHODS for mode in METHODS[name].modes}
    for mode in asked or ():
        if mode not in able:
            raise SystemExit(f"--mode {mode}: of the methods asked for none runs in it")
    return [mode for mode in asked or MODES if mode in able]


def sections(given: argparse.Namespace, *, whole: bool) -> Iterator[str]:
    """The report piece by piece, each as soon as it is measured."""
    model, machine = Model(given.model), calibrate()
    ahead_s = model.lookahead_frames / 20
    yield f"Model {model.info.name} {model.info.version}, look-ahead {ahead_s:.1f} s. {machine}."
    watched: dict[str, list[Problem]] = {}
    with pool_of_workers() as workers:
        for name in given.set or SETS:
            try:
                found = sets.load(name, given.limit)
            except FileNotFoundError as error:
                yield f"### {name}: not measured, {error}"
                continue
            known = wordings_of(text for one in found.recordings for text in one.prompts)
            if given.wording not in known:
                yield f"### {found.name}: not measured, its prompts have no rewordings"
                continue
            said = f", {NAMES[given.wording]}" if given.wording else ""
            for mode in given.mode or MODES:
                wordings = [
                    [
                        problem(model, one, model.encode(one), mode, wording)
                        for one in found.recordings
                    ]
                    for wording in known
                ]
                if mode == "watch":
                    watched[name] = wordings[0]
                named = facts(wordings[given.wording], model.calibration)
                yield f"### {found.name}, {mode}{said}\n\n{found.note}\n\n{named}"
                yield from _methods(wordings, model, machine, given, workers)
    if whole:
        yield refusing.at_one_threshold(watched, model.calibration.unknown_cosine)
        real = {name: watched[name] for name in ("utkinect", "hdm05") if name in watched}
        yield f"### Words kept from training\n\n{unseen.report(model, real)}"
        yield f"### Ten actions removed from training\n\n{removed.report(model)}"
        yield retrieval.report(MotionEngine.load(given.model)).strip()


def _methods(
    wordings: list[list[Problem]],
    model: Model,
    machine: Calibration,
    given: argparse.Namespace,
    workers: ProcessPoolExecutor,
) -> Iterator[str]:
    names = given.method or [name for name, method in METHODS.items() if not method.slow]
    tasks = wordings[given.wording]
    mode = tasks[0].mode
    answered: Answers = answers(tasks, model, names, workers)
    scores = measure(tasks, answered)
    yield method_table(scores, mode, machine)
    if "live" in scores and mode == "watch":
        yield refusing.live(tasks, model, workers)
    if "live" in scores and len(wordings) > 1 and not given.wording:
        yield rewordings.report(wordings, scores["live"], model, workers)
    if given.timelines:
        for place, task in enumerate(tasks):
            yield drawn(task, {name: found[place][0] for name, found in answered.items()})


def _set(text: str) -> str:
    if text not in SETS and not Path(text).is_dir():
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither a folder of recordings nor one of {', '.join(SETS)}"
        )
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.motion", description=__doc__)
    parser.add_argument("--model", default="bundled", help="name or folder of a motion model")
    parser.add_argument(
        "--set", action="append", type=_set, help=f"{', '.join(SETS)} or a folder; default: all"
    )
    parser.add_argument("--mode", action="append", choices=MODES, help="default: both")
    parser.add_argument(
        "--method", action="append", choices=METHODS, help="default: all quick ones"
    )
    parser.add_argument(
        "--wording", type=int, choices=range(WORDINGS), default=0, help="4 rewordings"
    )
    parser.add_argument("--limit", type=positive, help="only the first recordings of each set")
    parser.add_argument("--timelines", action="store_true", help="draw truth and answers as text")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser


if __name__ == "__main__":
    main()
