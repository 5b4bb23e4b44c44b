"""`liveground teach`: seconds of a recording become an example of a named action, in a file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from clients import recording
from engines.errors import PromptError
from engines.motion.grounder import MotionGrounder
from engines.motion.track import KEPT_S


def teach(
    file: Annotated[Path, typer.Argument(help="A .bvh of any common rig, or a canonical .npz.")],
    name: Annotated[str, typer.Option(help="What the action is called.")],
    out: Annotated[Path, typer.Option(help="File of examples; made, or added to if it is there.")],
    start_s: Annotated[
        float | None, typer.Option("--start", help="Where it begins, seconds; else at the start.")
    ] = None,
    end_s: Annotated[
        float | None, typer.Option("--end", help="Where it ends, seconds; else at the end.")
    ] = None,
    words: Annotated[
        bool, typer.Option(help="Whether the words of the name count beside what is shown.")
    ] = True,
    model: Annotated[str, typer.Option(help="A motion model's name or folder.")] = "bundled",
) -> None:
    """Teach by showing: look for an action that words do not name, by an example of it.

    Times are on the recording's clock; 20 s at most. Then: `liveground replay --examples OUT`, or
    `liveground search FILE NAME --examples OUT`.
    """
    if not out.parent.is_dir():
        raise PromptError(f"--out {out}: there is no folder {out.parent}: make it first")
    take = recording.load(file)
    for warning in take.warnings:
        Console(stderr=True).print(f"{take.name}: {warning}", style="yellow", highlight=False)
    first_s, last_s = _span(take, start_s, end_s)
    grounder = MotionGrounder.load(model)
    if out.exists():
        grounder.load_examples(out)
    _watch(grounder, take, last_s + 2 * grounder.model.lookahead_s)
    grounder.enrol(name, first_s, last_s, words=words)
    grounder.save_examples(out)
    counts = ", ".join(f"{shown.name} ({len(shown.vectors)})" for shown in grounder.examples)
    text = f"{out}: {last_s - first_s:.2f} s of {take.name} added. It holds {counts}."
    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def _span(
    take: recording.Recording, start_s: float | None, end_s: float | None
) -> tuple[float, float]:
    begin_s, over_s = float(take.time_s.min()), float(take.time_s.max())
    first_s = begin_s if start_s is None else start_s
    last_s = over_s if end_s is None else end_s
    if not (begin_s <= first_s and last_s <= over_s and last_s - first_s <= KEPT_S):
        raise PromptError(
            f"--start {first_s:g}, --end {last_s:g}: {take.name} goes from {begin_s:.2f} to "
            f"{over_s:.2f} s; expected {KEPT_S:g} s of it at most. Mark the action alone."
        )
    return first_s, last_s


def _watch(grounder: MotionGrounder, take: recording.Recording, until_s: float) -> None:
    """Up to a moment, and what the encoder must see behind it."""
    for joints, time_s in zip(take.joints, take.time_s.tolist(), strict=True):
        if time_s > until_s:
            break
        grounder.push(joints, time_s)
    grounder.finish()
