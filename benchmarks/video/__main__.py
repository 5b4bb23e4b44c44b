"""Print how right the heatmaps are: on rendered test scenes, or on a data set on disk.

`--write` puts the tables of the rendered scenes into docs/benchmarks.md; only then are the final
scenes looked at, on which nothing was ever chosen.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import page
from benchmarks.video import ablation, absence, report
from benchmarks.video.plain import PlainMaps
from benchmarks.video.report import Standing
from benchmarks.video.sets import (
    Annotation,
    FormatError,
    daly,
    frames,
    grounding_youtube,
    v_hico,
    youcook,
)
from engines import models
from engines.errors import EngineError
from engines.video.engine import VideoEngine
from training.clip.commands import NAME
from training.scenes import questions

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
SETS: dict[str, Callable[[Path], Iterator[Annotation]]] = {
    "v-hico": v_hico.read,
    "daly": daly.read,
    "youcook": youcook.read,
    "grounding-youtube": grounding_youtube.read,
}


def main() -> None:
    given = _given()
    try:
        folder = models.find(given.model)
        engine = VideoEngine(folder)
        plain = PlainMaps(folder, engine.heatmaps)
        print(f"{engine.manifest.name} {engine.manifest.version}: {engine.manifest.notice}\n")
        if given.set:
            annotations = SETS[given.set](given.annotations)
            print(on_disk(engine, plain, frames.Frames(annotations, given.frames)))
            return
        text = rendered(engine, plain, given.scenes, final=given.write)
    except (EngineError, FormatError, OSError) as error:
        sys.exit(f"benchmarks.video: {error}")
    print(text)
    if given.write:
        page.put(PAGE, "benchmarks.video", text)


def on_disk(engine: VideoEngine, plain: PlainMaps, asked: frames.Frames) -> str:
    """Everything about a data set. Raises FormatError if none of its frames can be read."""
    tally = ablation.measure(engine, asked, plain)
    missing = asked.missing
    if not tally.centre:
        raise FormatError(
            f"none of {len(missing)} annotated frames can be read, first {missing[0]!r}: "
            "give the folder that they lie in as --frames"
            if missing
            else "the annotations hold no frame"
        )
    left_out = f"{len(missing)} annotated frames could not be read and are left out"
    parts = [report.ablation(tally), report.contributions(tally)]
    return "\n\n".join([*parts, f"{left_out}{f', first {missing[0]!r}' if missing else ''}."])


def rendered(engine: VideoEngine, plain: PlainMaps, scenes: int, *, final: bool) -> str:
    """Everything about the rendered test scenes, and beside them, if wanted, the final ones."""
    calibration = engine.manifest.presence
    tally = ablation.measure(engine, questions.pictures(scenes, "test"), plain)
    found = absence.gather(engine, questions.pictures(scenes, "test"))
    model = f"{engine.manifest.name} {engine.manifest.version}, {scenes} scenes."
    parts = [report.ablation(tally), report.contributions(tally), report.groups(tally)]
    parts += [report.absent(found, calibration)]
    if final:
        untouched = Standing(
            ablation.measure(engine, questions.pictures(scenes, "final")),
            absence.gather(engine, questions.pictures(scenes, "final")),
        )
        both = {"test": Standing(tally, found), "final, never looked at": untouched}
        parts.append(report.standings(both, calibration))
    return "\n\n".join([model, *parts])


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.video", description=__doc__)
    parser.add_argument("--model", default=NAME, help="name or folder of a clip model")
    parser.add_argument("--scenes", type=int, default=600, help="rendered test scenes")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--set", choices=sorted(SETS), help="a data set instead of scenes")
    parser.add_argument("--annotations", type=Path, help="its annotation file or folder")
    parser.add_argument("--frames", type=Path, help="folder of its pictures or videos")
    given = parser.parse_args()
    if given.set:
        for name in ("annotations", "frames"):
            path = getattr(given, name)
            if path is None or not path.exists():
                parser.error(f"--set needs --{name}: {path or 'it'} is not there")
    return given


if __name__ == "__main__":
    main()
