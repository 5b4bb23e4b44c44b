"""ViCLIP: a checkpoint by path to clip-level graphs behind the same interface."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import Tensor, nn  # noqa: E402

from engines.errors import ModelError  # noqa: E402
from engines.video import fusion  # noqa: E402
from engines.video.engine import VideoEngine  # noqa: E402
from engines.video.heatmaps import Heatmaps  # noqa: E402
from engines.video.weights import ALPHA, STATIC  # noqa: E402
from onnx_export import clip_folder, clip_video  # noqa: E402
from tests import clip_models  # noqa: E402

WIDTH, FRAMES, GRID, PATCH, LAYERS, EMBED = 128, 4, 4, 8, 8, 24
HEADS = WIDTH // 64
VOCABULARY = len(clip_models.tokenizer().get_vocab())


class Published(nn.Module):
    """ViCLIP's video tower as its paper and checkpoints describe it, slow and plain."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv3d(3, WIDTH, (1, PATCH, PATCH), (1, PATCH, PATCH), bias=False)
        self.class_embedding = nn.Parameter(torch.randn(WIDTH) * 0.1)
        self.positional_embedding = nn.Parameter(torch.randn(GRID * GRID + 1, WIDTH) * 0.1)
        self.temporal_positional_embedding = nn.Parameter(torch.randn(1, FRAMES, WIDTH) * 0.1)
        self.ln_pre, self.ln_post = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.transformer = nn.Module()
        self.transformer.resblocks = nn.ModuleList(block() for _ in range(LAYERS))
        self.proj = nn.Parameter(torch.randn(WIDTH, EMBED) * 0.1)

    def tokens(self, clips: Tensor) -> Tensor:
        """`(B, T, 3, H, W)` to CLS and then patch by patch, frame by frame within a patch."""
        cubes = self.conv1(clips.transpose(1, 2)).flatten(3).permute(0, 3, 2, 1)  # (B, n, T, C)
        cubes = cubes + self.positional_embedding[1:, None] + self.temporal_positional_embedding
        cls = (self.class_embedding + self.positional_embedding[0]).expand(len(clips), 1, -1)
        return self.ln_pre(torch.cat([cls, cubes.flatten(1, 2)], dim=1))

    def maps(self, clips: Tensor, text: Tensor) -> Tensor:
        """VideoGEM with static and dynamic weights, one prompt and head after the other."""
        x, path, stack = self.tokens(clips), [], []
        for place, layer in enumerate(self.transformer.resblocks):
            path.append(x)
            y = layer["ln_1"](x)
            if place >= LAYERS - 7:
                stack += [x] if place == LAYERS - 7 else []
                stack.append(self_attention(layer["attn"], y))
            x = x + layer["attn"](y, y, y, need_weights=False)[0]
            x = x + layer["mlp"](layer["ln_2"](x))
        path.append(x)
        rows = []
        for prompt in text:
            without = [path[-1][:, 0] - (path[i][:, 0] - path[i - 1][:, 0]) for i in (-3, -2, -1)]
            kept = torch.stack([self.embed(each) @ prompt for each in without], dim=-1)
            weights = torch.tensor(STATIC).repeat(len(clips), 1)
            weights[:, -3:] += (-ALPHA * kept).softmax(-1) - 1 / 3
            mixed = sum(w[:, None, None] * s for w, s in zip(weights.T, stack, strict=True))
            rows.append(self.embed(mixed[:, 1:]) @ prompt)
        shape = (len(clips), len(text), GRID, GRID, FRAMES)
        return torch.stack(rows, dim=1).reshape(shape).permute(0, 1, 4, 2, 3)

    def embed(self, x: Tensor) -> Tensor:
        return nn.functional.normalize(self.ln_post(x) @ self.proj, dim=-1)


class QuickGELU(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(1.702 * x)


def block() -> nn.ModuleDict:
    layers = {"c_fc": nn.Linear(WIDTH, 4 * WIDTH), "gelu": QuickGELU()}
    layers["c_proj"] = nn.Linear(4 * WIDTH, WIDTH)
    mlp = nn.Sequential()
    for name, module in layers.items():
        mlp.add_module(name, module)
    attention = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
    norms = {name: nn.LayerNorm(WIDTH) for name in ("ln_1", "ln_2")}
    return nn.ModuleDict({"attn": attention, "mlp": mlp, **norms})


def self_attention(attention: nn.MultiheadAttention, y: Tensor) -> Tensor:
    """GEM: in each head by itself, each of q, k, v looks at its own like, twice."""
    sharpness = y.norm(dim=-1).mean(-1)[:, None, None] * (WIDTH // HEADS) ** -0.5
    qkv = (y @ attention.in_proj_weight.T + attention.in_proj_bias).split(WIDTH, dim=-1)
    heads = []
    for q, k, v in zip(*(each.chunk(HEADS, dim=-1) for each in qkv), strict=True):
        total = 0
        for p in (q, k, v):
            n = nn.functional.normalize(p, dim=-1)
            p = (sharpness * n @ n.transpose(1, 2)).softmax(-1) @ n
            n = nn.functional.normalize(p, dim=-1)
            total = total + (sharpness * n @ n.transpose(1, 2)).softmax(-1) @ v
        heads.append(total / 3)
    return attention.out_proj(torch.cat(heads, dim=-1))


@pytest.fixture(scope="module")
def tower() -> Published:
    torch.manual_seed(0)
    return Published().eval().requires_grad_(False)


def checkpoint(tower: Published) -> dict[str, Tensor]:
    """The whole file as ViCLIP's authors write it: both towers and a temperature."""
    state = {f"vision_encoder.{key}": value for key, value in tower.state_dict().items()}
    for place in range(2):
        for key, value in block().state_dict().items():
            state[f"text_encoder.transformer.resblocks.{place}.{key}"] = value
    state["text_encoder.token_embedding.weight"] = torch.randn(VOCABULARY, WIDTH)
    state["text_encoder.positional_embedding"] = torch.randn(32, WIDTH)
    for name in ("weight", "bias"):
        state[f"text_encoder.ln_final.{name}"] = torch.ones(WIDTH)
    state["text_encoder.text_projection"] = torch.randn(WIDTH, EMBED)
    return {**state, "temp": torch.tensor(0.01)}


def test_clip_level_maps_are_those_of_the_formulas(tower: Published, tmp_path: Path) -> None:
    """Frames jointly, one set of dynamic weights a clip, maps of every frame; from path to ONNX."""
    torch.save({"model": checkpoint(tower)}, tmp_path / "viclip.pth")
    clip = clip_video.from_viclip(tmp_path / "viclip.pth", licence="MIT")
    assert clip.logit_scale == pytest.approx(100)
    manifest = clip_folder.write_clip(clip, tmp_path / "out")
    assert (manifest.vision.frames, manifest.max_tokens) == (FRAMES, 32)
    assert manifest.vision.mean == clip_video.IMAGENET["mean"]
    clips = torch.randn(2, FRAMES, 3, GRID * PATCH, GRID * PATCH)
    text = nn.functional.normalize(torch.randn(3, EMBED), dim=-1)
    found = Heatmaps.load(tmp_path / "out").similarity(clips.numpy(), text.numpy())
    assert found.shape == (2, 3, FRAMES, GRID, GRID)
    np.testing.assert_allclose(found, tower.maps(clips, text).numpy(), atol=2e-4, rtol=0)


def test_frames_of_a_camera_are_grounded_clip_by_clip(tower: Published, tmp_path: Path) -> None:
    """From the checkpoint to words: the engine keeps the frames and tells of the newest one."""
    torch.save({"model": checkpoint(tower)}, tmp_path / "viclip.pth")
    clip_models.tokenizer().save(str(tmp_path / "tokenizer.json"))
    clip = clip_video.from_viclip(tmp_path / "viclip.pth", tokenizer=tmp_path / "tokenizer.json")
    clip_folder.write_clip(clip, tmp_path / "out")
    engine = VideoEngine.load(tmp_path / "out")
    track = engine.new_track(half_life_s=0)
    engine.configure(track, ["waves", "cuts an onion"])
    assert track.looked is not None
    random = np.random.default_rng(0)
    frames = [engine.prepare(random.integers(0, 256, (48, 64, 3), np.uint8)) for _ in range(6)]
    for place, pixels in enumerate(frames):
        [grounding] = engine.step([(track, pixels, place / 30)])
        seen = [frames[max(0, each)] for each in range(place - FRAMES + 1, place + 1)]
        maps = tower.maps(torch.tensor(np.stack(seen))[None], torch.tensor(track.looked.text))
        cosines = maps[0, :, -1].numpy()[track.looked.rows]
        mean = fusion.mean_map(cosines, track.looked.given)
        for found, low, high in zip(
            grounding.found, mean.min((1, 2)), mean.max((1, 2)), strict=True
        ):
            assert (found.low, found.high) == pytest.approx((low, high), abs=2e-4)


def test_other_checkpoints_are_refused(tower: Published, tmp_path: Path) -> None:
    """A file of something else, or a stem that mixes frames."""
    torch.save({"weight": torch.zeros(2)}, tmp_path / "other.pth")
    with pytest.raises(ModelError, match="no ViCLIP"):
        clip_video.from_viclip(tmp_path / "other.pth")
    state = checkpoint(tower)
    stem = state["vision_encoder.conv1.weight"]
    state["vision_encoder.conv1.weight"] = stem.repeat(1, 1, 2, 1, 1)
    torch.save(state, tmp_path / "thick.pth")
    with pytest.raises(ModelError, match="several frames"):
        clip_video.from_viclip(tmp_path / "thick.pth")
