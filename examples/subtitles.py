"""Subtitles (.srt) for a recording: what the person does, from a sentence that says what to expect.

python examples/subtitles.py dance.bvh "walks forward, turns around, then waves" > dance.srt
"""

import sys

from clients import recording
from engines.motion import MotionGrounder


def stamp(seconds: float) -> str:
    """SubRip's clock, `hours:minutes:seconds,milliseconds`."""
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def main(path: str, instruction: str) -> None:
    take = recording.load(path)
    grounder = MotionGrounder.load()
    grounder.configure(instruction=instruction)
    for joints, time_s in zip(take.joints, take.time_s - take.time_s[0], strict=True):
        grounder.push(joints, time_s)
    for number, segment in enumerate(grounder.finish(), 1):
        print(number, f"{stamp(segment.start_s)} --> {stamp(segment.end_s)}", sep="\n")
        print(segment.label, end="\n\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
