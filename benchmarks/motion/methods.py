"""All methods by name: in which modes they can run, and whether they see the future."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.motion import baselines, masks
from benchmarks.motion.prediction import Prediction
from benchmarks.motion.recordings import Problem
from benchmarks.motion.transport import transport
from engines.models import Calibration
from engines.motion.timeline import Mode

BOTH: tuple[Mode, ...] = ("script", "watch")


@dataclass(frozen=True, slots=True)
class Method:
    """`run(task, calibration, lookahead_frames)`."""

    title: str
    modes: tuple[Mode, ...]
    run: Callable[[Problem, Calibration, int], Prediction]
    slow: bool = False
    """Only where it is asked for by name."""
    script: str = ""
    """Title in script mode, where masks only score, if it differs."""

    def titled(self, mode: Mode) -> str:
        """What its row is called."""
        return self.script if mode == "script" and self.script else self.title


def _offline(run: Callable[[Problem, Calibration], Prediction]):
    return lambda task, calibration, _lookahead: run(task, calibration)


METHODS: dict[str, Method] = {
    "uniform": Method("uniform split", ("script",), _offline(baselines.uniform)),
    "argmax": Method("arg-max, median", BOTH, _offline(baselines.argmax)),
    "argmax-unknown": Method("arg-max, median, unknown", BOTH, _offline(baselines.argmax_unknown)),
    "windows": Method("sliding windows", BOTH, _offline(baselines.sliding_windows)),
    "monotone": Method("monotone DP", ("script",), _offline(baselines.monotone)),
    "durations": Method(
        "monotone DP, duration prior", ("script",), _offline(baselines.monotone_durations)
    ),
    "switching": Method("Viterbi, switch price", ("watch",), _offline(baselines.switching)),
    "transport": Method("optimal transport", BOTH, _offline(transport)),
    "cold": Method(
        "cold masks, whole recording", BOTH, masks.offline, script="follower, whole recording"
    ),
    "live-cold": Method(
        "cold masks, live", BOTH, masks.live_cold, script="follower, live, cold masks"
    ),
    "live-20s": Method(
        "warm masks, live, 20 s horizon",
        BOTH,
        masks.live_long,
        script="follower, live, 20 s horizon",
        slow=True,
    ),
    "live": Method("**warm masks, live**", BOTH, masks.live, script="**follower, live**"),
}
