"""Label motion in your own process, frame by frame, without a server.

    python examples/embedded.py dance.bvh "walks forward" "turns around" "waves"

Prints a line whenever the label changes, and the final segments at the end.
"""

import sys

from clients import recording
from engines.motion import MotionGrounder


def main(path: str, *prompts: str) -> None:
    take = recording.load(path)
    grounder = MotionGrounder.load()
    grounder.configure(prompts=list(prompts))
    told = None
    for joints, time_s in zip(take.joints, take.time_s, strict=True):
        update = grounder.push(joints, time_s)  # in a live program: once for every frame of the rig
        if update.time_s is not None and update.label != told:
            told = update.label
            print(f"{update.time_s:7.2f} s  now: {told}")
    for segment in grounder.finish():
        print(f"{segment.start_s:7.2f} - {segment.end_s:.2f} s  {segment.label}")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
