"""The performer's clips: clean synthesised motion at 60 Hz, packed small for clients/performer.

Written by `python -m training performer`; the same bytes of motion every time.
"""

from pathlib import Path

import numpy as np

from training.synth.bases import BASES
from training.synth.body import Body, joints
from training.synth.compose import Item, play, side_move
from training.synth.motion import row
from training.synth.registry import REGISTRY

OUT = Path(__file__).parents[2] / "clients" / "performer" / "routine.npz"
RATE_HZ = 60
MARGIN_S = 0.2
UNIT_M = 1e-4
"""Joints about the pelvis are kept as whole tenths of a millimetre."""
CLIPS: tuple[tuple[str, str, str, int], ...] = (
    ("a person walks forward", "walk", "", 1),
    ("a person walks backward", "walk_back", "", 2),
    ("a person steps sideways to the left", "sidestep", "left", 3),
    ("a person jogs", "jog", "", 4),
    ("a person turns around", "turn_around", "left", 5),
    ("a person turns to the right", "turn", "right", 6),
    ("a person marches in place", "march", "", 7),
    ("a person jumps", "jump", "", 8),
    ("a person does a squat", "squat", "", 9),
    ("a person does a lunge with the left leg", "lunge", "left", 10),
    ("a person does jumping jacks", "jumping_jack", "", 11),
    ("a person kicks forward with the right foot", "kick", "right", 12),
    ("a person kicks forward with the left foot", "kick", "left", 13),
    ("a person punches with the right hand", "punch", "right", 14),
    ("a person waves with the right hand", "wave", "right", 15),
    ("a person waves both hands", "wave_both", "", 16),
    ("a person claps their hands", "clap", "", 17),
    ("a person raises both arms", "raise_both", "", 18),
    ("a person circles both arms forward", "arm_circles_forward", "", 19),
    ("a person bows", "bow", "", 20),
    ("a person picks something up from the floor", "pick_up", "right", 21),
    ("a person throws something with the right hand", "throw", "right", 22),
    ("a person drinks", "drink", "right", 23),
    ("a person points forward with the left hand", "point_front", "left", 24),
    ("a person bends to the left", "side_bend", "left", 25),
    ("a person stands still", "stand_idle", "", 26),
    ("a person sits down", "sit_down", "", 27),
    ("a person sits still", "sit_idle", "", 28),
    ("a person stands up", "stand_up", "", 29),
)
"""Prompt, primitive, side, seed of each clip."""


def clip(primitive: str, side: str, seed: int) -> np.ndarray:
    """Joints (T, 22, 3) float32 at 60 Hz of one action, from the origin, facing +z.

    It begins and ends at rest in its base postures, so that any other clip can follow.
    """
    p = REGISTRY[primitive]
    bases = (p.base, p.to or p.base)
    rng = np.random.default_rng([60, seed])
    start, end = (row(BASES[base]) for base in bases)
    items = [
        _rest(bases[0], rng),
        Item(side_move(p, side, start, end, rng), primitive, (), bases[1]),
        _rest(bases[1], rng),
    ]
    rows, frames = play(items, fps=RATE_HZ)
    margin = round(MARGIN_S * RATE_HZ)
    return joints(rows[frames[1][0] - margin : frames[1][1] + margin], Body())


def _rest(base: str, rng: np.random.Generator) -> Item:
    here = row(BASES[base])
    return Item(side_move(REGISTRY[f"{base}_idle"], "", here, here, rng), base, (), base)


def write(path: Path = OUT) -> None:
    """Write all clips, with the posture each starts and ends in."""
    made = [clip(primitive, side, seed) for _, primitive, side, seed in CLIPS]
    together = np.concatenate(made)
    about_pelvis = np.round((together - together[:, :1]) / UNIT_M)
    names = [REGISTRY[primitive] for _, primitive, _, _ in CLIPS]
    np.savez_compressed(
        path,
        actions=np.array([text for text, *_ in CLIPS]),
        starts=np.array([p.base for p in names]),
        ends=np.array([p.to or p.base for p in names]),
        bounds=np.cumsum([0, *map(len, made)]).astype(np.int32),
        pelvis=together[:, 0],
        about_pelvis=about_pelvis.astype(np.int16),
        unit_m=np.float64(UNIT_M),
        rate_hz=np.float64(RATE_HZ),
    )
