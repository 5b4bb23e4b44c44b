"""Other people's models: their own code agrees with ours; what cannot be had is said."""

import importlib.util
import json
import warnings
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from engines.errors import ModelError  # noqa: E402
from onnx_export import clip_named, clip_sources, clip_tokenizer, manifests  # noqa: E402
from onnx_export.clip_verify import pictures  # noqa: E402
from tests import clip_models  # noqa: E402
from tests.onnx_export import transformers_model  # noqa: E402

needs_open_clip = pytest.mark.skipif(
    importlib.util.find_spec("open_clip") is None, reason="open_clip is not installed"
)


def embeddings(clip: clip_sources.Clip, pixels: "torch.Tensor", tokens: "torch.Tensor") -> tuple:
    """Unit embeddings of images and texts by our own towers."""
    vision, text = clip.build()
    grid = vision.positional_embedding[1:].reshape(4, 4, -1)
    with torch.inference_mode():
        _, path = vision.layers(pixels, grid)
        return vision.left_out(path)[:, -1], text(tokens, tokens.argmax(-1))


@pytest.fixture(scope="module")
def inputs() -> tuple:
    """Two pictures and two texts, ends at different places."""
    last = len(clip_models.tokenizer().get_vocab()) - 1
    tokens = torch.tensor([[5, 9, 3, last, 0, 0], [5, last, 0, 0, 0, 0]])
    return torch.from_numpy(pictures(2, 32, 32)), tokens


@needs_open_clip
@pytest.mark.parametrize(
    "changes",
    [
        {"quick_gelu": True},
        {"vision_cfg": {"ls_init_value": 0.1, "mlp_ratio": 2.0}, "text_cfg": {"mlp_ratio": 2.0}},
    ],
)
def test_towers_equal_open_clips_own(changes: dict, inputs: tuple) -> None:
    """The same weights in open_clip's own model give the same embeddings."""
    open_clip = clip_named.open_clip_library()
    configuration = clip_models.config(**changes)
    state = clip_models.weights(configuration)
    model = open_clip.model.CLIP(**configuration).eval()
    model.load_state_dict(state)
    pixels, tokens = inputs
    padded = torch.nn.functional.pad(tokens, (0, 12 - tokens.shape[1]))
    with torch.inference_mode():
        wanted = [
            model.encode_image(pixels, normalize=True),
            model.encode_text(padded, normalize=True),
        ]
    clip = clip_sources.assemble("x", configuration, state, tokenizer=None, sources=())
    for ours, theirs in zip(embeddings(clip, pixels, tokens), wanted, strict=True):
        torch.testing.assert_close(ours, theirs, atol=2e-5, rtol=0)


def test_a_transformers_model_is_read_from_its_folder(tmp_path: Path, inputs: tuple) -> None:
    """TinyCLIP's form: separate q, k, v, other names; transformers' own forward agrees."""
    model = transformers_model.write(tmp_path)
    clip = clip_named.from_transformers(str(tmp_path), licence="MIT")
    assert clip.config["vision_cfg"]["layers"] == 7
    assert clip.tokenizer is not None
    pixels, tokens = inputs
    with torch.inference_mode():
        output = model(input_ids=tokens, pixel_values=pixels)
    wanted = [output.image_embeds, output.text_embeds]
    for ours, theirs in zip(embeddings(clip, pixels, tokens), wanted, strict=True):
        torch.testing.assert_close(ours, theirs, atol=2e-5, rtol=0)


@needs_open_clip
def test_without_a_network_the_remedy_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Weights that would have to be downloaded: a clear error, no waiting."""
    monkeypatch.setattr(clip_named, "_reachable", lambda _: False)
    with pytest.raises(ModelError, match="--pretrained datacomp_xl_s13b_b90k --weights FILE"):
        clip_named.from_open_clip("ViT-B-16", "datacomp_xl_s13b_b90k", None)
    with pytest.raises(ModelError, match="--transformers FOLDER"):
        clip_named.from_transformers("nobody/no-such-model")


@needs_open_clip
@pytest.mark.parametrize(
    ("name", "tag", "told"),
    [("ViT-X", None, "knows no model"), ("ViT-B-16", "mine", "datacomp_xl_s13b_b90k")],
)
def test_unknown_names_are_refused_with_the_known_ones(name: str, tag: str, told: str) -> None:
    """A typing error is answered with what there is."""
    with pytest.raises(ModelError, match=told):
        clip_named.from_open_clip(name, tag, None)


@needs_open_clip
def test_a_tags_settings_hold_for_its_weights_from_a_file(tmp_path: Path) -> None:
    """What the network would give: activation, colours and licence; a file alone has none."""
    torch.save({"visual.positional_embedding": torch.zeros(197, 768)}, tmp_path / "brought.pt")
    open_clip = clip_named.open_clip_library()
    tag = open_clip.get_pretrained_cfg("ViT-B-16", "openai")
    clip = clip_named.from_open_clip("ViT-B-16", "openai", tmp_path / "brought.pt")
    assert tag["quick_gelu"] is clip.config["quick_gelu"] is True
    assert (clip.mean, clip.std) == (tuple(tag["mean"]), tuple(tag["std"]))
    assert clip.name == "ViT-B-16-openai"
    [source] = clip.sources
    assert source.name == "open_clip ViT-B-16 openai, from brought.pt"
    assert source.licence == clip_named.LICENCES["openai"]
    alone = clip_named.from_open_clip("ViT-B-16", None, tmp_path / "brought.pt")
    assert alone.config["quick_gelu"] is False
    assert alone.sources[0].licence == manifests.UNKNOWN_LICENCE
    with pytest.raises(ModelError, match="no weights 'mine'"):
        clip_named.from_open_clip("ViT-B-16", "mine", tmp_path / "brought.pt")


@needs_open_clip
def test_the_published_tokenizer_gives_open_clips_ids() -> None:
    """Same ids as open_clip's own for every kind of text."""
    theirs = clip_named.open_clip_library().get_tokenizer("ViT-B-16")
    ours = clip_tokenizer.published()
    texts = [
        "A photo of a person cracks eggs.",
        "it's 3 o'clock -- don't!",
        "naïve café №5 😀 日本語",
        "  tabs\tand\nlines  ",
        "x" * 60,
    ]
    for text in texts:
        ids = ours.encode(text).ids
        row = theirs([text])[0].tolist()
        assert row[: len(ids)] == ids
        assert not any(row[len(ids) :])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"vision_cfg": {"timm_model_name": "vit_x"}}, "timm_model_name"),
        ({"vision_cfg": {"layers": [3, 4, 6, 3]}}, "layers"),
        ({"vision_cfg": {"layers": 6}}, "at least 7"),
        ({"vision_cfg": {"pool_type": "avg"}}, "pool_type"),
        ({"vision_cfg": {"patch_size": [8, 16]}}, "patch_size"),
        ({"text_cfg": {"hf_model_name": "roberta"}}, "hf_model_name"),
        ({"text_cfg": {"no_causal_mask": True}}, "no_causal_mask"),
    ],
)
def test_what_gem_cannot_do_is_refused_by_name(change: dict, told: str) -> None:
    """No CLS, no blocks, other text towers: the setting is named."""
    with pytest.raises(ModelError, match=told):
        clip_sources.check(clip_models.config(**change))


def test_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """Missing, broken or other weights; a tokenizer that ends elsewhere."""
    config, weights = clip_models.write(tmp_path, clip_models.config())
    with pytest.raises(ModelError, match="cannot be read"):
        clip_sources.from_files(config, tmp_path / "none.pt")
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot be read"):
        clip_sources.from_files(config, tmp_path / "bad.safetensors")
    with pytest.raises(ModelError, match="no configuration"):
        clip_sources.from_files(tmp_path / "none.json", weights)
    (tmp_path / "wide.json").write_text(
        json.dumps(clip_models.config(vision_cfg={"mlp_ratio": 2.0}))
    )
    with pytest.raises(ModelError, match="do not fit"):
        clip_sources.from_files(tmp_path / "wide.json", weights).build()
    with pytest.raises(ModelError, match="does not fit"):
        clip_tokenizer.check(clip_models.tokenizer(), 10)


def test_half_precision_wrapped_and_safetensors_weights_are_read(tmp_path: Path) -> None:
    """What trainers write: prefixes, wrappers, other number types, other file formats."""
    from safetensors.torch import save_file

    configuration = clip_models.config()
    state = clip_models.weights(configuration)
    wrapped = {"state_dict": {f"module.{key}": value.half() for key, value in state.items()}}
    torch.save(wrapped, tmp_path / "wrapped.pt")
    save_file(state, tmp_path / "plain.safetensors")
    (tmp_path / "model.json").write_text(json.dumps({"model_cfg": configuration}))
    for name, bound in (("wrapped.pt", 1e-2), ("plain.safetensors", 0.0)):
        clip = clip_sources.from_files(tmp_path / "model.json", tmp_path / name)
        assert clip.weights["visual.proj"].dtype == torch.float32
        torch.testing.assert_close(
            clip.weights["visual.proj"], state["visual.proj"], atol=bound, rtol=0
        )


def test_openais_own_archives_are_read(tmp_path: Path) -> None:
    """TorchScript with three scalars beside the weights."""
    configuration = clip_models.config()
    state = clip_models.weights(configuration)
    scalars = {"input_resolution": 32, "context_length": 12, "vocab_size": 100}
    archive = torch.nn.Module()
    for key, value in {**state, **{k: torch.tensor(v) for k, v in scalars.items()}}.items():
        *inner, last = key.split(".")
        place = archive
        for name in inner:
            if not hasattr(place, name):
                place.add_module(name, torch.nn.Module())
            place = getattr(place, name)
        place.register_buffer(last, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.script(archive).save(tmp_path / "archive.pt")
    (tmp_path / "model.json").write_text(json.dumps(configuration))
    vision, text = clip_sources.from_files(tmp_path / "model.json", tmp_path / "archive.pt").build()
    torch.testing.assert_close(vision.proj.data, state["visual.proj"])
    torch.testing.assert_close(text.text_projection.data, state["text_projection"])


def test_a_tokenizer_must_end_where_the_model_reads() -> None:
    """CLIP reads at the highest id; models pooled at `eos` at the one of their configuration."""
    known = clip_models.tokenizer().get_vocab()
    others = [piece for piece in known if piece != clip_tokenizer.END]
    pieces = [*others[:2], clip_tokenizer.END, *others[2:]]
    early = clip_tokenizer.made({piece: place for place, piece in enumerate(pieces)}, [])
    assert early.encode("a").ids[-1] == 2
    clip_tokenizer.check(early, len(pieces), 2)
    with pytest.raises(ModelError, match="end with the highest one"):
        clip_tokenizer.check(early, len(pieces))
    with pytest.raises(ModelError, match="end with 2"):
        clip_tokenizer.check(clip_models.tokenizer(), len(known), 2)


@pytest.mark.parametrize(
    ("words", "end"),
    [({}, None), ({"pool_type": "eos"}, 2), ({"pool_type": "eos", "eos_id": 5}, 5)],
)
def test_where_a_model_reads_its_texts(words: dict, end: int | None) -> None:
    """As its configuration says."""
    configuration = clip_models.config(text_cfg=words)
    clip = clip_sources.assemble(
        "x", configuration, clip_models.weights(configuration), tokenizer=None, sources=()
    )
    assert clip.end == end
