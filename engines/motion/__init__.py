"""Motion: joints in, sub-actions out. `MotionGrounder` is the way in for programs."""

from engines.motion.grounder import MotionGrounder

__all__ = ["MotionGrounder"]
