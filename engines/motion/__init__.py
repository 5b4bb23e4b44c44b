"""Motion: frames of a skeleton in, sub-action labels out. `MotionGrounder` is the way in.

It is imported on first use, so that the joint tables can be had without the engine.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engines.motion.grounder import MotionGrounder

__all__ = ["MotionGrounder"]


def __getattr__(name: str) -> Any:
    if name == "MotionGrounder":
        from engines.motion.grounder import MotionGrounder

        return MotionGrounder
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
