"""YouCook2-Interactions (Tan et al., NeurIPS 2021): two pickles and YouCook2's own captions.

`final_dataset_annotations.pkl`: `{video: {second: (x0, y0, x1, y1)}}`, seconds from one, in pixels
of the frame; one that is both wider and higher than 640 x 360 is squashed to that first, whatever
its shape (so do the authors when they draw the boxes). `final_dataset_segments.pkl`:
`[(video, start, end)]`; `youcookii_annotations_trainval.json` has the sentence of each segment,
found by its start.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.video.sets import Annotation, FormatError, as_box, pickles, sentences
from engines.errors import PromptError

SIZE_PX = (640, 360)
FILES = ("final_dataset_annotations.pkl", "final_dataset_segments.pkl")
CAPTIONS = "youcookii_annotations_trainval.json"


def squashed(width: int, height: int) -> tuple[float, float]:
    """Boxes are in pixels of the frame as the authors show it."""
    larger = width > SIZE_PX[0] and height > SIZE_PX[1]
    wide, high = SIZE_PX if larger else (width, height)
    return float(wide), float(high)


def read(folder: Path) -> Iterator[Annotation]:
    """Every annotated second of the segments that have boxes and a sentence.

    Raises FormatError if a file has another layout, or if no segment has both.
    """
    boxes, segments = (pickles.read(folder / name) for name in FILES)
    found = False
    try:
        captions = json.loads((folder / CAPTIONS).read_text())["database"]
        for video, start, end in segments:
            told = captions.get(video, {"annotations": []})["annotations"]
            sentence = _sentence(told, start)
            if sentence is None or video not in boxes:
                continue
            for each in _segment(boxes[video], folder, str(video), sentence, (start, end)):
                found = True
                yield each
    except (AttributeError, KeyError, TypeError, ValueError, PromptError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"{folder} is not YouCook2-Interactions ({error!r})") from error
    if not found:
        raise FormatError(
            f"{folder}: none of the {len(segments)} segments has both boxes and a sentence: "
            f"give {', '.join(FILES)} and {CAPTIONS} of the same videos"
        )


def _segment(
    seconds: dict[int, Any], folder: Path, video: str, sentence: str, span: tuple[int, int]
) -> Iterator[Annotation]:
    parts = sentences.ways(sentence)
    for second, box in sorted(seconds.items()):
        if span[0] <= second <= span[1]:
            yield Annotation(
                video=video,
                label=sentence,
                parts=parts,
                boxes=(as_box(box[:4], folder),),
                within=squashed,
                second=float(second) - 1,
            )


def _sentence(captions: list[dict[str, object]], start: int) -> str | None:
    for caption in captions:
        if caption["segment"][0] == start:  # type: ignore[index]
            return str(caption["sentence"])
    return None
