"""GroundingYouTube (Chen et al., CVPR 2024): `box_anno.json`.

`{video: [{"second", "box", "step_name"}]}` or `{video: {second: {"box", "step"}}}`; a box is y0,
x0, y1, x1 in pixels of a frame that is 480 high (no first or third number goes above that, the
others do), so its width follows from the video's own shape.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.video.sets import Annotation, FormatError, as_box
from engines.errors import PromptError
from engines.video.prompts import label_parts

HEIGHT_PX = 480


def as_high(width: int, height: int) -> tuple[float, float]:
    """Boxes are in pixels of the frame once it is HEIGHT_PX high."""
    return HEIGHT_PX * width / height, float(HEIGHT_PX)


def read(path: Path) -> Iterator[Annotation]:
    """Every annotated second. Raises FormatError if the file has another layout."""
    try:
        content = json.loads(path.read_text())
        for video, seconds in content.items():
            for second, box, label in _rows(seconds):
                top, left, bottom, right = as_box(box, path)
                yield Annotation(
                    video=video,
                    label=label,
                    parts=(label_parts(label),),
                    boxes=((left, top, right, bottom),),
                    within=as_high,
                    second=float(second),
                )
    except (AttributeError, KeyError, TypeError, ValueError, PromptError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(
            f"{path} is not GroundingYouTube's boxes ({error!r}): give box_anno.json"
        ) from error


def _rows(seconds: Any) -> Iterator[tuple[Any, Any, str]]:
    if isinstance(seconds, dict):
        for second, row in seconds.items():
            yield second, row["box"], row["step"]
        return
    for row in seconds:
        yield row["second"], row["box"], row["step_name"]
