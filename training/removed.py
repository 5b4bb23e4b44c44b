"""Ten actions that a second model is never trained on: every variant, caption and word of them.

`python -m training --work work/ten prepare --without ten` makes its corpus; the benchmark then asks
that model for them in words, with prompt expansion, and after examples. Chosen before the model
was trained, most of them because HDM05 or UTKinect have them, so that real motion counts too.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from training.data import Span
from training.synth import moves as _moves  # noqa: F401  (fills the registry)
from training.synth.registry import REGISTRY


@dataclass(frozen=True)
class Action:
    """A removed action.

    `families` go as a whole (a family is named after its head), `others` are primitives of other
    families that do the same or contain it; no caption that matches `words` is left. `shown`: the
    primitives that `text` fits, which are measured. `classes`: kinds of HDM05 and UTKinect.
    """

    text: str
    families: tuple[str, ...]
    words: str
    shown: tuple[str, ...]
    others: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


TEN: Final = (
    Action(
        "a person claps their hands",
        families=("clap",),
        words=r"\b(clap|applau)",
        shown=("clap", "clap_wide", "clap_over"),
        classes=("clapHands",),
    ),
    Action(
        "a person waves both hands",
        families=("wave",),
        others=("horizontal_wave", "lying_wave", "arm_wave", "dance_arms"),
        words=r"\bwav(e|es|ed|ing)\b",
        shown=("wave_both", "wave_both_high", "wave_both_big", "wave_both_wide"),
        classes=("waveHands",),
    ),
    Action(
        "a person kicks forward",
        families=("kick", "kick_side", "kick_back", "kick_round"),
        others=("karate", "dance_kick", "heel_kick", "kick_ball_walk", "juggle_feet"),
        words=r"\b(kick|boot|punt)",
        shown=("kick", "kick_low", "kick_high"),
        classes=("kickLFront1Reps",),
    ),
    Action(
        "a person does a squat",
        families=("squat", "squat_jump"),
        others=(
            "half_squat",
            "sumo_squat",
            "wall_sit",
            "pick_up_squat",
            "put_down_squat",
            "put_down_low",
            "put_down_deep",
        ),
        words=r"\bsquat|\bknee bend",
        shown=("squat", "squat_arms", "squat_hips", "squat_front", "squat_deep"),
        classes=("squat1Reps",),
    ),
    Action(
        "a person hops on both legs",
        families=("hop", "hop_one"),
        others=("rope_jump", "skier"),
        words=r"\b(hop|hops|hopping|hopped)\b|\bsmall jumps",
        shown=("hop_both", "hop_spot", "hop_both_go"),
        classes=("hopBothLegs1hops",),
    ),
    Action(
        "a person lies down on the floor",
        families=("lie_down",),
        words=r"\b(lie|lies|lying|lay|lays|laying)\b.*\bdown\b|\breclin",
        shown=("lie_down", "lie_down_kneel"),
        classes=("lieDownFloor",),
    ),
    Action(
        "a person brings an elbow to the opposite knee",
        families=("elbow_knee",),
        others=("bicycle",),
        words=r"\belbow.*\bknee|\bknee.*\belbow|\bcrunch",
        shown=("elbow_knee", "elbow_knee_free", "elbow_knee_alt"),
        classes=("elbowToKnee1RepsLelbowStart",),
    ),
    Action(
        "a person rotates both arms backward",
        families=("arm_circles",),
        others=("small_arm_circles", "swim_back"),
        words=r"\barm circl|\bwindmill|\b(rotat|circl|whirl).*\barms?\b|\barms? (rotat|circl)",
        shown=("arm_circles_backward",),
        classes=("rotateArmsBothBackward1Reps",),
    ),
    Action(
        "a person pulls something",
        families=("pull", "pull_down"),
        others=("pull_up", "start_mower", "open_door", "row", "row_machine"),
        words=r"\b(pull|tug|drag|haul|yank|heave|heaving|tow |towing)",
        shown=("pull", "pull_one"),
        classes=("pull",),
    ),
    Action(
        "a person throws something",
        families=("throw", "throw_under", "throw_both", "basketball"),
        others=("pick_throw", "toss", "chest_pass", "dunk", "bowling", "juggle"),
        words=r"\b(throw|toss|hurl|fling|pitch|lob|chuck|sling)|\bshoot.*\b(basket|hoop|ball)",
        shown=("throw", "throw_light", "throw_short"),
        classes=("throw", "throwBasketball"),
    ),
)


@dataclass(frozen=True)
class Removal:
    """What is taken out of a corpus: nothing, unless actions are named."""

    actions: tuple[Action, ...] = ()

    @cached_property
    def primitives(self) -> frozenset[str]:
        """Names of the primitives that are never performed."""
        families = {family for action in self.actions for family in action.families}
        others = {name for action in self.actions for name in action.others}
        return frozenset(others) | {
            name for name, p in REGISTRY.items() if name in families or p.family in families
        }

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return re.compile("|".join(action.words for action in self.actions) or r"(?!)")

    def names(self, text: str) -> bool:
        """Whether a caption names a removed action."""
        return bool(self._words.search(text.lower()))

    def removes(self, kind: str) -> bool:
        """Whether a kind of span is a removed primitive, or laid over or under one."""
        return bool(self.primitives & set(re.split(r"[:@+]", kind)))

    def kept(self, span: Span) -> Span | None:
        """A span without captions that name a removed action; None if it is one: by its kind, for
        recorded clips with phrases of their own by the plainest, or if none would be left."""
        own = span.kind.startswith("said:") and self.names(span.captions[0])
        if self.removes(span.kind) or own or all(map(self.names, span.captions)):
            return None
        free = [not self.names(text) for text in span.captions]
        return replace(
            span,
            captions=tuple(t for t, is_free in zip(span.captions, free, strict=True) if is_free),
            mirrored=tuple(t for t, is_free in zip(span.mirrored, free, strict=True) if is_free),
            descriptions=tuple(said for said in span.descriptions if not self.names(said.text)),
        )


NOTHING: Final = Removal()
SETS: Final = {"ten": Removal(TEN)}
