"""YouCook2-Interactions (Tan et al., NeurIPS 2021): two pickles and YouCook2's own captions.

`final_dataset_annotations.pkl`: `{video: {second: (x0, y0, x1, y1)}}`, seconds from one, in pixels
of a picture of at most 640 x 360; `final_dataset_segments.pkl`: `[(video, start, end)]`;
`youcookii_annotations_trainval.json` has the sentence of each segment, found by its start.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.video.sets import Annotation, FormatError, as_box, pickles

SIZE = (640, 360)
FILES = ("final_dataset_annotations.pkl", "final_dataset_segments.pkl")
CAPTIONS = "youcookii_annotations_trainval.json"


def read(folder: Path) -> Iterator[Annotation]:
    """Every annotated second of the segments. Raises FormatError if a file has another layout."""
    boxes, segments = (pickles.read(folder / name) for name in FILES)
    try:
        captions = json.loads((folder / CAPTIONS).read_text())["database"]
        for video, start, end in segments:
            sentence = _sentence(captions[video]["annotations"], start)
            if sentence is None:
                continue
            for second, box in sorted(boxes[video].items()):
                if start <= second <= end:
                    yield Annotation(
                        video=str(video),
                        label=sentence,
                        box=as_box(box[:4], folder),
                        second=float(second) - 1,
                        size=SIZE,
                    )
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{folder} is not YouCook2-Interactions ({error!r})") from error


def _sentence(captions: list[dict[str, object]], start: int) -> str | None:
    for caption in captions:
        if caption["segment"][0] == start:  # type: ignore[index]
            return str(caption["sentence"])
    return None
