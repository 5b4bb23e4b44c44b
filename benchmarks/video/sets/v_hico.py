"""V-HICO (Li et al., ICCV 2021): `gt_bbox_test.json`, which is a pickle in spite of its name.

`{"annos": {action: {video: [{"path", "label", "human": [box], "object": [box]}]}}}` in pixels.
What counts is the smallest box around all people and objects of the frame, as VideoGEM scores it.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from benchmarks.video.sets import Annotation, FormatError, as_box, enclosing, own_pixels, pickles
from engines.errors import PromptError
from engines.video.prompts import label_parts


def read(path: Path) -> Iterator[Annotation]:
    """Every annotated frame. Raises FormatError if the file has another layout."""
    content = pickles.read(path)
    try:
        actions = content["annos"].values()
        for video, frames in (pair for videos in actions for pair in videos.items()):
            for frame in frames:
                boxes = [as_box(box, path) for box in (*frame["human"], *frame["object"])]
                label = str(frame["label"]).lower()
                yield Annotation(
                    video=str(video),
                    label=label,
                    parts=(label_parts(label),),
                    boxes=(enclosing(boxes),),
                    within=own_pixels,
                    frame="/".join(PurePosixPath(frame["path"]).parts[-3:]),
                )
    except (AttributeError, KeyError, TypeError, PromptError) as error:
        raise FormatError(
            f"{path} is not V-HICO's boxes ({error!r}): give gt_bbox_test.json"
        ) from error
