"""Lets torchvision be imported beside torch for CPUs.

PyPI's torchvision is built for CUDA, so none of its operators load there, and its import fails for
want of two of them. open_clip and transformers import it where it is installed, and use neither.
"""

import torch

_declared: list[torch.library.Library] = []


def declare() -> None:
    """Declare the two operators, once; call it before open_clip or transformers are imported."""
    if torch.version.cuda is not None or _declared:
        return
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        if not hasattr(torch.ops.torchvision, name):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _declared.append(library)
