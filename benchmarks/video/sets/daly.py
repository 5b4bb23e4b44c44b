"""DALY (Weinzaepfel et al., 2016): `daly1.1.0.pkl`.

`{"annot": {video: {"annot": {Class: [{"keyframes": [{"boundingBox", "time"}]}]}}}, "splits"}`;
boxes are shares of the frame, one or more a key frame; `splits[0]` are the test videos.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.video.sets import Annotation, FormatError, as_box, pickles, shares
from engines.errors import PromptError
from engines.video.prompts import label_parts


def read(path: Path) -> Iterator[Annotation]:
    """Every key frame of the test videos. Raises FormatError if the file has another layout."""
    content = pickles.read(path)
    try:
        for video in content["splits"][0]:
            for name, instances in content["annot"][video]["annot"].items():
                parts = (label_parts(name),)
                for keyframe in (each for one in instances for each in one["keyframes"]):
                    rows = np.reshape(keyframe["boundingBox"], (-1, 4))
                    yield Annotation(
                        video=str(video),
                        label=str(name),
                        parts=parts,
                        boxes=tuple(as_box(box, path) for box in rows),
                        within=shares,
                        second=float(keyframe["time"]),
                    )
    except (KeyError, TypeError, IndexError, ValueError, PromptError) as error:
        raise FormatError(f"{path} is not DALY ({error!r}): give daly1.1.0.pkl") from error
