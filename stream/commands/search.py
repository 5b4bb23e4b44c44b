"""`liveground search`: words to moments in recordings, and motion to words."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clients import recording
from engines.errors import PromptError
from engines.motion.search import Moment, MotionIndex

TOP: Final = 5
STRIP: Final = 30
"""Characters of the line that shows where in its recording a moment is."""

Lasting = dict[str, tuple[float, float]]
"""First and last time of each recording."""


def search(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE... [TEXT]", help="Recordings (.bvh, .npz), then what to look for."
        ),
    ],
    describe: Annotated[
        list[str] | None,
        typer.Option(help="The other way round: rank this text; give it several times."),
    ] = None,
    texts: Annotated[Path | None, typer.Option(help="JSON list of texts to rank.")] = None,
    from_s: Annotated[
        float | None, typer.Option("--from", help="Rank for the motion from here on, seconds.")
    ] = None,
    to_s: Annotated[
        float | None, typer.Option("--to", help="Rank for the motion up to here, seconds.")
    ] = None,
    top: Annotated[
        int | None,
        typer.Option(min=1, help=f"How many to show (default: {TOP} moments, all texts)."),
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option(help="A file of `liveground teach`: what it shows counts with its words."),
    ] = None,
    model: Annotated[str, typer.Option(help="A motion model's name or folder.")] = "bundled",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Find the moments of recordings that fit a text, best first; or rank texts for a recording.

    Times are on the recording's clock. A text that fits nothing has best moments too: low ones.
    """
    candidates = [*(describe or []), *(_read(texts) if texts else [])]
    if candidates or texts or describe:
        index, _ = _load(given, model, examples)
        for name in given:
            ranked = index.texts(name, candidates, from_s, to_s)[:top]
            _show_texts(name, ranked, as_json=as_json)
        return
    if from_s is not None or to_s is not None:
        raise PromptError("--from and --to go with --describe or --texts: leave them out")
    if len(given) < 2 or Path(given[-1]).is_file():
        raise PromptError(
            "there is no text to look for: put it behind the files, as in "
            'liveground search dance.bvh "waves"; or rank texts with --describe'
        )
    index, lasting = _load(given[:-1], model, examples)
    _show_moments(index.moments(given[-1], top or TOP), lasting, as_json=as_json)


def _load(files: list[str], model: str, examples: Path | None) -> tuple[MotionIndex, Lasting]:
    takes = {file: recording.load(file) for file in files}
    index = MotionIndex.load(model)
    if examples is not None:
        index.load_examples(examples)
    for file, take in takes.items():
        for warning in take.warnings:
            Console(stderr=True).print(f"{file}: {warning}", style="yellow", highlight=False)
        index.add(file, take.joints, take.time_s)
    return index, {
        file: (float(take.time_s.min()), float(take.time_s.max())) for file, take in takes.items()
    }


def _read(path: Path) -> list[str]:
    expected = 'expected a JSON list of texts such as ["walks forward", "sits down"]'
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[str])
    except OSError as error:
        raise PromptError(f"{path}: cannot be read ({error.strerror}); {expected}.") from error
    except msgspec.DecodeError as error:
        raise PromptError(f"{path}: {error}; {expected}.") from error


def _show_moments(moments: list[Moment], lasting: Lasting, *, as_json: bool) -> None:
    if as_json:
        _print_json(asdict(moment) for moment in moments)
        return
    table = _table("", "from s", "to s", "score", "where", "recording")
    for place, moment in enumerate(moments, 1):
        table.add_row(
            str(place),
            f"{moment.start_s:.2f}",
            f"{moment.end_s:.2f}",
            f"{moment.score:.2f}",
            strip(moment, *lasting[moment.recording]),
            Text(Path(moment.recording).name),
        )
    Console().print(table)


def _show_texts(name: str, ranked: list[tuple[str, float]], *, as_json: bool) -> None:
    if as_json:
        _print_json({"recording": name, "text": text, "score": score} for text, score in ranked)
        return
    table = _table("", "score", "match", Path(name).name)
    for place, (text, score) in enumerate(ranked, 1):
        bar = "█" * round(max(score, 0.0) * STRIP)
        table.add_row(str(place), f"{score:.2f}", bar, Text(text))
    Console().print(table)


def strip(moment: Moment, first_s: float, last_s: float) -> str:
    """A line as long as the recording, thick where the moment is."""
    share = STRIP / max(last_s - first_s, 1e-9)
    begin = min(int((moment.start_s - first_s) * share), STRIP - 1)
    end = max(begin + 1, min(round((moment.end_s - first_s) * share), STRIP))
    return "─" * begin + "█" * (end - begin) + "─" * (STRIP - end)


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in columns:
        number = column in ("", "from s", "to s", "score")
        table.add_column(
            Text(column),
            justify="right" if number else "left",
            no_wrap=column is not columns[-1],
            overflow="fold",
        )
    return table


def _print_json(rows: Iterator[dict[str, str | float]]) -> None:
    for row in rows:
        print(msgspec.json.encode(row).decode())
