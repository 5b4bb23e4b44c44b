"""The bundled CLIP's training network against the tower that is exported."""

import copy

import numpy as np
import torch
from torch.nn import functional as F

from engines.video.weights import STATIC
from onnx_export.clip import Vision
from training.clip import network

CONFIG = copy.deepcopy(network.CONFIG)
CONFIG["embed_dim"] = 16
CONFIG["vision_cfg"] |= {"image_size": 48, "width": 32, "head_width": 8, "mlp_ratio": 2.0}


def model() -> network.Clip:
    torch.manual_seed(0)
    return network.Clip(CONFIG).eval()


def pixels(count: int = 2) -> torch.Tensor:
    return torch.randn(count, 3, 48, 48, generator=torch.Generator().manual_seed(1))


def test_maps_are_those_of_the_exported_tower() -> None:
    """Patch embeddings follow from the layers that onnx_export stacks, with the same weights."""
    clip = model()
    tower = Vision(CONFIG)
    tower.load_state_dict(clip.vision.state_dict())
    grid = tower.positional_embedding[1:].reshape(4, 4, -1)
    with torch.inference_mode():
        stack, path = tower.layers(pixels(), grid)
        mixed = sum(w * part for w, part in zip(STATIC, stack, strict=True))
        wanted = F.normalize(tower.ln_post(mixed) @ tower.proj, dim=-1)[1:].transpose(0, 1)
        seen = clip(pixels(), torch.tensor([STATIC] * 2))
        image = tower.left_out(path)[:, -1]
    torch.testing.assert_close(seen.patches, wanted, atol=1e-5, rtol=0)
    torch.testing.assert_close(seen.image, image, atol=1e-5, rtol=0)


def test_keeping_all_patches_is_the_whole_picture() -> None:
    """Patches kept in another order give the same embeddings in that order."""
    clip, order = model(), torch.randperm(16, generator=torch.Generator().manual_seed(2))
    weights = torch.tensor([STATIC] * 2)
    with torch.inference_mode():
        whole = clip(pixels(), weights)
        kept = clip(pixels(), weights, keep=order.expand(2, -1))
    torch.testing.assert_close(kept.patches, whole.patches[:, order], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(kept.image, whole.image, atol=1e-5, rtol=1e-4)


def test_sharper_norms_leave_the_plain_path_as_it_is() -> None:
    """Scaling ln_1 up and its weights down changes GEM's maps and not the image embedding."""
    clip, sharper = model(), model()
    for block in sharper.vision.transformer.resblocks:
        block.ln_1.weight.data *= 4
        block.ln_1.bias.data *= 4
        block.attn.in_proj_weight.data /= 4
    weights = torch.tensor([STATIC] * 2)
    with torch.inference_mode():
        one, other = clip(pixels(), weights), sharper(pixels(), weights)
    torch.testing.assert_close(one.image, other.image, atol=1e-4, rtol=1e-3)
    assert (one.patches - other.patches).abs().max() > 1e-3


def test_layer_weights_are_of_the_kinds_the_engine_has() -> None:
    """The first five are all one or the static ones; the last three keep their sum."""
    drawn = network.layer_weights(64, torch.Generator().manual_seed(0))
    static = torch.tensor(STATIC)
    for row in drawn:
        base = torch.ones(8) if row[0] == 1 else static
        torch.testing.assert_close(row[:5], base[:5])
        torch.testing.assert_close(row[5:].sum(), base[5:].sum())


def test_pixels_are_normalised_as_the_engine_does() -> None:
    """uint8 pictures become what the manifest's mean and std promise."""
    image = np.random.default_rng(0).integers(0, 256, (1, 5, 7, 3), np.uint8)
    values = network.normalised(torch.from_numpy(image)).numpy()
    wanted = (image / 255 - np.array(network.MEAN)) / np.array(network.STD)
    np.testing.assert_allclose(values, wanted.transpose(0, 3, 1, 2), atol=1e-5)
