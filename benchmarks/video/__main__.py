"""Print how right the heatmaps are: on rendered test scenes, or on a data set on disk.

`--write` puts the tables of the rendered scenes into docs/benchmarks.md.
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.video import ablation, absence, report
from benchmarks.video.plain import PlainMaps
from benchmarks.video.sets import Annotation, daly, frames, grounding_youtube, v_hico, youcook
from engines.video.engine import VideoEngine
from training.clip.commands import NAME
from training.scenes import questions

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- benchmarks.video -->\n", "<!-- end of benchmarks.video -->\n"
SETS: dict[str, Callable[[Path], Iterator[Annotation]]] = {
    "v-hico": v_hico.read,
    "daly": daly.read,
    "youcook": youcook.read,
    "grounding-youtube": grounding_youtube.read,
}


def main() -> None:
    given = _parser().parse_args()
    engine = VideoEngine.load(given.model)
    plain = PlainMaps(given.checkpoint) if given.checkpoint else None
    print(f"{engine.manifest.name} {engine.manifest.version}: {engine.manifest.notice}\n")
    if given.set:
        found = frames.pictures(SETS[given.set](given.annotations), given.frames)
        print(report.ablation(ablation.measure(engine, found, plain)))
        return
    text = _rendered(engine, plain, given.scenes)
    print(text)
    if given.write:
        before, rest = PAGE.read_text().split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n\n{END}{rest.split(END)[1]}")


def _rendered(engine: VideoEngine, plain: PlainMaps | None, scenes: int) -> str:
    """Everything about the rendered test scenes."""
    tally = ablation.measure(engine, questions.pictures(scenes, "test"), plain)
    evidence = absence.gather(engine, questions.pictures(scenes, "test"))
    model = f"{engine.manifest.name} {engine.manifest.version}, {scenes} scenes."
    parts = [report.ablation(tally), report.contributions(tally), report.groups(tally)]
    return "\n\n".join([model, *parts, report.absent(evidence, engine.manifest.presence)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.video", description=__doc__)
    parser.add_argument("--model", default=NAME, help="name or folder of a clip model")
    parser.add_argument("--scenes", type=int, default=600, help="rendered test scenes")
    parser.add_argument(
        "--checkpoint", type=Path, help="of training: adds plain attention, which needs torch"
    )
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--set", choices=sorted(SETS), help="a data set instead of scenes")
    parser.add_argument("--annotations", type=Path, help="its annotation file or folder")
    parser.add_argument("--frames", type=Path, help="folder of its pictures or videos")
    return parser


if __name__ == "__main__":
    main()
