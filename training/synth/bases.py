"""Base postures: what a body rests in between actions, and how it is named there."""

from training.synth.registry import LAP, Pose, pose

BASES: dict[str, Pose] = {
    "stand": pose(both=(0.12, -0.98, 0.08), feet=(0.12, 0.0, 0.0), fy=8),
    "sit": pose(
        both=(0.02, -0.55, 0.5), feet=(0.13, 0.0, 0.48), py=-0.5, pitch=-4, flex=6, fy=8, kn=0.1
    ),
    "sit_floor": pose(
        both=(0.1, -0.62, 0.35), feet=(0.12, 0.0, 0.85, -55), py=-0.93, flex=14, fy=5, kn=0.2
    ),
    "cross_legged": pose(
        both=(0.15, -0.5, 0.45), feet=(-0.12, 0.0, 0.38, 30), py=-0.93, flex=10, kn=1.6, fy=-20
    ),
    "kneel": pose(both=(0.1, -0.94, 0.08), feet=(0.14, 0.02, -0.5, 70), py=-0.5, al=0.3),
    "half_kneel": pose(
        both=(0.08, -0.85, 0.2), lf=(0.12, 0.0, 0.38), rf=(0.12, 0.02, -0.48, 55), py=-0.47
    ),
    "crouch": pose(
        both=LAP, feet=(0.17, 0.0, 0.03), py=-0.6, pz=-0.1, pitch=25, flex=22, kn=0.4, fy=14
    ),
    "lie_back": pose(
        both=(0.15, -0.95, -0.03), feet=(0.12, 0.02, 1.08, -65), py=-0.98, pitch=-88, al=1
    ),
    "lie_front": pose(
        both=(0.25, -0.9, 0.05), feet=(0.12, 0.04, -1.05, 70), py=-0.98, pitch=88, al=1, hflex=-15
    ),
    "lie_side": pose(
        both=(-0.1, 0.05, 0.6), lf=(0.75, 0.12, 0.3), rf=(-0.78, 0.0, 0.25),
        py=-0.95, roll=-86, al=1
    ),
    "all_fours": pose(
        both=(0.02, -0.98, 0.05), feet=(0.12, 0.04, -0.5, 75), py=-0.5, pitch=78, hflex=-30, flex=6
    ),
    "plank": pose(
        both=(0.08, -0.98, 0.1), feet=(0.1, 0.03, -0.98, 55), py=-0.55, pitch=72, hflex=-20
    ),
}  # fmt: skip

NAMES: dict[str, tuple[str, ...]] = {
    "stand": ("stand~ still", "stand~", "stand~ upright", "stand~ in place"),
    "sit": ("sit~", "sit~ on a chair", "sit~ down on a seat", "be~ seated", "remain~ seated"),
    "sit_floor": ("sit~ on the floor", "sit~ on the ground with legs stretched out"),
    "cross_legged": ("sit~ cross-legged", "sit~ on the floor with crossed legs"),
    "kneel": ("kneel~", "kneel~ on both knees", "be~ on {their} knees"),
    "half_kneel": ("kneel~ on one knee", "be~ on one knee"),
    "crouch": ("crouch~", "squat~ low", "stay~ crouched", "stay~ in a low squat"),
    "lie_back": ("lie~ on {their} back", "lie~ face up", "lie~ on the floor"),
    "lie_front": ("lie~ on {their} stomach", "lie~ face down"),
    "lie_side": ("lie~ on {their} side",),
    "all_fours": ("be~ on all fours", "be~ on hands and knees"),
    "plank": ("hold~ a plank", "be~ in a push-up position"),
}
"""Phrases for resting in a base; the first is the plainest."""
