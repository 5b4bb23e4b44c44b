"""What a query asks the engine for, in one picture."""

import numpy as np

from engines.video import head
from engines.video.engine import MAX_PROMPTS, Prompt, VideoEngine
from engines.video.head import Encoded
from engines.video.prompts import Parts
from training.scenes.questions import Query


def prompt(engine: VideoEngine, encoded: Encoded, query: Query) -> Prompt:
    """The label, to be taken apart by our grammar; its parts where the query brings them."""
    if len(query.parts) > 1:
        return fitting(engine, encoded, query.parts)
    return query.parts[0] if query.parts else query.label


def fitting(engine: VideoEngine, encoded: Encoded, ways: tuple[Parts, ...]) -> Parts:
    """The verb and the object whose texts are nearest to the whole image, as published."""
    scores: list[float] = []
    for start in range(0, len(ways), MAX_PROMPTS):
        looked = engine.look_for(ways[start : start + MAX_PROMPTS])
        near = head.image_similarity(encoded, looked.text)[0]
        scores += (near[looked.rows] * looked.given)[:, 1:].sum(axis=1).tolist()
    return ways[int(np.argmax(scores))]
